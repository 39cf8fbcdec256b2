/* Rules about protocols and ports, looked up instead of walked through. */
#pragma once

struct fall;
struct ruleset;

/* Runs of such rules in a chain become one look-up. The kernel takes the longer for a set the more
 * sets there are, and there may be thousands of pairs of zones: behind the first hundred, chains
 * whose packets are told apart by one thing, as those of pairs are, share a map that has it in
 * front. It costs a packet a little more, and a changed rule is a changed element of it: another
 * map for the pair would have to wait until no packet looks into the one before. */
void dispatch_ports(struct ruleset *ruleset, const struct fall *fall);
