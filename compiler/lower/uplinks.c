/* Several ways out: a connection keeps the one that it began on, for all its life. */
#include <string.h>

#include "lower/classify.h"
#include "lower/feature.h"
#include "lower/match.h"

/* Ahead of the main table, and behind it and all others. */
enum { RULE_PRIORITY = 1000, LAST_PRIORITY = 32800 };

static uint32_t uplink_mark(const struct uplink *uplink)
{
	return uplink->id << MARK_UPLINK_SHIFT;
}

/* Puts the uplink's number into the mark. */
static struct ir_chain *uplink_chain(struct lowering *lowering, const struct uplink *uplink)
{
	const char *name =
		arena_printf(lowering->arena, "uplink_%u_%s", uplink->id, uplink->interface);
	struct ir_chain *chain = chain_new(lowering->out, name, uplink->at);
	struct ir_rule *rule = rule_start(lowering, chain, uplink->at);
	statement_new(lowering->out, rule, IR_SET_MARK)->mark =
		(struct ir_mark){ .keep = ~MARK_UPLINK, .set = uplink_mark(uplink) };
	return chain;
}

/* What is known of all groups together. */
struct build {
	struct lowering *lowering;
	struct ir_set *entrances;    /* of uplinks, by interface */
	struct ir_chain *chains[16]; /* by the uplink's number */
};

static struct ir_set *interfaces(struct lowering *lowering, enum ir_key key)
{
	const struct config *config = lowering->config;
	struct ir_set *names = set_start(lowering, term_of(key), NOWHERE);
	/* nft knows no type by name for what a look-up of a route gives. */
	names->is_typeof = key == IR_FIB_DADDR_OIFNAME || key == IR_FIB_SADDR_OIFNAME;
	for (uint32_t i = 0; i < config->uplink_groups.n; i++)
		for (uint32_t k = 0; k < config->uplink_groups.at[i].uplinks.n; k++) {
			const struct uplink *uplink = &config->uplink_groups.at[i].uplinks.at[k];
			set_add(lowering, names, value_string(uplink->interface), uplink->at);
		}
	return names;
}

void match_uplinks(struct lowering *lowering, struct ir_rule *rule, enum ir_key key, enum ir_op op)
{
	struct ir_set *names = interfaces(lowering, key);
	if (names->elements.n == 1) {
		rule_match(lowering, rule, term_of(key), names->elements.at[0].parts[0]);
		rule->statements.at[rule->statements.n - 1].match.op = op;
		return;
	}
	const char *base = names->is_typeof ? "uplink_routes" : "uplinks";
	rule_match_set(lowering, rule, term_of(key), op, set_done(lowering, names, base));
}

static void collect(struct build *b)
{
	const struct config *config = b->lowering->config;
	b->entrances = set_start(b->lowering, term_of(IR_IIFNAME), NOWHERE);
	b->entrances->is_map = true;
	for (uint32_t i = 0; i < config->uplink_groups.n; i++)
		for (uint32_t k = 0; k < config->uplink_groups.at[i].uplinks.n; k++) {
			const struct uplink *uplink = &config->uplink_groups.at[i].uplinks.at[k];
			b->chains[uplink->id] = uplink_chain(b->lowering, uplink);
			set_add(b->lowering, b->entrances, value_string(uplink->interface),
				uplink->at)
				->target = (struct ir_target){ IR_JUMP, b->chains[uplink->id] };
		}
}

/* An uplink without gateways is a tunnel, which takes both families. */
static bool has_family(const struct uplink *uplink, uint8_t family)
{
	const struct prefix *own = &uplink->gateway4, *other = &uplink->gateway6;
	if (family == FAMILY_IPV6) {
		own = &uplink->gateway6;
		other = &uplink->gateway4;
	}
	return own->family || !other->family;
}

static bool is_usable(const struct uplink *uplink, uint8_t family)
{
	return uplink->enabled && uplink->weight > 0 && has_family(uplink, family);
}

/* The tier that a family's new connections go to: the lowest that has somewhere to go. */
static uint32_t lowest_tier(const struct uplink_group *group, uint8_t family)
{
	uint32_t tier = UINT32_MAX;
	for (uint32_t i = 0; i < group->uplinks.n; i++) {
		const struct uplink *uplink = &group->uplinks.at[i];
		if (is_usable(uplink, family) && uplink->tier < tier)
			tier = uplink->tier;
	}
	return tier;
}

/* The uplinks that share a family's new connections. */
struct picked {
	VEC(const struct uplink *) uplinks;
	uint32_t weight; /* of all */
};

