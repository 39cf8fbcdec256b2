/* What the numbers in a connection's mark and the names of counters stand for: nothing that the
 * kernel needs, but what reports about it show. */
#pragma once
#include "base/arena.h"

struct named_zone {
	uint32_t id; /* 0 is this machine */
	const char *name;
	uint16_t ct_zone; /* 0: none of its own */
};

/* The policies that new connections between two zones meet, in order, up to the one that decides.
 */
struct named_pair {
	uint32_t from, to;
	VEC(const char *) policies;
};

struct named_policy {
	const char *name;
	const char *from, *to; /* as written */
};

struct named_uplink {
	uint32_t id;
	const char *name, *group, *interface;
};

/* A limit of a zone, and the counter of what it refuses. */
struct named_limit {
	const char *zone;
	const char *attribute; /* in the configuration: "max_per_ip" */
	const char *value;     /* "100", "50/second" */
	const char *counter;
};

struct named_counter {
	const char *name;
	const char *zone;    /* NULL: of no zone in particular */
	const char *meaning; /* "admitted", "invalid", "spoofed", ... */
};

struct ruleset_names {
	VEC(struct named_zone) zones;
	VEC(struct named_policy) policies;
	VEC(struct named_pair) pairs;
	VEC(struct named_uplink) uplinks;
	VEC(struct named_limit) limits;
	VEC(struct named_counter) counters;
	const char *refused_pairs; /* the set that counts what limits refuse, by the zones in marks;
				      NULL: there are no limits */
};
