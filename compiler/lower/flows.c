#include "lower/flows.h"

#include "ir/name.h"
#include "lower/conditions.h"
#include "lower/policy.h"
#include "lower/raw.h"

/* One of them, wherever it is written. */
struct flow {
	const char *name;
	const struct rule *match;
	const struct zone_set *from;
};

struct flows {
	VEC(struct flow) all;
};

static void collect(struct lowering *lowering, struct flows *flows)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->notracks.n; i++) {
		const struct notrack *notrack = &config->notracks.at[i];
		*push(lowering->arena, &flows->all) =
			(struct flow){ slug(lowering, notrack->name), &notrack->match,
				       &notrack->from };
	}
	for (uint32_t i = 0; i < config->policies.n; i++) {
		const struct policy *policy = &config->policies.at[i];
		for (uint32_t k = 0; k < policy->rules.n; k++)
			if (policy->rules.at[k].action == RULE_NOTRACK)
				*push(lowering->arena, &flows->all) =
					(struct flow){ arena_printf(lowering->arena, "%s/%u",
								    slug(lowering, policy->name),
								    k + 1),
						       &policy->rules.at[k], &policy->from };
	}
}

bool has_flows(const struct config *config)
{
	for (uint32_t i = 0; i < config->policies.n; i++)
		for (uint32_t k = 0; k < config->policies.at[i].rules.n; k++)
			if (config->policies.at[i].rules.at[k].action == RULE_NOTRACK)
				return true;
	return config->notracks.n > 0;
}

/* Whether such flows begin in some zone, or on this machine. */
static bool begins_outside(const struct flow *flow)
{
	return !flow->from->written || flow->from->count > 0;
}

static bool begins_here(const struct flow *flow)
{
	return !flow->from->written || flow->from->is_self;
}

static const char *chain_name(struct lowering *lowering, const char *what, const struct flow *flow)
{
	return arena_printf(lowering->arena, "%s/%s", what, flow->name);
}

static struct ir_chain *flow_chain(struct lowering *lowering, const char *what,
				   const struct flow *flow, struct view view, bool is_accepted)
{
	struct ir_chain *chain =
		chain_new(lowering->out, chain_name(lowering, what, flow), flow->match->at);
	view.is_stateless = true;
	if (is_accepted && view.direction == DIRECTION_BACK)
		return_openings(lowering, chain);
	uint32_t n = conditions_lower(lowering, chain, flow->match, &view);
	for (uint32_t i = chain->rules.n - n; i < chain->rules.n; i++) {
		if (is_accepted)
			rule_verdict(lowering, &chain->rules.at[i], IR_ACCEPT, NULL);
		else
			statement_new(lowering->out, &chain->rules.at[i], IR_NOTRACK);
	}
	return chain;
}

/* One direction of a flow, at one place. */
struct leg {
	const char *what;
	struct ir_chain *base;
	struct view view;
	enum side side; /* where the flow's own zone is */
	bool is_accepted;
	bool has_zone; /* false: no zone is at that side, but this machine */
};

static void add_leg(struct lowering *lowering, const struct flow *flow, const struct leg *leg)
{
	static const struct zone_set anywhere;
	struct ir_chain *chain = flow_chain(lowering, leg->what, flow, leg->view, leg->is_accepted);
	const char *name = arena_printf(lowering->arena, "%s-zones", leg->what);
	call_for_zones(lowering, leg->base, leg->side, leg->has_zone ? flow->from : &anywhere,
		       chain, chain_name(lowering, name, flow));
}

/* Both directions must be left alone: the answer to an untracked packet would otherwise begin a
 * connection of its own from the other side. */
void lower_flows(struct lowering *lowering)
{
	struct flows flows = { 0 };
	if (!lowering->config->conntrack.enabled.value || !has_flows(lowering->config))
		return;
	collect(lowering, &flows);
	struct ir_chain *pre = base_chain(lowering, BASE_RAW_PRE);
	struct ir_chain *out = base_chain(lowering, BASE_RAW_OUT);
	for (uint32_t i = 0; i < flows.all.n; i++) {
		const struct flow *flow = &flows.all.at[i];
		const struct view enters = { .has_no_output = true };
		const struct view enters_back = { .direction = DIRECTION_BACK,
						  .has_no_output = true };
		const struct view leaves = { .has_no_input = true };
		const struct view leaves_back = { .direction = DIRECTION_BACK,
						  .has_no_input = true };
		const struct leg legs[] = {
			{ "raw", pre, enters, SIDE_FROM, false, true },
			{ "raw-back", pre, enters_back, SIDE_ROUTE, false, true },
			{ "raw-answer", out, leaves_back, SIDE_TO, false, true },
			{ "raw-own", out, leaves, SIDE_TO, false, false },
			{ "raw-own-back", pre, enters_back, SIDE_FROM, false, false },
		};
		for (size_t k = 0; k < countof(legs); k++)
			if (legs[k].has_zone ? begins_outside(flow)
					     : begins_here(flow) && flow->from->written)
				add_leg(lowering, flow, &legs[k]);
		/* Where no zone is named, one rule for packets that enter is as good as three. */
		if (!flow->from->written)
			add_leg(lowering, flow, &legs[3]);
	}
}

void flows_accept(struct lowering *lowering, struct ir_chain *chain, enum flow_hook hook)
{
	static const struct view forth = { .direction = DIRECTION_FORTH };
	static const struct view back = { .direction = DIRECTION_BACK };
	static const struct view forth_out = { .has_no_input = true };
	static const struct view back_out = { .direction = DIRECTION_BACK, .has_no_input = true };
	static const struct view forth_in = { .has_no_output = true };
	struct flows flows = { 0 };
	collect(lowering, &flows);
	for (uint32_t i = 0; i < flows.all.n; i++) {
		const struct flow *flow = &flows.all.at[i];
		bool outside = begins_outside(flow), here = begins_here(flow);
		const struct leg legs[] = {
			[FLOW_IN * 2] = { "in", chain, forth_in, SIDE_FROM, true, true },
			[FLOW_IN * 2 + 1] = { "in-back", chain, back, SIDE_FROM, true, false },
			[FLOW_FORWARD * 2] = { "fwd", chain, forth, SIDE_FROM, true, true },
			[FLOW_FORWARD * 2 + 1] = { "fwd-back", chain, back, SIDE_TO, true, true },
			[FLOW_OUT * 2] = { "out", chain, forth_out, SIDE_TO, true, false },
			[FLOW_OUT * 2 + 1] = { "out-back", chain, back_out, SIDE_TO, true, true },
		};
		bool first = hook == FLOW_OUT ? here : outside;
		bool second = hook == FLOW_IN ? here : outside;
		if (first)
			add_leg(lowering, flow, &legs[hook * 2]);
		if (second)
			add_leg(lowering, flow, &legs[hook * 2 + 1]);
	}
}
