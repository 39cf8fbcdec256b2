#include "runtime/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/store/file.h"

static const char *const link_names[] = {
	[LINK_CURRENT] = "current",
	[LINK_CONFIRMED] = "confirmed",
};

static const char link_prefix[] = "generations/";

/* All folders of the path, as mkdir -p. */
static int folders_make(const char *path)
{
	char part[PATH_MAX];
	int n = snprintf(part, sizeof part, "%s", path);
	if (n <= 0 || n >= (int)sizeof part)
		return -ENAMETOOLONG;
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return mkdir(part, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

/* The host without flywall is what the first generation replaces, and what boots until somebody has
 * kept another. */
static int origin_make(const struct store *store)
{
	autoarena struct arena *arena = arena_new();
	struct generation_numbers numbers = { 0 };
	struct generation origin = { 0 };
	if (store_follow(store, LINK_CURRENT) != GENERATION_NONE)
		return 0;
	int error = generation_numbers(arena, store, &numbers);
	/* More than one, and a link that is lost: nobody knows what is in force. */
	if (error || numbers.all.n > 1)
		return error;
	if (numbers.all.n == 0)
		error = generation_add(arena, store, &origin);
	if (!error)
		error = generation_confirm(store, 0);
	if (!error)
		error = store_point(store, LINK_CONFIRMED, 0);
	return error ? error : store_point(store, LINK_CURRENT, 0);
}

int store_open(const char *path, bool makes, struct store *out)
{
	int error = makes ? folders_make(path) : 0;
	if (error)
		return error;
	autostore struct store store = { folder_at(AT_FDCWD, path, false), path };
	if (store.fd < 0)
		return store.fd;
	error = makes ? origin_make(&store) : 0;
	if (error)
		return error;
	*out = store;
	store.fd = -1;
	return 0;
}

void store_close(struct store *store)
{
	if (store->fd >= 0)
		close(store->fd);
}

uint32_t store_follow(const struct store *store, enum store_link link)
{
	char target[64], *end;
	size_t prefix = sizeof link_prefix - 1;
	ssize_t n = readlinkat(store->fd, link_names[link], target, sizeof target - 1);
	if (n <= (ssize_t)prefix || strncmp(target, link_prefix, prefix) != 0)
		return GENERATION_NONE;
	target[n] = '\0';
	unsigned long number = strtoul(target + prefix, &end, 10);
	return *end || number >= GENERATION_NONE ? GENERATION_NONE : (uint32_t)number;
}

int store_point(const struct store *store, enum store_link link, uint32_t number)
{
	char target[64];
	snprintf(target, sizeof target, "%s%u", link_prefix, number);
	return link_replace(store->fd, link_names[link], target);
}

int store_read(struct arena *arena, const struct store *store, const char *name, struct text *out)
{
	struct text text = { "", 0 };
	int error = file_read(arena, store->fd, name, &text);
	if (error && error != -ENOENT)
		return error;
	*out = text;
	return 0;
}

int store_write(const struct store *store, const char *name, struct text text)
{
	return file_replace(store->fd, name, text);
}

int store_remove(const struct store *store, const char *name)
{
	if (unlinkat(store->fd, name, 0) < 0)
		return errno == ENOENT ? 0 : -errno;
	return folder_sync(store->fd);
}

int store_link(const struct store *store, const char *name, const char *second)
{
	int error = store_remove(store, second);
	if (error)
		return error;
	if (linkat(store->fd, name, store->fd, second, 0) < 0)
		return -errno;
	return folder_sync(store->fd);
}

bool store_has(const struct store *store, const char *name)
{
	return faccessat(store->fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}
