/* Connections that outlive the dump that told of them, sorted where that is wanted. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/state/connection.h"
#include "runtime/state/options.h"

struct arena;
struct names;

enum sort_key { SORT_NONE, SORT_BYTES, SORT_PACKETS, SORT_AGE, SORT_TIMEOUT };

/* The largest come first, or the smallest where `is_reverse`; with a `limit` no more than those
 * that come first are kept. */
struct kept {
	enum sort_key key;
	bool is_reverse;
	uint64_t limit; /* 0: none */
	struct connection *at;
	size_t n, room;
	struct arena *arena; /* for what connections point to */
	struct names *words; /* of helpers */
};

/* Reads "bytes", "age:reverse" and so on into `key` and `is_reverse`; false where it is none. */
bool sort_read(const char *text, struct kept *kept);

/* What sorting reads. */
uint32_t sort_fields(enum sort_key key);

/* Whether the kernel told what is sorted by. */
bool sort_is_known(enum sort_key key, const struct connection *connection);

void kept_add(struct kept *kept, const struct connection *connection);

/* Puts them in order. */
void kept_sort(struct kept *kept);
void kept_free(struct kept *kept);
