#include "lower/lower.h"

#include "lower/feature.h"

struct ruleset *lower(struct arena *arena, const struct config *config)
{
	struct ruleset *ruleset = arena_alloc(arena, sizeof *ruleset);
	ruleset->arena = arena;
	ruleset->table = "flywall";

	struct lowering lowering = { .arena = arena, .config = config, .out = ruleset };
	lower_settings(&lowering);
	lower_ct_zones(&lowering);
	lower_notrack(&lowering);
	lower_flow(&lowering);
	lower_filter(&lowering);
	base_chains_retire(&lowering);
	return ruleset;
}
