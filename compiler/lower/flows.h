/* Flows that are tracked in neither direction: notrack blocks, and rules of policies with that
 * action. */
#pragma once
#include "lower/build.h"

/* Which packets a chain sees. */
enum flow_hook { FLOW_IN, FLOW_FORWARD, FLOW_OUT };

/* Leaves them untracked. */
void lower_flows(struct lowering *lowering);

/* Accepts their packets, of both directions, in a chain for untracked packets. */
void flows_accept(struct lowering *lowering, struct ir_chain *chain, enum flow_hook hook);

/* Whether there are any. */
bool has_flows(const struct config *config);
