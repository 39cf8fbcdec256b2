/* What must hold for a packet to meet a rule of the configuration. */
#pragma once
#include "lower/build.h"

/* Which of a flow's packets are meant. */
enum direction {
	DIRECTION_FORTH, /* as the rule says */
	DIRECTION_BACK,	 /* their answers: addresses, ports and interfaces change places */
};

struct view {
	enum direction direction;
	/* Conditions that only a tracked connection has (its state) are left out. */
	bool is_stateless;
	uint8_t family; /* packets of this one alone; 0: of both */
	/* No interface is known yet where packets go (prerouting), or they came from nowhere
	 * (output). */
	bool has_no_output, has_no_input;
};

/* Adds the rules to `chain` that together match what the rule's conditions describe, without any
 * verdict: one for each family, group of ports and list that cannot share one. They are the last
 * ones of the chain; returns how many: none where a set that is named is empty. All that a rule
 * does besides (limits, logging, its action) is the caller's. */
uint32_t conditions_lower(struct lowering *lowering, struct ir_chain *chain,
			  const struct rule *rule, const struct view *view);

/* Has TCP segments that begin a connection go back to the caller: they are no answers. */
void return_openings(struct lowering *lowering, struct ir_chain *chain);