static struct picked picked_of(struct lowering *lowering, const struct uplink_group *group,
			       uint8_t family)
{
	struct picked picked = { 0 };
	uint32_t tier = lowest_tier(group, family);
	for (uint32_t i = 0; i < group->uplinks.n; i++) {
		const struct uplink *uplink = &group->uplinks.at[i];
		if (!is_usable(uplink, family) || uplink->tier != tier)
			continue;
		*push(lowering->arena, &picked.uplinks) = uplink;
		picked.weight += uplink->weight;
	}
	return picked;
}

/* Deals new connections out: in turn, or by their source. NULL where the family has no way out. */
static const struct ir_chain *pick_chain(struct build *b, const struct uplink_group *group,
					 uint8_t family, const char *name)
{
	static const enum ir_key hashes[] = { IR_JHASH_IP_SADDR, IR_JHASH_IP6_SADDR };
	struct picked picked = picked_of(b->lowering, group, family);
	struct ir_term term = { .key = IR_NUMGEN_INC, .modulus = picked.weight };
	uint32_t share = 0;
	if (picked.uplinks.n < 2)
		return picked.uplinks.n == 0 ? NULL : b->chains[picked.uplinks.at[0]->id];
	if (group->by_source)
		term.key = hashes[family == FAMILY_IPV6];
	struct ir_chain *chain = chain_new(b->lowering->out, name, group->at);
	struct ir_set *map = set_start(b->lowering, term, group->at);
	map->is_map = true;
	for (uint32_t i = 0; i < picked.uplinks.n; i++) {
		const struct uplink *uplink = picked.uplinks.at[i];
		set_add(b->lowering, map, value_range(share, share + uplink->weight - 1),
			uplink->at)
			->target = (struct ir_target){ IR_GOTO, b->chains[uplink->id] };
		map->is_interval |= uplink->weight > 1;
		share += uplink->weight;
	}
	rule_vmap(b->lowering, rule_start(b->lowering, chain, group->at), term,
		  set_done(b->lowering, map, "uplink_shares"));
	return chain;
}

static void match_unbound(struct lowering *lowering, struct ir_rule *rule)
{
	rule_match(lowering, rule, term_mark(MARK_UPLINK), value_mark(0));
	rule_match(lowering, rule, term_of(IR_CT_STATE), value_symbol("new"));
}

static void match_side(struct lowering *lowering, struct ir_rule *rule, enum ir_key key,
		       const struct field_prefixes *prefixes, uint8_t family)
{
	if (prefixes->items.n > 0)
		match_prefixes(lowering, rule, key, IR_EQ, prefixes, family);
}

static bool has_side(const struct field_prefixes *prefixes, uint8_t family)
{
	return prefixes->items.n == 0 || prefixes_of(prefixes, family) > 0;
}

bool uplinks_carry_own(const struct config *config)
{
	for (uint32_t i = 0; i < config->uplink_groups.n; i++)
		if (config->uplink_groups.at[i].local.value)
			return true;
	return false;
}

/* What this machine asks for is routed anew once it is translated, and no rule sees where to. */
static void spare_translated(struct lowering *lowering)
{
	struct ir_rule *rule = rule_start(lowering, base_chain(lowering, BASE_UPLINK_OUT), NOWHERE);
	match_unbound(lowering, rule);
	rule_match(lowering, rule, term_of(IR_CT_STATUS), value_symbol("dnat"));
	rule_verdict(lowering, rule, IR_RETURN, NULL);
}

/* New connections that the main table would send out by some uplink. */
static void pick(struct build *b, const struct uplink_group *group, uint8_t family,
		 const struct ir_chain *picked, bool is_local)
{
	bool is_ipv4 = family == FAMILY_IPV4;
	struct zone_set from = group->from;
	bool is_own_alone = from.is_self && from.count == 0;
	from.is_self = false;
	if (!has_side(&group->src, family) || !has_side(&group->dest, family) ||
	    (!is_local && is_own_alone))
		return;
	struct ir_chain *base =
		base_chain(b->lowering, is_local ? BASE_UPLINK_OUT : BASE_UPLINK_PRE);
	struct ir_rule *rule = rule_start(b->lowering, base, group->at);
	match_unbound(b->lowering, rule);
	if (!is_local && group->from.written)
		match_from_zones(b->lowering, rule, &from);
	/* An address tells the family by itself. */
	if (group->src.items.n == 0 && group->dest.items.n == 0)
		match_family(b->lowering, rule, family);
	match_side(b->lowering, rule, is_ipv4 ? IR_IP_SADDR : IR_IP6_SADDR, &group->src, family);
	match_side(b->lowering, rule, is_ipv4 ? IR_IP_DADDR : IR_IP6_DADDR, &group->dest, family);
	match_uplinks(b->lowering, rule, is_local ? IR_OIFNAME : IR_FIB_DADDR_OIFNAME, IR_EQ);
	rule_verdict(b->lowering, rule, IR_JUMP, picked);
}

