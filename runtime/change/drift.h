/* What somebody else has changed in the table. */
#pragma once
#include "runtime/change/change.h"
#include "runtime/change/view.h"

struct drifts {
	VEC(struct change_drift) all;
};

/* Two views of a table, and the ruleset that the earlier one came of. */
struct drift_request {
	struct arena *arena;
	const char *table;
	const struct model *former; /* may be empty */
	const struct view *then, *live;
	struct text begun;  /* of the request */
	bool is_begun_done; /* its transaction took place; the end of the change did not */
};

/* Lists what differs, and whether the table was switched off, and asks the kernel for the lines of
 * it. Where that fails, or the kernel has no such thing any more, there are none. */
void drifts_find(const struct drift_request *request, bool is_dormant, struct drifts *out);
