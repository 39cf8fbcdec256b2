#include "lower/classify.h"

#include "lower/feature.h"
#include "lower/match.h"

static const struct side_row {
	enum ir_key interface;	   /* the side where the zone's hosts are */
	enum ir_key far_interface; /* the other one */
	enum ir_key near4, near6;
	enum ir_key far4, far6;
	bool sees_mac;
} side_rows[] = {
	[SIDE_FROM] = { IR_IIFNAME, IR_FIB_DADDR_OIFNAME, IR_IP_SADDR, IR_IP6_SADDR, IR_IP_DADDR,
			IR_IP6_DADDR, true },
	[SIDE_TO] = { IR_OIFNAME, IR_IIFNAME, IR_IP_DADDR, IR_IP6_DADDR, IR_IP_SADDR, IR_IP6_SADDR,
		      false },
	[SIDE_ROUTE] = { IR_FIB_DADDR_OIFNAME, IR_IIFNAME, IR_IP_DADDR, IR_IP6_DADDR, IR_IP_SADDR,
			 IR_IP6_SADDR, false },
};

struct classifier {
	struct lowering *lowering;
	struct ir_chain *chain;
	const struct side_row *side;
	struct ir_chain *const *targets;
};

struct ir_chain **targets_new(struct lowering *lowering)
{
	return arena_array(lowering->arena, lowering->config->zones.n, sizeof(struct ir_chain *));
}

static unsigned conditions(const struct zone_match *match)
{
	return (match->interfaces.items.n > 0) + (match->src.items.n > 0) +
	       (match->dst.items.n > 0) + (match->protocols.items.n > 0) +
	       (match->macs.items.n > 0) + (match->out_interfaces.items.n > 0) +
	       (match->sets.items.n > 0) + (match->dscps.items.n > 0) + (match->mark.mask > 0);
}

enum { CONDITIONS_MAX = 9 };

bool match_is_interface(const struct zone_match *match)
{
	return conditions(match) == 1 && match->interfaces.items.n > 0;
}

/* The sets of the match that have elements of a family, from `index` on. */
static const struct ir_set *next_set(struct classifier *c, const struct zone_match *match,
				     uint8_t family, uint32_t *index)
{
	for (; *index < match->sets.items.n; ++*index) {
		const char *name = match->sets.items.at[*index].value;
		const struct ir_set *set =
			set_for(c->lowering, config_set(c->lowering->config, name), family);
		if (set)
			return set;
	}
	return NULL;
}

static bool has_families(const struct zone_match *match)
{
	return match->src.items.n + match->dst.items.n + match->sets.items.n +
		       match->dscps.items.n >
	       0;
}

/* Whether a rule for this family could ever match. */
static bool fits_family(const struct zone_match *match, uint8_t family)
{
	if (family == ANY_FAMILY)
		return !has_families(match);
	return has_families(match) &&
	       (match->src.items.n == 0 || prefixes_of(&match->src, family) > 0) &&
	       (match->dst.items.n == 0 || prefixes_of(&match->dst, family) > 0);
}

/* Addresses and what else each family has for itself. */
static void match_family_parts(struct classifier *c, struct ir_rule *rule,
			       const struct zone_match *match, uint8_t family,
			       const struct ir_set *set, uint32_t dscp)
{
	const struct side_row *side = c->side;
	bool is_ipv4 = family == FAMILY_IPV4;
	if (match->src.items.n > 0)
		match_prefixes(c->lowering, rule, is_ipv4 ? side->near4 : side->near6, IR_EQ,
			       &match->src, family);
	if (set)
		rule_match_set(c->lowering, rule, term_of(is_ipv4 ? side->near4 : side->near6),
			       IR_EQ, set);
	if (match->dst.items.n > 0)
		match_prefixes(c->lowering, rule, is_ipv4 ? side->far4 : side->far6, IR_EQ,
			       &match->dst, family);
	if (match->dscps.items.n > 0)
		match_dscps(c->lowering, rule, family, &match->dscps, dscp);
}

static void add_rule(struct classifier *c, const struct zone_match *match, uint8_t family,
		     const struct ir_set *set, uint32_t dscp, const struct ir_chain *target)
{
	struct ir_rule *rule = rule_start(c->lowering, c->chain, match->at);
	if (match->interfaces.items.n > 0)
		match_interfaces(c->lowering, rule, c->side->interface, &match->interfaces);
	if (match->out_interfaces.items.n > 0)
		match_interfaces(c->lowering, rule, c->side->far_interface, &match->out_interfaces);
	if (match->protocols.items.n > 0)
		match_protocols(c->lowering, rule, &match->protocols);
	if (match->macs.items.n > 0)
		match_macs(c->lowering, rule, &match->macs);
	if (family != ANY_FAMILY)
		match_family_parts(c, rule, match, family, set, dscp);
	if (match->mark.mask)
		match_mark(c->lowering, rule, &match->mark);
	rule_verdict(c->lowering, rule, target ? IR_GOTO : IR_RETURN, target);
}

