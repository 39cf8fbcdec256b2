#include "runtime/pending.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "runtime/guard.h"
#include "runtime/program.h"
#include "runtime/recovery.h"
#include "runtime/transition.h"

static const char file_name[] = "pending.json";

static bool pending_parse(struct text text, struct pending *out)
{
	json_auto_t *json = json_loadb(text.s, text.n, 0, NULL);
	json_int_t generation, previous, deadline, network, guard, started;
	const char *boot;
	if (!json ||
	    json_unpack(json, "{s:I, s:I, s:I, s:s, s:I, s:I, s:I}", "generation", &generation,
			"previous", &previous, "deadline", &deadline, "boot", &boot, "network",
			&network, "guard", &guard, "guard_started", &started) != 0)
		return false;
	*out = (struct pending){
		.generation = (uint32_t)generation,
		.previous = (uint32_t)previous,
		.deadline = deadline,
		.here.network = (uint64_t)network,
		.guard = (int)guard,
		.guard_started = (uint64_t)started,
	};
	snprintf(out->here.boot, sizeof out->here.boot, "%s", boot);
	return true;
}

bool pending_read(const struct store *store, struct pending *out)
{
	autoarena struct arena *arena = arena_new();
	struct text text;
	int error = store->fd < 0 ? 0 : store_read(arena, store, file_name, &text);
	if (store->fd < 0 || (!error && text.n == 0))
		return false;
	if (!error && pending_parse(text, out))
		return true;
	program_say("%s/%s cannot be read: %s", store->path, file_name,
		    error ? strerror(-error) : "it is damaged");
	return false;
}

bool pending_exists(const struct store *store)
{
	return store->fd >= 0 && faccessat(store->fd, file_name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

int pending_write(const struct store *store, const struct pending *pending)
{
	json_auto_t *json = json_pack(
		"{s:I, s:I, s:I, s:s, s:I, s:I, s:I}", "generation",
		(json_int_t)pending->generation, "previous", (json_int_t)pending->previous,
		"deadline", (json_int_t)pending->deadline, "boot", pending->here.boot, "network",
		(json_int_t)pending->here.network, "guard", (json_int_t)pending->guard,
		"guard_started", (json_int_t)pending->guard_started);
	autofree char *text = json ? json_dumps(json, JSON_INDENT(2)) : NULL;
	return text ? store_write(store, file_name, text_of(text)) : -ENOMEM;
}

int pending_remove(const struct store *store)
{
	return store_remove(store, file_name);
}

int64_t pending_seconds(const struct pending *pending)
{
	int64_t left = pending->deadline - boot_milliseconds();
	return left > 0 ? (left + 999) / 1000 : 0;
}

static int write_fail(const struct hold *hold, int error)
{
	return program_fail(STATUS_SYSTEM, "cannot write to %s: %s", hold->store.path,
			    strerror(-error));
}

/* Who cannot get in cannot try again either: what stands in the way now may have gone in a second,
 * and what stays in the way is worked around. */
static int bring_back(const struct hold *hold, uint32_t previous, uint32_t *number)
{
	*number = previous;
	if (transition_restore(hold, previous, false) == STATUS_DONE)
		return STATUS_DONE;
	nanosleep(&(struct timespec){ .tv_sec = 1 }, NULL);
	return recovery_run(hold, previous, number);
}

/* A closed machine is no generation: the directory says what it should be. */
static int note_back(const struct hold *hold, uint32_t number, bool is_loaded)
{
	int error = is_loaded ? generation_keep(&hold->store, number)
			      : store_point(&hold->store, LINK_CONFIRMED, number);
	if (!error)
		error = store_point(&hold->store, LINK_CURRENT, number);
	return error ? error : pending_remove(&hold->store);
}

int pending_take_back(const struct hold *hold, const struct pending *pending)
{
	uint32_t number;
	int status = bring_back(hold, pending->previous, &number);
	if (status == STATUS_SYSTEM)
		return status;
	int error = note_back(hold, number, status != RECOVERY_CLOSED);
	if (error)
		return write_fail(hold, error);
	guard_end(pending);
	return status;
}

/* The machine has restarted since: what was pending is not in force any more. */
static int forget(const struct hold *hold, const struct pending *pending)
{
	program_say("generation %u was not confirmed before the machine restarted: generation %u "
		    "counts",
		    pending->generation, pending->previous);
	int error = store_point(&hold->store, LINK_CURRENT, pending->previous);
	if (!error)
		error = store_point(&hold->store, LINK_CONFIRMED, pending->previous);
	if (!error)
		error = pending_remove(&hold->store);
	return error ? write_fail(hold, error) : STATUS_DONE;
}

static int guard_again(const struct hold *hold, struct pending *pending)
{
	int error = guard_is_alive(pending) ? 0 : guard_start(hold, pending);
	if (error)
		program_say("nothing waits for the confirmation any more: confirm, or roll back");
	return STATUS_DONE;
}

/* Whether that namespace is still there, nobody can tell from here. */
static int elsewhere(const struct hold *hold)
{
	program_fail(STATUS_SYSTEM,
		     "a change in another network namespace awaits its confirmation in %s: confirm "
		     "it there",
		     hold->store.path);
	fputs("  help: where that one is gone, flywall-apply boot loads here what was confirmed "
	      "last\n",
	      stderr);
	return STATUS_SYSTEM;
}

int pending_settle(const struct hold *hold, struct pending *out, bool *awaits)
{
	struct pending pending;

	*awaits = false;
	if (!pending_read(&hold->store, &pending))
		return STATUS_DONE;
	if (!here_is_boot(&pending.here, &hold->here))
		return forget(hold, &pending);
	if (!here_equal(&pending.here, &hold->here))
		return elsewhere(hold);
	if (pending_seconds(&pending) == 0) {
		program_say("generation %u was not confirmed in time: going back to generation %u",
			    pending.generation, pending.previous);
		return pending_take_back(hold, &pending) == STATUS_SYSTEM ? STATUS_SYSTEM
									  : STATUS_DONE;
	}
	*awaits = true;
	int status = guard_again(hold, &pending);
	*out = pending;
	return status;
}
