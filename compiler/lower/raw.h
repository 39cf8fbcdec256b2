/* Rules where packets have no mark that tells their zones. */
#pragma once
#include "lower/classify.h"

/* Has the packets that come from these zones, or go to them (all packets, where the set is not
 * written), go through the chain: a jump, added to `base`. `name` names the chain that this may
 * take. */
void call_for_zones(struct lowering *lowering, struct ir_chain *base, enum side side,
		    const struct zone_set *set, struct ir_chain *chain, const char *name);
