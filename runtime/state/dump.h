/* Reading the kernel's whole connection table, at the speed of the kernel's own walk. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "runtime/scope.h"
#include "runtime/state/connection.h"

struct filter;

/* What a dump is for. `entry` is called in the caller's thread for each connection that passes the
 * filter, while another thread receives what comes next; it returns false when it has seen enough.
 * The connection and what it points to are valid during the call alone. */
struct dump {
	const struct filter *filter; /* NULL: every connection */
	uint32_t fields;	     /* enum connection_field that `entry` reads */
	bool (*entry)(void *context, const struct connection *connection); /* NULL: only count */
	void *context;
};

struct dump_result {
	uint64_t seen;	      /* what the kernel sent */
	uint64_t matched;     /* what passed */
	bool was_interrupted; /* the table was resized meanwhile: entries may be missing or double
			       */
};

/* 0, or -errno: then some entries may have been delivered already. */
must_check int dump_run(const struct dump *dump, struct dump_result *out);

/* The same for a command: says what went wrong, and warns of an interruption. STATUS_*. */
int dump_or_say(const struct dump *dump, struct dump_result *out);
