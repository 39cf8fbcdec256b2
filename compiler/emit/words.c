#include "emit/words.h"

const char *word_hook(enum ir_hook hook)
{
	static const char *const names[] = { "",	"prerouting", "input",
					     "forward", "output",     "postrouting" };
	return names[hook];
}

const char *word_chain_type(enum ir_chain_type type)
{
	static const char *const names[] = { "filter", "route", "nat" };
	return names[type];
}

const char *word_time_unit(uint32_t seconds)
{
	switch (seconds) {
	case 1:
		return "second";
	case 60:
		return "minute";
	case 3600:
		return "hour";
	default:
		return "day";
	}
}

const char *word_timeout_protocol(enum timeout_protocol protocol)
{
	return protocol == TIMEOUT_OF_TCP ? "tcp" : "udp";
}

const char *word_verdict(enum ir_verdict verdict)
{
	static const char *const names[] = { "accept", "drop", "return", "jump", "goto" };
	return names[verdict];
}

struct prefix mask_address(const struct prefix *mask)
{
	struct prefix ones = { .family = mask->family };
	ones.length = mask->family == FAMILY_IPV4 ? 32 : 128;
	for (unsigned bit = 0; bit < mask->length; bit++)
		ones.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	return ones;
}
