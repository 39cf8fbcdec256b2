/* Several ways out: a connection keeps the one that it began on, for all its life. */
#include "lower/classify.h"
#include "lower/feature.h"
#include "lower/match.h"

enum { RULE_PRIORITY = 1000 };

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
	struct ir_set *entrances;	 /* of uplinks, by interface */
	const struct ir_set *interfaces; /* all uplinks' */
	const struct ir_set *routed;	 /* the same, for the look-up of a route */
	struct ir_chain *chains[16];	 /* by the uplink's number */
};

static void collect(struct build *b)
{
	const struct config *config = b->lowering->config;
	struct ir_set *names = set_start(b->lowering, term_of(IR_IIFNAME), NOWHERE);
	b->entrances = set_start(b->lowering, term_of(IR_IIFNAME), NOWHERE);
	b->entrances->is_map = true;
	for (uint32_t i = 0; i < config->uplink_groups.n; i++)
		for (uint32_t k = 0; k < config->uplink_groups.at[i].uplinks.n; k++) {
			const struct uplink *uplink = &config->uplink_groups.at[i].uplinks.at[k];
			struct ir_value name = value_string(uplink->interface);
			b->chains[uplink->id] = uplink_chain(b->lowering, uplink);
			set_add(b->lowering, names, name, uplink->at);
			set_add(b->lowering, b->entrances, name, uplink->at)->target =
				(struct ir_target){ IR_JUMP, b->chains[uplink->id] };
		}
	b->interfaces = set_done(b->lowering, names, "uplinks");
}

/* The tier that new connections go to: the lowest that has somewhere to go. */
static uint32_t lowest_tier(const struct uplink_group *group)
{
	uint32_t tier = UINT32_MAX;
	for (uint32_t i = 0; i < group->uplinks.n; i++) {
		const struct uplink *uplink = &group->uplinks.at[i];
		if (uplink->enabled && uplink->weight > 0 && uplink->tier < tier)
			tier = uplink->tier;
	}
	return tier;
}

static bool is_picked(const struct uplink *uplink, uint32_t tier, uint8_t family)
{
	bool has_family = family == FAMILY_IPV4
				  ? uplink->gateway4.family || !uplink->gateway6.family
				  : uplink->gateway6.family || !uplink->gateway4.family;
	return uplink->enabled && uplink->weight > 0 && uplink->tier == tier && has_family;
}

static uint32_t total_weight(const struct uplink_group *group, uint8_t family)
{
	uint32_t tier = lowest_tier(group), total = 0;
	for (uint32_t i = 0; i < group->uplinks.n; i++)
		if (is_picked(&group->uplinks.at[i], tier, family))
			total += group->uplinks.at[i].weight;
	return total;
}

