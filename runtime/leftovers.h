/* What a former ruleset left in our table. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "runtime/scope.h"

struct flywall;

/* One thing that the ruleset does not own: "chain" "in_old". */
struct leftover {
	const char *kind;
	const char *name;
};

struct leftovers {
	struct leftover *at;
	uint32_t n, cap;
};

/* Lists the table and finds what `flywall` says is not its own; none where there is no table. `ct
 * timeout` objects are never listed: deleting one would throw the connections that use it back to
 * the host's timeouts, and a connection keeps its own until it ends. False: `*messages` says why it
 * could not be listed; it belongs to the caller. */
must_check bool leftovers_find(struct arena *arena, const struct flywall *flywall,
			       struct leftovers *out, char **messages);

/* Removes them all, in one transaction. False: nothing was removed, and `*messages` says why. */
must_check bool leftovers_remove(const struct flywall *flywall, const struct leftovers *leftovers,
				 char **messages);
