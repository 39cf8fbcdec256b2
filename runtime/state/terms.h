/* What a filter is made of, for the files that make, check and use it. */
#pragma once
#include "base/address.h"
#include "runtime/state/filter.h"

/* Which address, port or other number a condition is about. */
enum filter_address {
	ADDRESS_SOURCE,
	ADDRESS_DEST,
	ADDRESS_REPLY_SOURCE,
	ADDRESS_REPLY_DEST,
	ADDRESS_ANY, /* one of these four */
	ADDRESS_COUNT
};
enum filter_number {
	NUMBER_SOURCE_PORT,
	NUMBER_DEST_PORT,
	NUMBER_REPLY_SOURCE_PORT,
	NUMBER_REPLY_DEST_PORT,
	NUMBER_PORTS,
	NUMBER_ICMP_TYPE = NUMBER_PORTS,
	NUMBER_CT_ZONE,
	NUMBER_ID,
	NUMBER_COUNT
};
enum filter_sum { SUM_AGE, SUM_BYTES, SUM_PACKETS, SUM_TIMEOUT, SUM_COUNT };
enum filter_name { NAME_ZONE, NAME_TO_ZONE, NAME_POLICY, NAME_UPLINK, NAME_COUNT };

/* What filter_match can look at, the cheapest first. */
enum condition {
	CONDITION_MARK,
	CONDITION_FAMILY,
	CONDITION_PROTOCOL,
	CONDITION_SOURCE_PORT,
	CONDITION_DEST_PORT,
	CONDITION_REPLY_SOURCE_PORT,
	CONDITION_REPLY_DEST_PORT,
	CONDITION_ICMP_TYPE,
	CONDITION_CT_ZONE,
	CONDITION_ID,
	CONDITION_STATE,
	CONDITION_STATUS,
	CONDITION_SOURCE,
	CONDITION_DEST,
	CONDITION_REPLY_SOURCE,
	CONDITION_REPLY_DEST,
	CONDITION_ANY_ADDRESS,
	CONDITION_AGE,
	CONDITION_BYTES,
	CONDITION_PACKETS,
	CONDITION_TIMEOUT,
	CONDITION_HELPER,
	CONDITION_COUNT
};

struct number_range {
	uint32_t low, high;
};

/* Bits that must be set, must be clear, and of which one must be set. */
struct status_term {
	uint32_t set, clear, any;
};

struct mark_term {
	uint32_t value, mask;
};

struct sum_bounds {
	bool has_least, has_most;
	uint64_t least, most;
};

/* A list holds when one of its elements does, or when it is empty; the filter when all its lists
 * do.
 */
struct filter {
	struct session *session;
	uint8_t family; /* AF_*; 0: any */
	VEC(uint8_t) protocols;
	VEC(struct prefix) addresses[ADDRESS_COUNT];
	VEC(struct number_range) numbers[NUMBER_COUNT];
	VEC(const char *) states;
	VEC(struct status_term) statuses;
	VEC(struct mark_term) marks;
	VEC(const char *) helpers;
	struct sum_bounds sums[SUM_COUNT];
	VEC(const char *) names[NAME_COUNT];

	/* What filter_finish makes of it. */
	uint64_t now;		/* for ages */
	uint16_t state_bits[3]; /* of TCP, SCTP, DCCP: the states by number */
	/* What the names ask of the mark; each list is one condition. */
	VEC(struct mark_term) name_marks[NAME_COUNT];
	uint32_t fields;
	uint32_t conditions; /* bits: those that have something to check */
};

/* What all conditions on the mark that leave one choice ask of it together; false where they
 * contradict each other. */
bool filter_mark(const struct filter *filter, struct mark_term *out);

/* STATUS_DONE, or a status after it has said what contradicts what. */
int filter_check(const struct filter *filter);

/* Which of state_bits is the protocol's; -1: it has no states. */
int state_index(uint8_t protocol);
