/* What the programs have in common: exit statuses and messages about themselves. */
#pragma once
#include <stdbool.h>
#include <stdio.h>

enum program_status {
	STATUS_DONE,   /* it is done */
	STATUS_NO,     /* the input or the check says no */
	STATUS_USAGE,  /* called wrongly */
	STATUS_SYSTEM, /* the kernel or the system refused */
};

/* As many errors of a configuration as one run shows. */
enum { ERRORS_SHOWN = 20 };

/* "flywall-compile: what there is to say" on standard error. */
void program_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same about what is wrong; returns `status`. */
int program_fail(enum program_status status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What getopt has just said, completed by where to read on; returns STATUS_USAGE. */
int program_usage(void);

/* Writes the help text to standard output; returns the exit status. */
int program_help(const char *text);

/* "flywall-compile 0.1.0" on standard output; returns the exit status. */
int program_version(void);

/* Flushes standard output: STATUS_DONE, or STATUS_SYSTEM after a message where it cannot be
 * written. */
int program_finish(void);

/* A terminal that shows colour, whose user has not said NO_COLOR. */
bool stream_has_colour(FILE *stream);

/* Flushes `stream`: 0, or -errno where anything written to it was lost. */
int stream_flush(FILE *stream);
