/* What rules ask for that their connections do not get. */
#pragma once

struct config;
struct scope;

/* Warns of what comes too late for a helper, and of what does not reach the connections that a
 * synproxy opens. */
void kept_check(struct scope *scope, const struct config *config);
