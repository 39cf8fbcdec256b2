/* Who has most connections, or moves most: readings of the connection table by groups, the latest
 * and the one before it. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/state/dump.h"
#include "runtime/state/filter.h"
#include "runtime/state/group.h"

enum talkers_order { ORDER_CONNECTIONS, ORDER_BYTES, ORDER_RATE, ORDER_COUNT };

/* "connections", "bytes", "rate". */
extern const char *const talkers_orders[ORDER_COUNT];

/* One walk over the table. */
struct reading {
	struct tally tally;
	uint64_t time; /* when it began, in nanoseconds of the monotonic clock; 0: there is none */
};

/* Starts with session, filter and group; the rest may be zero. */
struct talkers {
	struct session *session;
	struct filter *filter;
	struct group group;
	enum talkers_order order;
	struct reading now, before;
};

/* A group in the order of talkers; `sums` points into the latest reading. */
struct talker {
	const struct tally_row *sums;
	uint64_t rate; /* bytes a second between the readings */
};

/* Groups by something else from now on; lengths of networks stay. What was read is forgotten. */
void talkers_set_group(struct talkers *talkers, const struct group *group);

/* The dump of the next reading: the latest becomes the one before it. It reads in the order that is
 * set now, which decides what is given up where there are too many groups. */
struct dump talkers_dump(struct talkers *talkers);

/* Whether there are two readings, and so rates. */
bool talkers_has_rates(const struct talkers *talkers);

/* All groups of the latest reading, now.tally.n, in order, in memory that the caller frees. Without
 * rates these are 0. */
struct talker *talkers_sorted(const struct talkers *talkers);

/* Gives the readings back. */
void talkers_forget(struct talkers *talkers);
