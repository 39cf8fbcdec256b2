#include "config/condition_parts.h"

#include <string.h>

#include "config/resolve.h"
#include "schema/fault.h"
#include "schema/schema.h"

void set_report_unknown(struct scope *scope, const struct config *config,
			const struct field_text *name)
{
	struct diag *d = diag_error(scope->diags, D_UNKNOWN_SET, name->at);
	struct name_list names = { .stride = sizeof *config->sets.at, .n = config->sets.n };
	const char *shown = fault_quote(scope->arena, text_of(name->value));
	diag_say(d, "no set is named %s", shown);
	if (names.n == 0) {
		diag_help(d, "declare it: ipset %s {", shown);
		return;
	}
	names.first = &config->sets.at[0].name;
	fault_help_names(scope, d, name->value, names);
}

void set_report_kind(struct scope *scope, const struct ipset *set, struct span at)
{
	struct diag *d = diag_error(scope->diags, D_SET_KIND, at);
	diag_say(d, "the set \"%s\" does not hold addresses", set->name);
	diag_note(d, set->at, "it is declared here");
}

static void check_inverted(struct resolving *r, const struct field_bool *invert, const char *name,
			   const char *side, bool has_addresses)
{
	if (!invert->value || has_addresses)
		return;
	struct diag *d = diag_error(r->scope->diags, D_INVERTS_NOTHING, invert->at);
	diag_say(d, "%s has nothing to invert", name);
	diag_help(d, "set %s_ip or %s_ipset, or leave it out", side, side);
}

/* Bit 1 for IPv4, bit 2 for IPv6. */
enum { HAS_IPV4 = 1, HAS_IPV6 = 2, HAS_BOTH = 3 };

static unsigned bit_of(uint8_t family)
{
	return family == FAMILY_IPV4 ? HAS_IPV4 : HAS_IPV6;
}

/* Of a large set only the beginning is looked at: many rules may name it. */
enum { LOOKED_AT = 1024 };

unsigned set_families(const struct ipset *set)
{
	unsigned families = 0;
	if (!set || set->is_dynamic || set->prefixes_n == 0 || set->prefixes_n > LOOKED_AT)
		return HAS_BOTH;
	for (uint32_t i = 0; families != HAS_BOTH && i < set->prefixes_n; i++)
		families |= bit_of(set->prefixes[i].family);
	return families;
}

/* The families of which a list lets packets through. */
static unsigned families_of(struct resolving *r, const struct field_prefixes *prefixes,
			    const struct field_texts *sets, bool is_inverted)
{
	unsigned families = 0;
	if (is_inverted || (prefixes->items.n == 0 && sets->items.n == 0))
		return HAS_BOTH;
	for (uint32_t i = 0; families != HAS_BOTH && i < prefixes->items.n; i++)
		families |= bit_of(prefixes->items.at[i].value.family);
	for (uint32_t i = 0; i < sets->items.n; i++)
		families |= set_families(config_set(r->config, sets->items.at[i].value));
	return families;
}

static unsigned families_of_icmp(const struct rule *rule)
{
	unsigned families = rule->icmp_types.n ? 0 : HAS_BOTH;
	for (uint32_t i = 0; i < rule->icmp_types.n; i++)
		families |= bit_of(rule->icmp_types.at[i].family);
	return families;
}

static unsigned families_of_protocols(const struct rule *rule)
{
	unsigned families = rule->protocols.items.n ? 0 : HAS_BOTH;
	for (uint32_t i = 0; i < rule->protocols.items.n; i++) {
		const char *name = rule->protocols.items.at[i].value;
		if (strcmp(name, "icmp") == 0 || strcmp(name, "ipv6-icmp") == 0)
			families |= bit_of(icmp_family(name));
		else
			families = HAS_BOTH;
	}
	return families;
}

/* A packet is of one family. */
void families_check(struct resolving *r)
{
	const struct rule *rule = r->out;
	const struct {
		unsigned families;
		struct span at;
	} conditions[] = {
		{ families_of(r, &rule->src, &rule->src_sets, rule->invert_src.value),
		  first_place(rule->src.at, rule->src_sets.at) },
		{ families_of(r, &rule->dest, &rule->dest_sets, rule->invert_dest.value),
		  first_place(rule->dest.at, rule->dest_sets.at) },
		{ families_of_icmp(rule),
		  first_place(r->written->icmp_types.at, r->written->services.at) },
		{ families_of_protocols(rule), rule->protocols.at },
	};
	for (size_t i = 1; i < countof(conditions); i++) {
		for (size_t k = 0; k < i; k++) {
			if (conditions[i].families & conditions[k].families)
				continue;
			bool is_four = conditions[i].families == HAS_IPV4;
			cannot_match(r, conditions[i].at, conditions[k].at,
				     is_four ? "it is of IPv4, the other condition of IPv6"
					     : "it is of IPv6, the other condition of IPv4");
			return;
		}
	}
}

void addresses_resolve(struct resolving *r)
{
	const struct written_conditions *written = r->written;
	struct rule *out = r->out;
	out->src = written->src;
	out->dest = written->dest;
	out->invert_src = written->invert_src;
	out->invert_dest = written->invert_dest;
	check_inverted(r, &out->invert_src, "invert_src", "src",
		       field_is_set(out->src) || field_is_set(written->src_sets));
	check_inverted(r, &out->invert_dest, "invert_dest", "dest",
		       field_is_set(out->dest) || field_is_set(written->dest_sets));
}
