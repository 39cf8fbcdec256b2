/* How this machine is managed, for those who must keep it reachable without the ruleset. */
#pragma once
#include "base/arena.h"
#include "config/config.h"
#include "flywall/flywall.h"

struct managements {
	VEC(struct flywall_management) all;
};

/* Everything lives in the arena. */
void managements_collect(struct arena *arena, const struct config *config, struct managements *out);