static void add_group(struct build *b, uint32_t index)
{
	static const uint8_t families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	const struct uplink_group *group = &b->lowering->config->uplink_groups.at[index];
	for (size_t i = 0; i < countof(families); i++) {
		const char *name =
			arena_printf(b->lowering->arena, "pick%u_group_%u", families[i], index + 1);
		const struct ir_chain *picked = pick_chain(b, group, families[i], name);
		if (!picked)
			continue;
		pick(b, group, families[i], picked, false);
		if (group->local.value)
			pick(b, group, families[i], picked, true);
	}
}

static void add_rules(struct lowering *lowering, const struct uplink *uplink, uint8_t family,
		      const struct prefix *gateway)
{
	struct ruleset *out = lowering->out;
	*push(out->arena, &out->ip_rules) = (struct ir_ip_rule){
		.family = family,
		.priority = RULE_PRIORITY + uplink->id,
		.mark = uplink_mark(uplink),
		.mask = MARK_UPLINK,
		.table = uplink->table,
		.at = uplink->at,
	};
	*push(out->arena, &out->ip_routes) = (struct ir_ip_route){
		.to = { .family = family },
		.table = uplink->table,
		.copies_connected = true,
		.at = uplink->at,
	};
	for (uint32_t i = 0; i < uplink->networks.items.n; i++)
		if (uplink->networks.items.at[i].value.family == family)
			*push(out->arena, &out->ip_routes) = (struct ir_ip_route){
				.to = uplink->networks.items.at[i].value,
				.interface = uplink->interface,
				.table = uplink->table,
				.at = uplink->at,
			};
	*push(out->arena, &out->ip_routes) = (struct ir_ip_route){
		.to = { .family = family },
		.gateway = *gateway,
		.interface = uplink->interface,
		.table = uplink->table,
		.at = uplink->at,
	};
}

/* How many uplinks carry a family's connections rather than this one. */
static uint32_t rank_of(const struct config *config, const struct uplink *uplink, uint8_t family)
{
	uint32_t rank = 0;
	for (uint32_t i = 0; i < config->uplink_groups.n; i++)
		for (uint32_t k = 0; k < config->uplink_groups.at[i].uplinks.n; k++) {
			const struct uplink *other = &config->uplink_groups.at[i].uplinks.at[k];
			bool is_ahead = other->tier < uplink->tier ||
					(other->tier == uplink->tier && other->id < uplink->id);
			rank += is_usable(other, family) && is_ahead;
		}
	return rank;
}

/* Where the main table leads nowhere, what is asked for a route to find the uplinks finds one of
 * theirs. What passes through is routed by its mark alone. */
static void add_last_rule(struct lowering *lowering, const struct uplink *uplink, uint8_t family)
{
	struct ruleset *out = lowering->out;
	if (!is_usable(uplink, family))
		return;
	*push(out->arena, &out->ip_rules) = (struct ir_ip_rule){
		.family = family,
		.priority = LAST_PRIORITY + rank_of(lowering->config, uplink, family),
		.table = uplink->table,
		.at = uplink->at,
	};
}

static void add_routing(struct lowering *lowering, const struct uplink *uplink)
{
	if (has_family(uplink, FAMILY_IPV4))
		add_rules(lowering, uplink, FAMILY_IPV4, &uplink->gateway4);
	if (has_family(uplink, FAMILY_IPV6))
		add_rules(lowering, uplink, FAMILY_IPV6, &uplink->gateway6);
	add_last_rule(lowering, uplink, FAMILY_IPV4);
	add_last_rule(lowering, uplink, FAMILY_IPV6);
}

static struct ir_rule *start_bound(struct build *b, enum base_chain base)
{
	struct ir_rule *rule = rule_start(b->lowering, base_chain(b->lowering, base), NOWHERE);
	rule_match(b->lowering, rule, term_mark(MARK_UPLINK), value_mark(0));
	rule->statements.at[rule->statements.n - 1].match.op = IR_NE;
	return rule;
}

static void bind(struct build *b, struct ir_rule *rule)
{
	statement_new(b->lowering->out, rule, IR_COPY_MARK)->copy =
		(struct ir_copy_mark){ .way = IR_CONNECTION_TO_PACKET,
				       .mask = MARK_UPLINK | MARK_USER };
}

/* Only what goes out is bound: what comes in by an uplink finds its way by the main table, which
 * knows the networks behind other routers. */
static void restore_entering(struct build *b)
{
	struct ir_rule *rule = start_bound(b, BASE_UPLINK_PRE);
	match_uplinks(b->lowering, rule, IR_IIFNAME, IR_NE);
	bind(b, rule);
}

/* An ICMP error about a connection of somebody inside is for them, so there the main table is asked
 * first. */
