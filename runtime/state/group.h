/* What connections can be grouped by. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/state/command.h"
#include "runtime/state/connection.h"
#include "runtime/state/tally.h"

/* Names of zones have 255 bytes at most. */
enum { GROUP_PARTS_MAX = 2, GROUP_PART_MAX = 264, GROUP_TEXT_MAX = 2 * GROUP_PART_MAX };

/* One way of grouping. */
struct group {
	const char *name;
	uint32_t fields; /* of the connection, that `key` reads */
	void (*key)(const struct group *group, const struct connection *connection,
		    struct tally_key *out);
	/* The parts of the key in words. */
	void (*text)(struct session *session, const struct tally_key *key,
		     char out[GROUP_PARTS_MAX][GROUP_PART_MAX]);
	const char *parts[GROUP_PARTS_MAX]; /* what data call them; NULL: there is no second */
	const char *between;		    /* the parts, where a user reads them */
	uint8_t bits4, bits6;		    /* of "prefix": how long they are */
};

/* By its name; NULL: there is none. */
const struct group *group_find(const char *name);

/* The next one by the order that they are offered in; after the last comes the first. */
const struct group *group_after(const char *name);

/* What a user reads, in one. */
void group_text(const struct group *group, struct session *session, const struct tally_key *key,
		char out[GROUP_TEXT_MAX]);

/* The key of a mark in the group "zone", and its two zones. */
struct tally_key group_zones_key(uint32_t mark);
uint8_t group_from_zone(const struct tally_key *key);
uint8_t group_to_zone(const struct tally_key *key);

/* Adds a connection to the sums of its group. */
void group_add(const struct group *group, struct tally *tally, const struct connection *connection);

/* What group_add reads. */
uint32_t group_fields(const struct group *group);

/* The rows in use, the one with most first, in memory that the caller frees. `weight` says how much
 * a row weighs. */
struct tally_row *group_sorted(const struct tally *tally,
			       uint64_t (*weight)(const struct tally_row *row));

uint64_t weigh_connections(const struct tally_row *row);
