#include "runtime/modules.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/scope.h"

static bool module_is_there(const char *name)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "/sys/module/%s", name);
	return access(path, F_OK) == 0;
}

/* Runs one modprobe for all, silently. */
static void modprobe(char *const arguments[])
{
	/* The environment of the caller is not that of a program that changes the kernel. */
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char *const environment[] = { path, NULL };
	posix_spawn_file_actions_t actions;
	pid_t child;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		(void)posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
	bool runs =
		posix_spawn(&child, "/sbin/modprobe", &actions, NULL, arguments, environment) == 0;
	posix_spawn_file_actions_destroy(&actions);
	while (runs && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		continue;
}

void modules_load(const char *const *names, size_t n)
{
	static const char *const start[] = { "modprobe", "-q", "-a", "--" };
	autofree char **arguments = calloc(n + countof(start) + 1, sizeof *arguments);
	size_t used = 0;

	if (!arguments)
		return;
	for (size_t i = 0; i < countof(start); i++)
		arguments[used++] = (char *)start[i];
	for (size_t i = 0; i < n; i++)
		if (!module_is_there(names[i]))
			arguments[used++] = (char *)names[i];
	if (used > countof(start))
		modprobe(arguments);
}
