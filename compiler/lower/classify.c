#include "lower/classify.h"

#include <string.h>

static const struct side_row {
	enum ir_key interface;
	enum ir_key near4, near6; /* the side where the zone's hosts are */
	enum ir_key far4, far6;
	bool sees_mac;
} side_rows[] = {
	[SIDE_FROM] = { IR_IIFNAME, IR_IP_SADDR, IR_IP6_SADDR, IR_IP_DADDR, IR_IP6_DADDR, true },
	[SIDE_TO] = { IR_OIFNAME, IR_IP_DADDR, IR_IP6_DADDR, IR_IP_SADDR, IR_IP6_SADDR, false },
	[SIDE_ROUTE] = { IR_FIB_DADDR_OIFNAME, IR_IP_DADDR, IR_IP6_DADDR, IR_IP_SADDR, IR_IP6_SADDR,
			 false },
};

struct classifier {
	struct lowering *lowering;
	struct ir_chain *chain;
	const struct side_row *side;
	struct ir_chain *const *targets;
};

/* A family that stands for "whichever": the match has no addresses. */
enum { ANY_FAMILY = 0 };

struct ir_chain **targets_new(struct lowering *lowering)
{
	return arena_array(lowering->arena, lowering->config->zones.n, sizeof(struct ir_chain *));
}

static bool is_wildcard(const char *interface)
{
	return strchr(interface, '*') != NULL;
}

static unsigned conditions(const struct zone_match *match)
{
	return (match->interfaces.items.n > 0) + (match->src.items.n > 0) +
	       (match->dst.items.n > 0) + (match->protocols.items.n > 0) +
	       (match->macs.items.n > 0);
}

static bool is_interface_alone(const struct zone_match *match)
{
	return conditions(match) == 1 && match->interfaces.items.n > 0;
}

static uint32_t count_family(const struct field_prefixes *prefixes, uint8_t family)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < prefixes->items.n; i++)
		count += prefixes->items.at[i].value.family == family;
	return count;
}

/* The addresses of one family, merged, so that the kernel takes them as an interval set. */
static const struct prefix *collect(struct classifier *c, const struct field_prefixes *from,
				    uint8_t family, uint32_t *count)
{
	uint32_t n = 0;
	struct prefix *prefixes =
		arena_array(c->lowering->arena, count_family(from, family), sizeof *prefixes);
	for (uint32_t i = 0; i < from->items.n; i++)
		if (from->items.at[i].value.family == family)
			prefixes[n++] = from->items.at[i].value;
	*count = (uint32_t)prefixes_merge(prefixes, n);
	return prefixes;
}

static void match_addresses(struct classifier *c, struct ir_rule *rule, enum ir_key key,
			    const struct field_prefixes *prefixes, uint8_t family)
{
	uint32_t count;
	const struct prefix *merged = collect(c, prefixes, family, &count);
	if (count == 1) {
		struct ir_value value = { .kind = IR_PREFIX, .prefix = merged[0] };
		rule_match(c->lowering, rule, term_of(key), value);
		return;
	}
	struct ir_set *set = set_start(c->lowering, term_of(key), prefixes->at);
	set->is_interval = true;
	set->prefixes = merged;
	set->prefixes_n = count;
	rule_match_set(
		c->lowering, rule, term_of(key), IR_EQ,
		set_done(c->lowering, set, family == FAMILY_IPV4 ? "networks4" : "networks6"));
}

/* Whether another wildcard of the list says the same: the kernel refuses overlapping intervals. */
static bool is_covered(const struct field_texts *texts, uint32_t index)
{
	const char *name = texts->items.at[index].value;
	for (uint32_t i = 0; i < texts->items.n; i++) {
		const char *other = texts->items.at[i].value;
		size_t length = strcspn(other, "*");
		bool is_same = strcmp(name, other) == 0;
		if (i != index && is_wildcard(other) && strncmp(name, other, length) == 0 &&
		    (!is_same || i < index))
			return true;
	}
	return false;
}

