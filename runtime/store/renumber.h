/* Whether the numbers of zones, as connections carry them in their marks, change their meaning. */
#pragma once
#include "base/text.h"

/* Of two names.json. True where a number of the first is another zone's in the second, and where
 * the first cannot be read: what it said is not known. */
bool zones_are_renumbered(struct text before, struct text after);
