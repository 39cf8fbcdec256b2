/* Packets without a connection: neighbour discovery, and the traffic of zones that are not tracked,
 * or not wholly. They have no mark, so their zones are looked up, and what is let through one way
 * is let back the other way. */
#pragma once
#include "lower/pairs.h"

/* Where untracked packets go on, of each way through the machine. */
struct ir_chain *untracked_in(struct lowering *lowering, const struct pairs *pairs);
struct ir_chain *untracked_forward(struct lowering *lowering, const struct pairs *pairs);
struct ir_chain *untracked_out(struct lowering *lowering, const struct pairs *pairs);

/* Whether every packet of the zone is tracked. */
bool zone_is_tracked(const struct config *config, const struct zone *zone);
