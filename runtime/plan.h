/* What a change of the table would do, for whoever has to decide. */
#pragma once
#include <stdio.h>

#include <jansson.h>

#include "runtime/change/change.h"
#include "runtime/topics.h"

struct plan {
	struct arena *arena;
	struct change *change;
	struct topic_sides sides;
};

/* As text: what somebody else has changed meanwhile; what of the configuration changes, each line
 * with its place; the transaction as nft(8) reads it. Of many lines the first are shown and the
 * rest counted. Nothing where nothing changes. */
void plan_print(const struct plan *plan, FILE *out);

/* The same, complete, as {"changes", "drift", "nft"}. NULL: out of memory. */
must_check json_t *plan_to_json(const struct plan *plan);

/* What somebody else has changed alone, thing by thing with its lines. `before` are the origins of
 * what is in force. */
void drift_print(struct arena *arena, struct change *change, const struct origins *before,
		 FILE *out);
must_check json_t *drift_to_json(struct arena *arena, struct change *change,
				 const struct origins *before);
