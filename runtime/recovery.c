#include "runtime/recovery.h"

#include <errno.h>
#include <string.h>

#include "runtime/closed.h"
#include "runtime/load.h"
#include "runtime/memory.h"
#include "runtime/program.h"
#include "runtime/transition.h"

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

int recovery_close(const struct hold *hold)
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
	return RECOVERY_CLOSED;
}

int recovery_run(const struct hold *hold, uint32_t first, uint32_t *number)
{
	autoarena struct arena *arena = arena_new();

	for (uint32_t one = first; one != GENERATION_NONE;
	     one = generation_before(arena, &hold->store, one)) {
		if (transition_restore(hold, one, true) != STATUS_DONE)
			continue;
		*number = one;
		if (one == first)
			return STATUS_DONE;
		program_say("generation %u cannot be loaded: generation %u before it is", first,
			    one);
		return RECOVERY_EARLIER;
	}
	return recovery_close(hold);
}
