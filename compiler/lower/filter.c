/* Filtering without policies: what tracking finds invalid, limits, and what stays inside a zone. */
#include "lower/classify.h"
#include "lower/feature.h"
#include "lower/firewall.h"
#include "lower/limits.h"
#include "lower/policy.h"
#include "lower/state.h"
#include "lower/untracked.h"

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

/* Where traffic that stays inside its zone ends. */
static struct ir_target refuse_inside(struct lowering *lowering, const struct zone *zone)
{
	if (zone->action == ZONE_DROP)
		return (struct ir_target){ IR_DROP, NULL };
	return (struct ir_target){ IR_GOTO, rejecting_chain(lowering) };
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
		if (zone->action == ZONE_ACCEPT || zone_is_tracked(config, zone))
			continue;
		targets[i] = stay_chain(lowering, i);
		has_any = true;
	}
	bool has_lists = config->conntrack.enabled.value && sets_has_late(config);
	if (!has_any && !has_lists)
		return NULL;
	struct ir_chain *chain = chain_new(lowering->out, "untracked_fwd", NOWHERE);
	if (has_lists)
		sets_untracked(lowering, chain, true);
	classify(lowering, chain, SIDE_FROM, targets, "untracked_from");
	return chain;
}

/* For this machine; NULL where nothing minds. */
static struct ir_chain *untracked_here(struct lowering *lowering)
{
	if (!sets_has_late(lowering->config))
		return NULL;
	struct ir_chain *chain = chain_new(lowering->out, "untracked_in", NOWHERE);
	sets_untracked(lowering, chain, false);
	return chain;
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

static void filter_tracked(struct lowering *lowering)
{
	struct ir_chain *in = base_chain(lowering, BASE_FW_IN);
	struct ir_chain *forward = base_chain(lowering, BASE_FW_FWD);
	struct state_chains chains = { .invalid = invalid_chain(lowering) };
	chains.related = related_chain(lowering, "related_in", false);
	chains.untracked = untracked_here(lowering);
	sets_drop(lowering, in, false);
	synproxy_filter(lowering, in);
	dispatch_state(lowering, in, "state_in", &chains);
	sets_filter(lowering, in, false);
	chains.related = related_chain(lowering, "related_fwd", true);
	chains.untracked = untracked_chain(lowering);
	sets_drop(lowering, forward, true);
	offload_forward(lowering, forward);
	synproxy_filter(lowering, forward);
	dispatch_state(lowering, forward, "state_fwd", &chains);
	sets_filter(lowering, forward, true);

	struct ir_chain *zone_to = zone_to_chain(lowering);
	if (zone_to)
		rule_verdict(lowering, rule_start(lowering, forward, NOWHERE), IR_JUMP, zone_to);
	dispatch_inside(lowering, forward);

	/* One chain of limits serves both hooks: a list in each would let twice as many in. */
	struct ir_set *admit = admit_map(lowering);
	dispatch_mark(lowering, in, MARK_FROM, admit, "admit");
	dispatch_mark(lowering, forward, MARK_FROM, admit, "admit");
}

void lower_filter(struct lowering *lowering)
{
	if (!lowering->config->conntrack.enabled.value)
		filter_untracked(lowering);
	else if (lowering->config->policies.n == 0)
		filter_tracked(lowering);
	else
		lower_firewall(lowering);
}
