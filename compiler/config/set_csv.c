#include "config/set_files.h"

#include <string.h>

#include "base/diag.h"
#include "schema/fault.h"
#include "schema/schema.h"
#include "value/value.h"

/* Where in the file; fields as RFC 4180 has them, but for a doubled quote, which no entry holds and
 * which is left as it is. */
struct cursor {
	const char *at, *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct text trim(const char *start, const char *end)
{
	while (start < end && is_blank(*start))
		start++;
	while (start < end && is_blank(end[-1]))
		end--;
	return (struct text){ start, (size_t)(end - start) };
}

/* The content of a field in quotes; NULL where they are never closed. */
static const char *quoted_end(const struct cursor *cursor, const char *start)
{
	for (const char *at = start; at < cursor->end; at++) {
		if (*at != '"')
			continue;
		if (at + 1 == cursor->end || at[1] != '"')
			return at;
		at++;
	}
	return NULL;
}

/* Takes a field and the comma behind it; `*is_last` where the line ends instead. */
static bool take_field(struct cursor *cursor, struct text *out, bool *is_last)
{
	const char *start = cursor->at;
	while (start < cursor->end && is_blank(*start))
		start++;
	const char *content_end = NULL;
	if (start < cursor->end && *start == '"') {
		content_end = quoted_end(cursor, ++start);
		if (!content_end)
			return false;
	}
	const char *at = content_end ? content_end : start;
	while (at < cursor->end && *at != ',' && *at != '\n')
		at++;
	*out = trim(start, content_end ? content_end : at);
	*is_last = at == cursor->end || *at == '\n';
	cursor->at = at < cursor->end ? at + 1 : at;
	return true;
}

/* Steps over empty lines and comments. */
static bool next_line(struct cursor *cursor)
{
	while (cursor->at < cursor->end) {
		const char *newline = memchr(cursor->at, '\n', (size_t)(cursor->end - cursor->at));
		const char *end = newline ? newline : cursor->end;
		struct text line = trim(cursor->at, end);
		if (line.n > 0 && line.s[0] != '#')
			return true;
		cursor->at = newline ? newline + 1 : cursor->end;
	}
	return false;
}

static void report_unclosed(struct set_file *file, const struct cursor *cursor)
{
	struct diag *d = diag_error(file->reading->scope->diags, D_SET_FORMAT,
				    set_file_span(file, cursor->at, cursor->at + 1));
	diag_say(d, "the quotes in this line are never closed");
}

/* Takes a line; false where it is broken, or has no such column: then `*out` has no text. */
static bool take_line(struct set_file *file, struct cursor *cursor, uint32_t column,
		      struct text *out)
{
	const struct cursor start = *cursor;
	bool is_last = false;
	*out = (struct text){ 0 };
	for (uint32_t i = 1; !is_last; i++) {
		struct text field;
		if (!take_field(cursor, &field, &is_last)) {
			report_unclosed(file, &start);
			return false;
		}
		if (i == column)
			*out = field;
	}
	if (out->s)
		return true;
	struct diag *d = diag_error(file->reading->scope->diags, D_SET_FORMAT,
				    set_file_span(file, start.at, start.at + 1));
	diag_say(d, "this line has fewer than %u fields", column);
	file->bad++;
	return true;
}

/* The number that a column is given by, or 0. */
static uint32_t column_number(const char *column)
{
	uint32_t number = 0;
	for (const char *c = column; *c; c++) {
		if (*c < '0' || *c > '9' || number > 10000)
			return 0;
		number = number * 10 + (uint32_t)(*c - '0');
	}
	return number;
}

/* Takes the first line, and looks the column's name up in it. */
static uint32_t find_column(struct set_file *file, struct cursor *cursor)
{
	const struct field_text *column = &file->reading->written->column;
	struct scope *scope = file->reading->scope;
	const char *start = cursor->at;
	VEC(const char *) names = { 0 };
	bool is_last = !next_line(cursor);
	while (!is_last) {
		struct text field;
		if (!take_field(cursor, &field, &is_last)) {
			report_unclosed(file, cursor);
			return 0;
		}
		*push(scope->arena, &names) = text_copy(scope->arena, field);
		if (text_is(field, column->value)) {
			cursor->at = memchr(cursor->at - 1, '\n',
					    (size_t)(cursor->end - cursor->at + 1));
			cursor->at = cursor->at ? cursor->at + 1 : cursor->end;
			return names.n;
		}
	}
	struct diag *d = diag_error(scope->diags, D_SET_PLACE, column->at);
	diag_say(d, "no column is named \"%s\"", column->value);
	diag_note(d, set_file_span(file, start, start + 1), "the file's first line names them");
	fault_help_names(scope, d, column->value,
			 (struct name_list){ names.at, sizeof *names.at, names.n });
	return 0;
}

void set_read_csv(struct set_file *file)
{
	const struct field_text *column = &file->reading->written->column;
	struct cursor cursor = { set_file_start(file), file->source->text + file->source->size };
	uint32_t number = column->value ? column_number(column->value) : 1;
	if (number == 0)
		number = find_column(file, &cursor);
	while (number > 0 && next_line(&cursor)) {
		struct text field;
		if (!take_line(file, &cursor, number, &field))
			return;
		if (field.s &&
		    !set_file_entry(file, field, set_file_span(file, field.s, field.s + field.n)))
			return;
	}
}
