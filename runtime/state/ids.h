/* A set of the kernel's connection IDs: four bytes each, in a table that is half full on average.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero is an empty set. */
struct ids {
	uint32_t *at; /* 0: the place is free */
	size_t size, n;
	bool has_zero;
};

/* Running out of memory ends the process. */
void ids_add(struct ids *ids, uint32_t id);

bool ids_has(const struct ids *ids, uint32_t id);

/* True: it was there. */
bool ids_remove(struct ids *ids, uint32_t id);

void ids_free(struct ids *ids);
