/* The same ruleset with less to look at for each packet. */
#pragma once

struct diags;
struct ruleset;

/* Warns of rules that the user wrote and that no packet reaches, because those ahead of them take
 * all of theirs. */
void warn_dead(const struct ruleset *ruleset, struct diags *diags);

/* Every packet gets the same verdict afterwards. Rules that differ in what they look at become one
 * look-up, chains and ends of chains that are alike become one. */
void optimise(struct ruleset *ruleset);
