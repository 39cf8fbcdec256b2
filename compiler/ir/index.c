#include "ir/index.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

/* Open addressing; the table is at most half full. */
static struct index_slot *find_slot(const struct index *index, const char *name)
{
	uint32_t i = hash_string(HASH_START, name) & (index->size - 1);
	while (index->slots[i].name && strcmp(index->slots[i].name, name) != 0)
		i = (i + 1) & (index->size - 1);
	return &index->slots[i];
}

static void grow(struct arena *arena, struct index *index)
{
	struct index larger = { .n = index->n, .size = index->size ? index->size * 2 : 64 };
	larger.slots = arena_array(arena, larger.size, sizeof *larger.slots);
	for (uint32_t i = 0; i < index->size; i++)
		if (index->slots[i].name)
			*find_slot(&larger, index->slots[i].name) = index->slots[i];
	*index = larger;
}

void *index_find(const struct index *index, const char *name)
{
	return index->size ? find_slot(index, name)->thing : NULL;
}

void index_add(struct arena *arena, struct index *index, const char *name, void *thing)
{
	if (index->n * 2 >= index->size)
		grow(arena, index);
	*find_slot(index, name) = (struct index_slot){ name, thing };
	index->n++;
}
