/* What a change of the table would do, for whoever has to decide. */
#pragma once
#include <stdio.h>

#include <jansson.h>

#include "runtime/change/change.h"

struct flywall;

struct plan {
	struct arena *arena;
	const struct change *change;
	struct flywall *flywall; /* for places in the configuration; NULL: there is none */
	bool has_nft;		 /* the transaction as nft(8) reads it is shown too */
};

/* As text: a thing a paragraph, a rule or element a line, with its place in the configuration. Of
 * many lines the first are shown and the rest counted. Nothing where nothing changes. */
void plan_print(const struct plan *plan, FILE *out);

/* The same, complete, as {"changes", "drift", "nft"}. NULL: out of memory. */
must_check json_t *plan_to_json(const struct plan *plan);
