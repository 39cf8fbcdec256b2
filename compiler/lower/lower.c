#include "lower/lower.h"

#include "lower/feature.h"
#include "lower/flows.h"

struct ruleset *lower(struct arena *arena, const struct config *config)
{
	struct ruleset *ruleset = arena_alloc(arena, sizeof *ruleset);
	ruleset->arena = arena;
	ruleset->table = "flywall";

	struct lowering lowering = { .arena = arena, .config = config, .out = ruleset };
	zones_plan(&lowering);
	lower_settings(&lowering);
	lower_ct_zones(&lowering);
	lower_blocklists(&lowering);
	lower_protection(&lowering);
	lower_synproxy(&lowering);
	lower_notrack(&lowering);
	lower_flows(&lowering);
	lower_flow(&lowering);
	lower_marks(&lowering);
	lower_uplinks(&lowering);
	lower_mss(&lowering);
	lower_filter(&lowering);
	lower_nat(&lowering);
	base_chains_retire(&lowering);
	lower_names(&lowering);
	return ruleset;
}
