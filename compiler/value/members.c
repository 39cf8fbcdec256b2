#include "value/members.h"

#include <stdlib.h>

#include "base/arena.h"

struct member_index member_index_new(struct arena *arena, uint32_t members)
{
	struct member_index index = { .size = 4 };
	while (index.size < members * 2)
		index.size *= 2;
	index.slots = arena_array(arena, index.size, sizeof *index.slots);
	return index;
}

struct member *member_place(struct value *object, struct member_index *index, const char *name)
{
	uint32_t slot = (uint32_t)((uintptr_t)name >> 4) * UINT32_C(2654435761);
	slot = slot >> 7 & (index->size - 1);
	while (index->slots[slot] && object->members[index->slots[slot] - 1].name != name)
		slot = (slot + 1) & (index->size - 1);
	if (index->slots[slot] == 0) {
		object->members[object->count].name = name;
		index->slots[slot] = ++object->count;
	}
	return &object->members[index->slots[slot] - 1];
}

/* Names are interned: their addresses are as good an order as any. */
static int by_name(const void *left, const void *right)
{
	const struct member *const *a = left, *const *b = right;
	uintptr_t x = (uintptr_t)(*a)->name, y = (uintptr_t)(*b)->name;
	return (x > y) - (x < y);
}

struct member **members_sorted(struct arena *arena, const struct value *object)
{
	struct member **sorted = arena_array(arena, object->count, sizeof(struct member *));
	for (uint32_t i = 0; i < object->count; i++)
		sorted[i] = &object->members[i];
	qsort(sorted, object->count, sizeof *sorted, by_name);
	return sorted;
}
