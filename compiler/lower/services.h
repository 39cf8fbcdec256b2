/* What zones may have of this machine itself: their `management` and `services`. */
#pragma once
#include "lower/conditions.h"
#include "lower/policy.h"

void services_lower(struct lowering *lowering, struct ir_chain *chain, const struct zone *zone,
		    const struct outcome *outcome, enum direction direction);

/* Lets in who asks for an address before it has one: in a zone that is told by its networks nobody
 * is yet. */
void services_addresses(struct lowering *lowering, struct ir_chain *chain);
