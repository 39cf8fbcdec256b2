/* Receiving the kernel's connection events, in a thread that does nothing else: what waits to be
 * looked at stands in our memory, and the kernel's buffer is large, so that a burst is not lost. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/scope.h"

struct listener;

enum { EVENTS_AT_ONCE = 64, EVENT_MAX = 2048 };

/* What came in one go, in order. */
struct event_chunk {
	unsigned n;
	uint32_t sizes[EVENTS_AT_ONCE];
	/* Messages that the kernel could not keep for us since this was last said. */
	uint64_t lost;
	/* Nothing is being lost any more: what is asked of the kernel from now on is the truth. */
	bool is_resync;
	bool is_end; /* nobody reads standard output: there is nothing more */
	int error;   /* -errno: the same */
	char bytes[EVENTS_AT_ONCE][EVENT_MAX] __attribute__((aligned(8)));
};

/* Listens to the groups (bits: 1 << (NFNLGRP_CONNTRACK_* - 1)). From here on SIGINT and SIGTERM do
 * no more than end listener_next. `buffer` is the size of the kernel's buffer in bytes. 0, or
 * -errno. */
must_check int listener_start(uint32_t groups, int buffer, struct listener **out);

/* Waits for the next chunk; the one before is given back. NULL: SIGINT or SIGTERM has come, and
 * what was received by then has been handed out. */
const struct event_chunk *listener_next(struct listener *listener);

/* Whether listener_next would have to wait. */
bool listener_is_idle(struct listener *listener);

/* Ends the thread. */
void listener_stop(struct listener *listener);
