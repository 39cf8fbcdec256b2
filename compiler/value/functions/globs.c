#include "value/functions/globs.h"

#include <fnmatch.h>
#include <string.h>

enum { PATTERNS_MAX = 1000, NAME_MAX_LENGTH = 4096, FOLDERS_MAX = 4 };

/* The closing brace that belongs to the opening one at `at`. */
static const char *brace_end(const char *at)
{
	int depth = 0;
	for (; *at; at++) {
		if (*at == '\\' && at[1])
			at++;
		else if (*at == '{')
			depth++;
		else if (*at == '}' && --depth == 0)
			return at;
	}
	return NULL;
}

/* The comma, or the closing brace, that ends the alternative at `at`. */
static const char *alternative_end(const char *at, const char *last)
{
	int depth = 0;
	for (; at < last; at++) {
		if (*at == '\\' && at + 1 < last)
			at++;
		else if (*at == '{')
			depth++;
		else if (*at == '}')
			depth--;
		else if (*at == ',' && depth == 0)
			return at;
	}
	return last;
}

bool glob_expand(struct arena *arena, const char *pattern, struct globs *out)
{
	const char *open = strchr(pattern, '{');
	const char *close = open ? brace_end(open) : NULL;
	if (!close) {
		*push(arena, &out->all) = pattern;
		return out->all.n <= PATTERNS_MAX;
	}
	for (const char *at = open + 1; at <= close;) {
		const char *end = alternative_end(at, close);
		const char *one = arena_printf(arena, "%.*s%.*s%s", (int)(open - pattern), pattern,
					       (int)(end - at), at, close + 1);
		if (!glob_expand(arena, one, out))
			return false;
		at = end + 1;
	}
	return true;
}

static size_t name_length(const char *path)
{
	return strcspn(path, "/");
}

static const char *behind_name(const char *path)
{
	path += name_length(path);
	return *path ? path + 1 : path;
}

static bool name_matches(const char *pattern, const char *path)
{
	char wanted[NAME_MAX_LENGTH], name[NAME_MAX_LENGTH];
	size_t n = name_length(pattern), m = name_length(path);
	if (n >= sizeof wanted || m >= sizeof name)
		return false;
	memcpy(wanted, pattern, n);
	memcpy(name, path, m);
	wanted[n] = name[m] = '\0';
	return fnmatch(wanted, name, 0) == 0;
}

static bool matches(const char *pattern, const char *path, int folders)
{
	for (; *pattern; pattern = behind_name(pattern), path = behind_name(path)) {
		if (name_length(pattern) == 2 && memcmp(pattern, "**", 2) == 0) {
			const char *rest = behind_name(pattern);
			if (!*rest)
				return true;
			if (folders == FOLDERS_MAX)
				return false;
			for (; *path; path = behind_name(path))
				if (matches(rest, path, folders + 1))
					return true;
			return false;
		}
		if (!*path || !name_matches(pattern, path))
			return false;
	}
	return !*path;
}

bool glob_matches(const char *pattern, const char *path)
{
	return matches(pattern, path, 0);
}
