/* Messages at a place in the configuration, in the form that the compiler's own have. */
#pragma once
#include <stdbool.h>
#include <stdio.h>

struct flywall_place;

/* Where messages go. */
struct report {
	FILE *out;
	bool colour;
};

enum report_kind { REPORT_ERROR, REPORT_WARNING };

/* The message, and below it the source line with a caret where `place` has one; NULL: no place. */
void report_message(const struct report *report, enum report_kind kind,
		    const struct flywall_place *place, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Lines that belong to the message above. */
void report_note(const struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void report_help(const struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
