/* Coming back to what was kept where nothing may stand in the way: damaged files, a full disk, a
 * setting that does not give way. */
#pragma once
#include "runtime/hold.h"

/* What else than the generation that was wanted has been loaded. */
enum recovery_status { RECOVERY_EARLIER = 4, RECOVERY_CLOSED = 5 };

/* Loads that generation, else the newest sound and confirmed one before it, else the closed
 * ruleset, and says so where it is not the first. Of a generation only the ruleset has to be had.
 * Returns the exit status: STATUS_DONE, one of enum recovery_status, or STATUS_SYSTEM where nothing
 * could be loaded. `*number` is the generation's, where one is loaded. */
must_check int recovery_run(const struct hold *hold, uint32_t first, uint32_t *number);

/* Loads the closed ruleset. RECOVERY_CLOSED, or STATUS_SYSTEM. */
must_check int recovery_close(const struct hold *hold);
