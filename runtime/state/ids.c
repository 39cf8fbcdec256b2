#include "runtime/state/ids.h"

#include <stdlib.h>

enum { SIZE_FIRST = 1024 };

/* Open addressing; the kernel's IDs are hashes already. */
static size_t home_of(const struct ids *ids, uint32_t id)
{
	return (id * UINT32_C(2654435769)) & (ids->size - 1);
}

/* Where the ID stands, or the free place where it would. */
static size_t place_of(const struct ids *ids, uint32_t id)
{
	size_t i = home_of(ids, id);

	while (ids->at[i] && ids->at[i] != id)
		i = (i + 1) & (ids->size - 1);
	return i;
}

static void grow(struct ids *ids)
{
	struct ids old = *ids;

	ids->size = old.size ? old.size * 2 : SIZE_FIRST;
	ids->at = calloc(ids->size, sizeof *ids->at);
	if (!ids->at)
		abort();
	for (size_t i = 0; i < old.size; i++)
		if (old.at[i])
			ids->at[place_of(ids, old.at[i])] = old.at[i];
	free(old.at);
}

void ids_add(struct ids *ids, uint32_t id)
{
	if (id == 0) {
		ids->has_zero = true;
		return;
	}
	if (ids->n >= ids->size / 4 * 3)
		grow(ids);
	size_t place = place_of(ids, id);
	ids->n += ids->at[place] == 0;
	ids->at[place] = id;
}

bool ids_has(const struct ids *ids, uint32_t id)
{
	if (id == 0)
		return ids->has_zero;
	return ids->size && ids->at[place_of(ids, id)] == id;
}

/* Each ID behind a hole moves into it unless its home lies between the hole and itself. */
static void close_hole(struct ids *ids, size_t hole)
{
	size_t mask = ids->size - 1;

	for (size_t i = (hole + 1) & mask; ids->at[i]; i = (i + 1) & mask) {
		size_t home = home_of(ids, ids->at[i]);
		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		ids->at[hole] = ids->at[i];
		hole = i;
	}
	ids->at[hole] = 0;
}

bool ids_remove(struct ids *ids, uint32_t id)
{
	bool is_there = ids_has(ids, id);

	if (!is_there)
		return false;
	if (id == 0) {
		ids->has_zero = false;
		return true;
	}
	close_hole(ids, place_of(ids, id));
	ids->n--;
	return true;
}

void ids_free(struct ids *ids)
{
	free(ids->at);
	*ids = (struct ids){ 0 };
}
