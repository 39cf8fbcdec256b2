/* What is written for connections, where zones have none. */
#pragma once

struct config;
struct scope;

/* Reports limits, translation and the like between zones of which one is untracked. */
void bypass_check(struct scope *scope, const struct config *config);
