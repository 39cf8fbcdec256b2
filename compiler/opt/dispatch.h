/* Rules about protocols and ports, looked up instead of walked through. */
#pragma once

struct ruleset;

/* Runs of such rules in a chain become one look-up. Chains whose packets are told apart by one
 * thing, as those of pairs of zones are, share a map that has it in front: the kernel takes the
 * longer for a set the more sets there are, and there may be thousands of pairs. */
void dispatch_ports(struct ruleset *ruleset);
