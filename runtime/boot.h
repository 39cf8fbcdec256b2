/* Loading what was kept, without its configuration, before the network is up. */
#pragma once
#include "runtime/hold.h"

/* `flywall-apply boot`: the confirmed generation, else the newest sound one before it, else the
 * closed ruleset. Returns the exit status: STATUS_DONE, one of enum recovery_status, or
 * STATUS_SYSTEM where nothing could be loaded. */
int boot_run(const struct request *request, char *const operands[]);
