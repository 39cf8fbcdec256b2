/* `ct timeout` objects: those that nft has no words for, and those that nothing uses any more. */
#pragma once
#include "base/text.h"
#include "runtime/timeouts_kernel.h"

/* Reads what a ruleset's first comments say of objects that nft has no words for. 0, or the number
 * of the first line that flywall does not write. */
must_check uint32_t timeouts_read(struct arena *arena, struct text ruleset,
				  struct timeout_objects *out);

/* Makes those that are not there yet, in one transaction; `made` lists them. 0, or -errno with
 * `*why` as libnftables would say it: nothing has changed then. */
must_check int timeouts_make(struct arena *arena, const struct timeout_objects *objects,
			     struct timeout_objects *made, const char **why);

/* Takes back what timeouts_make has made, where the ruleset that needs them was not loaded. 0, or
 * -errno. */
must_check int timeouts_unmake(struct arena *arena, const struct timeout_objects *made);

/* A connection keeps its timeout object until it ends, and falls back to the host's timeouts where
 * the object is deleted. So an object that no rule names any more stays until its longest timeout
 * has passed: what has been idle since is gone then, and only a connection that never paused loses
 * its zone's timeouts. Whatever kind of object: nft's, or those above. */

/* After a change: which objects of the table `ruleset` does not have, and since when. `notes` is
 * what this gave the last time, or empty; `*out` lives in the arena. 0, or -errno. */
must_check int timeouts_note(struct arena *arena, const char *table, struct text ruleset,
			     struct text notes, struct text *out);

/* Ahead of a change to `ruleset`: which objects may go, ended by NULL; NULL where there are none. A
 * generation that names one again has it made anew. 0, or -errno. */
must_check int timeouts_stale(struct arena *arena, const char *table, struct text ruleset,
			      struct text notes, const char *const **out);
