/* A change that is taken back unless somebody confirms it: pending.json, and the process that waits
 * for the deadline. */
#pragma once
#include "runtime/hold.h"

struct pending {
	uint32_t generation, previous;
	int64_t deadline; /* boot_milliseconds */
	struct here here;
	int guard;		/* process id; 0: none */
	uint64_t guard_started; /* as /proc tells, for numbers of processes come again */
};

/* True: a change is awaiting its confirmation. False: none is, or the file is damaged, which is
 * said. */
bool pending_read(const struct store *store, struct pending *out);

/* Whether there is a file, damaged or not. */
bool pending_exists(const struct store *store);

/* 0, or -errno. */
must_check int pending_write(const struct store *store, const struct pending *pending);
must_check int pending_remove(const struct store *store);

/* Whole seconds left; 0: it is over. */
int64_t pending_seconds(const struct pending *pending);

/* What every command does first. A change that nobody confirmed in time is taken back, one whose
 * machine has restarted is forgotten, and a guard that died is replaced. STATUS_DONE and in
 * `*awaits` whether a change is still awaiting its confirmation; or the exit status. */
must_check int pending_settle(const struct hold *hold, struct pending *out, bool *awaits);

/* Goes back to what was before, or to what recovery_run finds. Returns the exit status, or one of
 * enum recovery_status. */
must_check int pending_take_back(const struct hold *hold, const struct pending *pending);
