#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "value/functions/encoding.h"
#include "value/functions/maker.h"
#include "value/make.h"

/* RFC 4180: fields between commas, those with commas, quotes or line ends in them in quotes, where
 * a quote is written twice. Empty lines are passed over. */
struct csv {
	struct call *call;
	struct text text;
	size_t at;
};

static bool at_end(const struct csv *csv)
{
	return csv->at == csv->text.n;
}

/* The bytes of a line end at the place; 0 where there is none. */
static size_t line_end(const struct csv *csv)
{
	const char *at = csv->text.s + csv->at;
	size_t left = csv->text.n - csv->at;
	if (left > 1 && at[0] == '\r' && at[1] == '\n')
		return 2;
	/* At the very end a lone CR counts too. */
	return left > 0 && (at[0] == '\n' || (left == 1 && at[0] == '\r'));
}

static bool refuse(const struct csv *csv, const char *why)
{
	text_refuse(csv->call, csv->text, csv->at, why);
	return false;
}

static bool read_quoted(struct csv *csv, struct text_maker *out)
{
	for (csv->at++; !at_end(csv); csv->at++) {
		char c = csv->text.s[csv->at];
		if (c == '\r' && line_end(csv) == 2)
			continue;
		if (c != '"') {
			maker_add(out, (struct text){ &c, 1 });
			continue;
		}
		csv->at++;
		if (at_end(csv) || csv->text.s[csv->at] != '"') {
			if (at_end(csv) || csv->text.s[csv->at] == ',' || line_end(csv))
				return true;
			return refuse(csv,
				      "behind a closing quote comes a comma or the line's end");
		}
		maker_add(out, TEXT("\""));
	}
	return refuse(csv, "a quote is never closed");
}

static bool read_bare(struct csv *csv, struct text_maker *out)
{
	for (; !at_end(csv) && csv->text.s[csv->at] != ',' && !line_end(csv); csv->at++) {
		if (csv->text.s[csv->at] == '"')
			return refuse(csv, "a quote stands in a field that has none around it");
		maker_add(out, (struct text){ csv->text.s + csv->at, 1 });
	}
	return true;
}

static bool read_field(struct csv *csv, struct list_maker *row)
{
	struct text_maker field = { .arena = row->arena };
	bool is_quoted = !at_end(csv) && csv->text.s[csv->at] == '"';
	if (is_quoted ? !read_quoted(csv, &field) : !read_bare(csv, &field))
		return false;
	list_maker_add(row, call_string(csv->call, maker_text(&field)));
	return true;
}

/* The fields of the next line that has any; false at the end, and after a message. */
static bool read_row(struct csv *csv, struct list_maker *row, bool *is_wrong)
{
	row->all.n = 0;
	while (line_end(csv) > 0)
		csv->at += line_end(csv);
	if (at_end(csv))
		return false;
	for (;;) {
		if (!read_field(csv, row)) {
			*is_wrong = true;
			return false;
		}
		if (at_end(csv) || csv->text.s[csv->at] != ',')
			break;
		csv->at++;
	}
	csv->at += line_end(csv);
	return true;
}

static bool check_header(struct csv *csv, const struct list_maker *header)
{
	struct scope *scope = csv->call->scope;
	struct object_maker names = object_start(scope, csv->call->at, header->all.n);
	for (uint32_t i = 0; i < header->all.n; i++) {
		uint32_t before = names.object.count;
		object_put(scope, &names, header->all.at[i].string.s, header->all.at[i]);
		if (names.object.count == before) {
			argument_refuse(csv->call, 0, "two columns are named \"%s\"",
					header->all.at[i].string.s);
			return false;
		}
	}
	return true;
}

static struct value row_value(struct csv *csv, const struct list_maker *header,
			      const struct list_maker *row)
{
	struct scope *scope = csv->call->scope;
	struct object_maker maker = object_start(scope, csv->call->at, header->all.n);
	for (uint32_t i = 0; i < header->all.n; i++)
		object_put(scope, &maker, header->all.at[i].string.s, row->all.at[i]);
	return maker.object;
}

static bool add_row(struct csv *csv, const struct list_maker *header, const struct list_maker *row,
		    struct list_maker *rows)
{
	if (row->all.n != header->all.n) {
		argument_refuse(csv->call, 0,
				"the row %" PRIu32 " has %" PRIu32 " fields, and the "
				"first one names %" PRIu32 " columns",
				rows->all.n + 2, row->all.n, header->all.n);
		return false;
	}
	list_maker_add(rows, row_value(csv, header, row));
	return call_may_make(csv->call, (uint64_t)rows->all.n * header->all.n);
}

struct value run_csvdecode(struct call *call)
{
	struct arena *arena = call->scope->arena;
	struct csv csv = { .call = call, .text = call->arguments[0].string };
	struct list_maker header = { arena, { 0 } }, row = { arena, { 0 } },
			  rows = { arena, { 0 } };
	bool is_wrong = false;
	if (!read_row(&csv, &header, &is_wrong))
		return is_wrong ? call_poison(call)
				: argument_refuse(call, 0,
						  "the first row, which names the columns, "
						  "is missing");
	if (!check_header(&csv, &header))
		return call_poison(call);
	while (read_row(&csv, &row, &is_wrong))
		if (!add_row(&csv, &header, &row, &rows))
			return call_poison(call);
	return is_wrong ? call_poison(call) : call_list(call, rows.all.at, rows.all.n);
}
