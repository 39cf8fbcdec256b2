#include "runtime/confirm.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

#include "runtime/guard.h"
#include "runtime/pending.h"
#include "runtime/program.h"

/* The pending file goes last: until then whoever comes takes the change back. */
static int keep(const struct hold *hold, const struct pending *pending)
{
	int error = generation_keep(&hold->store, pending->generation);
	if (!error)
		error = pending_remove(&hold->store);
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot write to %s: %s", hold->store.path,
				    strerror(-error));
	guard_end(pending);
	program_say("generation %u is kept", pending->generation);
	return STATUS_DONE;
}

/* Whoever killed the program that made the change may have done so in the middle of it. */
static bool is_in_force(const struct hold *hold, const struct pending *pending)
{
	return store_follow(&hold->store, LINK_CURRENT) == pending->generation;
}

int confirm_run(const struct request *request, char *const operands[])
{
	autohold struct hold hold = HOLD_NONE;
	struct pending pending;
	bool awaits;

	(void)operands;
	int status = hold_take(request, HOLD_WRITE, &hold);
	if (status == STATUS_DONE)
		status = pending_settle(&hold, &pending, &awaits);
	if (status != STATUS_DONE)
		return status;
	if (!awaits)
		return program_fail(STATUS_NO, "no change awaits its confirmation");
	if (!is_in_force(&hold, &pending))
		return program_fail(STATUS_NO,
				    "generation %u was not finished: roll back, and apply again",
				    pending.generation);
	return keep(&hold, &pending);
}

/* Asking */

enum answer { ANSWER_NONE, ANSWER_YES, ANSWER_NO };

static int signals_open(void)
{
	static const int ends[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < countof(ends); i++)
		sigaddset(&set, ends[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static enum answer answer_read(int terminal)
{
	char line[64];
	ssize_t n = read(terminal, line, sizeof line);
	return n > 0 && (line[0] == 'y' || line[0] == 'Y') ? ANSWER_YES : ANSWER_NO;
}

/* One second's wait. */
static enum answer answer_await(int terminal, int signals)
{
	struct pollfd sources[] = { { terminal, POLLIN, 0 }, { signals, POLLIN, 0 } };
	int n = poll(sources, countof(sources), 1000);
	if (n == 0 || (n < 0 && errno == EINTR))
		return ANSWER_NONE;
	if (n < 0 || sources[1].revents)
		return ANSWER_NO;
	return answer_read(terminal);
}

/* Until the change is decided, here or by another command. */
static enum answer ask(const struct store *store, int terminal, int signals)
{
	struct pending pending;
	enum answer answer = ANSWER_NONE;
	while (answer == ANSWER_NONE && pending_read(store, &pending)) {
		int64_t left = pending_seconds(&pending);
		if (left == 0)
			return ANSWER_NO;
		dprintf(terminal, "\rkeep this change? [y/N] (taken back in %lld s) ",
			(long long)left);
		answer = answer_await(terminal, signals);
	}
	dprintf(terminal, "\n");
	return answer;
}

static int take_back(const struct hold *hold, const struct pending *pending)
{
	if (pending_take_back(hold, pending) != STATUS_DONE)
		return STATUS_SYSTEM;
	return program_fail(STATUS_NO, "generation %u is taken back: generation %u is in force",
			    pending->generation, pending->previous);
}

static int act_on(const struct request *request, enum answer answer)
{
	autohold struct hold hold = HOLD_NONE;
	struct pending pending;

	int status = hold_take(request, HOLD_WRITE, &hold);
	if (status != STATUS_DONE)
		return status;
	if (!pending_read(&hold.store, &pending))
		return program_fail(STATUS_NO, "another command has decided already");
	bool is_kept = answer == ANSWER_YES && pending_seconds(&pending) > 0;
	return is_kept ? keep(&hold, &pending) : take_back(&hold, &pending);
}

static int terminal_open(void)
{
	return open("/dev/tty", O_RDWR | O_CLOEXEC);
}

bool confirm_can_ask(void)
{
	autoclose int terminal = terminal_open();
	return terminal >= 0;
}

int confirm_ask(const struct request *request)
{
	const char *path = request->state_dir ? request->state_dir : STORE_DEFAULT;
	autoclose int terminal = terminal_open();
	autoclose int signals = signals_open();
	autostore struct store store = STORE_NONE;

	int error = store_open(path, false, &store);
	if (terminal < 0 || signals < 0 || error)
		return act_on(request, ANSWER_NO);
	return act_on(request, ask(&store, terminal, signals));
}
