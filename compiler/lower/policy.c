#include "lower/policy.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ir/name.h"
#include "lower/conditions.h"
#include "lower/feature.h"
#include "lower/limits.h"
#include "lower/logging.h"

enum { SLUG_MAX = 40, COMMENT_MAX = 128 };

const char *slug(struct lowering *lowering, const char *name)
{
	char *text = arena_printf(lowering->arena, "%.*s", SLUG_MAX, name);
	for (char *c = text; *c; c++)
		if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
		      (*c >= '0' && *c <= '9') || strchr("_-.", *c)))
			*c = '-';
	const char *holder = index_find(&lowering->slugs, text);
	if (!holder)
		index_add(lowering->arena, &lowering->slugs, text, (void *)name);
	if (!holder || strcmp(holder, name) == 0)
		return text;
	return name_hashed(lowering->arena, text, hash_bytes(HASH_START, name, strlen(name)));
}

const char *owner_text(struct lowering *lowering, const char *kind, const char *text,
		       const void *holder)
{
	const char *result = text;
	for (unsigned n = 2;; n++) {
		const char *key = arena_printf(lowering->arena, "%s %s", kind, result);
		const void *other = index_find(&lowering->owners, key);
		if (!other)
			index_add(lowering->arena, &lowering->owners, key, (void *)holder);
		if (!other || other == holder)
			return result;
		result = arena_printf(lowering->arena, "%s-%u", text, n);
	}
}

const char *policy_owner(struct lowering *lowering, const struct policy *policy)
{
	return owner_text(lowering, "policy", slug(lowering, policy->name), policy);
}

/* The user's words, for a text that nft shows. */
static const char *shown(struct lowering *lowering, const char *name)
{
	char *text = text_copy(lowering->arena, text_of(name));
	for (char *c = text; *c; c++)
		if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\')
			*c = '?';
	return text;
}

/* A rule, on its way into a chain. */
struct build {
	struct lowering *lowering;
	const struct policy *policy;
	const struct rule *rule;
	const struct outcome *outcome;
	uint32_t index; /* of the rule in its policy */
};

/* Names what belongs to the rule. */
static const char *owner_of(const struct build *b)
{
	const char *owner = policy_owner(b->lowering, b->policy);
	if (!b->rule->name)
		return arena_printf(b->lowering->arena, "%s/rule/%u", owner, b->index + 1);
	const char *text =
		arena_printf(b->lowering->arena, "%s/%s", owner, slug(b->lowering, b->rule->name));
	return owner_text(b->lowering, "rule", text, b->rule);
}

struct ir_chain *rejecting_chain(struct lowering *lowering)
{
	if (lowering->rejecting)
		return lowering->rejecting;
	lowering->rejecting = chain_new(lowering->out, "rejecting", NOWHERE);
	struct ir_rule *tcp = rule_start(lowering, lowering->rejecting, NOWHERE);
	rule_match(lowering, tcp, term_of(IR_L4PROTO), value_symbol("tcp"));
	statement_new(lowering->out, tcp, IR_REJECT)->reject = IR_REJECT_RESET;
	struct ir_rule *other = rule_start(lowering, lowering->rejecting, NOWHERE);
	statement_new(lowering->out, other, IR_REJECT)->reject = IR_REJECT_PORT;
	return lowering->rejecting;
}

void rule_end(struct lowering *lowering, struct ir_rule *rule, enum rule_action action,
	      const struct outcome *outcome)
{
	switch (action) {
	case RULE_ACCEPT:
		rule_verdict(lowering, rule, outcome->admit ? IR_GOTO : IR_ACCEPT, outcome->admit);
		return;
	case RULE_DROP:
		rule_verdict(lowering, rule, IR_DROP, NULL);
		return;
	case RULE_REJECT:
		rule_verdict(lowering, rule, IR_GOTO, rejecting_chain(lowering));
		return;
	case RULE_RETURN:
		rule_verdict(lowering, rule, IR_RETURN, NULL);
		return;
	/* What is untracked has its own rules; here comes only what was tracked before. */
	case RULE_NOTRACK:
		rule_verdict(lowering, rule, IR_ACCEPT, NULL);
		return;
	case RULE_LOG:
	case RULE_CONTINUE:
		return;
	}
}

