#include "lower/feature.h"

#include "lower/classify.h"

static struct ir_chain *ct_zone_chain(struct lowering *lowering, const struct zone *zone)
{
	const struct field_number *id = &zone->conntrack.zone_id;
	if (!field_is_set(*id))
		return NULL;

	struct ir_chain *chain = zone_chain(lowering, "ctzone", zone);
	struct ir_rule *rule = rule_start(lowering, chain, id->at);
	statement_new(lowering->out, rule, IR_SET_ZONE)->zone.id = (uint16_t)id->value;
	return chain;
}

/* The original direction alone: replies are found by their translated addresses, which are unique.
 * Ahead of reassembly, or fragments of two hosts with one address would be put into one packet. */
void lower_ct_zones(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	struct ir_chain **targets = targets_new(lowering);
	bool has_any = false;
	for (uint32_t i = 0; i < config->zones.n; i++) {
		targets[i] = ct_zone_chain(lowering, &config->zones.at[i]);
		has_any |= targets[i] != NULL;
	}
	if (has_any)
		classify(lowering, base_chain(lowering, BASE_ZONE_PRE), SIDE_FROM, targets,
			 "ctzone_from");
}
