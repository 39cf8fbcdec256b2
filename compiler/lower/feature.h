/* The features of the lowering, each in a file of its own, in the order in which lower() calls
 * them. */
#pragma once
#include "lower/build.h"

/* sysctls, module parameters, modules. */
void lower_settings(struct lowering *lowering);

/* zone_id: kernel ct zones. */
void lower_ct_zones(struct lowering *lowering);

/* enabled = false, track_protocols. */
void lower_notrack(struct lowering *lowering);

/* What is set on a new connection: marks, timeouts, events, helpers. */
void lower_flow(struct lowering *lowering);

/* State dispatch, invalid and related packets, limits, traffic inside a zone. */
void lower_filter(struct lowering *lowering);

/* The helpers that connections of a zone get (NULL: of no zone), in `uses`; what the zone says
 * counts before what the conntrack block says. */
void helpers_resolve(const struct config *config, const struct zone *zone,
		     const struct helper_use *uses[HELPER_COUNT]);
bool zone_changes_helpers(const struct zone *zone);

/* The chain of rules that assign the helpers, or NULL where there are none. */
struct ir_chain *helpers_chain(struct lowering *lowering, const struct zone *zone);

/* Adds the assignment of helpers for the broadcasts of this machine itself. */
void helpers_broadcast(struct lowering *lowering, struct ir_chain *chain);

/* Chain that sets the zone that a connection goes to in its mark; NULL where there are no zones. */
struct ir_chain *zone_to_chain(struct lowering *lowering);

/* The admission chain of a zone's new connections, or NULL where the zone has no limits. */
struct ir_chain *limits_chain(struct lowering *lowering, const struct zone *zone);