/* A remark that leads from the kernel's listing back to the configuration. */
static const char *comment_of(const struct build *b)
{
	if (!b->rule->name)
		return NULL;
	char comment[COMMENT_MAX + 1];
	snprintf(comment, sizeof comment, "%s: %s", b->policy->name, b->rule->name);
	return shown(b->lowering, comment);
}

static const char *action_word(enum rule_action action)
{
	static const char *const words[] = { "accept", "drop",	  "reject",  "return",
					     "log",    "notrack", "continue" };
	return words[action];
}

static void add_log(const struct build *b, struct ir_rule *rule)
{
	const char *what = arena_printf(
		b->lowering->arena, "flywall %s%s%s %s: ", shown(b->lowering, b->policy->name),
		b->rule->name ? ": " : "", b->rule->name ? shown(b->lowering, b->rule->name) : "",
		action_word(b->rule->action));
	logging_add(b->lowering, rule, &b->rule->log, owner_of(b), what);
}

static void add_helper(const struct build *b, struct ir_rule *rule)
{
	if (!b->rule->helper.value)
		return;
	enum helper helper = helper_find(b->rule->helper.value);
	for (int i = 0; i < HELPER_OBJECTS_MAX && helper_rows[helper].objects[i].type; i++)
		statement_new(b->lowering->out, rule, IR_SET_HELPER)->object = helper_object(
			b->lowering, helper, &helper_rows[helper].objects[i], b->rule->helper.at);
}

static void add_timeouts(const struct build *b, struct ir_rule *rule)
{
	for (int i = 0; b->rule->timeouts && i < TIMEOUT_PROTOCOL_COUNT; i++)
		if (timeouts_set_any(b->rule->timeouts, (enum timeout_protocol)i))
			statement_new(b->lowering->out, rule, IR_SET_TIMEOUT)->object =
				timeout_object(b->lowering,
					       name_make(b->lowering->arena,
							 timeout_protocol_rows[i].object,
							 owner_of(b)),
					       (enum timeout_protocol)i, b->rule->timeouts);
}

/* What the rule does to a packet that meets it, and its verdict. */
static void add_effects(const struct build *b, struct ir_rule *rule)
{
	struct lowering *lowering = b->lowering;
	if (b->rule->counter.value)
		rule_count(lowering, rule,
			   counter_get(lowering,
				       name_make(lowering->arena, "counter",
						 slug(lowering, b->rule->counter.value)),
				       b->rule->counter.at));
	if (b->rule->set_mark.mask && !b->outcome->stateless)
		statement_new(lowering->out, rule, IR_SET_MARK)->mark =
			(struct ir_mark){ .keep = ~b->rule->set_mark.mask,
					  .set = b->rule->set_mark.value };
	if (!b->outcome->stateless) {
		add_timeouts(b, rule);
		add_helper(b, rule);
	}
	rule_end(lowering, rule, b->rule->action, b->outcome);
}

/* Limits that take a chain. What is accepted counts once, though each packet of a connection that
 * nobody answers comes here. */
static bool has_own_limits(const struct rule *rule)
{
	bool counts_once = rule->action == RULE_ACCEPT || logging_is_limited(&rule->log);
	return rule->limit_per_ip.value.count > 0 || rule->max_connections.value > 0 ||
	       rule->max_per_ip.value > 0 || (rule->limit.value.count > 0 && counts_once);
}

/* Over a rate the rule does not hold, and the next one is looked at; over a number of connections
 * it refuses. */
