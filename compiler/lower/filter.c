#include "lower/feature.h"

#include "base/text.h"
#include "ir/name.h"
#include "lower/classify.h"

/* nflog group of all that flywall logs: the kernel's own log is silent outside the first namespace.
 */
enum { LOG_GROUP = 1 };

/* Where part of a zone's traffic is untracked, errors about it find no connection and count as
 * invalid; without them path MTU discovery breaks. */
static void pass_errors(struct lowering *lowering, struct ir_chain *chain)
{
	static const struct {
		enum ir_key key;
		const char *types[5];
	} rows[] = {
		{ IR_ICMP_TYPE,
		  { "destination-unreachable", "time-exceeded", "parameter-problem" } },
		{ IR_ICMPV6_TYPE,
		  { "destination-unreachable", "packet-too-big", "time-exceeded",
		    "parameter-problem" } },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		struct ir_term term = term_of(rows[i].key);
		struct ir_set *set = set_start(lowering, term, NOWHERE);
		for (size_t k = 0; rows[i].types[k]; k++)
			set_add(lowering, set, value_symbol(rows[i].types[k]), NOWHERE);
		struct ir_rule *rule = rule_start(lowering, chain, NOWHERE);
		rule_match_set(lowering, rule, term, IR_EQ, set_done(lowering, set, "icmp_errors"));
		rule_verdict(lowering, rule, IR_ACCEPT, NULL);
	}
}

static bool tracks_in_part(const struct config *config)
{
	for (uint32_t i = 0; i < config->zones.n; i++)
		if (span_is_set(config->zones.at[i].conntrack.tracks_at))
			return true;
	return false;
}

/* Logging has a rule of its own: in one rule with the drop, what is above the limit would pass. */
static void log_invalid(struct lowering *lowering, struct ir_chain *chain)
{
	const struct conntrack *conntrack = &lowering->config->conntrack;
	const struct rate *rate = &conntrack->log_max.value;
	struct span at = conntrack->log_invalid.at;
	struct ir_rule *rule = rule_start(lowering, chain, at);
	if (rate->count) {
		struct ir_limit limit = { .count = (uint32_t)rate->count,
					  .seconds = rate->seconds,
					  .burst = (uint32_t)rate->count };
		uint32_t parameters[] = { limit.count, limit.seconds, limit.burst };
		const char *name =
			name_hashed(lowering->arena, "log_invalid",
				    hash_bytes(HASH_START, parameters, sizeof parameters));
		struct ir_object *object =
			object_new(lowering->out, IR_LIMIT_OBJECT, name,
				   field_is_set(conntrack->log_max) ? conntrack->log_max.at : at);
		object->limit = limit;
		statement_new(lowering->out, rule, IR_LIMIT)->limit.object = object;
	}
	statement_new(lowering->out, rule, IR_LOG)->log =
		(struct ir_log){ .prefix = "flywall invalid: ", .group = LOG_GROUP };
}

static struct ir_chain *invalid_chain(struct lowering *lowering)
{
	struct ir_chain *chain = chain_new(lowering->out, "invalid", NOWHERE);
	if (tracks_in_part(lowering->config))
		pass_errors(lowering, chain);
	if (lowering->config->conntrack.log_invalid.value)
		log_invalid(lowering, chain);
	struct ir_rule *rule = rule_start(lowering, chain, NOWHERE);
	rule_count(lowering, rule, counter_get(lowering, "invalid_dropped", NOWHERE));
	rule_verdict(lowering, rule, IR_DROP, NULL);
	return chain;
}

/* Related packets of one helper's connections outside its media_ports. */
static void narrow_media(struct lowering *lowering, struct ir_chain *chain, enum helper helper,
			 const struct helper_use *use)
{
	const struct helper_row *row = &helper_rows[helper];
	bool is_tcp = text_is(text_of(row->media), "tcp");
	struct ir_term port = term_of(is_tcp ? IR_TCP_DPORT : IR_UDP_DPORT);
	struct ir_set *set = set_start(lowering, port, use->media_ports.at);
	set->is_interval = true;
	for (uint32_t i = 0; i < use->media_ports.items.n; i++) {
		const struct field_port *range = &use->media_ports.items.at[i];
		set_add(lowering, set, value_range(range->low, range->high), range->at);
	}
	const struct ir_set *ports =
		set_done(lowering, set, name_make(lowering->arena, "media", row->name));
	const char *const types[] = { row->objects[0].type, row->media_of };
	for (size_t i = 0; i < countof(types) && types[i]; i++) {
		struct ir_rule *rule = rule_start(lowering, chain, use->media_ports.at);
		rule_match(lowering, rule, term_of(IR_CT_HELPER), value_string(types[i]));
		rule_match_set(lowering, rule, port, IR_NE, ports);
		rule_count(lowering, rule,
			   counter_get(lowering, "media_dropped", use->media_ports.at));
		rule_verdict(lowering, rule, IR_DROP, NULL);
	}
}

