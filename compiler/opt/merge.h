/* Rules in a row that say the same of several values. */
#pragma once

struct ruleset;

/* Such rules become one, with a set of these values. */
void merge_rules(struct ruleset *ruleset);
