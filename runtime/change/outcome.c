#include "runtime/change/outcome.h"

#include <errno.h>

#include <linux/netfilter/nf_tables.h>

#include "runtime/change/excerpt.h"
#include "runtime/change/gate.h"
#include "runtime/change/steady.h"

/* From how many chains on all rules are read at once. */
enum { CHAINS_APART = 16 };

static struct text delta_key(const struct outcome *outcome, const struct delta *delta)
{
	const struct model_thing *thing = delta->wanted;
	return model_key(outcome->arena, thing->kind, thing->type, thing->name);
}

static const struct kernel_elements *rehearsed_elements(const struct outcome *outcome,
							const char *table, struct text set)
{
	for (uint32_t i = 0; i < outcome->rehearsal->sets.n; i++) {
		const struct rehearsed *found = &outcome->rehearsal->sets.at[i];
		if (text_is(found->table, table) && text_equal(found->set, set))
			return &found->elements;
	}
	return NULL;
}

/* Whether only the elements that change are known. */
static bool is_partial(const struct outcome *outcome, const struct delta *delta)
{
	return outcome->is_excerpt && excerpt_is_partial(delta);
}

static uint64_t sum(const struct kernel_elements *elements)
{
	uint64_t total = 0;
	for (uint32_t i = 0; elements && i < elements->list.n; i++)
		total += elements->list.at[i].digest;
	return total;
}

/* Digests of elements are added up, so that those of a few tell the change of all. */
static void expect_partial(struct outcome *outcome, struct view_thing *expected,
			   const struct delta *delta)
{
	struct text set = delta->wanted->name;
	expected->content += sum(rehearsed_elements(outcome, outcome->table, set));
	expected->content -= sum(rehearsed_elements(outcome, EXCERPT_FORMER, set));
}

static bool is_gone(const struct outcome *outcome, const struct view_thing *thing)
{
	for (uint32_t i = 0; i < outcome->difference->gone.n; i++)
		if (outcome->difference->gone.at[i] == thing)
			return true;
	return false;
}

void outcome_expect(struct outcome *outcome)
{
	struct view *expected = &outcome->expected;

	for (uint32_t i = 0; i < outcome->before->things.n; i++) {
		const struct view_thing *thing = &outcome->before->things.at[i];
		if (!thing->is_anonymous && !is_gone(outcome, thing))
			view_add(outcome->arena, expected, thing);
	}
	for (uint32_t i = 0; i < outcome->difference->deltas.n; i++) {
		const struct delta *delta = &outcome->difference->deltas.at[i];
		if (delta->kind == DELTA_SAME)
			continue;
		struct text key = delta_key(outcome, delta);
		struct view_thing *own = view_find(expected, key);
		const struct view_thing *rehearsed = view_find(&outcome->rehearsal->view, key);
		if (own && is_partial(outcome, delta))
			expect_partial(outcome, own, delta);
		else if (own && rehearsed)
			*own = *rehearsed;
		else if (rehearsed)
			view_add(outcome->arena, expected, rehearsed);
	}
}

/* Whether the kernel has the elements that were added, and those that were removed no more. An
 * interval that covers a removed one is another element. */
static int compare_partial(struct outcome *outcome, struct kernel *kernel,
			   const struct delta *delta, bool *is_right)
{
	const char *const tables[] = { outcome->table, EXCERPT_FORMER };

	*is_right = true;
	for (size_t i = 0; i < countof(tables); i++) {
		const struct kernel_elements *elements =
			rehearsed_elements(outcome, tables[i], delta->wanted->name);
		for (uint32_t j = 0; elements && j < elements->list.n; j++) {
			uint64_t digest = 0;
			if (elements->list.at[j].is_last)
				continue;
			int error = kernel_element_get(kernel, outcome->arena, outcome->table,
						       delta->wanted->name, &elements->list.at[j],
						       &digest);
			if (error && error != -ENOENT)
				return error;
			bool is_there = !error && digest == elements->list.at[j].digest;
			*is_right &= is_there == (i == 0);
		}
	}
	return 0;
}

static int read_rules(struct outcome *outcome, struct kernel *kernel, struct view *live)
{
	uint32_t chains = 0;

	for (uint32_t i = 0; i < outcome->difference->deltas.n; i++)
		chains += outcome->difference->deltas.at[i].kind != DELTA_SAME &&
			  outcome->difference->deltas.at[i].wanted->kind == MODEL_CHAIN;
	if (chains > CHAINS_APART)
		return kernel_rules(kernel, outcome->arena, outcome->table, live, NULL);
	for (uint32_t i = 0; i < outcome->difference->deltas.n; i++) {
		const struct delta *delta = &outcome->difference->deltas.at[i];
		struct view_thing *chain = view_find(live, delta_key(outcome, delta));
		if (delta->kind == DELTA_SAME || delta->wanted->kind != MODEL_CHAIN || !chain)
			continue;
		int error = kernel_rules(kernel, outcome->arena, outcome->table, live, chain);
		if (error)
			return error;
	}
	return 0;
}

