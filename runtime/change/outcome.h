/* What has to be in the kernel after a change, and whether it is. */
#pragma once
#include "runtime/change/difference.h"
#include "runtime/change/rehearsal.h"

/* What is expected, and what it rests on. */
struct outcome {
	struct arena *arena;
	const char *table;
	const struct model *wanted;
	const struct difference *difference;
	const struct rehearsal *rehearsal;
	bool is_excerpt;	   /* the rehearsal was one of what changes alone */
	const struct view *before; /* what stood */
	struct view expected;
};

/* Works out `expected`: what stood, less what goes, and of what changes what the rehearsal showed.
 */
void outcome_expect(struct outcome *outcome);

/* Looks at the things that have changed alone: nobody else has changed anything. 0 and `*wrong` is
 * NULL, or a thing that is not as expected ("chain fw_in"); or -errno. */
must_check int outcome_compare_changed(struct outcome *outcome, struct kernel *kernel,
				       const char **wrong);

/* The same with the whole table. */
must_check int outcome_compare_all(struct outcome *outcome, struct kernel *kernel,
				   const char **wrong);

/* Where nothing could be rehearsed: whether everything is there, and every chain has its number of
 * rules. What is there then is what is expected from now on. */
must_check int outcome_count(struct outcome *outcome, struct kernel *kernel, const char **wrong);
