/* The transaction that makes one table of another, and what goes ahead of it and after it. */
#pragma once
#include "runtime/change/difference.h"
#include "runtime/change/draft.h"

/* Writes what has to be there ahead of the transaction; may be nothing. */
void batch_write_ahead(struct draft *draft, const struct difference *difference);

/* Writes what `difference` needs; `live` has the handles of the rules of chains that are edited. */
void batch_write(struct draft *draft, const struct difference *difference, const struct view *live);

/* How the name of the chain begins that tells which ruleset is loaded. */
#define BATCH_MARKER "generation/"

bool batch_is_marker(const struct view_thing *thing);

/* Whether a thing that goes does so with the transaction: the others follow when no packet can look
 * at them any more. */
bool batch_removes(const struct difference *difference, const struct view_thing *gone);

/* Writes what goes after the transaction, as nft(8) reads it. */
void batch_print_removals(struct arena *arena, const char *table,
			  const struct difference *difference, FILE *out);
