#include "config/resolve.h"
#include "config/watch.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "config/choice.h"
#include "config/logging.h"
#include "config/names.h"
#include "config/reach.h"
#include "schema/fault.h"
#include "schema/schema.h"

/* A policy while what it inherits is being found. */
struct draft {
	const struct written_policy *written;
	struct policy policy;
	enum { UNVISITED, VISITING, DONE } state;
	bool is_off;
};

/* A name of a policy: a policy has several. */
struct named {
	const char *name;
	uint32_t index;
};

/* All policies, and their indexes by name. */
struct drafts {
	struct scope *scope;
	VEC(struct draft) all;
	VEC(struct named) names;
};

static enum rule_action action_of(const char *word)
{
	static const char *const words[] = {
		[RULE_ACCEPT] = "accept",
		[RULE_DROP] = "drop",
		[RULE_REJECT] = "reject",
	};
	return (enum rule_action)choice_index(word, words, countof(words));
}

/* What this machine sends to itself passes by the loopback, always. */
static void check_sides(struct scope *scope, const struct policy *policy)
{
	if (!policy->from.is_self || !policy->to.is_self)
		return;
	struct diag *d = diag_error(scope->diags, D_POLICY_SELF, policy->to.at);
	diag_say(d, "no policy is between this machine and itself");
	diag_help(d, "what it sends to itself always passes");
}

/* This machine's own connections have its address already. */
static void check_masquerade(struct scope *scope, const struct policy *policy)
{
	if (!policy->masquerade.value || !policy->to.is_self)
		return;
	struct diag *d = diag_error(scope->diags, D_POLICY_SELF, policy->masquerade.at);
	diag_say(d, "what ends at this machine does not leave with its address");
	diag_note(d, policy->to.at, "%s is this machine", policy->to.written);
	diag_help(d, "leave masquerade out");
}

static const char *name_of(struct scope *scope, const struct written_policy *written)
{
	if (written->name.value)
		return written->name.value;
	const char *from = written->labels[POLICY_FROM].value;
	const char *to = written->labels[POLICY_TO].value;
	return arena_printf(scope->arena, "%s to %s", from ? from : "", to ? to : "");
}

static void resolve_policy(struct scope *scope, const struct config *config,
			   const struct written_policy *written, struct draft *out)
{
	struct policy *policy = &out->policy;
	out->written = written;
	out->is_off = written->disabled.value || !written->enabled.value;
	policy->name = name_of(scope, written);
	policy->at = written->at;
	policy->priority = written->priority;
	policy->log = written->log;
	policy->counter = written->counter;
	policy->masquerade = written->masquerade;
	policy->has_action = written->action.value != NULL;
	policy->action = policy->has_action ? action_of(written->action.value) : RULE_DROP;
	policy->action_at = written->action.at;
	logging_resolve(&policy->log);
	if (written->name.value)
		shown_name_check(scope, &written->name, "policy");
	if (written->counter.value)
		shown_name_check(scope, &written->counter, "counter");
	zone_set_resolve(scope, config, &written->labels[POLICY_FROM], &policy->from);
	zone_set_resolve(scope, config, &written->labels[POLICY_TO], &policy->to);
	check_sides(scope, policy);
	check_masquerade(scope, policy);
	rules_resolve(scope, config, written, policy);
	for (uint32_t i = 0; i < policy->rules.n; i++)
		reach_check(scope, config, &policy->from, &policy->to, &policy->rules.at[i]);
}

/* Inheritance */

static int by_name(const void *left, const void *right)
{
	const struct named *a = left, *b = right;
	int order = strcmp(a->name, b->name);
	if (order != 0)
		return order;
	return a->index < b->index ? -1 : a->index > b->index;
}

static void add_name(struct drafts *drafts, const char *name, uint32_t index)
{
	struct named *named = push(drafts->scope->arena, &drafts->names);
	named->name = name;
	named->index = index;
}

/* A policy may be named by `name`, and by its zones in three spellings. */
static void collect_names(struct drafts *drafts)
{
	struct arena *arena = drafts->scope->arena;
	for (uint32_t i = 0; i < drafts->all.n; i++) {
		const struct written_policy *written = drafts->all.at[i].written;
		const char *from = written->labels[POLICY_FROM].value;
		const char *to = written->labels[POLICY_TO].value;
		if (written->name.value)
			add_name(drafts, written->name.value, i);
		if (!from || !to)
			continue;
		add_name(drafts, arena_printf(arena, "%s to %s", from, to), i);
		add_name(drafts, arena_printf(arena, "%s-%s", from, to), i);
		add_name(drafts, arena_printf(arena, "%s_%s", from, to), i);
	}
	if (drafts->names.n > 0)
		qsort(drafts->names.at, drafts->names.n, sizeof *drafts->names.at, by_name);
}

