/* Numbers by text: which thing, which line. */
#pragma once
#include <stdint.h>

#include "base/text.h"

struct arena;

/* Zero is an empty lookup. The texts are not copied. */
struct lookup {
	struct lookup_slot {
		struct text key; /* NULL: free */
		uint32_t hash, value;
	} * slots;
	uint32_t n, size;
};

/* Where the number of `key` stands; 0 for a key that was not there yet. Valid until the next call.
 */
uint32_t *lookup_at(struct arena *arena, struct lookup *lookup, struct text key);

/* The number of `key`, or 0 where it is not there. */
uint32_t lookup_get(const struct lookup *lookup, struct text key);
