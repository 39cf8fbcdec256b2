#include "runtime/store/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* What is larger is damaged: memory for it would not be had, and the machine stay open. */
static const off_t size_most = 256 << 20;

/* The folders of a generation are two deep. */
enum { FOLDER_DEPTH = 4, TEMPORARY_SIZE = 128 };

static int read_all(int fd, char *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = read(fd, bytes + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		done += (size_t)n;
	}
	return 0;
}

int file_read(struct arena *arena, int folder, const char *name, struct text *out)
{
	struct stat known;
	autoclose int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &known) < 0)
		return -errno;
	if (!S_ISREG(known.st_mode))
		return -EINVAL;
	if (known.st_size > size_most)
		return -EFBIG;
	size_t size = (size_t)known.st_size;
	char *bytes = arena_alloc(arena, size + 1);
	int error = read_all(fd, bytes, size);
	if (error)
		return error;
	*out = (struct text){ bytes, size };
	return 0;
}

static int write_all(int fd, struct text text)
{
	for (size_t done = 0; done < text.n;) {
		ssize_t n = write(fd, text.s + done, text.n - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		done += (size_t)n;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

int file_create(int folder, const char *name, struct text text)
{
	autoclose int fd =
		openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	int error = write_all(fd, text);
	if (error)
		(void)unlinkat(folder, name, 0);
	return error;
}

/* Only one program at a time writes here, so a file of that name is what a killed one left. */
static void temporary_name(const char *name, char out[TEMPORARY_SIZE])
{
	snprintf(out, TEMPORARY_SIZE, ".%s.new", name);
}

static int temporary_rename(int folder, const char *temporary, const char *name)
{
	if (renameat(folder, temporary, folder, name) == 0)
		return folder_sync(folder);
	int error = -errno;
	(void)unlinkat(folder, temporary, 0);
	return error;
}

int file_replace(int folder, const char *name, struct text text)
{
	char temporary[TEMPORARY_SIZE];
	temporary_name(name, temporary);
	(void)unlinkat(folder, temporary, 0);
	int error = file_create(folder, temporary, text);
	return error ? error : temporary_rename(folder, temporary, name);
}

int link_replace(int folder, const char *name, const char *target)
{
	char temporary[TEMPORARY_SIZE];
	temporary_name(name, temporary);
	(void)unlinkat(folder, temporary, 0);
	if (symlinkat(target, folder, temporary) < 0)
		return -errno;
	return temporary_rename(folder, temporary, name);
}

int folder_at(int folder, const char *name, bool makes)
{
	bool is_made = makes && mkdirat(folder, name, 0755) == 0;
	if (makes && !is_made && errno != EEXIST)
		return -errno;
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int error = is_made && folder != AT_FDCWD ? folder_sync(folder) : 0;
	if (error) {
		close(fd);
		return error;
	}
	return fd;
}

int folder_sync(int folder)
{
	return fsync(folder) == 0 || errno == EINVAL || errno == EROFS ? 0 : -errno;
}

static void close_listing(DIR **listing)
{
	if (*listing)
		closedir(*listing);
}

static int remove_entry(int folder, const char *name, int depth);

static int remove_content(int fd, int depth)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0), first = 0;
	__attribute__((cleanup(close_listing))) DIR *listing = own < 0 ? NULL : fdopendir(own);
	const struct dirent *entry;

	if (!listing)
		return -errno;
	while ((entry = readdir(listing))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		int error = remove_entry(fd, entry->d_name, depth);
		first = first ? first : error;
	}
	return first;
}

static int remove_entry(int folder, const char *name, int depth)
{
	if (unlinkat(folder, name, 0) == 0)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	autoclose int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	int error = depth < FOLDER_DEPTH ? remove_content(fd, depth + 1) : -ELOOP;
	if (error)
		return error;
	return unlinkat(folder, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

int folder_remove(int folder, const char *name)
{
	return remove_entry(folder, name, 0);
}
