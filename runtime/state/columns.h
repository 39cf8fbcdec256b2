/* Text in columns as wide as what stands in them, without keeping it all: the first rows decide,
 * and a later one that needs more pushes its column out. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { COLUMNS_MAX = 24, COLUMNS_CELL_MAX = 128 };

struct columns;

/* Writes to `out`, first the titles; a title that begins with '>' has its column to the right.
 * Never NULL: running out of memory ends the process. */
struct columns *columns_new(FILE *out, const char *const *titles, size_t count);

/* Where the next cell's text goes, COLUMNS_CELL_MAX bytes at most; columns_cell ends it at `end`.
 */
char *columns_start(struct columns *columns);
void columns_cell(struct columns *columns, const char *end);

/* A cell of ready text; what is too long is cut off. */
void columns_text(struct columns *columns, const char *text);
void columns_number(struct columns *columns, unsigned long long number);

/* Ends a row of as many cells as there are titles. */
void columns_row(struct columns *columns);

/* Writes what is left (nothing where there was no row) and gives it back. */
void columns_close(struct columns *columns);
