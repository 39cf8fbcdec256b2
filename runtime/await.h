/* Waiting beside the guard, as a service does: nobody ends both. */
#pragma once
#include "runtime/hold.h"

/* `flywall-apply await`: returns when no change awaits its confirmation any more. A guard that died
 * is replaced, and a change that its guard did not take back in time is. Returns the exit status.
 */
int await_run(const struct request *request, char *const operands[]);
