/* Limits on connections: at once and anew, of all and of each source. */
#pragma once
#include "lower/build.h"

/* What the limits of one owner share. */
struct limiter {
	struct lowering *lowering;
	struct ir_chain *chain;
	const char *owner;    /* ends the names of sets and counters: a zone's, or a rule's */
	uint64_t ipv6_prefix; /* bits of an IPv6 source that count as one address */
	uint64_t burst;	      /* packets; 0: what the rate counts */
	uint64_t most;	      /* connections at once at most; 0: nobody said */
	struct span at;
	/* Where a packet over a limit of new connections goes: to the drop, or back to where the
	 * rule's chain was called from. */
	bool is_shared; /* its sets may be there already */
	bool returns;
	bool is_zone; /* what is refused is counted by pairs of zones too */
};

/* Refuses what is more than that, of each source or of all: rules of l->chain. */
void limit_per_source(struct limiter *l, const struct field_number *max);
void limit_at_once(struct limiter *l, const struct field_number *max);
void limit_new_per_source(struct limiter *l, const struct field_rate *rate);
void limit_new(struct limiter *l, const struct field_rate *rate);

/* The admission chain of a zone's new connections, or NULL where the zone has no limits (or is no
 * zone). */
const struct ir_chain *zone_admit(struct lowering *lowering, const struct zone *zone);

/* The chain that accepts new connections within the limits of the zones that they come from, as
 * their marks tell; NULL where no zone has limits. */
const struct ir_chain *admitted_chain(struct lowering *lowering);

/* The admission chains by the zones in the mark; without elements where there are none. */
struct ir_set *admit_map(struct lowering *lowering);
