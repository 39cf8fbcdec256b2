#include "lower/raw.h"

void call_for_zones(struct lowering *lowering, struct ir_chain *base, enum side side,
		    const struct zone_set *set, struct ir_chain *chain, const char *name)
{
	const struct config *config = lowering->config;
	if (!set->written) {
		rule_verdict(lowering, rule_start(lowering, base, set->at), IR_JUMP, chain);
		return;
	}
	struct ir_chain **targets = targets_new(lowering);
	for (uint32_t i = 0; i < config->zones.n; i++)
		if (zone_set_has(set, config->zones.at[i].id))
			targets[i] = chain;
	struct ir_chain *zones = chain_new(lowering->out, name, set->at);
	classify(lowering, zones, side, targets, "raw_zones");
	rule_verdict(lowering, rule_start(lowering, base, set->at), IR_JUMP, zones);
}