/* Where a related connection goes is not where its master went. */
static void mark_destination(struct lowering *lowering, struct ir_chain *chain, bool is_forward)
{
	if (lowering->config->zones.n == 0)
		return;
	struct ir_rule *rule = rule_start(lowering, chain, NOWHERE);
	if (is_forward)
		rule_verdict(lowering, rule, IR_JUMP, zone_to_chain(lowering));
	else
		statement_new(lowering->out, rule, IR_SET_MARK)->mark =
			(struct ir_mark){ .keep = ~MARK_TO };
}

/* The first packet of a related connection, which inherits its master's mark, and ICMP errors,
 * which belong to a connection that is there already. */
static struct ir_chain *related_chain(struct lowering *lowering, const char *name, bool is_forward)
{
	const struct helper_use *uses[HELPER_COUNT];
	struct ir_chain *chain = chain_new(lowering->out, name, NOWHERE);
	rule_confirmed(lowering, chain, IR_ACCEPT);
	mark_destination(lowering, chain, is_forward);
	helpers_resolve(lowering->config, NULL, uses);
	for (int helper = 0; helper < HELPER_COUNT; helper++)
		if (uses[helper] && uses[helper]->media_ports.items.n > 0)
			narrow_media(lowering, chain, (enum helper)helper, uses[helper]);
	rule_verdict(lowering, rule_start(lowering, chain, NOWHERE), IR_ACCEPT, NULL);
	return chain;
}

static void add_state(struct lowering *lowering, struct ir_set *map, const char *state,
		      enum ir_verdict verdict, const struct ir_chain *chain)
{
	set_add(lowering, map, value_symbol(state), NOWHERE)->target =
		(struct ir_target){ verdict, chain };
}

/* Where packets of a state go on. */
struct state_chains {
	const struct ir_chain *invalid, *related;
	const struct ir_chain *untracked; /* NULL: they are accepted */
};

/* The first rule, and the shortest path: one look-up of the state. */
static void dispatch_state(struct lowering *lowering, struct ir_chain *base, const char *name,
			   const struct state_chains *chains)
{
	struct ir_term state = term_of(IR_CT_STATE);
	struct ir_set *map = set_start(lowering, state, NOWHERE);
	map->is_map = true;
	add_state(lowering, map, "invalid", IR_GOTO, chains->invalid);
	add_state(lowering, map, "established", IR_ACCEPT, NULL);
	add_state(lowering, map, "related", IR_GOTO, chains->related);
	add_state(lowering, map, "untracked", chains->untracked ? IR_GOTO : IR_ACCEPT,
		  chains->untracked);
	rule_vmap(lowering, rule_start(lowering, base, NOWHERE), state,
		  set_done(lowering, map, name));
}

/* By the zones in the mark, which the packet got when it came in: one look-up whatever their
 * number. */
static void dispatch_mark(struct lowering *lowering, struct ir_chain *base, uint32_t mask,
			  struct ir_set *map, const char *name)
{
	struct ir_term term = term_mark(mask);
	if (map->elements.n > 0)
		rule_vmap(lowering, rule_start(lowering, base, NOWHERE), term,
			  set_done(lowering, map, name));
}

static struct ir_set *mark_map(struct lowering *lowering)
{
	struct ir_set *map = set_start(lowering, term_of(IR_CT_MARK), NOWHERE);
	map->is_map = true;
	return map;
}

/* Where traffic that stays inside its zone ends; made when first asked for. */
static struct ir_target refuse_inside(struct lowering *lowering, const struct zone *zone)
{
	if (zone->action == ZONE_DROP)
		return (struct ir_target){ IR_DROP, NULL };
	if (!lowering->rejected) {
		lowering->rejected = chain_new(lowering->out, "inside_rejected", NOWHERE);
		struct ir_rule *tcp = rule_start(lowering, lowering->rejected, NOWHERE);
		rule_match(lowering, tcp, term_of(IR_L4PROTO), value_symbol("tcp"));
		statement_new(lowering->out, tcp, IR_REJECT)->reject = IR_REJECT_RESET;
		struct ir_rule *other = rule_start(lowering, lowering->rejected, NOWHERE);
		statement_new(lowering->out, other, IR_REJECT)->reject = IR_REJECT_PORT;
	}
	return (struct ir_target){ IR_GOTO, lowering->rejected };
}

