#include "value/functions/folders.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/utf8.h"

/* A list of addresses of this size is larger than any that the kernel takes. */
enum { FILE_MAX = 64 << 20 };

/* Where the configuration comes from standard input, the current folder counts. */
static struct text folder_name(const struct call *call)
{
	const char *source = source_find(call->scope->sources, call->at.start)->name;
	const char *slash = strrchr(source, '/');
	return slash ? (struct text){ source, (size_t)(slash - source) } : TEXT("");
}

const char *folder_path(const struct call *call, const char *path)
{
	struct text folder = folder_name(call);
	if (folder.n == 0)
		return path;
	return arena_printf(call->scope->arena, "%.*s/%s", (int)folder.n, folder.s, path);
}

struct value file_refuse(const struct call *call, uint32_t index, const char *why, const char *help)
{
	struct diag *d = diag_error(call->scope->diags, D_CALL_FILE, argument_span(call, index));
	struct text path = call->arguments[index].string;
	diag_say(d, "%s cannot read %s: %s", call->function->name, folder_path(call, path.s), why);
	diag_help(d, "%s", help);
	return call_poison(call);
}

int folder_open(const struct call *call)
{
	const char *path = folder_path(call, ".");
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		file_refuse(call, 0, strerror(errno), "paths begin where the configuration stands");
	return fd;
}

int folder_open_file(int folder, const char *path, int flags)
{
	struct open_how how = { .flags = (uint64_t)(flags | O_CLOEXEC),
				.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS };
	long fd = syscall(SYS_openat2, folder, path, &how, sizeof how);
	return fd < 0 ? -errno : (int)fd;
}

static bool is_utf8(struct text text)
{
	uint32_t c;
	for (int size; text.n > 0; text.s += size, text.n -= (size_t)size)
		if ((size = code_point_decode(text.s, text.n, &c)) < 1)
			return false;
	return true;
}

/* Bytes that come while it is read are left out. */
static bool read_bytes(int fd, char *out, size_t size, size_t *n)
{
	for (*n = 0; *n < size;) {
		ssize_t got = read(fd, out + *n, size - *n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		*n += (size_t)got;
	}
	return true;
}

static bool refuse(const struct call *call, uint32_t index, const char *why, const char *help)
{
	file_refuse(call, index, why, help);
	return false;
}

static bool read_open(const struct call *call, uint32_t index, int fd, struct text *out)
{
	struct stat status;
	if (fstat(fd, &status) < 0)
		return refuse(call, index, strerror(errno), "see whether it may be read");
	if (!S_ISREG(status.st_mode))
		return refuse(call, index, "it is not a regular file",
			      "name a file; fileset lists those of a folder");
	if (status.st_size > FILE_MAX)
		return refuse(call, index, "it is larger than 64 MiB",
			      "an ipset reads large lists by its own attribute file");
	char *text = arena_alloc(call->scope->arena, (size_t)status.st_size + 1);
	size_t n;
	if (!read_bytes(fd, text, (size_t)status.st_size, &n))
		return refuse(call, index, strerror(errno), "see whether it may be read");
	*out = (struct text){ text, n };
	return is_utf8(*out) || refuse(call, index, "it is not UTF-8", "strings are UTF-8 text");
}

static bool refuse_open(const struct call *call, uint32_t index, int error)
{
	if (error == -EXDEV || error == -ELOOP)
		return refuse(call, index, "it lies outside of the configuration's folder",
			      "put it beside the configuration, or into a folder there");
	if (error == -ENOENT)
		return refuse(call, index, strerror(ENOENT),
			      "paths begin where the configuration stands");
	return refuse(call, index, strerror(-error), "see whether it may be read");
}

bool folder_read(const struct call *call, uint32_t index, struct text *out)
{
	struct text path = call->arguments[index].string;
	int folder = folder_open(call);
	if (folder < 0)
		return false;
	int fd = strlen(path.s) == path.n
			 ? folder_open_file(folder, path.s, O_RDONLY | O_NONBLOCK | O_NOCTTY)
			 : -ENOENT;
	close(folder);
	if (fd < 0)
		return refuse_open(call, index, fd);
	bool is_read = read_open(call, index, fd, out);
	close(fd);
	return is_read;
}
