/* What nothing refers to any more goes, by its name as it is: somebody else may have given it one
 * that nft cannot read. */
#pragma once
#include "runtime/change/kernel.h"

/* Waits until no packet can be looking at them, and deletes the things in one transaction. 0, or
 * -errno. */
must_check int removal_run(struct arena *arena, const char *table,
			   const struct view_thing *const *things, uint32_t n);
