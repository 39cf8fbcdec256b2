/* Things by name, found in one step. */
#pragma once
#include <stdint.h>

struct arena;

/* Zero is an empty index. */
struct index {
	struct index_slot {
		const char *name; /* NULL: free */
		void *thing;
	} * slots;
	uint32_t n, size;
};

/* What has that name, or NULL. */
void *index_find(const struct index *index, const char *name);

/* Adds a name that is not there yet. */
void index_add(struct arena *arena, struct index *index, const char *name, void *thing);
