/* What only accepted packets need, done when they are accepted. */
#pragma once

struct fall;
struct ruleset;

/* A chain that marks the connection, then accepts some packets and has the rest dropped, marks what
 * it accepts only. Of `fall` only chains that were there when it was found are asked for. */
void mark_late(struct ruleset *ruleset, const struct fall *fall);