static void add_limits(const struct build *b, struct ir_chain *chain)
{
	const struct rule *rule = b->rule;
	struct limiter l = { .lowering = b->lowering,
			     .chain = chain,
			     .owner = owner_of(b),
			     .ipv6_prefix = rule->ipv6_prefix.value,
			     .burst = rule->burst.value,
			     .most = rule->max_connections.value,
			     .at = rule->at,
			     .returns = true,
			     .is_shared = b->outcome->stateless };
	if (rule->action == RULE_ACCEPT && !b->outcome->stateless)
		rule_confirmed(b->lowering, chain, IR_ACCEPT);
	if (rule->limit_per_ip.value.count > 0)
		limit_new_per_source(&l, &rule->limit_per_ip);
	if (rule->limit.value.count > 0)
		limit_new(&l, &rule->limit);
	if (rule->max_per_ip.value > 0)
		limit_per_source(&l, &rule->max_per_ip);
	if (rule->max_connections.value > 0)
		limit_at_once(&l, &rule->max_connections);
}

/* The rule that comes last in the chain. Going on without a condition is nothing to write. */
static void end_effects(const struct build *b, struct ir_chain *chain, struct ir_rule *rule)
{
	add_effects(b, rule);
	if (rule->statements.n == 0)
		chain->rules.n--;
}

static struct ir_chain *rule_chain(const struct build *b, const char *what)
{
	const char *name = arena_printf(b->lowering->arena, "%s/%s", what, owner_of(b));
	if (b->outcome->stateless)
		name = arena_printf(b->lowering->arena, "%s/%s", b->outcome->stateless, name);
	return chain_new(b->lowering->out, name, b->rule->at);
}

/* A chain for what takes several rules, so that the conditions are looked at once. */
static struct ir_chain *effects_chain(const struct build *b)
{
	struct ir_chain *chain = rule_chain(b, "rule");
	if (has_own_limits(b->rule))
		add_limits(b, chain);
	if (b->rule->log.enabled.value)
		add_log(b, rule_start(b->lowering, chain, b->rule->at));
	end_effects(b, chain, rule_start(b->lowering, chain, b->rule->at));
	return chain;
}

static void add_limit(const struct build *b, struct ir_rule *rule)
{
	const struct rate *rate = &b->rule->limit.value;
	if (rate->count == 0)
		return;
	uint64_t burst = b->rule->burst.value ? b->rule->burst.value : rate->count;
	const struct ir_limit limit = { .count = (uint32_t)rate->count,
					.seconds = rate->seconds,
					.burst = (uint32_t)burst };
	statement_new(b->lowering->out, rule, IR_LIMIT)->limit.object =
		limit_get(b->lowering, name_make(b->lowering->arena, "limit", owner_of(b)), &limit,
			  b->rule->limit.at);
}

static bool goes_on(const struct rule *rule)
{
	return rule->action == RULE_LOG || rule->action == RULE_CONTINUE;
}

/* Whether a packet may be of several of the rule's alternatives. */
static bool may_meet_twice(const struct rule *rule)
{
	uint32_t sources = rule->src_sets.items.n + (rule->src.items.n > 0);
	uint32_t targets = rule->dest_sets.items.n + (rule->dest.items.n > 0);
	return rule->services.n > 1 || (sources > 1 && !rule->invert_src.value) ||
	       (targets > 1 && !rule->invert_dest.value);
}

/* A chain that the first alternative leaves, so that none is counted or logged twice. */
static struct ir_chain *once_chain(const struct build *b, struct ir_chain *chain)
{
	struct ir_chain *once = rule_chain(b, "once");
	rule_verdict(b->lowering, rule_start(b->lowering, chain, b->rule->at), IR_JUMP, once);
	return once;
}

