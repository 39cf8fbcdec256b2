#include "runtime/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>

#include "runtime/program.h"

/* Where what it says can be read afterwards. */
static const char log_name[] = "guard.log";

struct guard {
	int id;
	uint64_t started;
};

/* The 22nd field of /proc/PID/stat; the second is a name that may hold anything but its end is the
 * last parenthesis. 0: no such process lives. */
static uint64_t process_started(int id)
{
	enum { FIELD_STARTED = 22, FIELD_BEHIND_NAME = 3 };
	char path[32], text[1024];
	snprintf(path, sizeof path, "/proc/%d/stat", id);
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	const char *at = strrchr(text, ')');
	/* Dead, and nobody has asked for its status. */
	if (at && strncmp(at, ") Z", 3) == 0)
		return 0;
	for (int field = FIELD_BEHIND_NAME - 1; at && field < FIELD_STARTED; field++)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at + 1, NULL, 10) : 0;
}

bool guard_is_alive(const struct pending *pending)
{
	return pending->guard > 0 && process_started(pending->guard) == pending->guard_started;
}

void guard_end(const struct pending *pending)
{
	if (pending->guard <= 0 || pending->guard == getpid())
		return;
	autoclose int process = pidfd_open(pending->guard, 0);
	if (process >= 0 && guard_is_alive(pending))
		(void)pidfd_send_signal(process, SIGTERM, NULL, 0);
}

/* The guard itself */

/* Nothing of the caller stays open: a pipe would keep its reader waiting, and a lock the others.
 * Its own descriptor of the state directory becomes number 3. */
static void leave_caller(const struct store *store)
{
	int null = open("/dev/null", O_RDWR);
	int log = openat(store->fd, log_name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);

	dup2(null, STDIN_FILENO);
	dup2(log < 0 ? null : log, STDOUT_FILENO);
	dup2(log < 0 ? null : log, STDERR_FILENO);
	if (store->fd != STDERR_FILENO + 1)
		dup2(store->fd, STDERR_FILENO + 1);
	close_range(STDERR_FILENO + 2, ~0U, 0);
	fcntl(STDERR_FILENO + 1, F_SETFD, FD_CLOEXEC);
	(void)!chdir("/");
}

static void set_signals(void)
{
	sigset_t none;
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Whoever runs out of memory ends others first, where this may be asked. */
static void spare_memory(void)
{
	autoclose int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd >= 0)
		(void)!write(fd, "-1000", 5);
}

static void wait_until(int64_t milliseconds)
{
	const struct timespec until = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
	while (clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &until, NULL) == EINTR)
		continue;
}

/* The file can be damaged; who has made another change meanwhile has decided. */
static int act_alone(const struct hold *hold, const struct pending *own)
{
	const struct store *store = &hold->store;
	if (store_follow(store, LINK_CURRENT) == own->generation &&
	    store_follow(store, LINK_CONFIRMED) != own->generation)
		return pending_take_back(hold, own);
	return pending_remove(store) == 0 ? STATUS_DONE : STATUS_SYSTEM;
}

/* The locks come first: somebody may be confirming just now. */
static int act(const char *path, const struct pending *own)
{
	const struct request request = { .state_dir = path, .wait = -1 };
	autohold struct hold hold = HOLD_NONE;
	struct pending pending;
	bool awaits;

	int status = hold_take(&request, HOLD_WRITE, &hold);
	if (status != STATUS_DONE)
		return status;
	if (pending_read(&hold.store, &pending))
		return pending_settle(&hold, &pending, &awaits);
	return pending_exists(&hold.store) ? act_alone(&hold, own) : STATUS_DONE;
}

/* A lock or memory that cannot be had may be had later. */
static int act_again(const char *path, const struct pending *own)
{
	enum { PAUSE_MOST = 16 };
	int status = act(path, own);
	for (unsigned pause = 1; status == STATUS_SYSTEM && pause <= PAUSE_MOST; pause *= 2) {
		nanosleep(&(struct timespec){ .tv_sec = pause }, NULL);
		status = act(path, own);
	}
	return status;
}

static void guard_run(const struct store *store, const struct pending *own)
{
	char path[32];
	leave_caller(store);
	set_signals();
	prctl(PR_SET_NAME, "flywall-guard");
	spare_memory();
	wait_until(own->deadline);
	/* By the descriptor: the folder may be known under another name by now. */
	snprintf(path, sizeof path, "/proc/self/fd/%d", STDERR_FILENO + 1);
	int status = act_again(path, own);
	fflush(stderr);
	openlog("flywall-apply", LOG_PID, LOG_DAEMON);
	if (status == STATUS_DONE)
		syslog(LOG_WARNING, "a change was not confirmed in time and has been taken back");
	else
		syslog(LOG_ERR,
		       "a change was not confirmed, and what was before could not be had: see %s",
		       log_name);
	_exit(status);
}

/* Starting it */

/* Forked twice, so that it is nobody's child; tells its number when it has its own session. */
static void fork_again(const struct hold *hold, const struct pending *pending, int tell)
{
	if (setsid() < 0)
		_exit(STATUS_SYSTEM);
	pid_t child = fork();
	if (child != 0)
		_exit(child < 0 ? STATUS_SYSTEM : STATUS_DONE);
	const struct guard guard = { getpid(), process_started(getpid()) };
	if (write(tell, &guard, sizeof guard) != sizeof guard)
		_exit(STATUS_SYSTEM);
	guard_run(&hold->store, pending);
}

static int guard_fork(const struct hold *hold, const struct pending *pending, struct guard *out)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	autoclose int told = ends[0];
	pid_t child = fork();
	if (child == 0)
		fork_again(hold, pending, ends[1]);
	int error = child < 0 ? -errno : 0;
	close(ends[1]);
	if (!error && read(told, out, sizeof *out) != sizeof *out)
		error = -ECHILD;
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		continue;
	return error;
}

int guard_start(const struct hold *hold, struct pending *pending)
{
	struct guard guard;
	int error = guard_fork(hold, pending, &guard);
	if (error)
		return error;
	pending->guard = guard.id;
	pending->guard_started = guard.started;
	error = pending_write(&hold->store, pending);
	if (error)
		guard_end(pending);
	return error;
}
