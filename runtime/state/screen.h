/* The live screen of top. */
#pragma once
#include "runtime/state/talkers.h"

enum { SCREEN_INTERVAL_MAX = 86400 };

/* Shows the talkers on the terminal, read anew every `interval` seconds, until somebody quits or a
 * signal ends it; the terminal is as before then. STATUS_*. */
int screen_run(struct talkers *talkers, unsigned interval);
