#include "lower/pairs.h"

#include <stdlib.h>

const struct zone *zone_of(const struct lowering *lowering, uint32_t id)
{
	return id == SELF ? NULL : &lowering->config->zones.at[id - 1];
}

static bool covers(const struct zone_set *set, uint32_t id)
{
	return id == SELF ? set->is_self : zone_set_has(set, id);
}

/* What stays inside a zone is the zone's own matter, unless a policy names it on both sides. */
static bool is_for(const struct policy *policy, uint32_t from, uint32_t to)
{
	if (!covers(&policy->from, from) || !covers(&policy->to, to))
		return false;
	return from != to || (policy->from.is_exact && policy->to.is_exact);
}

/* Zones that are named count before those that are meant among others. */
static int generality(const struct policy *policy)
{
	return (policy->from.is_exact ? 0 : 2) + (policy->to.is_exact ? 0 : 1);
}

static int compare_policies(const void *left, const void *right)
{
	const struct policy *a = *(const struct policy *const *)left;
	const struct policy *b = *(const struct policy *const *)right;
	if (a->priority.value != b->priority.value)
		return a->priority.value < b->priority.value ? -1 : 1;
	if (generality(a) != generality(b))
		return generality(a) - generality(b);
	return a < b ? -1 : a > b;
}

static const struct policy **sorted_policies(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	const struct policy **sorted =
		arena_array(lowering->arena, config->policies.n, sizeof(struct policy *));
	for (uint32_t i = 0; i < config->policies.n; i++)
		sorted[i] = &config->policies.at[i];
	qsort(sorted, config->policies.n, sizeof(struct policy *), compare_policies);
	return sorted;
}

/* The pairs in a table, so that each policy meets only its own. */
struct grid {
	struct lowering *lowering;
	uint32_t side;
	struct pair *at; /* [from * side + to] */
	bool *used;
};

static struct pair *grid_use(struct grid *grid, uint32_t from, uint32_t to)
{
	uint32_t index = from * grid->side + to;
	grid->used[index] = true;
	grid->at[index].from = from;
	grid->at[index].to = to;
	return &grid->at[index];
}

/* Returns for how many pairs the policy is. */
static uint32_t add_policy(struct grid *grid, const struct policy *policy)
{
	uint32_t count = 0;
	for (uint32_t from = 0; from < grid->side; from++)
		for (uint32_t to = 0; covers(&policy->from, from) && to < grid->side; to++)
			if (is_for(policy, from, to)) {
				struct pair *pair = grid_use(grid, from, to);
				*push(grid->lowering->arena, &pair->policies) = policy;
				count++;
			}
	return count;
}

/* What is said in a zone's own block. */
static void add_zones(struct grid *grid)
{
	for (uint32_t id = 1; id < grid->side; id++) {
		grid_use(grid, id, id);
		if (zone_of(grid->lowering, id)->services.n > 0)
			grid_use(grid, id, SELF);
	}
}

static const struct pairs *pairs_new(struct lowering *lowering)
{
	struct arena *arena = lowering->arena;
	struct pairs *pairs = arena_alloc(arena, sizeof *pairs);
	struct grid grid = { lowering, lowering->config->zones.n + 1 };
	size_t cells = (size_t)grid.side * grid.side;
	grid.at = arena_array(arena, cells, sizeof *grid.at);
	grid.used = arena_array(arena, cells, sizeof *grid.used);

	const struct policy **sorted = sorted_policies(lowering);
	add_zones(&grid);
	const struct config *config = lowering->config;
	pairs->counts = arena_array(arena, config->policies.n, sizeof *pairs->counts);
	for (uint32_t i = 0; i < config->policies.n; i++)
		pairs->counts[sorted[i] - config->policies.at] = add_policy(&grid, sorted[i]);
	for (size_t i = 0; i < cells; i++)
		if (grid.used[i])
			*push(arena, &pairs->all) = grid.at[i];
	return pairs;
}

const struct pairs *pairs_of(struct lowering *lowering)
{
	if (!lowering->pairs)
		lowering->pairs = pairs_new(lowering);
	return lowering->pairs;
}

const struct pair *pair_find(const struct pairs *pairs, uint32_t from, uint32_t to)
{
	uint32_t low = 0, high = pairs->all.n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct pair *pair = &pairs->all.at[middle];
		if (pair->from == from && pair->to == to)
			return pair;
		if (pair->from < from || (pair->from == from && pair->to < to))
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct policy *pair_decider(const struct pair *pair)
{
	for (uint32_t i = 0; i < pair->policies.n; i++)
		if (pair->policies.at[i]->has_action)
			return pair->policies.at[i];
	return NULL;
}

/* Without any action the packets are dropped, and the first policy that watches sees it. */
const struct policy *pair_witness(const struct pair *pair)
{
	const struct policy *decider = pair_decider(pair);
	for (uint32_t i = 0; i < pair->policies.n && !decider; i++) {
		const struct policy *policy = pair->policies.at[i];
		if (policy->log.enabled.value || policy->counter.value)
			return policy;
	}
	return decider;
}

bool pair_is_own(struct lowering *lowering, const struct pair *pair)
{
	if (pair->from != pair->to || pair_decider(pair))
		return false;
	return pair->policies.n == 0 || zone_of(lowering, pair->from)->action != ZONE_ACCEPT;
}

uint32_t policy_pairs(struct lowering *lowering, const struct policy *policy)
{
	return pairs_of(lowering)->counts[policy - lowering->config->policies.at];
}
