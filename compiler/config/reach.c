#include "config/reach.h"

#include <string.h>

#include "base/arena.h"
#include "config/condition_parts.h"
#include "config/resolve.h"
#include "schema/schema.h"

/* One side of a rule: its zones, and what the rule says of it. */
struct side {
	const struct config *config;
	const struct zone_set *zones;
	const struct field_texts *interfaces;
	const struct field_prefixes *prefixes;
	const struct field_texts *protocols; /* no services beside them */
	bool is_inverted, has_sets;
};

/* Whether some match of the zones leaves room for the rule. */
static bool some_match(const struct side *side,
		       bool (*fits)(const struct side *side, const struct zone_match *match))
{
	for (uint32_t i = 0; i < side->config->zones.n; i++) {
		const struct zone *zone = &side->config->zones.at[i];
		if (!zone_set_has(side->zones, zone->id))
			continue;
		for (uint32_t k = 0; k < zone->matches.n; k++)
			if (fits(side, &zone->matches.at[k]))
				return true;
	}
	return false;
}

/* A star stands for any continuation. */
static bool names_meet(const char *a, const char *b)
{
	size_t a_n = strcspn(a, "*"), b_n = strcspn(b, "*");
	if (a[a_n] && b[b_n])
		return strncmp(a, b, a_n < b_n ? a_n : b_n) == 0;
	if (a[a_n])
		return strncmp(a, b, a_n) == 0;
	return b[b_n] ? strncmp(a, b, b_n) == 0 : strcmp(a, b) == 0;
}

static bool interfaces_fit(const struct side *side, const struct zone_match *match)
{
	for (uint32_t i = 0; i < side->interfaces->items.n; i++)
		for (uint32_t k = 0; k < match->interfaces.items.n; k++)
			if (names_meet(side->interfaces->items.at[i].value,
				       match->interfaces.items.at[k].value))
				return true;
	return match->interfaces.items.n == 0;
}

static bool prefixes_fit(const struct side *side, const struct zone_match *match)
{
	for (uint32_t i = 0; i < side->prefixes->items.n; i++)
		for (uint32_t k = 0; k < match->src.items.n; k++) {
			const struct prefix *a = &side->prefixes->items.at[i].value;
			const struct prefix *b = &match->src.items.at[k].value;
			if (prefix_contains(a, b) || prefix_contains(b, a))
				return true;
		}
	return match->src.items.n == 0;
}

static bool protocols_fit(const struct side *side, const struct zone_match *match)
{
	for (uint32_t i = 0; i < match->protocols.items.n; i++)
		if (texts_hold(side->protocols, match->protocols.items.at[i].value))
			return true;
	return match->protocols.items.n == 0;
}

static void report(struct scope *scope, struct span at, const struct zone_set *zones,
		   const char *side, const char *what)
{
	struct diag *d = diag_error(scope->diags, D_NEVER_MATCHES, at);
	diag_say(d, "no packet can match this: the zone that %s has other %s", side, what);
	diag_note(d, zones->at, "the zone is named here");
}

/* Networks that together are all of a family. */
static bool is_whole(const struct prefix *prefixes, size_t n, uint8_t family)
{
	for (size_t i = 0; i < n; i++)
		if (prefixes[i].family == family && prefixes[i].length == 0)
			return true;
	return false;
}

static void check_inverted(struct scope *scope, const struct side *side)
{
	uint32_t n = side->prefixes->items.n;
	if (!side->is_inverted || n == 0)
		return;
	struct prefix *all = arena_array(scope->arena, n, sizeof *all);
	for (uint32_t i = 0; i < n; i++)
		all[i] = side->prefixes->items.at[i].value;
	size_t merged = prefixes_merge(all, n);
	if (!is_whole(all, merged, FAMILY_IPV4) || !is_whole(all, merged, FAMILY_IPV6))
		return;
	struct diag *d = diag_error(scope->diags, D_NEVER_MATCHES, side->prefixes->at);
	diag_say(d, "no packet can match this: every address is in the list that is inverted");
}

/* Networks that no packet comes from, or goes to on a wire. */
static const struct {
	const char *network, *why;
	bool is_source_only;
} nobodies[] = {
	{ "224.0.0.0/4", "nobody sends from a multicast address", true },
	{ "ff00::/8", "nobody sends from a multicast address", true },
	{ "::ffff:0.0.0.0/96", "packets of IPv4 have IPv4 addresses", false },
};

static void check_nobody(struct scope *scope, const struct side *side, bool is_source)
{
	struct prefix nobody;
	for (uint32_t i = 0; i < side->prefixes->items.n; i++)
		for (size_t k = 0; k < countof(nobodies); k++) {
			const struct field_prefix *item = &side->prefixes->items.at[i];
			prefix_parse(text_of(nobodies[k].network), &nobody);
			if ((nobodies[k].is_source_only && !is_source) ||
			    !prefix_contains(&nobody, &item->value))
				continue;
			struct diag *d = diag_error(scope->diags, D_NEVER_MATCHES, item->at);
			diag_say(d, "no packet can match this: %s", nobodies[k].why);
			return;
		}
}

/* The first bit that is sent of an Ethernet address says that it is a group's, and the address of
 * zeros is nobody's. */
static void check_macs(struct scope *scope, const struct field_texts *macs)
{
	for (uint32_t i = 0; i < macs->items.n; i++) {
		const struct field_text *mac = &macs->items.at[i];
		bool is_group = strchr("13579bdfBDF", mac->value[1]) != NULL;
		if (!is_group && strcmp(mac->value, "00:00:00:00:00:00") != 0)
			continue;
		struct diag *d = diag_error(scope->diags, D_NEVER_MATCHES, mac->at);
		diag_say(d, "no packet can match this: nobody sends from %s", mac->value);
	}
}

static void check_side(struct scope *scope, const struct side *side, const char *what)
{
	check_inverted(scope, side);
	if (side->zones->count == 0 || side->zones->is_self)
		return;
	if (side->interfaces->items.n > 0 && !some_match(side, interfaces_fit))
		report(scope, side->interfaces->at, side->zones, what, "interfaces");
	bool is_list = side->prefixes->items.n > 0 && !side->is_inverted && !side->has_sets;
	if (is_list && !some_match(side, prefixes_fit))
		report(scope, side->prefixes->at, side->zones, what, "networks");
	if (side->protocols->items.n > 0 && !some_match(side, protocols_fit))
		report(scope, side->protocols->at, side->zones, what, "protocols");
}

void reach_check(struct scope *scope, const struct config *config, const struct zone_set *from,
		 const struct zone_set *to, const struct rule *rule)
{
	static const struct field_texts any;
	const struct field_texts *protocols = rule->services.n > 0 ? &any : &rule->protocols;
	const struct side source = { .config = config,
				     .zones = from,
				     .interfaces = &rule->in_interfaces,
				     .prefixes = &rule->src,
				     .protocols = protocols,
				     .is_inverted = rule->invert_src.value,
				     .has_sets = rule->src_sets.items.n > 0 };
	const struct side destination = { .config = config,
					  .zones = to,
					  .interfaces = &rule->out_interfaces,
					  .prefixes = &rule->dest,
					  .protocols = protocols,
					  .is_inverted = rule->invert_dest.value,
					  .has_sets = rule->dest_sets.items.n > 0 };
	/* Who drops what nobody sends is careful; who lets it in means something else. */
	if (rule->action == RULE_ACCEPT) {
		check_nobody(scope, &source, true);
		check_nobody(scope, &destination, false);
		check_macs(scope, &rule->macs);
	}
	check_side(scope, &source, "it comes from");
	check_side(scope, &destination, "it goes to");
}