/* Deals new connections out: in turn, or by their source. NULL where the family has no way out. */
static struct ir_chain *pick_chain(struct build *b, const struct uplink_group *group,
				   uint8_t family, const char *name)
{
	static const enum ir_key hashes[] = { IR_JHASH_IP_SADDR, IR_JHASH_IP6_SADDR };
	uint32_t tier = lowest_tier(group), slot = 0;
	struct ir_term term = { .key = IR_NUMGEN_INC, .modulus = total_weight(group, family) };
	if (term.modulus == 0)
		return NULL;
	if (group->by_source)
		term.key = hashes[family == FAMILY_IPV6];
	struct ir_chain *chain = chain_new(b->lowering->out, name, group->at);
	struct ir_set *map = set_start(b->lowering, term, group->at);
	map->is_map = true;
	for (uint32_t i = 0; i < group->uplinks.n; i++) {
		const struct uplink *uplink = &group->uplinks.at[i];
		if (!is_picked(uplink, tier, family))
			continue;
		set_add(b->lowering, map, value_range(slot, slot + uplink->weight - 1), uplink->at)
			->target = (struct ir_target){ IR_GOTO, b->chains[uplink->id] };
		map->is_interval |= uplink->weight > 1;
		slot += uplink->weight;
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

/* New connections that the main table would send out by some uplink. */
static void pick(struct build *b, const struct uplink_group *group, uint8_t family,
		 const struct ir_chain *picked, bool is_local)
{
	bool is_ipv4 = family == FAMILY_IPV4;
	if (!has_side(&group->src, family) || !has_side(&group->dest, family))
		return;
	struct ir_chain *base = base_chain(b->lowering, is_local ? BASE_MARK_OUT : BASE_MARK_PRE);
	struct ir_rule *rule = rule_start(b->lowering, base, group->at);
	match_unbound(b->lowering, rule);
	if (!is_local && group->from.written)
		match_from_zones(b->lowering, rule, &group->from);
	match_family(b->lowering, rule, family);
	match_side(b->lowering, rule, is_ipv4 ? IR_IP_SADDR : IR_IP6_SADDR, &group->src, family);
	match_side(b->lowering, rule, is_ipv4 ? IR_IP_DADDR : IR_IP6_DADDR, &group->dest, family);
	rule_match_set(b->lowering, rule, term_of(is_local ? IR_OIFNAME : IR_FIB_DADDR_OIFNAME),
		       IR_EQ, is_local ? b->interfaces : b->routed);
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

/* An interface without gateways is a tunnel that takes what it is given, of both families. */
static void add_routing(struct lowering *lowering, const struct uplink *uplink)
{
	bool is_tunnel = !uplink->gateway4.family && !uplink->gateway6.family;
	if (uplink->gateway4.family || is_tunnel)
		add_rules(lowering, uplink, FAMILY_IPV4, &uplink->gateway4);
	if (uplink->gateway6.family || is_tunnel)
		add_rules(lowering, uplink, FAMILY_IPV6, &uplink->gateway6);
}

/* Only what goes out is bound: what comes in by an uplink finds its way by the main table, which
 * knows the networks behind other routers. */
static void restore(struct build *b)
{
	struct lowering *lowering = b->lowering;
	static const enum base_chain bases[] = { BASE_MARK_PRE, BASE_MARK_OUT };
	for (size_t i = 0; i < countof(bases); i++) {
		struct ir_rule *rule =
			rule_start(lowering, base_chain(lowering, bases[i]), NOWHERE);
		if (bases[i] == BASE_MARK_PRE)
			rule_match_set(lowering, rule, term_of(IR_IIFNAME), IR_NE, b->interfaces);
		rule_match(lowering, rule, term_mark(MARK_UPLINK), value_mark(0));
		rule->statements.at[rule->statements.n - 1].match.op = IR_NE;
		statement_new(lowering->out, rule, IR_COPY_MARK)->copy =
			(struct ir_copy_mark){ .way = IR_CONNECTION_TO_PACKET,
					       .mask = MARK_UPLINK | MARK_USER };
	}
}

static const struct ir_set *routed_set(struct build *b)
{
	struct ir_set *set = set_start(b->lowering, term_of(IR_FIB_DADDR_OIFNAME), NOWHERE);
	set->is_typeof = true;
	for (uint32_t i = 0; i < b->interfaces->elements.n; i++)
		set_add(b->lowering, set, b->interfaces->elements.at[i].parts[0],
			b->interfaces->elements.at[i].at);
	return set_done(b->lowering, set, "uplink_routes");
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
	b.routed = routed_set(&b);
	struct ir_rule *enter = rule_start(lowering, base_chain(lowering, BASE_MARK_PRE), NOWHERE);
	match_unbound(lowering, enter);
	rule_vmap(lowering, enter, term_of(IR_IIFNAME),
		  set_done(lowering, b.entrances, "uplink_entrances"));
	for (uint32_t i = 0; i < config->uplink_groups.n; i++) {
		add_group(&b, i);
		for (uint32_t k = 0; k < config->uplink_groups.at[i].uplinks.n; k++)
			add_routing(lowering, &config->uplink_groups.at[i].uplinks.at[k]);
	}
	restore(&b);
	trust_marks(lowering);
}
