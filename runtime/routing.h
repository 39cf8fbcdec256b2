/* Rules and routes for connections that are bound to an uplink: those that are missing are added,
 * and those of a former configuration are taken away. Ours are told by their protocol number;
 * nobody else's are looked at. */
#pragma once
#include "runtime/report.h"
#include "runtime/scope.h"

/* What the kernel keeps with each rule and route to tell who made it (rtnetlink(7)); 117 is no
 * other program's in iproute2's rt_protos. */
enum { ROUTING_PROTOCOL = 117 };

struct flywall_place;
struct host;

/* A rule, or a route: without padding, so that two can be compared as bytes, up to `place`. */
struct routing_entry {
	uint32_t is_rule;
	uint32_t family; /* AF_INET or AF_INET6 */
	uint32_t table;
	uint32_t priority;   /* of a rule, or a route's metric */
	uint32_t mark, mask; /* of a rule; mask 0: for what begins on this machine */
	uint32_t index;	     /* of the interface */
	uint32_t to_length;  /* bits; 0: everywhere */
	uint32_t has_gateway, has_source;
	uint8_t to[16], gateway[16], source[16];
	const struct flywall_place *place; /* of what is wanted */
};

/* What is to change. */
struct routing {
	VEC(struct routing_entry) added, removed;
	uint32_t done; /* of `added` */
};

/* Compares what there is with what is wanted. Uplinks whose interface is not there yet get no
 * routes: a warning says so. 0, or -errno. */
must_check int routing_plan(struct arena *arena, const struct report *report,
			    const struct host *host, struct routing *out);

/* Adds what is missing: before the ruleset that needs it. Routes that cannot be used yet, because
 * their interface is down or has no address, are left out with a warning. 0, or -errno with the
 * entry that failed in `*failed`; NULL: none did. */
must_check int routing_add(struct arena *arena, const struct report *report,
			   struct routing *routing, const struct routing_entry **failed);

/* "-4 route default via 192.0.2.1 dev eth0 table 1001" */
const char *routing_describe(struct arena *arena, const struct routing_entry *entry);

/* Removes what is left over: behind the ruleset that needed it. */
must_check int routing_remove(struct arena *arena, struct routing *routing, const char **what);

/* Takes back what routing_add has added. */
must_check int routing_take_back(struct routing *routing);

/* One line for each change, as ip(8) would be told. */
void routing_preview(struct arena *arena, const struct routing *routing, FILE *out);
