#include "input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/source.h"

/* What the scanner wants behind the text. */
enum { NULS = 2 };

typedef VEC(char) buffer;

static void unreadable(struct diags *diags, const char *path, const char *why)
{
	struct diag *d = diag_error(diags, D_UNREADABLE, NOWHERE);
	diag_say(d, "cannot read %s: %s", path, why);
}

static void too_large(struct diags *diags, const char *path)
{
	struct diag *d = diag_error(diags, D_TOO_LARGE, NOWHERE);
	diag_say(d, "%s is too large: a configuration may have up to 1 GiB", path);
}

static bool make_room(struct arena *arena, buffer *into, uint32_t room)
{
	while (into->cap - into->n < room + NULS) {
		if (into->cap > SOURCE_MAX)
			return false;
		into->at = arena_grow(arena, into->at, &into->cap, 1);
	}
	return true;
}

/* Reads to the end. The size that the file system tells is only a hint: pipes have none, and a file
 * may grow meanwhile. */
static void read_all(struct sources *sources, struct diags *diags, const char *name, int fd,
		     uint32_t hint)
{
	buffer text = { 0 };
	if (hint > 0 && hint <= SOURCE_MAX) {
		text.cap = hint + NULS + 1;
		text.at = arena_alloc(sources->arena, text.cap);
	}
	for (;;) {
		uint32_t room = text.cap > text.n + NULS ? text.cap - text.n - NULS : 0;
		if (room == 0) {
			if (!make_room(sources->arena, &text, 4096)) {
				too_large(diags, name);
				return;
			}
			continue;
		}
		ssize_t got = read(fd, text.at + text.n, room);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			unreadable(diags, name, strerror(errno));
			return;
		}
		if (got == 0)
			break;
		text.n += (uint32_t)got;
	}
	memset(text.at + text.n, 0, NULS);
	if (!source_add(sources, name, text.at, text.n))
		too_large(diags, name);
}

static void add_file(struct sources *sources, struct diags *diags, const char *path, int fd,
		     const struct stat *status)
{
	if (S_ISBLK(status->st_mode) || S_ISSOCK(status->st_mode)) {
		unreadable(diags, path, "not a file");
		return;
	}
	if (status->st_size > SOURCE_MAX) {
		too_large(diags, path);
		return;
	}
	read_all(sources, diags, path, fd, (uint32_t)status->st_size);
}

static int is_config(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);
	return entry->d_name[0] != '.' && n > 4 && strcmp(entry->d_name + n - 4, ".hcl") == 0;
}

static void add_path(struct sources *sources, struct diags *diags, const char *path,
		     bool is_member);

static void add_directory(struct sources *sources, struct diags *diags, const char *path)
{
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, is_config, alphasort);
	if (count < 0)
		unreadable(diags, path, strerror(errno));
	if (count == 0)
		unreadable(diags, path, "it is a directory without any *.hcl file");
	for (int i = 0; i < count; i++) {
		size_t n = strlen(path);
		const char *slash = n > 0 && path[n - 1] == '/' ? "" : "/";
		add_path(sources, diags,
			 arena_printf(sources->arena, "%s%s%s", path, slash, entries[i]->d_name),
			 true);
		free(entries[i]);
	}
	free(entries);
}

static void add_path(struct sources *sources, struct diags *diags, const char *path, bool is_member)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) < 0)
		unreadable(diags, path, strerror(errno));
	else if (S_ISDIR(status.st_mode) && is_member)
		unreadable(diags, path, "it is a directory");
	else if (S_ISDIR(status.st_mode))
		add_directory(sources, diags, path);
	else
		add_file(sources, diags, path, fd, &status);
	if (fd >= 0)
		close(fd);
}

void input_add(struct sources *sources, struct diags *diags, const char *path)
{
	if (strcmp(path, "-") == 0)
		read_all(sources, diags, "<stdin>", STDIN_FILENO, 0);
	else
		add_path(sources, diags, path, false);
}

void input_add_text(struct sources *sources, struct diags *diags, const char *name,
		    struct text text)
{
	name = text_copy(sources->arena, text_of(name));
	if (text.n > SOURCE_MAX) {
		too_large(diags, name);
		return;
	}
	char *copy = arena_alloc(sources->arena, text.n + NULS);
	if (text.n)
		memcpy(copy, text.s, text.n);
	if (!source_add(sources, name, copy, (uint32_t)text.n))
		too_large(diags, name);
}
