#include "runtime/boot.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/guard.h"
#include "runtime/pending.h"
#include "runtime/program.h"
#include "runtime/recovery.h"

/* Where the link is lost, the newest that somebody has kept. */
static uint32_t choose(const struct hold *hold)
{
	autoarena struct arena *arena = arena_new();
	uint32_t number = store_follow(&hold->store, LINK_CONFIRMED);
	return number != GENERATION_NONE ? number
					 : generation_before(arena, &hold->store, GENERATION_NONE);
}

static int load_any(const struct hold *hold)
{
	uint32_t number;
	int status = recovery_run(hold, choose(hold), &number);

	if (status == STATUS_DONE && number == 0)
		program_say("flywall was taken away: nothing is loaded");
	else if (status == STATUS_DONE)
		program_say("generation %u is loaded", number);
	return status;
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

static int boot(const struct request *request)
{
	autohold struct hold hold = HOLD_NONE;

	/* Whatever is wrong with the directory: open is no answer. */
	if (hold_take(request, HOLD_BOOT, &hold) != STATUS_DONE || hold.store.fd < 0)
		return recovery_close(&hold);
	forget_pending(&hold);
	settle(&hold);
	return load_any(&hold);
}

/* With the ways in that were kept, where they can be had. */
static int close_after(const struct request *request)
{
	autohold struct hold hold = HOLD_NONE;
	if (hold_take(request, HOLD_BOOT, &hold) != STATUS_DONE)
		program_say("the ways in that were kept cannot be had");
	return recovery_close(&hold);
}

int boot_run(const struct request *request, char *const operands[])
{
	int status = 0;

	(void)operands;
	/* Done by a child: what ends it must not end the firewall before there is one. */
	pid_t child = fork();
	if (child == 0)
		_exit(boot(request));
	if (child < 0)
		return boot(request);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	if (WIFEXITED(status) && WEXITSTATUS(status) != STATUS_SYSTEM)
		return WEXITSTATUS(status);
	if (WIFSIGNALED(status))
		program_say("loading what was kept ended by itself: %s",
			    strsignal(WTERMSIG(status)));
	return close_after(request);
}
