#include "base/units.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"

static const struct {
	char letter;
	uint32_t seconds;
} duration_parts[] = { { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };

static const struct {
	const char *name;
	uint32_t seconds;
} rate_units[] = {
	{ "second", 1 }, { "sec", 1 },	   { "s", 1 },	  { "minute", 60 }, { "min", 60 },
	{ "m", 60 },	 { "hour", 3600 }, { "h", 3600 }, { "day", 86400 }, { "d", 86400 },
};

/* Takes the digits at the front of `text`; UNIT_NOT_ONE where there are none. */
static enum unit_fault take_number(struct text *text, uint64_t *out)
{
	bool is_over = false;
	uint64_t value = 0;
	size_t i = 0;
	for (; i < text->n && text->s[i] >= '0' && text->s[i] <= '9'; i++)
		is_over |= __builtin_mul_overflow(value, 10, &value) ||
			   __builtin_add_overflow(value, (uint64_t)(text->s[i] - '0'), &value);
	if (i == 0)
		return UNIT_NOT_ONE;
	text->s += i;
	text->n -= i;
	*out = value;
	return is_over ? UNIT_OVERFLOW : UNIT_OK;
}

/* The part of that letter, from `*part` on; steps behind it. */
static bool find_part(char letter, size_t *part, uint32_t *seconds)
{
	while (*part < countof(duration_parts)) {
		*seconds = duration_parts[*part].seconds;
		if (duration_parts[(*part)++].letter == letter)
			return true;
	}
	return false;
}

enum unit_fault duration_parse(struct text text, uint64_t *seconds)
{
	uint64_t sum = 0, number;
	uint32_t unit = 1;
	size_t part = 0;
	bool is_over = false, is_plain = true;
	do {
		enum unit_fault fault = take_number(&text, &number);
		if (fault == UNIT_NOT_ONE)
			return UNIT_NOT_ONE;
		if (text.n == 0 && !is_plain)
			return UNIT_NOT_ONE;
		if (text.n > 0) {
			if (!find_part(*text.s, &part, &unit))
				return UNIT_NOT_ONE;
			text.s++;
			text.n--;
		}
		is_plain = false;
		is_over |= fault == UNIT_OVERFLOW ||
			   __builtin_mul_overflow(number, unit, &number) ||
			   __builtin_add_overflow(sum, number, &sum);
	} while (text.n > 0);
	if (is_over)
		return UNIT_OVERFLOW;
	*seconds = sum;
	return UNIT_OK;
}

void duration_format(uint64_t seconds, char text[DURATION_TEXT_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < countof(duration_parts); i++) {
		uint64_t count = seconds / duration_parts[i].seconds;
		seconds %= duration_parts[i].seconds;
		if (count > 0)
			n += (size_t)snprintf(text + n, DURATION_TEXT_MAX - n, "%" PRIu64 "%c",
					      count, duration_parts[i].letter);
	}
	if (n == 0)
		snprintf(text, DURATION_TEXT_MAX, "0s");
}

enum unit_fault rate_parse(struct text text, uint32_t default_seconds, struct rate *out)
{
	struct rate rate = { 0, default_seconds };
	enum unit_fault fault = take_number(&text, &rate.count);
	if (fault == UNIT_NOT_ONE)
		return UNIT_NOT_ONE;
	if (text.n > 0) {
		struct text unit = { text.s + 1, text.n - 1 };
		size_t i = 0;
		while (i < countof(rate_units) && !text_is(unit, rate_units[i].name))
			i++;
		if (*text.s != '/' || i == countof(rate_units))
			return UNIT_NOT_ONE;
		rate.seconds = rate_units[i].seconds;
	}
	if (fault == UNIT_OK)
		*out = rate;
	return fault;
}

const char *rate_unit_name(const struct rate *rate)
{
	for (size_t i = 0; i < countof(rate_units); i++)
		if (rate_units[i].seconds == rate->seconds)
			return rate_units[i].name;
	return rate_units[0].name;
}
