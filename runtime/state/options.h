/* Options of sub-commands as rows: reading them and listing them in the help. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "runtime/state/command.h"

/* A long option. `take` keeps the value (NULL where the row has no `value`) in `target`; false
 * after it has said what is wrong with it. */
struct option_row {
	const char *name;
	const char *value; /* what stands for the value in the help; NULL: there is none */
	bool (*take)(void *target, const struct option_row *row, const char *value);
	const char *help;
	unsigned which; /* for takers that serve several rows */
};

/* Rows that fill one target. */
struct option_group {
	const struct option_row *rows;
	size_t count;
	void *target;
	const char *title; /* above the rows in the help; NULL: none */
};

/* Reads the options of `groups`, and --format, --state-dir and --help, which every sub-command has.
 * True: go on; the words that are no options stand from argv[*rest]. False: end with `*status`. */
bool options_read(struct session *session, const struct option_group *groups, size_t count,
		  char *argv[], int *rest, int *status);

/* After it was said what is wrong: where to read on about the command. STATUS_USAGE. */
int command_usage(const struct session *session);

/* Reading values for takers: a decimal or 0x number up to
 * `most`, a duration ("90", "1h30m"), a number of bytes ("10k", "5M", "1G": powers of 1024). They
 * say what is wrong themselves, naming the option. */
bool option_number(const char *option, const char *value, unsigned long long most,
		   unsigned long long *out);
bool option_duration(const char *option, const char *value, unsigned long long *seconds);
bool option_bytes(const char *option, const char *value, unsigned long long *out);
