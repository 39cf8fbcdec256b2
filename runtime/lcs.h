/* What two sequences have in common. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct arena;

/* Numbers that stand for lines: equal numbers, equal lines. `changed` has one flag an item. */
struct sequence {
	const uint32_t *items;
	uint32_t n;
	bool *changed;
};

/* Sets `changed` for the items that a shortest edit script removes from `a` or adds from `b`, so
 * that the others are the same sequence on both sides. Where the two differ almost everywhere the
 * script may be somewhat longer than the shortest, so that the time stays bounded. */
void sequences_compare(struct arena *arena, const struct sequence *a, const struct sequence *b);
