/* Telling a packet's zone. */
#pragma once
#include "lower/build.h"

/* Which zone of a packet is looked for, and with what. */
enum side {
	SIDE_FROM,  /* where it came in: input interface, source address */
	SIDE_TO,    /* where it goes out: output interface, destination address */
	SIDE_ROUTE, /* the same ahead of routing: the interface that a route look-up finds */
};

/* Adds rules to `chain` that go to targets[i] for packets of the configuration's zone i, and return
 * for those of a zone without a target, so that they are not taken for another's. Matches with more
 * conditions are looked at first, in the order of declaration; then interfaces alone, in one
 * look-up whatever their number; then addresses alone. `name` begins the names of the maps. */
void classify(struct lowering *lowering, struct ir_chain *chain, enum side side,
	      struct ir_chain *const *targets, const char *name);

/* Whether nothing but interfaces says what is in the zone. */
bool match_is_interface(const struct zone_match *match);

/* One target a zone, all NULL. */
struct ir_chain **targets_new(struct lowering *lowering);
