/* Rules that stand outside of their policy and hold at times. */
#pragma once

struct scope;
struct written;

/* Puts each `scheduled_rule` into its policy: the one that it names, behind its own rules, or one
 * between its zones, which is tried ahead of others. */
void schedules_resolve(struct scope *scope, struct written *written);