static void restore_own(struct build *b)
{
	struct ir_rule *rule = start_bound(b, BASE_UPLINK_OUT);
	rule_match(b->lowering, rule, term_of(IR_CT_STATE), value_symbol("related"));
	rule->statements.at[rule->statements.n - 1].match.op = IR_NE;
	bind(b, rule);
	rule = start_bound(b, BASE_UPLINK_OUT);
	match_uplinks(b->lowering, rule, IR_OIFNAME, IR_EQ);
	bind(b, rule);
}

static bool names_interface(const struct field_texts *names, const char *interface)
{
	for (uint32_t i = 0; i < names->items.n; i++) {
		const char *name = names->items.at[i].value;
		size_t n = strlen(name) + 1;
		if (interface_is_wildcard(name))
			n -= 2;
		if (strncmp(name, interface, n) == 0)
			return true;
	}
	return false;
}

/* The zone that such an interface stands for by itself, or NULL. */
static const struct zone *zone_at(const struct config *config, const char *interface)
{
	for (uint32_t i = 0; i < config->zones.n; i++)
		for (uint32_t k = 0; k < config->zones.at[i].matches.n; k++) {
			const struct zone_match *match = &config->zones.at[i].matches.at[k];
			if (match_is_interface(match) &&
			    names_interface(&match->interfaces, interface))
				return &config->zones.at[i];
		}
	return NULL;
}

static struct ir_chain *zone_mark_chain(struct lowering *lowering, const struct uplink *uplink,
					uint32_t id)
{
	const char *name =
		arena_printf(lowering->arena, "uplink_to_%u_%s", uplink->id, uplink->interface);
	struct ir_chain *chain = chain_new(lowering->out, name, uplink->at);
	struct ir_rule *rule = rule_start(lowering, chain, uplink->at);
	statement_new(lowering->out, rule, IR_SET_MARK)->mark =
		(struct ir_mark){ .keep = ~MARK_TO, .set = id << MARK_TO_SHIFT };
	return chain;
}

static void add_zone_mark(struct lowering *lowering, struct ir_set *map,
			  const struct uplink *uplink)
{
	const struct zone *zone = zone_at(lowering->config, uplink->interface);
	if (!zone && !lowering->is_plain)
		return;
	set_add(lowering, map, value_mark(uplink_mark(uplink)), uplink->at)->target =
		(struct ir_target){ IR_JUMP,
				    zone_mark_chain(lowering, uplink, zone ? zone->id : 0) };
}

/* Routed anew, a packet is still seen to leave by the interface that the main table names: the
 * zone that it goes to is that of its uplink. */
static void mark_own_zones(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	struct ir_term term = term_mark(MARK_UPLINK);
	struct ir_set *map = set_start(lowering, term, NOWHERE);
	map->is_map = true;
	for (uint32_t i = 0; i < config->uplink_groups.n; i++)
		for (uint32_t k = 0; k < config->uplink_groups.at[i].uplinks.n; k++)
			add_zone_mark(lowering, map, &config->uplink_groups.at[i].uplinks.at[k]);
	if (map->elements.n == 0)
		return;
	struct ir_rule *rule = rule_start(lowering, base_chain(lowering, BASE_UPLINK_OUT), NOWHERE);
	rule_match(lowering, rule, term_of(IR_CT_STATE), value_symbol("new"));
	rule_vmap(lowering, rule, term, set_done(lowering, map, "uplink_zones"));
}

/* Packets carry their uplink in the mark, which strict reverse path filters must look at too. */
static void trust_marks(struct lowering *lowering)
{
	struct ir_setting *setting = push(lowering->arena, &lowering->out->settings);
	setting->kind = IR_SYSCTL;
	setting->key = "net.ipv4.conf.all.src_valid_mark";
	setting->value = "1";
	setting->at = lowering->config->uplink_groups.at[0].at;
}

void lower_uplinks(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	struct build b = { .lowering = lowering };
	if (config->uplink_groups.n == 0)
		return;
	collect(&b);
	struct ir_rule *enter =
		rule_start(lowering, base_chain(lowering, BASE_UPLINK_PRE), NOWHERE);
	match_unbound(lowering, enter);
	rule_vmap(lowering, enter, term_of(IR_IIFNAME),
		  set_done(lowering, b.entrances, "uplink_entrances"));
	if (uplinks_carry_own(config))
		spare_translated(lowering);
	for (uint32_t i = 0; i < config->uplink_groups.n; i++) {
		add_group(&b, i);
		for (uint32_t k = 0; k < config->uplink_groups.at[i].uplinks.n; k++)
			add_routing(lowering, &config->uplink_groups.at[i].uplinks.at[k]);
	}
	if (uplinks_carry_own(config) && config->zones.n > 0)
		mark_own_zones(lowering);
	restore_entering(&b);
	restore_own(&b);
	trust_marks(lowering);
}
