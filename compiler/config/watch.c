#include "config/watch.h"

#include "config/config.h"
#include "config/resolve.h"
#include "schema/fault.h"

/* This machine, where a zone's number stands: none has it. */
enum { SELF = 0, WORDS = 4 };

/* Zones, and this machine, by number. */
struct sides {
	uint64_t bits[WORDS];
};

static bool covers(const struct zone_set *set, uint32_t id)
{
	return id == SELF ? set->is_self : zone_set_has(set, id);
}

/* Where the policy leads from there. What stays inside a zone it must name on both sides. */
static struct sides destinations_of(const struct policy *policy, uint32_t from)
{
	struct sides sides = { 0 };
	if (!covers(&policy->from, from))
		return sides;
	for (uint32_t i = 0; i < WORDS; i++)
		sides.bits[i] = policy->to.bits[i];
	if (policy->to.is_self)
		sides.bits[0] |= 1;
	if (!policy->from.is_exact || !policy->to.is_exact)
		sides.bits[from / 64] &= ~(UINT64_C(1) << from % 64);
	return sides;
}

static bool is_empty(const struct sides *sides)
{
	return !(sides->bits[0] | sides->bits[1] | sides->bits[2] | sides->bits[3]);
}

/* Takes away what policies with an action lead to; the last one that did stands in `*decider`. */
static void take_decided(const struct config *config, uint32_t from, struct sides *sides,
			 const struct policy **decider)
{
	for (uint32_t i = 0; i < config->policies.n && !is_empty(sides); i++) {
		const struct policy *policy = &config->policies.at[i];
		if (!policy->has_action)
			continue;
		const struct sides other = destinations_of(policy, from);
		uint64_t taken = 0;
		for (uint32_t k = 0; k < WORDS; k++) {
			taken |= sides->bits[k] & other.bits[k];
			sides->bits[k] &= ~other.bits[k];
		}
		if (taken)
			*decider = policy;
	}
}

/* A policy whose action decides instead, where one does between all of the zones; else NULL. */
static const struct policy *decider_of(const struct config *config, const struct policy *policy)
{
	const struct policy *decider = NULL;
	for (uint32_t from = 0; from <= config->zones.n; from++) {
		struct sides sides = destinations_of(policy, from);
		take_decided(config, from, &sides, &decider);
		if (!is_empty(&sides))
			return NULL;
	}
	return decider;
}

void watch_check(struct scope *scope, const struct config *config)
{
	for (uint32_t i = 0; i < config->policies.n && is_sound(scope); i++) {
		const struct policy *policy = &config->policies.at[i];
		bool watches = policy->log.enabled.value || policy->counter.value;
		if (policy->has_action || !watches)
			continue;
		const struct policy *decider = decider_of(config, policy);
		if (!decider)
			continue;
		bool is_log = policy->log.enabled.value;
		struct diag *d = diag_warning(scope->diags, D_WATCHES_NOTHING,
					      is_log ? policy->log.at : policy->counter.at);
		diag_say(d, "this policy decides on nothing that it could %s",
			 is_log ? "log" : "count");
		diag_note(d, decider->action_at, "this action decides on what no rule does");
		diag_help(d, "write the action in this policy too");
	}
}
