#include "emit/words.h"

#include <stdio.h>

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

const char *word_verdict(enum ir_verdict verdict)
{
	static const char *const names[] = { "accept", "drop", "return", "jump", "goto" };
	return names[verdict];
}

const char *word_translation(enum ir_translation translation)
{
	static const char *const names[] = { "masquerade", "snat", "dnat", "redirect" };
	return names[translation];
}

struct prefix mask_address(const struct address_mask *mask)
{
	struct prefix ones = { .family = mask->family };
	ones.length = mask->family == FAMILY_IPV4 ? 32 : 128;
	for (unsigned bit = 0; bit < mask->length; bit++)
		ones.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	return ones;
}

const char *word_dscp(uint32_t number)
{
	/* clang-format off */
	static const struct {
		uint32_t number;
		const char *word;
	} rows[] = {
		{ 0x00, "cs0" },  { 0x01, "lephb" }, { 0x08, "cs1" },  { 0x0a, "af11" }, { 0x0c, "af12" },
		{ 0x0e, "af13" }, { 0x10, "cs2" },   { 0x12, "af21" }, { 0x14, "af22" }, { 0x16, "af23" },
		{ 0x18, "cs3" },  { 0x1a, "af31" },  { 0x1c, "af32" }, { 0x1e, "af33" }, { 0x20, "cs4" },
		{ 0x22, "af41" }, { 0x24, "af42" },  { 0x26, "af43" }, { 0x28, "cs5" },  { 0x2c, "va" },
		{ 0x2e, "ef" },   { 0x30, "cs6" },   { 0x38, "cs7" },
	};
	/* clang-format on */

	for (size_t i = 0; i < countof(rows); i++)
		if (rows[i].number == number)
			return rows[i].word;
	return NULL;
}

const char *word_tcp_flag(unsigned bit)
{
	static const char *const names[TCP_FLAGS_COUNT] = { "fin", "syn", "rst", "psh",
							    "ack", "urg", "ecn", "cwr" };
	return names[bit];
}

void hour_format(uint32_t second, char text[HOUR_TEXT_MAX])
{
	uint32_t hour = second / 3600, minute = second / 60 % 60;
	int n = snprintf(text, HOUR_TEXT_MAX, "%02u:%02u", hour, minute);
	if (second % 60)
		snprintf(text + n, (size_t)(HOUR_TEXT_MAX - n), ":%02u", second % 60);
}

bool set_needs_typeof(const struct ir_set *set)
{
	for (uint32_t i = 0; i < set->terms_n; i++)
		if (!ir_key_rows[set->terms[i].key].type)
			return true;
	return set->is_typeof;
}

static bool is_range(const struct ir_value *value)
{
	return value->kind == IR_RANGE || value->kind == IR_ADDRESS_RANGE ||
	       (value->kind == IR_PREFIX && !prefix_is_host(&value->prefix));
}

bool map_has_ranges(const struct ir_set *map)
{
	for (uint32_t i = 0; i < map->elements.n; i++)
		for (uint32_t k = 0; k < map->data_n; k++)
			if (is_range(&map->elements.at[i].data[k]))
				return true;
	return false;
}
