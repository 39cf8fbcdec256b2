/* Attributes, indexes and splats. */
#pragma once
#include "value/value.h"

struct expr_path;

/* The value at the end of a path, or poison with a message. */
struct value path_evaluate(struct scope *scope, const struct expr_path *path);

/* Whether a path is written out, so that it could be meant as a name: x.name, x.0, x["key"]. */
bool path_is_plain(const struct expr_path *path);

/* The element or member that `key` stands for, or poison with a message at `at`. */
struct value index_evaluate(struct scope *scope, const struct value *of, const struct value *key,
			    struct span at);
