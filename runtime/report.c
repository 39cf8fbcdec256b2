#include "runtime/report.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "flywall/flywall.h"

/* A longer source line is not shown: its place is enough, and a terminal would drown in it. */
enum { EXCERPT_MAX = 200, MESSAGE_MAX = 1024 };

static const char *paint(const struct report *report, const char *escape)
{
	return report->colour ? escape : "";
}

/* Control characters, and those that turn the direction of writing: a terminal must not obey them.
 */
static bool is_unsafe(uint32_t code_point)
{
	return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0) ||
	       (code_point >= 0x202a && code_point <= 0x202e) ||
	       (code_point >= 0x2066 && code_point <= 0x2069);
}

/* Writes `s`, what is unsafe as '?' and tabs as one blank. Returns the columns that its first
 * `code_points` take. */
static int put_safely(FILE *out, const char *s, uint32_t code_points)
{
	size_t left = strlen(s);
	int columns = 0;

	for (uint32_t i = 0; left > 0; i++) {
		uint32_t code_point = 0;
		int bytes = code_point_decode(s, left, &code_point), width = 1;
		if (bytes < 1 || is_unsafe(code_point)) {
			fputc(code_point == '\t' ? ' ' : '?', out);
			bytes = bytes < 1 ? 1 : bytes;
		} else {
			fwrite(s, 1, (size_t)bytes, out);
			width = code_point_width(code_point);
		}
		if (i < code_points)
			columns += width;
		s += bytes;
		left -= (size_t)bytes;
	}
	return columns;
}

/* The number behind the last colon but `skip`; 0 where there is none. */
static uint32_t place_number(const char *place, int skip)
{
	const char *end = place + strlen(place);
	while (end > place) {
		end--;
		if (*end == ':' && skip-- == 0)
			return (uint32_t)strtoul(end + 1, NULL, 10);
	}
	return 0;
}

static void put_excerpt(const struct report *report, const struct flywall_place *place)
{
	uint32_t line = place_number(place->place, 1), column = place_number(place->place, 0);
	if (!line || !column || !place->content || strlen(place->content) > EXCERPT_MAX)
		return;

	fprintf(report->out, "%s%5u | %s", paint(report, "\033[34m"), line,
		paint(report, "\033[0m"));
	int indent = put_safely(report->out, place->content, column - 1);
	fprintf(report->out, "\n%s      | %*s%s^%s\n", paint(report, "\033[34m"), indent, "",
		paint(report, "\033[1;31m"), paint(report, "\033[0m"));
}

/* Long messages end where the room ends: what follows is at most a part of a name. */
static void put_formatted(const struct report *report, const char *format, va_list arguments)
{
	char message[MESSAGE_MAX];
	vsnprintf(message, sizeof message, format, arguments);
	put_safely(report->out, message, 0);
	fputc('\n', report->out);
}

void report_message(const struct report *report, enum report_kind kind,
		    const struct flywall_place *place, const char *format, ...)
{
	static const char *const words[] = { "error", "warning" };
	static const char *const paints[] = { "\033[1;31m", "\033[1;33m" };
	va_list arguments;

	if (place && place->place) {
		put_safely(report->out, place->place, 0);
		fputs(": ", report->out);
	}
	fprintf(report->out, "%s%s:%s ", paint(report, paints[kind]), words[kind],
		paint(report, "\033[0m"));
	va_start(arguments, format);
	put_formatted(report, format, arguments);
	va_end(arguments);
	if (place && place->place)
		put_excerpt(report, place);
}

void report_note(const struct report *report, const char *format, ...)
{
	va_list arguments;

	fputs("  note: ", report->out);
	va_start(arguments, format);
	put_formatted(report, format, arguments);
	va_end(arguments);
}

void report_help(const struct report *report, const char *format, ...)
{
	va_list arguments;

	fputs("  help: ", report->out);
	va_start(arguments, format);
	put_formatted(report, format, arguments);
	va_end(arguments);
}
