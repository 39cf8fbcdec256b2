/* Which connections began in a while: those that the table has at its end and had not at its
 * beginning, and those that it had not then and that the kernel said have ended since. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "runtime/scope.h"
#include "runtime/state/connection.h"
#include "runtime/state/filter.h"
#include "runtime/state/ids.h"

/* Starts with the first three, and -1 for `fd`; arrivals_end gives the rest back. */
struct arrivals {
	const struct filter *filter;
	/* Is called for each that passes the filter, and began and ended in the while. */
	void (*ended)(void *context, const struct connection *connection);
	void *context;
	struct ids before; /* that were there at the beginning, and have not ended since */
	int fd;		   /* tells of ends */
	uint64_t start;	   /* nanoseconds of the monotonic clock */
	bool is_running;   /* what ends now did not end before the beginning */
	bool has_lost;	   /* the kernel told of more ends than could be kept for us */
};

/* Reads which connections there are. STATUS_*: what went wrong was said. */
must_check int arrivals_begin(struct arrivals *arrivals);

/* Ends the while when `seconds` have passed since its beginning: how many it really was. STATUS_*.
 */
must_check int arrivals_wait(struct arrivals *arrivals, uint64_t seconds, double *passed);

/* Whether a connection that is read after arrivals_wait (FIELD_ID) began in the while. */
bool arrivals_has(const struct arrivals *arrivals, const struct connection *connection);

void arrivals_end(struct arrivals *arrivals);
