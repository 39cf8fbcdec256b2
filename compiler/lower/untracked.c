#include "lower/untracked.h"

#include <string.h>

#include "lower/classify.h"
#include "lower/conditions.h"
#include "lower/feature.h"
#include "lower/flows.h"
#include "lower/policy.h"
#include "lower/services.h"

bool zone_is_tracked(const struct config *config, const struct zone *zone)
{
	return config->conntrack.enabled.value && zone->conntrack.enabled.value &&
	       !span_is_set(zone->conntrack.tracks_at);
}

/* Neighbour discovery is never tracked, and nothing of IPv6 works without it. RFC 4861 section 6.1
 * and 7.1: a hop limit of 255 shows that a packet comes from the link itself. */
struct ir_chain *nd_chain(struct lowering *lowering)
{
	static const char *const discovery[] = { "nd-router-solicit", "nd-router-advert",
						 "nd-neighbor-solicit", "nd-neighbor-advert",
						 "nd-redirect" };
	static const char *const listeners[] = { "mld-listener-query", "mld-listener-report",
						 "mld-listener-done", "mld2-listener-report" };

	if (lowering->nd)
		return lowering->nd;
	lowering->nd = chain_new(lowering->out, "neighbour_discovery", NOWHERE);
	struct ir_term type = term_of(IR_ICMPV6_TYPE);
	struct ir_set *set = set_start(lowering, type, NOWHERE);
	for (size_t i = 0; i < countof(discovery); i++)
		set_add(lowering, set, value_symbol(discovery[i]), NOWHERE);
	struct ir_rule *rule = rule_start(lowering, lowering->nd, NOWHERE);
	rule_match_set(lowering, rule, type, IR_EQ, set_done(lowering, set, "discovery"));
	rule_match(lowering, rule, term_of(IR_IP6_HOPLIMIT), value_number(255));
	rule_verdict(lowering, rule, IR_ACCEPT, NULL);

	set = set_start(lowering, type, NOWHERE);
	for (size_t i = 0; i < countof(listeners); i++)
		set_add(lowering, set, value_symbol(listeners[i]), NOWHERE);
	rule = rule_start(lowering, lowering->nd, NOWHERE);
	rule_match_set(lowering, rule, type, IR_EQ, set_done(lowering, set, "listeners"));
	rule_match(lowering, rule, term_of(IR_IP6_HOPLIMIT), value_number(1));
	rule_verdict(lowering, rule, IR_ACCEPT, NULL);
	return lowering->nd;
}

/* A limit counts connections, which there are none of: what it would let through is refused. */
static bool needs_tracking(const struct rule *rule)
{
	return rule->limit.value.count > 0 || rule->limit_per_ip.value.count > 0 ||
	       rule->max_connections.value > 0 || rule->max_per_ip.value > 0;
}

/* What a rule decides becomes accept, or back to the caller, which refuses. */
static void end_rules(struct lowering *lowering, struct ir_chain *chain, uint32_t n,
		      enum rule_action action)
{
	bool is_accepted = action == RULE_ACCEPT || action == RULE_NOTRACK;
	for (uint32_t i = chain->rules.n - n; i < chain->rules.n; i++)
		rule_verdict(lowering, &chain->rules.at[i], is_accepted ? IR_ACCEPT : IR_RETURN,
			     NULL);
}

static void add_rules(struct lowering *lowering, struct ir_chain *chain,
		      const struct policy *policy, const struct view *view)
{
	for (uint32_t i = 0; i < policy->rules.n; i++) {
		const struct rule *rule = &policy->rules.at[i];
		bool goes_on = rule->action == RULE_LOG || rule->action == RULE_CONTINUE;
		if (!goes_on && !needs_tracking(rule))
			end_rules(lowering, chain, conditions_lower(lowering, chain, rule, view),
				  rule->action);
	}
}

/* The policies of a pair as if every packet were looked at for itself. Returns where nothing
 * accepts. */
static struct ir_chain *pair_chain(struct lowering *lowering, const struct pair *pair,
				   const char *name, enum direction direction)
{
	const struct view view = { .direction = direction, .is_stateless = true };
	const struct outcome outcome = { 0 };
	const struct zone *from = zone_of(lowering, pair->from);
	struct ir_chain *chain = chain_new(lowering->out, name, from ? from->at : NOWHERE);
	if (pair->to == SELF && from)
		services_lower(lowering, chain, from, &outcome, direction);
	for (uint32_t i = 0; i < pair->policies.n; i++)
		add_rules(lowering, chain, pair->policies.at[i], &view);
	const struct policy *decider = pair_decider(pair);
	bool is_own = pair_is_own(lowering, pair);
	if (decider ? decider->action == RULE_ACCEPT : is_own && from->action == ZONE_ACCEPT)
		rule_verdict(lowering, rule_start(lowering, chain, chain->at), IR_ACCEPT, NULL);
	return chain;
}

struct build {
	struct lowering *lowering;
	const struct pairs *pairs;
};

static void call(struct build *b, struct ir_chain *chain, const struct ir_chain *other)
{
	rule_verdict(b->lowering, rule_start(b->lowering, chain, NOWHERE), IR_JUMP, other);
}

static const char *label(struct build *b, uint32_t id)
{
	const struct zone *zone = zone_of(b->lowering, id);
	return zone ? zone->name : "self";
}

