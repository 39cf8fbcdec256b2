/* What the kernel makes of a ruleset: it is loaded into a network namespace that nobody else has.
 */
#pragma once
#include <sys/types.h>

#include "runtime/change/kernel.h"

struct timeout_objects;

/* The elements that one set of the rehearsed text got. */
struct rehearsed {
	struct text table, set;
	struct kernel_elements elements;
};

struct rehearsal {
	struct view view;	    /* of the table that was asked for */
	VEC(struct rehearsed) sets; /* of those that were asked for */
	const char *messages;	    /* what libnftables said where it did not load */
};

/* What to look at. */
struct rehearsal_request {
	const char *table;
	struct text text, marker; /* one behind the other, as nft(8) reads them */
	/* Sets whose elements are wanted one by one, by table and name. */
	const struct rehearsed *sets;
	uint32_t sets_n;
	const struct timeout_objects *objects; /* that the text refers to and cannot declare */
};

/* A process that loads and looks. */
struct rehearsing {
	const struct rehearsal_request *request;
	pid_t process;
	int done;	    /* ends when it has */
	int said, elements; /* files that it fills */
};

/* Lets a process begin, which goes on beside this one. 0, or -errno. */
must_check int rehearsal_start(const struct rehearsal_request *request, struct rehearsing *out);

/* Waits for it. 0, or -errno; -EINVAL with `messages` where the text does not load, -EOPNOTSUPP
 * with `messages` where the objects cannot be made. Flow tables lose their devices, which are not
 * there. */
must_check int rehearsal_finish(struct arena *arena, struct rehearsing *rehearsing,
				struct rehearsal *out);