/* A list of names against one key. */
static void match_texts(struct classifier *c, struct ir_rule *rule, enum ir_key key,
			const struct field_texts *texts, enum ir_value_kind kind, const char *base)
{
	if (texts->items.n == 1) {
		struct ir_value value = { .kind = kind, .text = texts->items.at[0].value };
		rule_match(c->lowering, rule, term_of(key), value);
		return;
	}
	struct ir_set *set = set_start(c->lowering, term_of(key), texts->at);
	for (uint32_t i = 0; i < texts->items.n; i++) {
		const struct field_text *text = &texts->items.at[i];
		if (is_covered(texts, i))
			continue;
		set->is_interval |= is_wildcard(text->value);
		set_add(c->lowering, set, (struct ir_value){ .kind = kind, .text = text->value },
			text->at);
	}
	set->is_typeof = key == IR_FIB_DADDR_OIFNAME;
	rule_match_set(c->lowering, rule, term_of(key), IR_EQ, set_done(c->lowering, set, base));
}

/* Whether a rule for this family could ever match. */
static bool fits_family(const struct zone_match *match, uint8_t family)
{
	if (family == ANY_FAMILY)
		return match->src.items.n == 0 && match->dst.items.n == 0;
	return (match->src.items.n == 0 || count_family(&match->src, family) > 0) &&
	       (match->dst.items.n == 0 || count_family(&match->dst, family) > 0) &&
	       match->src.items.n + match->dst.items.n > 0;
}

static void add_rule(struct classifier *c, const struct zone_match *match, uint8_t family,
		     const struct ir_chain *target)
{
	const struct side_row *side = c->side;
	struct ir_rule *rule = rule_start(c->lowering, c->chain, match->at);
	if (match->interfaces.items.n > 0)
		match_texts(c, rule, side->interface, &match->interfaces, IR_STRING, "interfaces");
	if (match->protocols.items.n > 0)
		match_texts(c, rule, IR_L4PROTO, &match->protocols, IR_SYMBOL, "protocols");
	if (match->macs.items.n > 0)
		match_texts(c, rule, IR_ETHER_SADDR, &match->macs, IR_MAC, "macs");
	if (match->src.items.n > 0)
		match_addresses(c, rule, family == FAMILY_IPV4 ? side->near4 : side->near6,
				&match->src, family);
	if (match->dst.items.n > 0)
		match_addresses(c, rule, family == FAMILY_IPV4 ? side->far4 : side->far6,
				&match->dst, family);
	rule_verdict(c->lowering, rule, target ? IR_GOTO : IR_RETURN, target);
}

static void add_match(struct classifier *c, const struct zone_match *match,
		      const struct ir_chain *target)
{
	static const uint8_t families[] = { ANY_FAMILY, FAMILY_IPV4, FAMILY_IPV6 };

	/* Who sent a frame is known only where it came in. */
	if (match->macs.items.n > 0 && !c->side->sees_mac)
		return;
	for (size_t i = 0; i < countof(families); i++)
		if (fits_family(match, families[i]))
			add_rule(c, match, families[i], target);
}

/* The rules of all matches with that many conditions. */
static void add_matches(struct classifier *c, unsigned wanted)
{
	const struct config *config = c->lowering->config;
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		for (uint32_t k = 0; k < zone->matches.n; k++) {
			const struct zone_match *match = &zone->matches.at[k];
			if (conditions(match) == wanted && !is_interface_alone(match))
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
		if (is_wildcard(text->value) != wildcards || is_covered(&match->interfaces, i))
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
			if (is_interface_alone(&zone->matches.at[k]))
				add_interfaces(c, map, &zone->matches.at[k], c->targets[i],
					       wildcards);
	}
	if (map->elements.n > 0)
		rule_vmap(c->lowering, rule_start(c->lowering, c->chain, NOWHERE), term,
			  set_done(c->lowering, map, name));
}

void classify(struct lowering *lowering, struct ir_chain *chain, enum side side,
	      struct ir_chain *const *targets, const char *name)
{
	struct classifier c = { lowering, chain, &side_rows[side], targets };
	for (unsigned wanted = 5; wanted > 1; wanted--)
		add_matches(&c, wanted);
	add_interface_map(&c, false, name);
	add_interface_map(&c, true, arena_printf(lowering->arena, "%s_wild", name));
	add_matches(&c, 1);
}