/* What to say about a thing that is wanted. */
static const char *describe(const struct outcome *outcome, const struct model_thing *thing)
{
	return arena_printf(outcome->arena, "%.*s %.*s", (int)thing->word.n, thing->word.s,
			    (int)thing->name.n, thing->name.s);
}

static int compare_delta(struct outcome *outcome, struct kernel *kernel, const struct delta *delta,
			 struct view *live, bool *is_right)
{
	struct text key = delta_key(outcome, delta);
	struct view_thing *expected = view_find(&outcome->expected, key);
	struct view_thing *thing = view_find(live, key);
	bool is_set = delta->wanted->kind == MODEL_SET;

	*is_right = thing && expected && thing->definition == expected->definition;
	if (!*is_right)
		return 0;
	if (is_partial(outcome, delta)) {
		int error = compare_partial(outcome, kernel, delta, is_right);
		if (error || !delta->wanted->is_interval)
			return error;
		error = kernel_elements(kernel, outcome->arena, outcome->table, thing, NULL);
		expected->content = thing->content;
		return error;
	}
	int error =
		is_set ? kernel_elements(kernel, outcome->arena, outcome->table, thing, NULL) : 0;
	*is_right = thing->content == expected->content;
	return error;
}

int outcome_compare_changed(struct outcome *outcome, struct kernel *kernel, const char **wrong)
{
	struct view live;
	kernel->is_torn = false;
	int error = kernel_things(kernel, outcome->arena, outcome->table, &live);
	if (!error)
		error = read_rules(outcome, kernel, &live);
	for (uint32_t i = 0; !error && i < outcome->difference->deltas.n; i++) {
		const struct delta *delta = &outcome->difference->deltas.at[i];
		bool is_right = true;
		if (delta->kind != DELTA_SAME)
			error = compare_delta(outcome, kernel, delta, &live, &is_right);
		if (!error && !is_right) {
			*wrong = describe(outcome, delta->wanted);
			return 0;
		}
	}
	if (!error)
		*wrong = NULL;
	return error;
}

/* Intervals that were added one by one may be told otherwise than when all were: what the kernel
 * has of them was compared one by one. */
static void forgive_intervals(struct outcome *outcome, const struct view *live)
{
	for (uint32_t i = 0; i < outcome->difference->deltas.n; i++) {
		const struct delta *delta = &outcome->difference->deltas.at[i];
		if (!is_partial(outcome, delta) || !delta->wanted->is_interval)
			continue;
		struct text key = delta_key(outcome, delta);
		const struct view_thing *thing = view_find(live, key);
		struct view_thing *expected = view_find(&outcome->expected, key);
		if (thing && expected)
			expected->content = thing->content;
	}
}

static bool is_expected_extra(const struct outcome *outcome, const struct view_thing *thing)
{
	for (uint32_t i = 0; i < outcome->difference->gone.n; i++) {
		const struct view_thing *gone = outcome->difference->gone.at[i];
		if (gone->kind == thing->kind && gone->type == thing->type &&
		    text_equal(gone->name, thing->name))
			return true;
	}
	return thing->is_anonymous || gate_has(thing);
}

int outcome_compare_all(struct outcome *outcome, struct kernel *kernel, const char **wrong)
{
	struct view live;
	uint32_t generation;
	int error = steady_view(kernel, outcome->arena, outcome->table, &live, &generation);
	if (error)
		return error;
	forgive_intervals(outcome, &live);
	*wrong = NULL;
	for (uint32_t i = 0; i < outcome->expected.things.n; i++) {
		const struct view_thing *expected = &outcome->expected.things.at[i];
		const struct view_thing *thing =
			view_find(&live, view_key(outcome->arena, expected));
		if (!thing || !view_thing_equal(thing, expected))
			*wrong = view_describe(outcome->arena, expected);
	}
	for (uint32_t i = 0; i < live.things.n; i++) {
		const struct view_thing *thing = &live.things.at[i];
		if (!view_find(&outcome->expected, view_key(outcome->arena, thing)) &&
		    !is_expected_extra(outcome, thing))
			*wrong = view_describe(outcome->arena, thing);
	}
	return 0;
}

int outcome_count(struct outcome *outcome, struct kernel *kernel, const char **wrong)
{
	struct view live;
	uint32_t generation;
	int error = steady_view(kernel, outcome->arena, outcome->table, &live, &generation);
	if (error)
		return error;
	*wrong = NULL;
	for (uint32_t i = 0; i < outcome->wanted->things.n; i++) {
		const struct model_thing *wanted = &outcome->wanted->things.at[i];
		const struct view_thing *thing = view_find(
			&live, model_key(outcome->arena, wanted->kind, wanted->type, wanted->name));
		bool is_chain = wanted->kind == MODEL_CHAIN;
		if (!thing || (is_chain && thing->rules.n != wanted->lines.n))
			*wrong = describe(outcome, wanted);
	}
	for (uint32_t i = 0; i < live.things.n; i++) {
		const struct view_thing *thing = &live.things.at[i];
		bool is_ours = !is_expected_extra(outcome, thing);
		if (is_ours)
			view_add(outcome->arena, &outcome->expected, thing);
	}
	return 0;
}
