/* IPv4 and IPv6 addresses and prefixes. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum family { FAMILY_IPV4 = 4, FAMILY_IPV6 = 6 };

/* An address with a prefix length; a single address has its family's full length. Network byte
 * order; an IPv4 address stands in the first four bytes, the rest is zero. */
struct prefix {
	uint8_t bytes[16];
	uint8_t family; /* enum family */
	uint8_t length; /* bits */
};

/* Room for any prefix as text, with its NUL: an IPv6 address, a slash, three digits. */
#define PREFIX_TEXT_MAX 50

enum prefix_fault {
	PREFIX_OK,
	PREFIX_NOT_AN_ADDRESS,
	PREFIX_BAD_LENGTH,
	PREFIX_HOST_BITS, /* parsed, but bits behind the prefix length are set */
};

/* Reads "10.0.0.0/8", "10.0.0.1", "2001:db8::/32". Leading zeros are refused, as inet_pton does.
 * With PREFIX_HOST_BITS `*out` holds the prefix with these bits cleared. */
enum prefix_fault prefix_parse(struct text text, struct prefix *out);

/* Canonical text (RFC 5952 for IPv6), without a length where it is full. */
void prefix_format(const struct prefix *prefix, char text[PREFIX_TEXT_MAX]);

/* The last address of a prefix, as a single address. */
struct prefix prefix_last(const struct prefix *prefix);

bool prefix_is_host(const struct prefix *prefix);

/* Whether `inner` lies in `outer` (or equals it). Different families: never. */
bool prefix_contains(const struct prefix *outer, const struct prefix *inner);

/* Addresses from one to another, both included; `low` moves up as they are taken. */
struct range {
	struct prefix low, high; /* single addresses of one family */
	bool is_empty;
};

enum range_fault {
	RANGE_OK,
	RANGE_NOT_ONE,	/* not two addresses of one family with a hyphen between them */
	RANGE_REVERSED, /* parsed, but the second address comes first */
};

/* Reads "10.0.0.1-10.0.0.9". */
enum range_fault range_parse(struct text text, struct range *out);

/* Takes the largest prefix that the range begins with; false where nothing is left. All of them
 * together are the range, in order. */
bool range_take(struct range *range, struct prefix *out);

/* IPv4 before IPv6, then by address, then the shorter length first. */
int prefix_compare(const struct prefix *a, const struct prefix *b);

/* Sorts `prefixes` and removes each that another one contains, then joins halves of one prefix;
 * returns how many are left. Afterwards no two overlap, so the kernel takes them as an interval
 * set. */
size_t prefixes_merge(struct prefix *prefixes, size_t count);
