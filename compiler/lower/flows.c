#include "lower/flows.h"

#include <string.h>

#include "ir/name.h"
#include "lower/conditions.h"
#include "lower/pairs.h"
#include "lower/policy.h"
#include "lower/raw.h"

/* The rules that are tried ahead of one. */
struct rules {
	const struct rule *const *at;
	uint32_t n;
};

/* One of them, wherever it is written. */
struct flow {
	const char *name;
	const struct rule *match;
	const struct zone_set *from, *to; /* not written: anywhere */
	struct rules ahead;		  /* what these decide on is none of the flow's */
	bool spares_here; /* what others send to this machine itself is none of it either */
};

struct flows {
	VEC(struct flow) all;
};

static const struct zone_set anywhere;

static bool has_untracked_rules(const struct config *config)
{
	for (uint32_t i = 0; i < config->policies.n; i++)
		for (uint32_t k = 0; k < config->policies.at[i].rules.n; k++)
			if (config->policies.at[i].rules.at[k].action == RULE_NOTRACK)
				return true;
	return false;
}

bool has_flows(const struct config *config)
{
	return config->notracks.n > 0 || has_untracked_rules(config);
}

/* One side of a pair, as if a policy named it alone. */
static const struct zone_set *side_of(struct lowering *lowering, uint32_t id)
{
	struct zone_set *set = arena_alloc(lowering->arena, sizeof *set);
	const struct zone *zone = zone_of(lowering, id);
	*set = (struct zone_set){ .is_self = !zone, .is_exact = true, .written = "self" };
	if (!zone)
		return set;
	set->written = zone->name;
	set->at = zone->at;
	set->count = 1;
	set->bits[id / 64] = UINT64_C(1) << id % 64;
	return set;
}

static const char *flow_name(struct lowering *lowering, const struct pair *pair,
			     const struct policy *policy, uint32_t index)
{
	const char *name =
		arena_printf(lowering->arena, "%s/%u", policy_owner(lowering, policy), index + 1);
	if (policy_pairs(lowering, policy) == 1)
		return name;
	const struct zone *from = zone_of(lowering, pair->from), *to = zone_of(lowering, pair->to);
	return arena_printf(lowering->arena, "%s/%s/%s", name, from ? from->name : "self",
			    to ? to->name : "self");
}

static bool decides(const struct rule *rule)
{
	return rule->action != RULE_LOG && rule->action != RULE_CONTINUE &&
	       rule->action != RULE_NOTRACK;
}

/* Those of all policies of the pair, in the order in which they are tried. */
static void collect_pair(struct lowering *lowering, struct flows *flows, const struct pair *pair)
{
	VEC(const struct rule *) ahead = { 0 };
	for (uint32_t i = 0; i < pair->policies.n; i++)
		for (uint32_t k = 0; k < pair->policies.at[i]->rules.n; k++) {
			const struct rule *rule = &pair->policies.at[i]->rules.at[k];
			if (decides(rule))
				*push(lowering->arena, &ahead) = rule;
			if (rule->action != RULE_NOTRACK)
				continue;
			struct flow *flow = push(lowering->arena, &flows->all);
			flow->name = flow_name(lowering, pair, pair->policies.at[i], k);
			flow->match = rule;
			flow->from = side_of(lowering, pair->from);
			flow->to = side_of(lowering, pair->to);
			flow->ahead = (struct rules){ ahead.at, ahead.n };
		}
}

/* Whether it says what packets go to, or what for. */
static bool names_destination(const struct rule *rule)
{
	bool has_addresses = rule->dest.items.n + rule->dest_sets.items.n > 0;
	return rule->dest_ports.items.n + rule->services.n > 0 ||
	       (has_addresses && !rule->invert_dest.value);
}

static void collect(struct lowering *lowering, struct flows *flows)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->notracks.n; i++) {
		const struct notrack *notrack = &config->notracks.at[i];
		*push(lowering->arena, &flows->all) =
			(struct flow){ .name = owner_text(lowering, "notrack",
							  slug(lowering, notrack->name), notrack),
				       .match = &notrack->match,
				       .from = &notrack->from,
				       .to = &anywhere,
				       .spares_here = config->policies.n > 0 &&
						      !names_destination(&notrack->match) };
	}
	if (!has_untracked_rules(config))
		return;
	const struct pairs *pairs = pairs_of(lowering);
	for (uint32_t i = 0; i < pairs->all.n; i++)
		collect_pair(lowering, flows, &pairs->all.at[i]);
}

static const char *chain_name(struct lowering *lowering, const char *what, const struct flow *flow)
{
	return arena_printf(lowering->arena, "%s/%s", what, flow->name);
}

static bool ports_meet(const struct field_ports *a, const struct field_ports *b)
{
	for (uint32_t i = 0; i < a->items.n; i++)
		for (uint32_t k = 0; k < b->items.n; k++)
			if (a->items.at[i].low <= b->items.at[k].high &&
			    b->items.at[k].low <= a->items.at[i].high)
				return true;
	return a->items.n == 0 || b->items.n == 0;
}

