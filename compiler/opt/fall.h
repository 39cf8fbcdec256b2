/* Chains behind whose last rule there is nothing but the drop of a base chain. */
#pragma once
#include <stdbool.h>

struct fall;
struct ir_chain;
struct ruleset;

/* Looks at all ways into all chains, in the ruleset's arena. */
const struct fall *fall_find(const struct ruleset *ruleset);

/* Whether a packet that comes out of the end of `chain` is dropped, whichever way it came. */
bool falls_to_drop(const struct fall *fall, const struct ir_chain *chain);
