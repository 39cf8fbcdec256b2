/* A difference as somebody reads it: thing by thing, line by line. */
#pragma once
#include "runtime/change/change.h"
#include "runtime/change/difference.h"

struct steps {
	VEC(struct change_step) all;
};

/* `former` has the lines of what goes. */
void steps_list(struct arena *arena, const struct difference *difference,
		const struct model *former, struct steps *out);
