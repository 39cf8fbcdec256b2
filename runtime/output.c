#include "runtime/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/program.h"

enum { TRIES = 100 };

/* The length of the folder's name in `path`, with its slash. */
static size_t folder_length(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* A new file in the folder of `path`, so that the rename stays in one file system. */
static int temporary_open(const char *path, mode_t mode, char **name)
{
	size_t folder = folder_length(path);

	for (int i = 0; i < TRIES; i++) {
		autofree char *tried = NULL;
		if (asprintf(&tried, "%.*s.%s.%d.%d", (int)folder, path, path + folder, getpid(),
			     i) < 0)
			return -ENOMEM;
		int fd = open(tried, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (fd < 0 && errno == EEXIST)
			continue;
		if (fd < 0)
			return -errno;
		*name = tried;
		tried = NULL;
		return fd;
	}
	return -EEXIST;
}

/* A new file gets the usual mode, one that is replaced keeps its own. */
static int content_open(struct output *output)
{
	struct stat known;
	if (stat(output->path, &known) < 0) {
		if (errno != ENOENT)
			return -errno;
		return temporary_open(output->path, 0666, &output->temporary);
	}
	if (S_ISDIR(known.st_mode))
		return -EISDIR;
	if (!S_ISREG(known.st_mode)) {
		int fd = open(output->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		return fd < 0 ? -errno : fd;
	}
	int fd = temporary_open(output->path, 0600, &output->temporary);
	if (fd >= 0 && fchmod(fd, known.st_mode & 07777) < 0) {
		int error = -errno;
		close(fd);
		return error;
	}
	return fd;
}

int output_open(const char *path, struct output *out)
{
	autooutput struct output output = { 0 };

	output.path = realpath(path, NULL);
	if (!output.path)
		output.path = strdup(path);
	if (!output.path)
		return -ENOMEM;
	int fd = content_open(&output);
	if (fd < 0)
		return fd;
	output.stream = fdopen(fd, "w");
	if (!output.stream) {
		close(fd);
		return -ENOMEM;
	}
	*out = output;
	output = (struct output){ 0 };
	return 0;
}

/* A file system that has no fsync for folders has nothing to lose by it. */
static void folder_sync(const char *path)
{
	size_t length = folder_length(path);
	autofree char *folder = length ? strndup(path, length) : strdup(".");
	autoclose int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (fd >= 0)
		(void)fsync(fd);
}

int output_commit(struct output *output)
{
	int error = stream_flush(output->stream);
	if (error || !output->temporary)
		return error;
	if (fsync(fileno(output->stream)) < 0)
		return -errno;
	if (rename(output->temporary, output->path) < 0)
		return -errno;
	free(output->temporary);
	output->temporary = NULL;
	folder_sync(output->path);
	return 0;
}

void output_close(struct output *output)
{
	if (output->stream)
		fclose(output->stream);
	if (output->temporary)
		unlink(output->temporary);
	free(output->temporary);
	free(output->path);
	*output = (struct output){ 0 };
}
