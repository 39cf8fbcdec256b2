#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "value/functions/library.h"
#include "value/functions/times.h"
#include "value/functions/maker.h"

static const char *const months[] = { "January",   "February", "March",	   "April",
				      "May",	   "June",     "July",	   "August",
				      "September", "October",  "November", "December" };
static const char *const weekdays[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
					"Thursday", "Friday", "Saturday" };

/* A run of one letter: what is written for it. NULL where there is no such verb. */
struct verb {
	struct arena *arena;
	const struct moment *moment;
	size_t n; /* letters */
};

/* One letter is the number, two have a leading zero. */
static const char *plain(const struct verb *verb, int64_t number)
{
	if (verb->n > 2)
		return NULL;
	return arena_printf(verb->arena, verb->n == 2 ? "%02" PRId64 : "%" PRId64, number);
}

static const char *named(const struct verb *verb, const char *name)
{
	if (verb->n != 3 && verb->n != 4)
		return NULL;
	return verb->n == 3 ? arena_printf(verb->arena, "%.3s", name) : name;
}

static const char *year(const struct verb *verb)
{
	if (verb->n == 2)
		return arena_printf(verb->arena, "%02" PRId64, verb->moment->year % 100);
	return verb->n == 4 ? arena_printf(verb->arena, "%04" PRId64, verb->moment->year) : NULL;
}

/* Z is Z or +01:00, ZZZ UTC or +0100, ZZZZ always +0100, ZZZZZ always +01:00. */
static const char *zone(const struct verb *verb)
{
	int64_t offset = verb->moment->offset, minutes = (offset < 0 ? -offset : offset) / 60;
	char sign = offset < 0 ? '-' : '+';
	if (verb->n == 2 || verb->n > 5)
		return NULL;
	if (offset == 0 && verb->n <= 3)
		return verb->n == 1 ? "Z" : "UTC";
	return arena_printf(verb->arena, "%c%02" PRId64 "%s%02" PRId64, sign, minutes / 60,
			    verb->n == 1 || verb->n == 5 ? ":" : "", minutes % 60);
}

static const char *half_of_day(const struct verb *verb, bool is_capital)
{
	if (verb->n != 2)
		return NULL;
	bool is_morning = verb->moment->hour < 12;
	if (is_capital)
		return is_morning ? "AM" : "PM";
	return is_morning ? "am" : "pm";
}

static const char *verb_text(const struct verb *verb, char letter)
{
	const struct moment *moment = verb->moment;
	switch (letter) {
	case 'Y':
		return year(verb);
	case 'M':
		return verb->n < 3 ? plain(verb, moment->month)
				   : named(verb, months[moment->month - 1]);
	case 'D':
		return plain(verb, moment->day);
	case 'E':
		return named(verb, weekdays[moment_weekday(moment)]);
	case 'h':
		return plain(verb, moment->hour);
	case 'H':
		return plain(verb, moment->hour % 12 ? moment->hour % 12 : 12);
	case 'A':
	case 'a':
		return half_of_day(verb, letter == 'A');
	case 'm':
		return plain(verb, moment->minute);
	case 's':
		return plain(verb, moment->second);
	case 'Z':
		return zone(verb);
	default:
		return NULL;
	}
}

/* 'text' is written as it is; '' in it and outside is one quote. Returns what follows; 0 where it
 * is not closed. */
static size_t write_quoted(struct text_maker *out, struct text format, size_t at)
{
	if (at + 1 < format.n && format.s[at + 1] == '\'') {
		maker_add_string(out, "'");
		return at + 2;
	}
	for (at++; at < format.n; at++) {
		bool is_quote = format.s[at] == '\'';
		if (is_quote && (at + 1 == format.n || format.s[at + 1] != '\''))
			return at + 1;
		maker_add(out, (struct text){ format.s + at, 1 });
		at += is_quote;
	}
	return 0;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t write_verb(const struct call *call, const struct moment *moment,
			 struct text_maker *out, size_t at)
{
	struct text format = call->arguments[0].string;
	size_t end = at + 1;
	while (end < format.n && format.s[end] == format.s[at])
		end++;
	struct verb verb = { call->scope->arena, moment, end - at };
	const char *text = verb_text(&verb, format.s[at]);
	if (!text) {
		argument_refuse(
			call, 0,
			"\"%.*s\" stands for nothing; there are YYYY YY M MM MMM MMMM D DD EEE "
			"EEEE h hh H HH aa AA m mm s ss Z ZZZ ZZZZ ZZZZZ, and text in '...'",
			(int)(end - at), format.s + at);
		return 0;
	}
	maker_add_string(out, text);
	return end;
}

static bool read_moment(const struct call *call, uint32_t index, struct moment *out)
{
	const char *wrong = moment_read(call->arguments[index].string, out);
	if (wrong)
		argument_refuse(call, index, "%s, and a time looks like 2023-07-21T08:30:00Z",
				wrong);
	return !wrong;
}

static struct value run_formatdate(struct call *call)
{
	struct moment moment;
	struct text format = call->arguments[0].string;
	struct text_maker maker = { .arena = call->scope->arena };
	if (!read_moment(call, 1, &moment))
		return call_poison(call);
	for (size_t at = 0; at < format.n;) {
		if (format.s[at] == '\'') {
			at = write_quoted(&maker, format, at);
			if (at == 0)
				return argument_refuse(call, 0, "a quote ' is never closed");
		} else if (is_letter(format.s[at])) {
			at = write_verb(call, &moment, &maker, at);
			if (at == 0)
				return call_poison(call);
		} else {
			maker_add(&maker, (struct text){ format.s + at++, 1 });
		}
	}
	return call_string(call, maker_text(&maker));
}

static struct value run_timeadd(struct call *call)
{
	struct moment moment;
	int64_t nanoseconds;
	if (!read_moment(call, 0, &moment))
		return call_poison(call);
	if (!span_of_time_read(call->arguments[1].string, &nanoseconds))
		return argument_refuse(call, 1,
				       "a span of time has units, as in \"-1h30m\"; the "
				       "longest unit is h");
	moment = moment_add(&moment, nanoseconds);
	return call_string(call, text_of(moment_write(call->scope->arena, &moment)));
}

static const struct function rows[] = {
	{ .name = "formatdate",
	  .run = run_formatdate,
	  .parameters = { { "format", PARAMETER_STRING }, { "time", PARAMETER_STRING } },
	  .doc = "A time of RFC 3339 in another form.",
	  .example = "formatdate(\"DD MMM YYYY hh:mm\", \"2023-07-21T08:30:00Z\")",
	  .result = "\"21 Jul 2023 08:30\"" },
	{ .name = "timeadd",
	  .run = run_timeadd,
	  .parameters = { { "time", PARAMETER_STRING }, { "duration", PARAMETER_STRING } },
	  .doc = "The time of RFC 3339 that is so much later, or earlier where the duration is "
		 "negative.",
	  .example = "timeadd(\"2023-07-21T08:30:00Z\", \"-1h30m\")",
	  .result = "\"2023-07-21T07:00:00Z\"" },
};

const struct function_family date_functions = { "Times", rows, countof(rows) };
