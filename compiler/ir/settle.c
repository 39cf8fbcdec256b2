#include "ir/settle.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "ir/content.h"
#include "ir/index.h"
#include "ir/name.h"
#include "ir/ruleset.h"

enum { LARGE_SET = 1024 };

static bool is_large(const struct ir_set *set)
{
	return !set->is_dynamic && set->elements.n + set->prefixes_n >= LARGE_SET;
}

/* The next power of two: the size is part of what a set is. */
static uint32_t room_for(uint32_t n)
{
	uint32_t room = LARGE_SET;
	while (room < n)
		room *= 2;
	return room;
}

static uint32_t shape_hash(const struct ir_set *set)
{
	struct ir_set shape = *set;
	shape.elements.n = 0;
	shape.prefixes_n = 0;
	return hash_bytes(set_hash(&shape), &set->size, sizeof set->size);
}

void sets_settle(struct ruleset *ruleset)
{
	struct index names = { 0 };
	for (uint32_t i = 0; i < ruleset->sets.n; i++) {
		struct ir_set *set = ruleset->sets.at[i];
		if (!is_large(set))
			continue;
		const char *end = strrchr(set->name, '_');
		const char *base =
			arena_printf(ruleset->arena, "%.*s", (int)(end - set->name), set->name);
		if (set->size > 0)
			set->size = room_for(set->size);
		uint32_t hash = shape_hash(set);
		do
			set->name = name_hashed(ruleset->arena, base, hash++);
		while (index_find(&names, set->name));
		index_add(ruleset->arena, &names, set->name, set);
		set->is_refilled = true;
	}
}
