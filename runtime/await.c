#include "runtime/await.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "runtime/guard.h"
#include "runtime/pending.h"
#include "runtime/program.h"

/* Seconds from one look to the next; each at a damaged file says so. */
enum { LOOK = 1, LOOK_DAMAGED = 30 };

/* The locks stay free for those who confirm. */
static bool needs_help(const struct pending *pending)
{
	return pending_seconds(pending) == 0 || !guard_is_alive(pending);
}

static int help(const struct request *request)
{
	autohold struct hold hold = HOLD_NONE;
	struct pending pending;
	bool awaits;

	int status = hold_take(request, HOLD_WRITE, &hold);
	return status == STATUS_DONE ? pending_settle(&hold, &pending, &awaits) : status;
}

int await_run(const struct request *request, char *const operands[])
{
	const char *path = request->state_dir ? request->state_dir : STORE_DEFAULT;
	autostore struct store store = STORE_NONE;
	struct pending pending;
	int status = STATUS_DONE;

	(void)operands;
	int error = store_open(path, false, &store);
	if (error && error != -ENOENT)
		return program_fail(STATUS_SYSTEM, "cannot use the state directory %s: %s", path,
				    strerror(-error));
	while (status == STATUS_DONE && pending_exists(&store)) {
		bool is_read = pending_read(&store, &pending);
		if (is_read && needs_help(&pending))
			status = help(request);
		nanosleep(&(struct timespec){ .tv_sec = is_read ? LOOK : LOOK_DAMAGED }, NULL);
	}
	return status;
}
