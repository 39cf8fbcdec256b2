#include "config/condition_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "catalog/icmp.h"

void icmp_type_add(struct resolving *r, uint8_t family, const char *word)
{
	for (uint32_t i = 0; i < r->out->icmp_types.n; i++)
		if (r->out->icmp_types.at[i].family == family &&
		    strcmp(r->out->icmp_types.at[i].word, word) == 0)
			return;
	*push(r->scope->arena, &r->out->icmp_types) = (struct icmp_type){ family, word };
}

uint8_t icmp_family(const char *icmp)
{
	return strcmp(icmp, "icmp") == 0 ? FAMILY_IPV4 : FAMILY_IPV6;
}

static bool icmp_is_wanted(const struct rule *rule, uint8_t family)
{
	const char *name = family == FAMILY_IPV4 ? "icmp" : "ipv6-icmp";
	return rule->protocols.items.n == 0 || texts_hold(&rule->protocols, name);
}

/* A number means something else in each version; where only one has it, that one is meant. */
static void add_number(struct resolving *r, const struct field_text *item)
{
	uint8_t number = (uint8_t)atoi(item->value);
	bool is_four = icmp_is_wanted(r->out, FAMILY_IPV4);
	bool is_six = icmp_is_wanted(r->out, FAMILY_IPV6);
	if (is_four && is_six) {
		is_four = icmp_word(FAMILY_IPV4, number) != NULL;
		is_six = icmp_word(FAMILY_IPV6, number) != NULL;
	}
	if (is_four == is_six) {
		struct diag *d = diag_error(r->scope->diags, D_ICMP_TYPE, item->at);
		diag_say(d, "the number %s does not tell of which version", item->value);
		diag_help(d, "use the name, or set proto to \"icmpv4\" or \"icmpv6\"");
		return;
	}
	uint8_t family = is_four ? FAMILY_IPV4 : FAMILY_IPV6;
	const char *word = icmp_word(family, number);
	icmp_type_add(r, family, word ? word : item->value);
}

static void add_named(struct resolving *r, const struct field_text *item)
{
	const struct icmp_row *row = icmp_find(item->value), *end = icmp_rows + icmp_rows_n;
	bool is_met = false;
	for (; row < end && strcmp(row->name, item->value) == 0; row++) {
		if (!icmp_is_wanted(r->out, row->family))
			continue;
		icmp_type_add(r, row->family, row->word);
		is_met = true;
	}
	if (!is_met)
		cannot_match(
			r, item->at, r->out->protocols.at,
			arena_printf(r->scope->arena, "%s is of the other version", item->value));
}

/* A protocol beside ICMP has no types, so a rule with both would say two things. */
static bool check_icmp_protocols(struct resolving *r)
{
	const struct rule *rule = r->out;
	for (uint32_t i = 0; i < rule->protocols.items.n; i++) {
		const struct field_text *protocol = &rule->protocols.items.at[i];
		if (strcmp(protocol->value, "icmp") == 0 ||
		    strcmp(protocol->value, "ipv6-icmp") == 0)
			continue;
		cannot_match(
			r, r->written->icmp_types.at, protocol->at,
			arena_printf(r->scope->arena, "%s has no ICMP types", protocol->value));
		return false;
	}
	return true;
}

void icmp_types_resolve(struct resolving *r)
{
	const struct field_texts *written = &r->written->icmp_types;
	if (!field_is_set(*written) || !check_icmp_protocols(r))
		return;
	if (field_is_set(r->written->services)) {
		struct diag *d = diag_error(r->scope->diags, D_SERVICE_MIX, written->at);
		diag_say(d, "types of ICMP messages and services do not go together here");
		diag_note(d, r->written->services.at, "services are named here");
		diag_help(d, "write a rule for each");
		return;
	}
	for (uint32_t i = 0; i < written->items.n; i++) {
		const struct field_text *item = &written->items.at[i];
		if (strchr("0123456789", item->value[0]))
			add_number(r, item);
		else
			add_named(r, item);
	}
}
