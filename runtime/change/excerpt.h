/* The part of a ruleset that changes, with just enough around it that it loads by itself. */
#pragma once
#include "runtime/change/difference.h"
#include "runtime/change/draft.h"

/* Where elements that are removed from sets are put, each in a set of the same name. */
#define EXCERPT_FORMER "former"

/* Whether a set changes by some of its elements alone, so that the excerpt has just these. */
bool excerpt_is_partial(const struct delta *delta);

/* Writes the things that differ, whole but for such sets, and what they name without its contents.
 */
void excerpt_write(struct draft *draft, const struct model *wanted, const struct model *former,
		   const struct difference *difference);
