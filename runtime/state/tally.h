/* Sums of connections by some key, in bounded memory. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What connections are grouped by; what is not used is zero. */
struct tally_key {
	uint64_t words[5];
};

struct tally_row {
	struct tally_key key;
	uint64_t packets, bytes;
	uint32_t connections; /* 0: the place is free */
	uint32_t unreplied;
};

/* At most so many groups are kept; where there are more, the smallest are given up. */
enum { TALLY_ROWS_MAX = 196608 };

struct tally {
	struct tally_row *rows;
	size_t size, n;	     /* places (a power of two, or 0), and those in use */
	uint64_t lost_bytes; /* no group was given up that had more */
	uint32_t lost_connections;
	bool is_by_bytes; /* which groups are the smallest */
};

/* The group's sums, to add to. Running out of memory ends the process. */
struct tally_row *tally_get(struct tally *tally, const struct tally_key *key);

/* The group's sums, or NULL. */
const struct tally_row *tally_find(const struct tally *tally, const struct tally_key *key);

void tally_free(struct tally *tally);
