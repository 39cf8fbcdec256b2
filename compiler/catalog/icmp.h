/* Types of ICMP messages. */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* A type of one version. */
struct icmp_row {
	const char *name;
	uint8_t family; /* FAMILY_IPV4 or FAMILY_IPV6 */
	uint8_t number;
	const char *word; /* how nft lists it: a name, or the number */
};

/* Sorted by name, IPv4 ahead of IPv6. A type may stand here under several names. */
extern const struct icmp_row icmp_rows[];
extern const size_t icmp_rows_n;

/* The first row of that name: those of the same name follow it. NULL where no type has it. */
const struct icmp_row *icmp_find(const char *name);

/* How nft lists a type of `family`, or NULL where the number has no name. */
const char *icmp_word(uint8_t family, uint8_t number);
