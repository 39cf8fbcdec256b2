/* The look-up of the connection's state, and what becomes of packets that it does not accept at
 * once. */
#pragma once
#include "lower/build.h"

/* Where packets of a state go on. */
struct state_chains {
	const struct ir_chain *invalid, *related;
	const struct ir_chain *untracked; /* NULL: they are accepted */
};

/* Logs and drops what belongs to no connection. */
struct ir_chain *invalid_chain(struct lowering *lowering);

/* The same for what this machine sends: what it tells those whose packets it refuses belongs to
 * connections that never came to be. */
struct ir_chain *invalid_out_chain(struct lowering *lowering, const struct ir_chain *invalid);

/* The first packet of a related connection, which inherits its master's mark, and ICMP errors,
 * which belong to a connection that is there already. */
struct ir_chain *related_chain(struct lowering *lowering, const char *name, bool is_forward);
struct ir_chain *related_out_chain(struct lowering *lowering);

/* The first rule, and the shortest path: one look-up of the state. */
void dispatch_state(struct lowering *lowering, struct ir_chain *base, const char *name,
		    const struct state_chains *chains);

/* Accepts ICMP errors: where traffic is untracked, they find no connection and count as invalid. */
void pass_errors(struct lowering *lowering, struct ir_chain *chain);