static struct draft *find_draft(struct drafts *drafts, const char *name)
{
	uint32_t low = 0, high = drafts->names.n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (strcmp(drafts->names.at[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	bool is_found = low < drafts->names.n && strcmp(drafts->names.at[low].name, name) == 0;
	return is_found ? &drafts->all.at[drafts->names.at[low].index] : NULL;
}

static void report_unknown(struct drafts *drafts, const struct field_text *name)
{
	struct scope *scope = drafts->scope;
	struct diag *d = diag_error(scope->diags, D_POLICY_INHERITS, name->at);
	struct name_list names = { .stride = sizeof *drafts->all.at, .n = drafts->all.n };
	names.first = &drafts->all.at[0].policy.name;
	diag_say(d, "no policy is named %s", fault_quote(scope->arena, text_of(name->value)));
	fault_help_names(scope, d, name->value, names);
}

static void report_cycle(struct scope *scope, const struct draft *draft, const struct draft *parent)
{
	struct diag *d = diag_error(scope->diags, D_POLICY_INHERITS, draft->written->inherits.at);
	if (draft == parent) {
		diag_say(d, "a policy cannot inherit from itself");
		return;
	}
	diag_say(d, "these policies inherit from each other");
	diag_note(d, parent->written->inherits.at, "the other one is here");
}

/* Its parent's rules come behind its own, its parent's action where it has none. */
static void inherit(struct drafts *drafts, struct draft *draft)
{
	const struct field_text *name = &draft->written->inherits;
	if (draft->state != UNVISITED)
		return;
	draft->state = DONE;
	if (!name->value)
		return;
	struct draft *parent = find_draft(drafts, name->value);
	if (!parent) {
		report_unknown(drafts, name);
		return;
	}
	draft->state = VISITING;
	if (parent->state == VISITING) {
		report_cycle(drafts->scope, draft, parent);
	} else {
		inherit(drafts, parent);
		for (uint32_t i = 0; i < parent->policy.rules.n; i++)
			*push(drafts->scope->arena, &draft->policy.rules) =
				parent->policy.rules.at[i];
		if (!draft->policy.has_action) {
			draft->policy.has_action = parent->policy.has_action;
			draft->policy.action = parent->policy.action;
			draft->policy.action_at = parent->policy.action_at;
		}
	}
	draft->state = DONE;
}

/* What this machine receives leaves by no interface, and what it sends came in by none. */
static void check_interfaces(struct scope *scope, const struct policy *policy,
			     const struct rule *rule)
{
	const struct {
		struct span at;
		bool is_wrong;
		const char *why;
	} cases[] = {
		{ rule->out_interfaces.at, policy->to.is_self, "it leaves by no interface" },
		{ rule->in_interfaces.at, policy->from.is_self, "it came in by no interface" },
		{ rule->macs.at, policy->from.is_self, "it has no sender's MAC address" },
	};
	for (size_t i = 0; i < countof(cases); i++) {
		if (!cases[i].is_wrong || !span_is_set(cases[i].at))
			continue;
		struct diag *d = diag_error(scope->diags, D_NEVER_MATCHES, cases[i].at);
		diag_say(d, "no packet can match this: %s", cases[i].why);
		diag_note(d, policy->at, "this policy is %s this machine", i == 0 ? "to" : "from");
	}
}

static void check_rules(struct scope *scope, const struct policy *policy)
{
	for (uint32_t i = 0; i < policy->rules.n; i++)
		check_interfaces(scope, policy, &policy->rules.at[i]);
}

/* Doubles */

/* This machine has several names. */
static const char *side_name(const struct zone_set *side)
{
	return side->is_self ? "self" : side->written;
}

static int compare_pairs(const struct policy *a, const struct policy *b)
{
	int order = strcmp(side_name(&a->from), side_name(&b->from));
	return order ? order : strcmp(side_name(&a->to), side_name(&b->to));
}

static int by_pair(const void *left, const void *right)
{
	const struct policy *a = *(const struct policy *const *)left;
	const struct policy *b = *(const struct policy *const *)right;
	int order = compare_pairs(a, b);
	if (order != 0)
		return order;
	if (a->priority.value != b->priority.value)
		return a->priority.value < b->priority.value ? -1 : 1;
	return a->at.start < b->at.start ? -1 : a->at.start > b->at.start;
}

/* Rules are tried in the order of declaration, but of two actions nobody can say which is meant. */
static void meet_double(struct scope *scope, const struct policy *first,
			const struct policy *second)
{
	bool is_clear =
		!first->has_action || !second->has_action || first->action == second->action;
	struct diag *d = is_clear ? diag_warning(scope->diags, D_POLICIES_JOINED, second->at)
				  : diag_error(scope->diags, D_POLICY_TWICE, second->action_at);
	if (is_clear)
		diag_say(d, "there is a policy from %s to %s already: both are brought together",
			 second->from.written, second->to.written);
	else
		diag_say(d, "another policy from %s to %s has another action", second->from.written,
			 second->to.written);
	diag_note(d, first->at, "the other one is here");
	diag_help(d, is_clear ? "write their rules into one"
			      : "bring them together, or give them different priorities");
}

static void check_doubles(struct scope *scope, const struct config *config)
{
	uint32_t n = 0;
	const struct policy **sorted =
		arena_array(scope->arena, config->policies.n, sizeof(const struct policy *));
	for (uint32_t i = 0; i < config->policies.n; i++) {
		const struct policy *policy = &config->policies.at[i];
		if (policy->from.written && policy->to.written)
			sorted[n++] = policy;
	}
	if (n > 0)
		qsort(sorted, n, sizeof *sorted, by_pair);
	const struct policy *first = n > 0 ? sorted[0] : NULL;
	for (uint32_t i = 1; i < n; i++) {
		bool is_double = compare_pairs(first, sorted[i]) == 0 &&
				 first->priority.value == sorted[i]->priority.value;
		if (is_double)
			meet_double(scope, first, sorted[i]);
		/* The one that decides is what others are held against. */
		if (!is_double || !first->has_action)
			first = sorted[i];
	}
}

static void check_tracking(struct scope *scope, const struct config *config)
{
	if (config->conntrack.enabled.value || config->policies.n == 0)
		return;
	struct diag *d = diag_error(scope->diags, D_UNTRACKED, config->policies.at[0].at);
	diag_say(d, "a policy needs connections: replies to what it accepts would be dropped");
	diag_note(d, config->conntrack.enabled.at, "nothing is tracked");
	diag_help(d, "leave enabled = false out, and write notrack blocks for what is not to be "
		     "tracked");
}

static void refuse_label(struct scope *scope, const struct written_policy *policy)
{
	struct diag *d = diag_error(scope->diags, D_WRONG_LABELS, policy->at);
	diag_say(d, "policy needs 2 labels: from which zone and to which");
	diag_help(d, "for example: policy \"lan\" \"wan\" {");
}

static void refuse_sides(struct scope *scope, const struct written_policy *policy)
{
	const struct field_text *side = field_is_set(policy->from) ? &policy->from : &policy->to;
	struct diag *d = diag_error(scope->diags, D_REPEATED, side->at);
	diag_say(d, "the policy's zones are set already");
	diag_note(d, policy->labels[POLICY_FROM].at, "they are its labels");
}

void policy_labels_resolve(struct scope *scope, struct written *written)
{
	for (uint32_t i = 0; i < written->policies.n; i++) {
		struct written_policy *policy = &written->policies.at[i];
		struct field_text *labels = policy->labels;
		bool has_sides = field_is_set(policy->from) || field_is_set(policy->to);
		if (labels[POLICY_TO].value) {
			if (has_sides)
				refuse_sides(scope, policy);
			continue;
		}
		bool is_whole = field_is_set(policy->from) && field_is_set(policy->to);
		if (labels[POLICY_FROM].value && !is_whole)
			refuse_label(scope, policy);
		if (!field_is_set(policy->name))
			policy->name = labels[POLICY_FROM];
		labels[POLICY_FROM] = policy->from;
		labels[POLICY_TO] = policy->to;
	}
}

static bool somebody_inherits(const struct written *written)
{
	for (uint32_t i = 0; i < written->policies.n; i++)
		if (written->policies.at[i].inherits.value)
			return true;
	return false;
}

void policies_resolve(struct scope *scope, const struct written *written, struct config *config)
{
	struct drafts drafts = { .scope = scope };
	reserve(scope->arena, &drafts.all, written->policies.n);
	reserve(scope->arena, &config->policies, written->policies.n);
	for (uint32_t i = 0; i < written->policies.n; i++)
		resolve_policy(scope, config, &written->policies.at[i],
			       push(scope->arena, &drafts.all));
	if (somebody_inherits(written))
		collect_names(&drafts);
	for (uint32_t i = 0; i < drafts.all.n; i++)
		inherit(&drafts, &drafts.all.at[i]);
	for (uint32_t i = 0; i < drafts.all.n; i++)
		check_rules(scope, &drafts.all.at[i].policy);
	for (uint32_t i = 0; i < drafts.all.n; i++)
		if (!drafts.all.at[i].is_off)
			*push(scope->arena, &config->policies) = drafts.all.at[i].policy;
	check_doubles(scope, config);
	check_tracking(scope, config);
	watch_check(scope, config);
}
