/* Elements of sets and matches, for tests that fill them by hand. */
#pragma once
#include "base/arena.h"
#include "ir/ruleset.h"

/* The element with room for as many parts and values as any may have. */
static inline struct ir_element *with_room(struct arena *arena, struct ir_element *element)
{
	element->parts = arena_array(arena, IR_TERMS_MAX, sizeof *element->parts);
	element->data = arena_array(arena, IR_DATA_MAX, sizeof *element->data);
	return element;
}
