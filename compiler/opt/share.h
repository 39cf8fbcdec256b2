/* Chains, and ends of chains, that are alike. */
#pragma once

struct ruleset;

/* Chains with equal rules become one. */
void share_chains(struct ruleset *ruleset);

/* Where many chains end in the same rules, these get a chain of their own. */
void share_tails(struct ruleset *ruleset);

/* Chains, sets and objects that nothing refers to any more are taken out. What counts or remembers
 * stays. */
void drop_unused(struct ruleset *ruleset);