static void dispatch_inside(struct lowering *lowering, struct ir_chain *forward)
{
	const struct config *config = lowering->config;
	struct ir_set *map = mark_map(lowering);
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		uint32_t mark = zone->id << MARK_FROM_SHIFT | zone->id << MARK_TO_SHIFT;
		if (zone->action != ZONE_ACCEPT)
			set_add(lowering, map, value_mark(mark), zone->action_at)->target =
				refuse_inside(lowering, zone);
	}
	dispatch_mark(lowering, forward, MARK_FROM | MARK_TO, map, "inside");
}

static bool is_tracked_whole(const struct config *config, const struct zone *zone)
{
	return config->conntrack.enabled.value && zone->conntrack.enabled.value &&
	       !span_is_set(zone->conntrack.tracks_at);
}

/* Packets that came in by the zone and go out by it again. */
static struct ir_chain *stay_chain(struct lowering *lowering, uint32_t index)
{
	const struct zone *zone = &lowering->config->zones.at[index];
	struct ir_target target = refuse_inside(lowering, zone);
	struct ir_chain **targets = targets_new(lowering);
	targets[index] = zone_chain(lowering, "stays", zone);
	rule_verdict(lowering, rule_start(lowering, targets[index], zone->action_at),
		     target.verdict, target.chain);
	struct ir_chain *chain = zone_chain(lowering, "untracked", zone);
	classify(lowering, chain, SIDE_TO, targets, "untracked_to");
	return chain;
}

/* What is untracked has no mark that tells its zones, so they are looked up again; NULL where no
 * zone minds. */
static struct ir_chain *untracked_chain(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	struct ir_chain **targets = targets_new(lowering);
	bool has_any = false;
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		if (zone->action == ZONE_ACCEPT || is_tracked_whole(config, zone))
			continue;
		targets[i] = stay_chain(lowering, i);
		has_any = true;
	}
	if (!has_any)
		return NULL;
	struct ir_chain *chain = chain_new(lowering->out, "untracked_fwd", NOWHERE);
	classify(lowering, chain, SIDE_FROM, targets, "untracked_from");
	return chain;
}

static struct ir_set *limits_map(struct lowering *lowering)
{
	struct ir_set *map = mark_map(lowering);
	for (uint32_t i = 0; i < lowering->config->zones.n; i++) {
		const struct zone *zone = &lowering->config->zones.at[i];
		struct ir_chain *chain = limits_chain(lowering, zone);
		if (chain)
			set_add(lowering, map, value_mark(zone->id << MARK_FROM_SHIFT),
				zone->conntrack.limits.at)
				->target = (struct ir_target){ IR_GOTO, chain };
	}
	return map;
}

/* All that is left where nothing is tracked. */
static void filter_untracked(struct lowering *lowering)
{
	struct ir_chain *chain = untracked_chain(lowering);
	if (chain)
		rule_verdict(lowering,
			     rule_start(lowering, base_chain(lowering, BASE_FW_FWD), NOWHERE),
			     IR_GOTO, chain);
}

void lower_filter(struct lowering *lowering)
{
	if (!lowering->config->conntrack.enabled.value) {
		filter_untracked(lowering);
		return;
	}

	struct ir_chain *in = base_chain(lowering, BASE_FW_IN);
	struct ir_chain *forward = base_chain(lowering, BASE_FW_FWD);
	struct state_chains chains = { .invalid = invalid_chain(lowering) };
	chains.related = related_chain(lowering, "related_in", false);
	dispatch_state(lowering, in, "state_in", &chains);
	chains.related = related_chain(lowering, "related_fwd", true);
	chains.untracked = untracked_chain(lowering);
	dispatch_state(lowering, forward, "state_fwd", &chains);

	struct ir_chain *zone_to = zone_to_chain(lowering);
	if (zone_to)
		rule_verdict(lowering, rule_start(lowering, forward, NOWHERE), IR_JUMP, zone_to);
	dispatch_inside(lowering, forward);

	/* One chain of limits serves both hooks: a list in each would let twice as many in. */
	struct ir_set *admit = limits_map(lowering);
	dispatch_mark(lowering, in, MARK_FROM, admit, "admit");
	dispatch_mark(lowering, forward, MARK_FROM, admit, "admit");
}
