/* Times of the proleptic Gregorian calendar. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct arena;

struct moment {
	int64_t year, month, day; /* from 1 */
	int64_t hour, minute, second, nanosecond;
	int64_t offset; /* from UTC, in seconds */
};

/* RFC 3339. NULL, or what is wrong with the text. */
const char *moment_read(struct text text, struct moment *out);

/* RFC 3339 without fractions. */
const char *moment_write(struct arena *arena, const struct moment *moment);

/* The moment so many nanoseconds later, in the same offset from UTC. */
struct moment moment_add(const struct moment *moment, int64_t nanoseconds);

/* 0 is Sunday. */
int moment_weekday(const struct moment *moment);

/* "-1h30m": hours, minutes, seconds, ms, us, ns with fractions, as Go has them. False where the
 * text is none. */
bool span_of_time_read(struct text text, int64_t *nanoseconds);

/* A time as YAML 1.1 writes it, as RFC 3339. */
bool yaml_time_read(struct arena *arena, struct text text, struct text *out);
