/* Whether the numbers of zones and uplinks, as connections carry them in their marks, change their
 * meaning. */
#pragma once
#include "base/arena.h"
#include "base/text.h"
#include "runtime/scope.h"

/* Of two names.json. True where a number of the first is another zone's in the second, and where
 * the first cannot be read: what it said is not known. */
bool zones_are_renumbered(struct text before, struct text after);

/* An uplink that both have, by its interface, with another number each: its connections lose their
 * way. */
struct renumbered_uplink {
	const char *interface; /* lives in the arena */
	int before, after;
};

/* The first of them; false where there is none. */
must_check bool uplink_is_renumbered(struct arena *arena, struct text before, struct text after,
				     struct renumbered_uplink *out);
