/* Policies that log or count what others decide on. */
#pragma once

struct config;
struct scope;

/* Warns of a policy without an action whose log or counter sees nothing, because between all of its
 * zones another policy's action decides on what no rule does. */
void watch_check(struct scope *scope, const struct config *config);
