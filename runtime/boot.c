#include "runtime/boot.h"

#include <errno.h>
#include <string.h>

#include "runtime/closed.h"
#include "runtime/guard.h"
#include "runtime/load.h"
#include "runtime/memory.h"
#include "runtime/pending.h"
#include "runtime/program.h"
#include "runtime/transition.h"

/* The closed ruleset */

static int closed_fill(struct text management, struct memory *out, bool *knows_ways)
{
	int own = dup(out->fd);
	autofile FILE *stream = own < 0 ? NULL : fdopen(own, "w");
	if (!stream)
		return -errno;
	*knows_ways = closed_write(management, stream);
	return stream_flush(stream);
}

static bool closed_load(struct text management, bool *knows_ways)
{
	automemory struct memory ruleset = MEMORY_NONE;
	autofree char *messages = NULL;
	int error = memory_new(&ruleset);
	if (!error)
		error = closed_fill(management, &ruleset, knows_ways);
	if (error) {
		program_say("cannot keep the closed ruleset in memory: %s", strerror(-error));
		return false;
	}
	if (ruleset_load_fd(ruleset.fd, LOAD_COMMIT, &messages))
		return true;
	program_say("the kernel refused the closed ruleset: %s", messages);
	return false;
}

static int close_down(const struct hold *hold)
{
	autoarena struct arena *arena = arena_new();
	struct text management = { "", 0 }, none = { "", 0 };
	bool knows_ways = false;

	if (hold->store.fd < 0 ||
	    store_read(arena, &hold->store, part_names[PART_MANAGEMENT], &management) != 0)
		management = none;
	if (!closed_load(management, &knows_ways) && !closed_load(none, &knows_ways))
		return program_fail(STATUS_SYSTEM, "nothing could be loaded: this machine is open");
	program_say("no generation could be loaded: this machine is closed but for replies and %s",
		    knows_ways ? "its zones' management" : "ssh");
	return BOOT_CLOSED;
}

/* The generations */

/* Where the link is lost, the newest that somebody has kept. */
static uint32_t choose(const struct hold *hold)
{
	autoarena struct arena *arena = arena_new();
	uint32_t number = store_follow(&hold->store, LINK_CONFIRMED);
	return number != GENERATION_NONE ? number
					 : generation_before(arena, &hold->store, GENERATION_NONE);
}

static int load_one(const struct hold *hold, uint32_t number, uint32_t first)
{
	int status = transition_restore(hold, number, true);
	if (status != STATUS_DONE)
		return status;
	if (number == 0)
		program_say("flywall was taken away: nothing is loaded");
	else if (number == first)
		program_say("generation %u is loaded", number);
	else
		program_say("generation %u cannot be loaded: generation %u before it is", first,
			    number);
	return number == first ? STATUS_DONE : BOOT_EARLIER;
}

static int load_any(const struct hold *hold)
{
	autoarena struct arena *arena = arena_new();
	uint32_t first = choose(hold), number = first;
	int status = STATUS_SYSTEM;

	while (number != GENERATION_NONE && status == STATUS_SYSTEM) {
		status = load_one(hold, number, first);
		number = generation_before(arena, &hold->store, number);
	}
	return status == STATUS_SYSTEM ? close_down(hold) : status;
}

/* What awaited a confirmation is not in force any more, whatever boots. */
static void forget_pending(const struct hold *hold)
{
	struct pending pending;
	if (!pending_read(&hold->store, &pending))
		return;
	program_say("generation %u was never confirmed", pending.generation);
	int error = pending_remove(&hold->store);
	if (error)
		program_say("cannot write to %s: %s", hold->store.path, strerror(-error));
	if (here_is_boot(&pending.here, &hold->here))
		guard_end(&pending);
}

/* Also where nothing can be loaded: a container that restarts has another network namespace, and
 * its next change must not be taken for somebody else's. */
static void settle(const struct hold *hold)
{
	int error = hold_settle(hold);
	if (error && error != -EROFS)
		program_say("cannot write to %s: %s", hold->store.path, strerror(-error));
}

int boot_run(const struct request *request, char *const operands[])
{
	autohold struct hold hold = HOLD_NONE;

	(void)operands;
	/* Whatever is wrong with the directory: open is no answer. */
	if (hold_take(request, HOLD_BOOT, &hold) != STATUS_DONE || hold.store.fd < 0)
		return close_down(&hold);
	forget_pending(&hold);
	settle(&hold);
	return load_any(&hold);
}
