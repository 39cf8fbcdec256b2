/* Telling listeners of a packet, through nfnetlink_log: the kernel's own log is silent outside of
 * the first network namespace. */
#pragma once
#include "lower/build.h"

/* Whether the message needs a rule of its own: a limit in the rule that decides would let it decide
 * only so often. */
bool logging_is_limited(const struct logging *logging);

/* Adds the message to a rule; `owner` names the limit, `what` is the prefix where none is written.
 */
void logging_add(struct lowering *lowering, struct ir_rule *rule, const struct logging *logging,
		 const char *owner, const char *what);

/* A limit that several rules may share, named after its owner and what it allows. */
const struct ir_object *limit_get(struct lowering *lowering, const char *base,
				  const struct ir_limit *limit, struct span at);
