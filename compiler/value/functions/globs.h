/* Patterns of paths: * ? [...] within a name, ** for any folders, {a,b} for alternatives. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"

struct globs {
	VEC(const char *) all;
};

/* The patterns that `pattern` stands for once its alternatives are written out; false where there
 * are too many. */
bool glob_expand(struct arena *arena, const char *pattern, struct globs *out);

/* Whether a path, without a slash at its beginning, is like a pattern without alternatives. */
bool glob_matches(const char *pattern, const char *path);