static void add_rules(struct classifier *c, const struct zone_match *match, uint8_t family,
		      const struct ir_set *set, const struct ir_chain *target)
{
	for (uint32_t dscp = 0; dscp < dscp_rules(family, &match->dscps); dscp++)
		add_rule(c, match, family, set, dscp, target);
}

static void add_match(struct classifier *c, const struct zone_match *match,
		      const struct ir_chain *target)
{
	static const uint8_t families[] = { ANY_FAMILY, FAMILY_IPV4, FAMILY_IPV6 };

	/* Who sent a frame is known only where it came in. */
	if (match->macs.items.n > 0 && !c->side->sees_mac)
		return;
	for (size_t i = 0; i < countof(families); i++) {
		const struct ir_set *set;
		if (!fits_family(match, families[i]))
			continue;
		if (match->sets.items.n == 0)
			add_rules(c, match, families[i], NULL, target);
		for (uint32_t k = 0; (set = next_set(c, match, families[i], &k)); k++)
			add_rules(c, match, families[i], set, target);
	}
}

/* The rules of all matches with that many conditions. */
static void add_matches(struct classifier *c, unsigned wanted)
{
	const struct config *config = c->lowering->config;
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		for (uint32_t k = 0; k < zone->matches.n; k++) {
			const struct zone_match *match = &zone->matches.at[k];
			if (conditions(match) == wanted && !match_is_interface(match))
				add_match(c, match, c->targets[i]);
		}
	}
}

/* The interfaces of one match that stand for a zone by themselves. */
static void add_interfaces(struct classifier *c, struct ir_set *map, const struct zone_match *match,
			   const struct ir_chain *target, bool wildcards)
{
	for (uint32_t i = 0; i < match->interfaces.items.n; i++) {
		const struct field_text *text = &match->interfaces.items.at[i];
		if (interface_is_wildcard(text->value) != wildcards ||
		    interface_is_covered(&match->interfaces, i))
			continue;
		set_add(c->lowering, map, value_string(text->value), text->at)->target =
			(struct ir_target){ target ? IR_GOTO : IR_RETURN, target };
	}
}

/* Exact names and wildcards need a map each: one interval map refuses "eth1" beside "eth*". */
static void add_interface_map(struct classifier *c, bool wildcards, const char *name)
{
	const struct config *config = c->lowering->config;
	struct ir_term term = term_of(c->side->interface);
	struct ir_set *map = set_start(c->lowering, term, NOWHERE);
	map->is_map = true;
	map->is_interval = wildcards;
	map->is_typeof = term.key == IR_FIB_DADDR_OIFNAME;
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		for (uint32_t k = 0; k < zone->matches.n; k++)
			if (match_is_interface(&zone->matches.at[k]))
				add_interfaces(c, map, &zone->matches.at[k], c->targets[i],
					       wildcards);
	}
	if (map->elements.n > 0)
		rule_vmap(c->lowering, rule_start(c->lowering, c->chain, NOWHERE), term,
			  set_done(c->lowering, map, name));
}

static bool match_has_loopback(const struct zone_match *match)
{
	for (uint32_t i = 0; i < match->interfaces.items.n; i++)
		if (interface_means(match->interfaces.items.at[i].value, "lo"))
			return true;
	return match->interfaces.items.n == 0;
}

static bool covers_loopback(const struct config *config)
{
	for (uint32_t i = 0; i < config->zones.n; i++)
		for (uint32_t k = 0; k < config->zones.at[i].matches.n; k++)
			if (match_has_loopback(&config->zones.at[i].matches.at[k]))
				return true;
	return false;
}

/* A wildcard may mean the loopback, and a network this machine's own address: what it tells itself
 * is in no zone. */
static void leave_loopback(struct classifier *c)
{
	if (!covers_loopback(c->lowering->config))
		return;
	struct ir_rule *rule = rule_start(c->lowering, c->chain, NOWHERE);
	rule_match(c->lowering, rule, term_of(c->side->interface), value_string("lo"));
	rule_verdict(c->lowering, rule, IR_RETURN, NULL);
}

void classify(struct lowering *lowering, struct ir_chain *chain, enum side side,
	      struct ir_chain *const *targets, const char *name)
{
	struct classifier c = { lowering, chain, &side_rows[side], targets };
	leave_loopback(&c);
	for (unsigned wanted = CONDITIONS_MAX; wanted > 1; wanted--)
		add_matches(&c, wanted);
	add_interface_map(&c, false, name);
	add_interface_map(&c, true, arena_printf(lowering->arena, "%s_wild", name));
	add_matches(&c, 1);
}
