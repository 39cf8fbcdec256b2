#include "value/functions/networks.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

unsigned family_bits(enum family family)
{
	return family == FAMILY_IPV4 ? 32 : 128;
}

wide wide_shift(wide value, unsigned by)
{
	return by >= 128 ? 0 : value << by;
}

wide bits_mask(unsigned bits)
{
	return wide_shift(1, bits) - 1;
}

const char *wide_format(struct arena *arena, wide value)
{
	char text[40];
	size_t at = sizeof text - 1;
	text[at] = '\0';
	do {
		text[--at] = (char)('0' + (int)(value % 10));
		value /= 10;
	} while (value);
	return text_copy(arena, text_of(text + at));
}

wide network_number(const struct prefix *network)
{
	wide number = 0;
	for (unsigned i = 0; i < family_bits(network->family) / 8; i++)
		number = number << 8 | network->bytes[i];
	return number;
}

struct prefix network_of(enum family family, wide number, unsigned length)
{
	struct prefix network = { .family = (uint8_t)family, .length = (uint8_t)length };
	for (unsigned i = family_bits(family) / 8; i > 0; i--) {
		network.bytes[i - 1] = (uint8_t)number;
		number >>= 8;
	}
	return network;
}

void network_format(const struct prefix *network, char text[PREFIX_TEXT_MAX])
{
	inet_ntop(network->family == FAMILY_IPV4 ? AF_INET : AF_INET6, network->bytes, text,
		  PREFIX_TEXT_MAX);
	size_t n = strlen(text);
	snprintf(text + n, PREFIX_TEXT_MAX - n, "/%u", network->length);
}

static void add_range(struct arena *arena, struct networks *networks, struct range range)
{
	struct prefix part;
	while (range_take(&range, &part))
		*push(arena, networks) = part;
}

bool networks_add(struct arena *arena, struct networks *networks, struct text text)
{
	struct prefix prefix;
	struct range range;
	enum prefix_fault fault = prefix_parse(text, &prefix);
	if (fault == PREFIX_OK || fault == PREFIX_HOST_BITS) {
		*push(arena, networks) = prefix;
		return true;
	}
	if (range_parse(text, &range) != RANGE_OK)
		return false;
	add_range(arena, networks, range);
	return true;
}

static struct prefix host_of(enum family family, wide number)
{
	return network_of(family, number, family_bits(family));
}

/* What is left of one network; `*next` is the first of `taken` that can still matter. */
static void subtract_from(struct arena *arena, const struct prefix *network,
			  const struct networks *taken, uint32_t *next, struct networks *left)
{
	enum family family = network->family;
	struct prefix end = prefix_last(network);
	wide low = network_number(network), high = network_number(&end);
	for (; *next < taken->n; ++*next) {
		const struct prefix *cut = &taken->at[*next];
		struct prefix cut_end = prefix_last(cut);
		wide cut_low = network_number(cut), cut_high = network_number(&cut_end);
		if (cut->family < family || (cut->family == family && cut_high < low))
			continue;
		if (cut->family > family || cut_low > high)
			break;
		if (cut_low > low)
			add_range(arena, left,
				  (struct range){ host_of(family, low),
						  host_of(family, cut_low - 1), false });
		/* It may reach into the networks that follow. */
		if (cut_high >= high)
			return;
		low = cut_high + 1;
	}
	add_range(arena, left,
		  (struct range){ host_of(family, low), host_of(family, high), false });
}

void networks_subtract(struct arena *arena, const struct networks *from,
		       const struct networks *taken, struct networks *left)
{
	uint32_t next = 0;
	for (uint32_t i = 0; i < from->n; i++)
		subtract_from(arena, &from->at[i], taken, &next, left);
}
