/* Names for large sets. */
#pragma once

struct ruleset;

/* Other content is another set, so that no packet finds one that is half of each. From a thousand
 * elements on that is too dear where one of them changes: such a set is named after what it is, not
 * after what it holds, gets room for more, and is filled anew in place. Its elements change in one
 * step as rules do, and the rules that look into it stay as they are. */
void sets_settle(struct ruleset *ruleset);
