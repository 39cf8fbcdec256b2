/* Durations and rates as an administrator writes them. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum unit_fault {
	UNIT_OK,
	UNIT_NOT_ONE,  /* not of the form at all */
	UNIT_OVERFLOW, /* of the form, but larger than 64 bits */
};

/* "5d", "1h30m", "90s", "90": parts of d, h, m, s in this order, each at most once. Seconds come
 * out. */
enum unit_fault duration_parse(struct text text, uint64_t *seconds);

/* The shortest such text: 5400 is "1h30m", 0 is "0s". `text` has room for DURATION_TEXT_MAX. */
#define DURATION_TEXT_MAX 48
void duration_format(uint64_t seconds, char text[DURATION_TEXT_MAX]);

/* So many in a unit of time. */
struct rate {
	uint64_t count;
	uint32_t seconds; /* 1, 60, 3600 or 86400 */
};

/* "100/second", "100/minute", "100/hour", "100/day" and their abbreviations s, sec, m, min, h, d; a
 * plain number is per `default_seconds`. */
enum unit_fault rate_parse(struct text text, uint32_t default_seconds, struct rate *out);

/* "second", "minute", "hour", "day". */
const char *rate_unit_name(const struct rate *rate);
