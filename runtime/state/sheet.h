/* A report of several lists, as text in columns, or as JSON or YAML. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "runtime/state/command.h"

/* Text has the title ('>' before it: to the right), data the key. */
struct sheet_column {
	const char *title, *key;
};

struct sheet;

/* Never NULL: running out of memory ends the process. */
struct sheet *sheet_new(struct session *session);

/* Begins the next list; what stands above it in text is its titles. `key` names it in data. */
void sheet_list(struct sheet *sheet, const char *key, const struct sheet_column *columns,
		size_t count);

/* A list that has no more than one row, which data show as an object. */
void sheet_single(struct sheet *sheet, const char *key, const struct sheet_column *columns,
		  size_t count);

/* The next cell; rows begin and end by themselves. What is not known is left out of data. */
void sheet_text(struct sheet *sheet, const char *text);
void sheet_number(struct sheet *sheet, uint64_t number);
void sheet_real(struct sheet *sheet, double number);
void sheet_unknown(struct sheet *sheet);

/* Ends the report and gives it back. STATUS_*. */
int sheet_close(struct sheet *sheet);
