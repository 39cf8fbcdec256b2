/* The members of objects, found by name without walking all of them. */
#pragma once
#include "value/value.h"

/* Members that are being collected, by name. */
struct member_index {
	uint32_t *slots; /* positions + 1; 0 is free */
	uint32_t size;
};

struct member_index member_index_new(struct arena *arena, uint32_t members);

/* The place of the member `name` in `object`, whose array has room for it: its own where it stands
 * there already, else a new one. */
struct member *member_place(struct value *object, struct member_index *index, const char *name);

/* The members of an object in an order that depends on their names alone. */
struct member **members_sorted(struct arena *arena, const struct value *object);
