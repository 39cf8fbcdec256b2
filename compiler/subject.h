/* What a place in the configuration belongs to, as people call it. */
#pragma once
#include "base/arena.h"
#include "base/source.h"
#include "syntax/tree.h"

struct subject {
	const char *name; /* policy lan -> wan, rule "web" */
	struct span at;	  /* where that begins */
	const struct block *block;
	const struct attribute *attribute;
};

/* Finds the innermost block that the place lies in; where that has no labels, the attribute too.
 * False where it lies in none. What stands in `*subject` from the call before is used again where
 * it is right. */
bool subject_find(struct arena *arena, const struct body *body, struct span at,
		  struct subject *subject);
