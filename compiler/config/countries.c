#include "config/countries.h"

#include <string.h>

#include "base/arena.h"
#include "config/resolve.h"
#include "schema/fault.h"
#include "schema/schema.h"

const char *country_read(struct scope *scope, struct text text, struct complaint *complaint)
{
	char code[2];
	bool is_code = text.n == sizeof code;
	for (size_t i = 0; is_code && i < sizeof code; i++) {
		char c = text.s[i];
		code[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
		is_code = code[i] >= 'A' && code[i] <= 'Z';
	}
	if (is_code)
		return name_intern(scope->names, (struct text){ code, sizeof code });
	complaint->code = D_COUNTRY;
	complaint->message =
		arena_printf(scope->arena, "%s is no country", fault_quote(scope->arena, text));
	complaint->help = "countries have the two letters of ISO 3166: \"NL\"";
	return NULL;
}

static bool is_declared(const struct written *written, const char *set)
{
	for (uint32_t i = 0; i < written->ipsets.n; i++) {
		const char *name = written->ipsets.at[i].name.value;
		if (name && strcmp(name, set) == 0)
			return true;
	}
	return false;
}

static void declare(struct scope *scope, struct written *written, const char *set,
		    const struct field_text *country)
{
	struct written_ipset *ipset = push(scope->arena, &written->ipsets);
	schema_defaults(scope, &ipset_table, ipset);
	ipset->name = (struct field_text){ set, country->at };
	ipset->dynamic = (struct field_bool){ true, country->at };
	ipset->at = country->at;
	struct diag *d = diag_warning(scope->diags, D_SET_UNFILLED, country->at);
	diag_say(d, "flywall knows no networks of %s: another program must fill the set \"%s\"",
		 country->value, set);
	diag_help(d, "fetch the list to a file: ipset \"%s\" { file = \"%s.txt\" }", set,
		  country->value);
}

/* Addresses and sets of one side are alternatives, a country beside them would not be. */
static bool stands_alone(struct scope *scope, const struct field_texts *countries,
			 const struct field_prefixes *addresses, const struct field_texts *sets)
{
	struct span other = span_is_set(addresses->at) ? addresses->at : sets->at;
	if (!span_is_set(other))
		return true;
	struct diag *d = diag_error(scope->diags, D_SERVICE_MIX, countries->at);
	diag_say(d, "a country and addresses do not go together in one rule");
	diag_note(d, other, "the addresses are here");
	diag_help(d, "write a rule for each");
	return false;
}

static void resolve_side(struct scope *scope, struct written *written,
			 const struct field_texts *countries,
			 const struct field_prefixes *addresses, struct field_texts *sets)
{
	if (countries->items.n == 0 || !stands_alone(scope, countries, addresses, sets))
		return;
	sets->at = countries->at;
	for (uint32_t i = 0; i < countries->items.n; i++) {
		const struct field_text *country = &countries->items.at[i];
		const char *name = arena_printf(scope->arena, "geoip_country_%s", country->value);
		const char *set = name_intern(scope->names, text_of(name));
		if (!is_declared(written, set))
			declare(scope, written, set, country);
		*push(scope->arena, &sets->items) = (struct field_text){ set, country->at };
	}
}

void countries_resolve(struct scope *scope, struct written *written)
{
	for (uint32_t i = 0; i < written->policies.n; i++) {
		const struct written_policy *policy = &written->policies.at[i];
		for (uint32_t k = 0; k < policy->rules.n; k++) {
			struct written_rule *rule = &policy->rules.at[k];
			struct written_conditions *conditions = &rule->conditions;
			resolve_side(scope, written, &rule->src_countries, &conditions->src,
				     &conditions->src_sets);
			resolve_side(scope, written, &rule->dest_countries, &conditions->dest,
				     &conditions->dest_sets);
		}
	}
}
