/* Arithmetic on networks: addresses as numbers of 128 bits. */
#pragma once
#include "base/address.h"
#include "base/arena.h"

__extension__ typedef unsigned __int128 wide;

/* 32 or 128. */
unsigned family_bits(enum family family);

/* The lowest `bits` bits, and a shift that may be by all 128. */
wide bits_mask(unsigned bits);
wide wide_shift(wide value, unsigned by);

/* The decimal text. */
const char *wide_format(struct arena *arena, wide value);

/* A network's first address as a number, and back. */
wide network_number(const struct prefix *network);
struct prefix network_of(enum family family, wide number, unsigned length);

/* "10.0.0.1/32": the length is always there. */
void network_format(const struct prefix *network, char text[PREFIX_TEXT_MAX]);

struct networks {
	struct prefix *at;
	uint32_t n, cap;
};

/* Adds an address, a network, or the networks of a range; false where `text` is none of these. */
bool networks_add(struct arena *arena, struct networks *networks, struct text text);

/* The addresses of `from` that are not in `taken`; both are merged already. `left` is not. */
void networks_subtract(struct arena *arena, const struct networks *from,
		       const struct networks *taken, struct networks *left);