static bool protocols_meet(const struct rule *a, const struct rule *b)
{
	for (uint32_t i = 0; i < a->protocols.items.n; i++)
		for (uint32_t k = 0; k < b->protocols.items.n; k++)
			if (strcmp(a->protocols.items.at[i].value,
				   b->protocols.items.at[k].value) == 0)
				return true;
	return a->services.n + b->services.n > 0 || a->protocols.items.n == 0 ||
	       b->protocols.items.n == 0;
}

/* Whether answers show that the rule was for what they answer. */
static bool is_told_by_answers(const struct rule *rule)
{
	return rule->macs.items.n == 0 && rule->tcp_flags.mask == 0 && rule->dscps.items.n == 0 &&
	       rule->mark.mask == 0;
}

/* What a rule ahead decides on stays tracked, and meets that rule there. */
static void leave_ahead(struct lowering *lowering, struct ir_chain *chain, const struct flow *flow,
			const struct view *view)
{
	for (uint32_t i = 0; i < flow->ahead.n; i++) {
		const struct rule *rule = flow->ahead.at[i];
		if (!protocols_meet(rule, flow->match) ||
		    !ports_meet(&rule->dest_ports, &flow->match->dest_ports) ||
		    (view->direction == DIRECTION_BACK && !is_told_by_answers(rule)))
			continue;
		uint32_t n = conditions_lower(lowering, chain, rule, view);
		for (uint32_t k = chain->rules.n - n; k < chain->rules.n; k++)
			rule_verdict(lowering, &chain->rules.at[k], IR_RETURN, NULL);
	}
}

static bool may_be_tcp(const struct rule *rule)
{
	for (uint32_t i = 0; i < rule->protocols.items.n; i++)
		if (strcmp(rule->protocols.items.at[i].value, "tcp") == 0)
			return true;
	for (uint32_t i = 0; i < rule->services.n; i++)
		for (uint32_t k = 0; k < rule->services.at[i].def->parts.n; k++)
			if (strcmp(rule->services.at[i].def->parts.at[k].protocol, "tcp") == 0)
				return true;
	return rule->protocols.items.n + rule->services.n + rule->icmp_types.n == 0;
}

static bool is_entering(const struct view *view)
{
	return view->direction == DIRECTION_FORTH && view->has_no_output;
}

/* Only what is routed to one other host goes on. */
static void return_local(struct lowering *lowering, struct ir_chain *chain, struct span at)
{
	struct ir_rule *rule = rule_start(lowering, chain, at);
	rule_match(lowering, rule, term_of(IR_FIB_DADDR_TYPE), value_symbol("unicast"));
	rule->statements.at[rule->statements.n - 1].match.op = IR_NE;
	rule_verdict(lowering, rule, IR_RETURN, NULL);
}

static struct ir_chain *flow_chain(struct lowering *lowering, const char *what,
				   const struct flow *flow, struct view view, bool is_accepted)
{
	struct ir_chain *chain =
		chain_new(lowering->out, chain_name(lowering, what, flow), flow->match->at);
	view.is_stateless = true;
	if (flow->spares_here && !is_accepted && is_entering(&view))
		return_local(lowering, chain, flow->match->at);
	/* What begins a connection from the other side is one like any other: policies decide. */
	if (view.direction == DIRECTION_BACK && may_be_tcp(flow->match))
		return_openings(lowering, chain);
	leave_ahead(lowering, chain, flow, &view);
	uint32_t n = conditions_lower(lowering, chain, flow->match, &view);
	for (uint32_t i = chain->rules.n - n; i < chain->rules.n; i++) {
		if (is_accepted)
			rule_verdict(lowering, &chain->rules.at[i], IR_ACCEPT, NULL);
		else
			statement_new(lowering->out, &chain->rules.at[i], IR_NOTRACK);
	}
	return chain;
}

/* Packets that come from one side and go to the other, at one place. */
struct leg {
	const char *what;
	struct ir_chain *base;
	struct view view;
	bool is_accepted;
};

/* Of two sides, one is this machine where a chain sees only what it sends or gets. */
static bool is_here(const struct zone_set *set)
{
	return !set->written || set->is_self;
}

static bool is_outside(const struct zone_set *set)
{
	return !set->written || set->count > 0;
}

/* NULL: this machine alone. */
static const struct zone_set *zones_of(const struct zone_set *set)
{
	return set->written && set->count == 0 ? NULL : set;
}

static struct ir_chain *to_this_machine(struct lowering *lowering, const struct flow *flow,
					const struct leg *leg, const struct ir_chain *chain)
{
	struct ir_chain *local = chain_new(
		lowering->out, arena_printf(lowering->arena, "%s-local/%s", leg->what, flow->name),
		flow->match->at);
	struct ir_rule *rule = rule_start(lowering, local, flow->match->at);
	rule_match(lowering, rule, term_of(IR_FIB_DADDR_TYPE), value_symbol("local"));
	rule_verdict(lowering, rule, IR_JUMP, chain);
	return local;
}

