#include "value/functions/times.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"

static const int64_t SECOND = 1000000000, DAY = 86400;

/* A text that is being read. */
struct cursor {
	const char *at, *end;
};

static bool take(struct cursor *cursor, char c)
{
	if (cursor->at == cursor->end || *cursor->at != c)
		return false;
	cursor->at++;
	return true;
}

static bool is_digit(const struct cursor *cursor)
{
	return cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9';
}

/* From `least` to `most` digits. */
static bool take_digits(struct cursor *cursor, int least, int most, int64_t *out)
{
	int n = 0;
	*out = 0;
	for (; n < most && is_digit(cursor); n++)
		*out = *out * 10 + (*cursor->at++ - '0');
	return n >= least;
}

static bool is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t days_of_month(int64_t year, int64_t month)
{
	static const int64_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days since 1970-01-01. Years begin in March here, so that the leap day is the last one. */
static int64_t day_number(int64_t year, int64_t month, int64_t day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

static void date_of(int64_t number, struct moment *out)
{
	number += 719468;
	int64_t era = (number >= 0 ? number : number - 146096) / 146097;
	int64_t day_of_era = number - era * 146097;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153;
	out->day = day_of_year - (153 * month + 2) / 5 + 1;
	out->month = month < 10 ? month + 3 : month - 9;
	out->year = year_of_era + era * 400 + (out->month <= 2);
}

static bool take_fraction(struct cursor *cursor, int64_t *nanosecond)
{
	*nanosecond = 0;
	if (!take(cursor, '.') && !take(cursor, ','))
		return true;
	if (!is_digit(cursor))
		return false;
	for (int64_t unit = SECOND / 10; is_digit(cursor); unit /= 10)
		*nanosecond += unit * (*cursor->at++ - '0');
	return true;
}

static bool take_zone(struct cursor *cursor, int64_t *offset)
{
	int64_t hours, minutes;
	*offset = 0;
	if (take(cursor, 'Z'))
		return true;
	bool is_west = take(cursor, '-');
	if (!is_west && !take(cursor, '+'))
		return false;
	if (!take_digits(cursor, 2, 2, &hours) || !take(cursor, ':') ||
	    !take_digits(cursor, 2, 2, &minutes) || hours > 24 || minutes > 60)
		return false;
	*offset = (hours * 60 + minutes) * (is_west ? -60 : 60);
	return true;
}

/* Dates and times with at least so many digits a field. */
static const char *take_date(struct cursor *cursor, int least, struct moment *out)
{
	if (!take_digits(cursor, 4, 4, &out->year) || !take(cursor, '-'))
		return "a time begins with a year of four digits and a hyphen";
	if (!take_digits(cursor, least, 2, &out->month) || out->month < 1 || out->month > 12 ||
	    !take(cursor, '-'))
		return "behind the year comes a month, 01 to 12, and a hyphen";
	if (!take_digits(cursor, least, 2, &out->day) || out->day < 1 ||
	    out->day > days_of_month(out->year, out->month))
		return "behind the month comes one of its days";
	return NULL;
}

static const char *take_time(struct cursor *cursor, int least, struct moment *out)
{
	if (!take_digits(cursor, least, 2, &out->hour) || out->hour > 23 || !take(cursor, ':') ||
	    !take_digits(cursor, least, 2, &out->minute) || out->minute > 59 ||
	    !take(cursor, ':') || !take_digits(cursor, least, 2, &out->second) || out->second > 59)
		return "behind the T come hours, minutes and seconds, as in 23:05:00";
	return take_fraction(cursor, &out->nanosecond) ? NULL : "a fraction of a second has digits";
}

const char *moment_read(struct text text, struct moment *out)
{
	struct cursor cursor = { text.s, text.s + text.n };
	*out = (struct moment){ 0 };
	const char *wrong = take_date(&cursor, 2, out);
	if (!wrong && !take(&cursor, 'T'))
		wrong = "a T is missing between date and time";
	/* Hours may have one digit; the reference reads them so. */
	if (!wrong && cursor.end - cursor.at > 1 && cursor.at[1] == ':')
		wrong = take_time(&cursor, 1, out);
	else if (!wrong)
		wrong = take_time(&cursor, 2, out);
	if (!wrong && !take_zone(&cursor, &out->offset))
		wrong = "behind the time comes Z, or an offset from UTC such as +01:00";
	if (!wrong && cursor.at != cursor.end)
		wrong = "something follows the time";
	return wrong;
}

const char *moment_write(struct arena *arena, const struct moment *moment)
{
	const char *zone = "Z";
	int64_t minutes = (moment->offset < 0 ? -moment->offset : moment->offset) / 60;
	if (moment->offset != 0)
		zone = arena_printf(arena, "%c%02" PRId64 ":%02" PRId64,
				    moment->offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
	return arena_printf(arena,
			    "%04" PRId64 "-%02" PRId64 "-%02" PRId64 "T%02" PRId64 ":%02" PRId64
			    ":%02" PRId64 "%s",
			    moment->year, moment->month, moment->day, moment->hour, moment->minute,
			    moment->second, zone);
}

static int64_t divide_down(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

struct moment moment_add(const struct moment *moment, int64_t nanoseconds)
{
	struct moment sum = *moment;
	int64_t nanosecond = moment->nanosecond + nanoseconds % SECOND;
	int64_t seconds = (moment->hour * 60 + moment->minute) * 60 + moment->second +
			  nanoseconds / SECOND + divide_down(nanosecond, SECOND);
	int64_t days =
		day_number(moment->year, moment->month, moment->day) + divide_down(seconds, DAY);
	seconds -= divide_down(seconds, DAY) * DAY;
	sum.nanosecond = nanosecond - divide_down(nanosecond, SECOND) * SECOND;
	sum.hour = seconds / 3600;
	sum.minute = seconds / 60 % 60;
	sum.second = seconds % 60;
	date_of(days, &sum);
	return sum;
}

int moment_weekday(const struct moment *moment)
{
	/* 1970-01-01 was a Thursday. */
	int64_t day = day_number(moment->year, moment->month, moment->day) + 4;
	return (int)(day - divide_down(day, 7) * 7);
}

static const struct {
	const char *name;
	int64_t nanoseconds;
} units[] = {
	{ "ns", 1 },	   { "us", 1000 },	{ "\xc2\xb5s", 1000 }, { "\xce\xbcs", 1000 },
	{ "ms", 1000000 }, { "s", 1000000000 }, { "m", 60000000000 },  { "h", 3600000000000 },
};

/* The longest unit that fits: "ms" is no "m". */
static int64_t take_unit(struct cursor *cursor)
{
	size_t longest = 0;
	int64_t found = 0;
	for (size_t i = 0; i < countof(units); i++) {
		size_t n = strlen(units[i].name);
		if (n > longest && (size_t)(cursor->end - cursor->at) >= n &&
		    memcmp(cursor->at, units[i].name, n) == 0) {
			longest = n;
			found = units[i].nanoseconds;
		}
	}
	cursor->at += longest;
	return found;
}

static bool take_part(struct cursor *cursor, int64_t *total)
{
	int64_t whole = 0;
	const char *start = cursor->at;
	double fraction = 0, scale = 1;
	bool has_digits = is_digit(cursor);
	for (; is_digit(cursor); cursor->at++)
		if (__builtin_mul_overflow(whole, 10, &whole) ||
		    __builtin_add_overflow(whole, *cursor->at - '0', &whole))
			return false;
	if (take(cursor, '.'))
		for (; is_digit(cursor); has_digits = true, scale *= 10)
			fraction = fraction * 10 + (*cursor->at++ - '0');
	const char *number_end = cursor->at;
	int64_t unit = take_unit(cursor);
	if (!has_digits || unit == 0 || number_end == start)
		return false;
	return !__builtin_mul_overflow(whole, unit, &whole) &&
	       !__builtin_add_overflow(whole, (int64_t)(fraction * ((double)unit / scale)),
				       &whole) &&
	       !__builtin_add_overflow(*total, whole, total);
}

bool span_of_time_read(struct text text, int64_t *nanoseconds)
{
	struct cursor cursor = { text.s, text.s + text.n };
	bool is_negative = take(&cursor, '-');
	int64_t total = 0;
	if (!is_negative)
		take(&cursor, '+');
	bool is_zero = cursor.end - cursor.at == 1 && *cursor.at == '0';
	if (cursor.at == cursor.end)
		return false;
	while (!is_zero && cursor.at < cursor.end)
		if (!take_part(&cursor, &total))
			return false;
	*nanoseconds = is_negative ? -total : total;
	return true;
}

bool yaml_time_read(struct arena *arena, struct text text, struct text *out)
{
	struct cursor cursor = { text.s, text.s + text.n };
	struct moment moment = { 0 };
	if (take_date(&cursor, 1, &moment))
		return false;
	bool has_zone = cursor.at < cursor.end && (*cursor.at == 'T' || *cursor.at == 't');
	if (cursor.at < cursor.end) {
		if (!has_zone && *cursor.at != ' ')
			return false;
		cursor.at++;
		if (take_time(&cursor, 1, &moment))
			return false;
		if (has_zone && !take_zone(&cursor, &moment.offset))
			return false;
	}
	if (cursor.at != cursor.end)
		return false;
	*out = text_of(moment_write(arena, &moment));
	return true;
}
