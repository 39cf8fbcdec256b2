/* What zones may have of this machine itself: their `management` and `services`. */
#pragma once
#include "lower/conditions.h"
#include "lower/policy.h"

void services_lower(struct lowering *lowering, struct ir_chain *chain, const struct zone *zone,
		    const struct outcome *outcome, enum direction direction);