static void add_rule(const struct build *b, struct ir_chain *chain)
{
	const struct view view = { .direction = DIRECTION_FORTH,
				   .is_stateless = b->outcome->stateless };
	struct lowering *lowering = b->lowering;
	bool is_once = goes_on(b->rule) && may_meet_twice(b->rule);
	if (is_once)
		chain = once_chain(b, chain);
	bool is_split = has_own_limits(b->rule) || logging_is_limited(&b->rule->log);
	const struct ir_chain *effects = is_split ? effects_chain(b) : NULL;
	const char *comment = comment_of(b);
	uint32_t n = conditions_lower(lowering, chain, b->rule, &view);
	for (uint32_t i = chain->rules.n - n; i < chain->rules.n; i++) {
		struct ir_rule *rule = &chain->rules.at[i];
		rule->comment = comment;
		if (!has_own_limits(b->rule))
			add_limit(b, rule);
		if (effects) {
			/* Behind a chain that was gone to comes the caller of this one. */
			bool leaves = b->rule->action == RULE_RETURN || is_once;
			rule_verdict(lowering, rule, leaves ? IR_GOTO : IR_JUMP, effects);
			continue;
		}
		if (b->rule->log.enabled.value)
			add_log(b, rule);
		end_effects(b, chain, rule);
		if (is_once)
			rule_verdict(lowering, rule, IR_RETURN, NULL);
	}
}

bool policy_is_plain(const struct policy *policy)
{
	for (uint32_t i = 0; i < policy->rules.n; i++)
		if (policy->rules.at[i].action == RULE_RETURN)
			return false;
	return true;
}

void policy_rules(struct lowering *lowering, struct ir_chain *chain, const struct policy *policy,
		  const struct outcome *outcome)
{
	for (uint32_t i = 0; i < policy->rules.n; i++) {
		const struct build b = { lowering, policy, &policy->rules.at[i], outcome, i };
		add_rule(&b, chain);
	}
}

static enum rule_action zone_default(const struct zone *zone)
{
	static const enum rule_action actions[] = {
		[ZONE_ACCEPT] = RULE_ACCEPT, [ZONE_DROP] = RULE_DROP, [ZONE_REJECT] = RULE_REJECT
	};
	return actions[zone->action];
}

/* Of a policy: `action`, with its log and counter. */
static void add_action(struct lowering *lowering, struct ir_chain *chain,
		       const struct policy *policy, enum rule_action action,
		       const struct outcome *outcome)
{
	struct span at = span_is_set(policy->action_at) ? policy->action_at : policy->at;
	const char *owner = policy_owner(lowering, policy);
	const char *what =
		arena_printf(lowering->arena, "flywall %s %s: ", shown(lowering, policy->name),
			     action_word(action));
	struct ir_rule *rule = rule_start(lowering, chain, at);
	if (policy->log.enabled.value)
		logging_add(lowering, rule, &policy->log, owner, what);
	if (logging_is_limited(&policy->log))
		rule = rule_start(lowering, chain, at);
	if (policy->counter.value)
		rule_count(lowering, rule,
			   counter_get(lowering,
				       name_make(lowering->arena, "counter",
						 slug(lowering, policy->counter.value)),
				       policy->counter.at));
	const struct ir_chain *refuse = action == RULE_DROP	? outcome->refuse
					: action == RULE_REJECT ? outcome->reject
								: NULL;
	if (refuse)
		rule_verdict(lowering, rule, IR_GOTO, refuse);
	else
		rule_end(lowering, rule, action, outcome);
}

void policy_rest(struct lowering *lowering, struct ir_chain *chain, const struct pair *pair,
		 const struct outcome *outcome)
{
	const struct policy *witness = pair_witness(pair);
	bool is_own = pair_is_own(lowering, pair);
	const struct zone *zone = zone_of(lowering, pair->from);
	if (witness)
		add_action(lowering, chain, witness, is_own ? zone_default(zone) : witness->action,
			   outcome);
	else if (is_own)
		rule_end(lowering, rule_start(lowering, chain, chain->at), zone_default(zone),
			 outcome);
	else if (outcome->refuse)
		rule_verdict(lowering, rule_start(lowering, chain, chain->at), IR_GOTO,
			     outcome->refuse);
}
