/* The process that waits for a deadline and takes the change back: in a session of its own, so that
 * it outlives the terminal from which the change was made. */
#pragma once
#include "runtime/pending.h"

/* Starts one, and puts its number into `*pending` and into its file. It does nothing where the file
 * is gone by then. 0, or -errno. */
must_check int guard_start(const struct hold *hold, struct pending *pending);

bool guard_is_alive(const struct pending *pending);

/* Ends it; the lock is held, so it is not at work. */
void guard_end(const struct pending *pending);