/* `from` and `to` are the ends of these packets: for answers the other way round. NULL: this
 * machine. */
static void add_leg(struct lowering *lowering, const struct flow *flow, const struct leg *leg,
		    const struct zone_set *from, const struct zone_set *to)
{
	struct ir_chain *chain = flow_chain(lowering, leg->what, flow, leg->view, leg->is_accepted);
	struct arena *arena = lowering->arena;
	enum side far = leg->view.has_no_output ? SIDE_ROUTE : SIDE_TO;
	if (from && to && to->written) {
		struct ir_chain *both = chain_new(
			lowering->out, arena_printf(arena, "%s-both/%s", leg->what, flow->name),
			flow->match->at);
		call_for_zones(lowering, both, far, to, chain,
			       arena_printf(arena, "%s-to/%s", leg->what, flow->name));
		chain = both;
	}
	if (from && !to)
		chain = to_this_machine(lowering, flow, leg, chain);
	enum side near = from ? SIDE_FROM : far;
	const struct zone_set *zones = from ? from : to;
	call_for_zones(lowering, leg->base, near, zones, chain,
		       arena_printf(arena, "%s-zones/%s", leg->what, flow->name));
}

/* What enters, on its way to zones or to this machine: ahead of routing both are one place. */
static void leave_entering(struct lowering *lowering, const struct flow *flow)
{
	const struct leg forth = {
		"raw", base_chain(lowering, BASE_RAW_PRE), { .has_no_output = true }, false
	};
	const struct leg back = { "raw-back",
				  base_chain(lowering, BASE_RAW_PRE),
				  { .direction = DIRECTION_BACK, .has_no_output = true },
				  false };
	if (is_outside(flow->from))
		add_leg(lowering, flow, &forth, zones_of(flow->from), zones_of(flow->to));
	if (is_outside(flow->to))
		add_leg(lowering, flow, &back, zones_of(flow->to), zones_of(flow->from));
}

static void leave_own(struct lowering *lowering, const struct flow *flow)
{
	const struct leg forth = {
		"raw-own", base_chain(lowering, BASE_RAW_OUT), { .has_no_input = true }, false
	};
	const struct leg back = { "raw-answer",
				  base_chain(lowering, BASE_RAW_OUT),
				  { .direction = DIRECTION_BACK, .has_no_input = true },
				  false };
	if (is_here(flow->from))
		add_leg(lowering, flow, &forth, NULL, zones_of(flow->to));
	if (is_here(flow->to) && !flow->spares_here)
		add_leg(lowering, flow, &back, NULL, zones_of(flow->from));
}

/* Both directions must be left alone: the answer to an untracked packet would otherwise begin a
 * connection of its own from the other side. */
void lower_flows(struct lowering *lowering)
{
	struct flows flows = { 0 };
	if (!lowering->config->conntrack.enabled.value || !has_flows(lowering->config))
		return;
	collect(lowering, &flows);
	for (uint32_t i = 0; i < flows.all.n; i++) {
		leave_entering(lowering, &flows.all.at[i]);
		leave_own(lowering, &flows.all.at[i]);
	}
}

static void accept_flow(struct lowering *lowering, struct ir_chain *chain, const struct flow *flow,
			enum flow_hook hook)
{
	static const char *const words[][2] = { { "in", "in-back" },
						{ "fwd", "fwd-back" },
						{ "out", "out-back" } };
	struct view view = { .has_no_input = hook == FLOW_OUT, .has_no_output = hook == FLOW_IN };
	const struct leg forth = { words[hook][0], chain, view, true };
	view.direction = DIRECTION_BACK;
	const struct leg back = { words[hook][1], chain, view, true };
	const struct zone_set *ends[] = { zones_of(flow->from), zones_of(flow->to) };
	switch (hook) {
	case FLOW_IN:
		if (is_outside(flow->from) && is_here(flow->to) && !flow->spares_here)
			add_leg(lowering, flow, &forth, ends[0], &anywhere);
		if (is_here(flow->from) && is_outside(flow->to))
			add_leg(lowering, flow, &back, ends[1], &anywhere);
		return;
	case FLOW_FORWARD:
		if (is_outside(flow->from) && is_outside(flow->to)) {
			add_leg(lowering, flow, &forth, ends[0], ends[1]);
			add_leg(lowering, flow, &back, ends[1], ends[0]);
		}
		return;
	case FLOW_OUT:
		if (is_here(flow->from) && is_outside(flow->to))
			add_leg(lowering, flow, &forth, NULL, ends[1]);
		if (is_outside(flow->from) && is_here(flow->to) && !flow->spares_here)
			add_leg(lowering, flow, &back, NULL, ends[0]);
		return;
	}
}

void flows_accept(struct lowering *lowering, struct ir_chain *chain, enum flow_hook hook)
{
	struct flows flows = { 0 };
	collect(lowering, &flows);
	for (uint32_t i = 0; i < flows.all.n; i++)
		accept_flow(lowering, chain, &flows.all.at[i], hook);
}
