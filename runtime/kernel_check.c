#include "runtime/kernel_check.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "runtime/memory.h"
#include "runtime/program.h"
#include "runtime/refusal.h"
#include "runtime/report.h"

static const char checker[] = "flywall-apply";

/* The flywall-apply beside this program, so that a build checks with its own, or the installed one.
 */
static char *checker_find(void)
{
	char own[4096], *found;
	ssize_t n = readlink("/proc/self/exe", own, sizeof own);
	const char *slash = n > 0 && n < (ssize_t)sizeof own ? memrchr(own, '/', (size_t)n) : NULL;

	if (slash) {
		if (asprintf(&found, "%.*s/%s", (int)(slash - own), own, checker) < 0)
			return NULL;
		if (access(found, X_OK) == 0)
			return found;
		free(found);
	}
	return asprintf(&found, "%s/%s", FLYWALL_SBINDIR, checker) < 0 ? NULL : found;
}

/* The ruleset on its standard input, its messages into `said`. */
static int checker_start(const char *path, int ruleset, int said, pid_t *child)
{
	const char *const arguments[] = { checker, "--check-ruleset", "-", NULL };
	posix_spawn_file_actions_t actions;

	int error = posix_spawn_file_actions_init(&actions);
	if (error)
		return -error;
	error = posix_spawn_file_actions_adddup2(&actions, ruleset, STDIN_FILENO);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, said, STDERR_FILENO);
	if (!error)
		error = posix_spawn(child, path, &actions, NULL, (char *const *)arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -error;
}

static int child_status(pid_t child)
{
	int status;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return STATUS_SYSTEM;
	return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_SYSTEM;
}

/* Runs the checker to its end; what it says is in `said` then. */
static int checker_run(const char *path, int ruleset, struct memory *said, int *status)
{
	pid_t child;

	if (lseek(ruleset, 0, SEEK_SET) < 0)
		return -errno;
	int error = memory_new(said);
	if (error)
		return error;
	error = checker_start(path, ruleset, said->fd, &child);
	if (error)
		return error;
	*status = child_status(child);
	return memory_map(said);
}

int kernel_check(struct flywall *flywall)
{
	automemory struct memory ruleset = MEMORY_NONE, said = MEMORY_NONE;
	struct report report = { stderr, stream_has_colour(stderr) };
	autofree char *path = checker_find();
	int status = STATUS_SYSTEM;

	if (!path)
		return program_fail(STATUS_SYSTEM, "out of memory");
	int error = memory_emit(flywall, FLYWALL_RULESET, &ruleset);
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot keep the ruleset in memory: %s",
				    strerror(-error));
	error = checker_run(path, ruleset.fd, &said, &status);
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot run %s: %s", path, strerror(-error));
	if (status == STATUS_DONE)
		return STATUS_DONE;
	autofree char *messages = strndup(said.text ? said.text : "", said.size);
	refusals_report(&report, flywall, &ruleset, messages ? messages : "");
	return STATUS_SYSTEM;
}
