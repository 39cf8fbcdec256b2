#include "runtime/state/sheet.h"

#include <stdio.h>
#include <stdlib.h>

#include "runtime/program.h"
#include "runtime/state/columns.h"
#include "runtime/state/writer.h"

struct sheet {
	struct writer *writer;	 /* NULL: text */
	struct columns *columns; /* of the list that is open, in text */
	const struct sheet_column *row;
	size_t count, cells;
	bool is_open, is_single, has_lists;
};

struct sheet *sheet_new(struct session *session)
{
	struct sheet *sheet = calloc(1, sizeof *sheet);

	if (!sheet)
		abort();
	if (session->format == FORMAT_TEXT)
		return sheet;
	sheet->writer = writer_new(stdout, session->format);
	writer_begin_map(sheet->writer);
	return sheet;
}

static void end_list(struct sheet *sheet)
{
	if (!sheet->is_open)
		return;
	sheet->is_open = false;
	if (sheet->columns)
		columns_close(sheet->columns);
	else if (!sheet->is_single)
		writer_end_list(sheet->writer);
	sheet->columns = NULL;
}

static void begin_text(struct sheet *sheet)
{
	const char *titles[COLUMNS_MAX];

	if (sheet->has_lists)
		putchar('\n');
	for (size_t i = 0; i < sheet->count; i++)
		titles[i] = sheet->row[i].title;
	sheet->columns = columns_new(stdout, titles, sheet->count);
}

static void begin(struct sheet *sheet, const char *key, const struct sheet_column *columns,
		  size_t count)
{
	end_list(sheet);
	sheet->row = columns;
	sheet->count = count;
	sheet->cells = 0;
	sheet->is_open = true;
	if (sheet->writer)
		writer_key(sheet->writer, key);
	else
		begin_text(sheet);
	sheet->has_lists = true;
}

void sheet_list(struct sheet *sheet, const char *key, const struct sheet_column *columns,
		size_t count)
{
	begin(sheet, key, columns, count);
	sheet->is_single = false;
	if (sheet->writer)
		writer_begin_list(sheet->writer);
}

void sheet_single(struct sheet *sheet, const char *key, const struct sheet_column *columns,
		  size_t count)
{
	begin(sheet, key, columns, count);
	sheet->is_single = true;
}

static void before(struct sheet *sheet, bool is_known)
{
	if (!sheet->writer)
		return;
	if (sheet->cells == 0)
		writer_begin_map(sheet->writer);
	if (is_known)
		writer_key(sheet->writer, sheet->row[sheet->cells].key);
}

static void after(struct sheet *sheet)
{
	if (++sheet->cells < sheet->count)
		return;
	sheet->cells = 0;
	if (sheet->writer)
		writer_end_map(sheet->writer);
	else
		columns_row(sheet->columns);
}

void sheet_text(struct sheet *sheet, const char *text)
{
	before(sheet, true);
	if (sheet->writer)
		writer_text(sheet->writer, text);
	else
		columns_text(sheet->columns, text);
	after(sheet);
}

void sheet_number(struct sheet *sheet, uint64_t number)
{
	before(sheet, true);
	if (sheet->writer)
		writer_number(sheet->writer, number);
	else
		columns_number(sheet->columns, number);
	after(sheet);
}

void sheet_real(struct sheet *sheet, double number)
{
	char text[COLUMNS_CELL_MAX];

	before(sheet, true);
	if (sheet->writer) {
		writer_real(sheet->writer, number, 2);
	} else {
		snprintf(text, sizeof text, "%.2f", number);
		columns_text(sheet->columns, text);
	}
	after(sheet);
}

void sheet_unknown(struct sheet *sheet)
{
	before(sheet, false);
	if (!sheet->writer)
		columns_text(sheet->columns, "-");
	after(sheet);
}

int sheet_close(struct sheet *sheet)
{
	end_list(sheet);
	if (sheet->writer) {
		writer_end_map(sheet->writer);
		writer_close(sheet->writer);
	}
	free(sheet);
	return program_finish();
}
