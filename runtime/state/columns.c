#include "runtime/state/columns.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/program.h"

/* So many rows are looked at before the first is written. */
enum { ROWS_FIRST = 512, GAP = 2, ROW_MAX = COLUMNS_MAX * COLUMNS_CELL_MAX };

struct row {
	uint16_t ends[COLUMNS_MAX]; /* of cells, in `text` */
	char text[ROW_MAX];
};

struct columns {
	FILE *out;
	size_t count, cells; /* columns; cells of the row that is being made */
	bool is_right[COLUMNS_MAX];
	unsigned width[COLUMNS_MAX];
	bool is_flowing; /* rows are written as they come */
	size_t n;
	struct row *rows;
	struct row *row; /* the one that is being made */
};

/* Characters, not bytes: names may be of any script. */
static unsigned text_width(const char *text, size_t length)
{
	unsigned width = 0;
	for (size_t i = 0; i < length; i++)
		width += (text[i] & 0xc0) != 0x80;
	return width;
}

static void measure(struct columns *columns, const struct row *row)
{
	unsigned start = 0;

	for (size_t i = 0; i < columns->count; i++) {
		unsigned width = text_width(row->text + start, row->ends[i] - start);
		if (width > columns->width[i])
			columns->width[i] = width;
		start = row->ends[i];
	}
}

static char *put_spaces(char *at, unsigned n)
{
	memset(at, ' ', n);
	return at + n;
}

static void write_row(struct columns *columns, const struct row *row)
{
	/* A cell, and as many spaces again, and the gaps. */
	char line[2 * ROW_MAX + COLUMNS_MAX * GAP + 1], *at = line;
	unsigned start = 0, owed = 0;

	for (size_t i = 0; i < columns->count; i++) {
		unsigned length = row->ends[i] - start;
		unsigned width = text_width(row->text + start, length);
		unsigned rest = width < columns->width[i] ? columns->width[i] - width : 0;
		at = put_spaces(at, owed + (columns->is_right[i] ? rest : 0));
		memcpy(at, row->text + start, length);
		at += length;
		/* Nothing stands behind the last cell. */
		owed = GAP + (columns->is_right[i] ? 0 : rest);
		start = row->ends[i];
	}
	*at++ = '\n';
	fwrite_unlocked(line, 1, (size_t)(at - line), columns->out);
}

static void flow(struct columns *columns)
{
	for (size_t i = 0; i < columns->n; i++)
		measure(columns, &columns->rows[i]);
	for (size_t i = 0; i < columns->n; i++)
		write_row(columns, &columns->rows[i]);
	columns->is_flowing = true;
	columns->row = &columns->rows[0];
}

struct columns *columns_new(FILE *out, const char *const *titles, size_t count)
{
	struct columns *columns = calloc(1, sizeof *columns);
	if (columns)
		columns->rows = malloc((ROWS_FIRST + 1) * sizeof *columns->rows);
	if (!columns || !columns->rows)
		abort();
	columns->out = out;
	columns->count = count;
	columns->row = columns->rows;
	for (size_t i = 0; i < count; i++) {
		columns->is_right[i] = titles[i][0] == '>';
		columns_text(columns, titles[i] + columns->is_right[i]);
	}
	columns_row(columns);
	return columns;
}

char *columns_start(struct columns *columns)
{
	return columns->row->text +
	       (columns->cells > 0 ? columns->row->ends[columns->cells - 1] : 0);
}

void columns_cell(struct columns *columns, const char *end)
{
	columns->row->ends[columns->cells++] = (uint16_t)(end - columns->row->text);
}

void columns_text(struct columns *columns, const char *text)
{
	char *at = columns_start(columns);
	size_t n = strnlen(text, COLUMNS_CELL_MAX);

	memcpy(at, text, n);
	columns_cell(columns, at + n);
}

void columns_number(struct columns *columns, unsigned long long number)
{
	char digits[24], *start = digits + sizeof digits;

	*--start = 0;
	do
		*--start = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	columns_text(columns, start);
}

void columns_row(struct columns *columns)
{
	columns->cells = 0;
	if (columns->is_flowing) {
		measure(columns, columns->row);
		write_row(columns, columns->row);
		return;
	}
	columns->row = &columns->rows[++columns->n];
	if (columns->n > ROWS_FIRST - 1)
		flow(columns);
}

void columns_close(struct columns *columns)
{
	/* Titles of nothing are left out. */
	if (!columns->is_flowing && columns->n > 1)
		flow(columns);
	free(columns->rows);
	free(columns);
}