/* What one side may send the other, and what answers the other's; NULL: nothing. */
static struct ir_chain *both_ways(struct build *b, uint32_t from, uint32_t to)
{
	struct lowering *lowering = b->lowering;
	const struct pair *forth = pair_find(b->pairs, from, to);
	const struct pair *back = pair_find(b->pairs, to, from);
	if (!forth && !back)
		return NULL;
	struct arena *arena = lowering->arena;
	const char *ends = arena_printf(arena, "%s/%s", label(b, from), label(b, to));
	struct ir_chain *chain =
		chain_new(lowering->out, arena_printf(arena, "untracked/%s", ends), NOWHERE);
	if (forth)
		call(b, chain,
		     pair_chain(lowering, forth, arena_printf(arena, "stateless/%s", ends),
				DIRECTION_FORTH));
	if (back) {
		return_openings(lowering, chain);
		call(b, chain,
		     pair_chain(lowering, back, arena_printf(arena, "answers/%s", ends),
				DIRECTION_BACK));
	}
	return chain;
}

static bool has_untracked(const struct lowering *lowering, uint32_t id)
{
	const struct zone *zone = zone_of(lowering, id);
	return zone && !zone_is_tracked(lowering->config, zone);
}

static bool has_any_untracked(const struct lowering *lowering)
{
	for (uint32_t id = 1; id <= lowering->config->zones.n; id++)
		if (has_untracked(lowering, id))
			return true;
	return false;
}

/* What came in by a zone, on to where it goes. */
static struct ir_chain *from_zone(struct build *b, uint32_t from)
{
	struct lowering *lowering = b->lowering;
	struct ir_chain **targets = targets_new(lowering);
	bool has_any = false;
	for (uint32_t to = 1; to <= lowering->config->zones.n; to++) {
		if (has_untracked(lowering, from) || has_untracked(lowering, to))
			targets[to - 1] = both_ways(b, from, to);
		has_any |= targets[to - 1] != NULL;
	}
	if (!has_any)
		return NULL;
	const struct zone *zone = zone_of(lowering, from);
	struct ir_chain *chain =
		chain_new(lowering->out,
			  arena_printf(lowering->arena, "untracked-from/%s", zone->name), zone->at);
	classify(lowering, chain, SIDE_TO, targets,
		 arena_printf(lowering->arena, "untracked_from_%u", from));
	return chain;
}

static void call_zones(struct build *b, struct ir_chain *chain, enum side side,
		       struct ir_chain *(*target)(struct build *, uint32_t), const char *name)
{
	struct lowering *lowering = b->lowering;
	struct ir_chain **targets = targets_new(lowering);
	bool has_any = false;
	for (uint32_t id = 1; id <= lowering->config->zones.n; id++) {
		targets[id - 1] = target(b, id);
		has_any |= targets[id - 1] != NULL;
	}
	if (!has_any)
		return;
	struct ir_chain *zones = chain_new(lowering->out, name, NOWHERE);
	classify(lowering, zones, side, targets, name);
	call(b, chain, zones);
}

static struct ir_chain *to_self(struct build *b, uint32_t id)
{
	return has_untracked(b->lowering, id) ? both_ways(b, id, SELF) : NULL;
}

static struct ir_chain *from_self(struct build *b, uint32_t id)
{
	return has_untracked(b->lowering, id) ? both_ways(b, SELF, id) : NULL;
}

/* Errors about what is untracked find no connection: they count as invalid, and are passed there.
 */
static struct ir_chain *start(struct build *b, const char *name, enum flow_hook hook)
{
	struct ir_chain *chain = chain_new(b->lowering->out, name, NOWHERE);
	bool is_used = has_flows(b->lowering->config) || has_any_untracked(b->lowering);
	if (is_used && hook == FLOW_OUT)
		sets_answers(b->lowering, chain, false);
	else if (is_used)
		sets_untracked(b->lowering, chain, hook == FLOW_FORWARD);
	flows_accept(b->lowering, chain, hook);
	return chain;
}

struct ir_chain *untracked_in(struct lowering *lowering, const struct pairs *pairs)
{
	struct build b = { lowering, pairs };
	struct ir_chain *chain = start(&b, "untracked_in", FLOW_IN);
	call(&b, chain, nd_chain(lowering));
	if (has_any_untracked(lowering))
		call_zones(&b, chain, SIDE_FROM, to_self, "untracked/self");
	return chain;
}

struct ir_chain *untracked_forward(struct lowering *lowering, const struct pairs *pairs)
{
	struct build b = { lowering, pairs };
	struct ir_chain *chain = start(&b, "untracked_fwd", FLOW_FORWARD);
	if (has_any_untracked(lowering))
		call_zones(&b, chain, SIDE_FROM, from_zone, "untracked/zones");
	return chain;
}

struct ir_chain *untracked_out(struct lowering *lowering, const struct pairs *pairs)
{
	struct build b = { lowering, pairs };
	struct ir_chain *chain = start(&b, "untracked_out", FLOW_OUT);
	call(&b, chain, nd_chain(lowering));
	if (has_any_untracked(lowering))
		call_zones(&b, chain, SIDE_TO, from_self, "untracked/out");
	return chain;
}
