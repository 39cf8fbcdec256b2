/* What the limits of zones have refused, by pairs of zones: flywall's table counts it in a set. */
#pragma once
#include "runtime/scope.h"
#include "runtime/state/tally.h"

/* Adds the packets of each pair to the row that the key of the group "zone" names. `table` is of
 * the family inet. 0, also where there is no such set, or -errno. */
must_check int refusals_read(const char *table, const char *set, struct tally *out);
