#include "schema/manual.h"

#include <inttypes.h>
#include <string.h>

#include "base/diag.h"
#include "schema/schema.h"

/* What one path leads to. A table that several paths lead to is described at the first. */
struct section {
	const char *path;
	const struct table *table;
};

struct manual {
	struct arena *arena;
	FILE *out;
	VEC(struct section) sections;
};

static const char preamble[] =
	"# The language of flywall\n"
	"\n"
	"This page is written by `flywall-compile --manual` out of the tables that the compiler\n"
	"itself reads configurations by.\n"
	"\n"
	"## Values\n"
	"\n"
	"A configuration is HCL's native syntax: attributes (`name = value`), blocks\n"
	"(`type \"label\" { ... }`), comments (`#`, `//`, `/* */`). Strings that hold a number or "
	"a\n"
	"truth value serve as one, and the other way round.\n"
	"\n"
	"- *Whole number*: `1000`.\n"
	"- *Duration*: whole seconds (`90`), or a string of parts in days, hours, minutes and\n"
	"  seconds (`\"5d\"`, `\"1h30m\"`).\n"
	"- *Rate*: a whole number, or so many in a unit of time (`\"100/second\"`, "
	"`\"30/minute\"`,\n"
	"  `\"10/hour\"`, `\"5/day\"`).\n"
	"- *Port*: `443`, a range (`10000:20000` in a list, or `\"10000-20000\"`), or a list of "
	"them.\n"
	"- *Address*: `\"192.0.2.1\"`, `\"2001:db8::/32\"`, `\"192.0.2.1-192.0.2.9\"`, or a list "
	"of\n"
	"  them; both families may be mixed.\n"
	"- An *object* may be written as an attribute (`limits = { max_per_ip = 10 }`) or as a\n"
	"  block (`limits { max_per_ip = 10 }`).\n"
	"\n"
	"In a limit, 0 means that there is none.\n"
	"\n"
	"## Expressions\n"
	"\n"
	"- `variable \"net\" { default = \"10.0.0.0/8\" }` is read as `var.net`, and set from "
	"outside\n"
	"  with `-D net='\"10.1.0.0/16\"'` or `FLYWALL_VAR_net`.\n"
	"- `locals { hosts = [\"10.0.0.1\", \"10.0.0.2\"] }` is read as `local.hosts`.\n"
	"- `\"${local.prefix}-in\"` puts values into a string, `%{ if }` and `%{ for }` choose "
	"and\n"
	"  repeat text; `<<-EOT` begins a text of several lines. `$${` and `%%{` are the "
	"characters.\n"
	"- `[for host in local.hosts : \"${host}/32\" if host != \"10.0.0.2\"]` makes a list of\n"
	"  another, `{ for name, value in var.map : name => value }` an object;\n"
	"  `local.zones[*].interface` takes one attribute of each element.\n"
	"- `condition ? this : that`, `+ - * / %`, `== != < <= > >=`, `&& || !`.\n"
	"- `dynamic \"rule\" { for_each = var.ports, content { ... } }`, its two parts on lines "
	"of\n"
	"  their own, writes a block for each element, which is `rule.key` and `rule.value` in "
	"it.\n";

static const struct section *section_find(const struct manual *manual, const struct table *table)
{
	for (uint32_t i = 0; i < manual->sections.n; i++)
		if (manual->sections.at[i].table == table)
			return &manual->sections.at[i];
	return NULL;
}

/* As Markdown's readers make an anchor of a heading: its letters, digits, hyphens and underscores.
 */
static void put_link(const struct manual *manual, const char *path)
{
	fprintf(manual->out, "[%s](#", path);
	for (const char *c = path; *c; c++)
		if (*c != '.')
			fputc(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c, manual->out);
	fputc(')', manual->out);
}

static void put_bound(const struct manual *manual, const struct row *row, uint64_t value)
{
	char duration[DURATION_TEXT_MAX];
	if (row->kind == ROW_DURATION) {
		duration_format(value, duration);
		fprintf(manual->out, "`\"%s\"`", duration);
	} else {
		fprintf(manual->out, "%" PRIu64, value);
	}
}

static void put_unit(const struct manual *manual, const struct row *row)
{
	const struct rate rate = { 0, row->per };
	if (row->kind == ROW_RATE)
		fprintf(manual->out, ", a plain number per %s", rate_unit_name(&rate));
}

static const char *kind_name(enum row_kind kind)
{
	switch (kind) {
	case ROW_BOOL:
		return "`true` or `false`";
	case ROW_NUMBER:
		return "whole number";
	case ROW_DURATION:
		return "duration";
	case ROW_RATE:
		return "rate";
	case ROW_TEXT:
		return "string";
	case ROW_TEXTS:
		return "string or list of strings";
	case ROW_PORTS:
		return "port, range or list";
	case ROW_PREFIXES:
		return "address, network, range or list";
	case ROW_ANY:
		return "value";
	case ROW_OBJECT:
		return "object";
	case ROW_BLOCKS:
		break;
	}
	return "block";
}

static const char *type_name(const struct row *row)
{
	if (row->words_n == 0)
		return kind_name(row->kind);
	return row->kind == ROW_TEXTS ? "word or list of words" : "word";
}

/* "whole number, from 1 to 65535". */
static void put_type(const struct manual *manual, const struct row *row)
{
	fputs(type_name(row), manual->out);
	bool has_range =
		row->kind == ROW_NUMBER || row->kind == ROW_DURATION || row->kind == ROW_RATE;
	if (has_range) {
		fputs(", from ", manual->out);
		put_bound(manual, row, row->low);
		fputs(" to ", manual->out);
		put_bound(manual, row, row->high);
	}
	if (row->kind == ROW_BLOCKS && row->high)
		fprintf(manual->out, ", at most %" PRIu64, row->high);
	put_unit(manual, row);
	if (row->takes_bare)
		fprintf(manual->out, ", or %s for its `%s`", type_name(&row->table->rows[0]),
			row->table->rows[0].name);
	if (row->may_be_off)
		fputs(", or `false` for none", manual->out);
}

static void put_aliases(const struct manual *manual, const struct row *row)
{
	const char *before = " (also ";
	for (const char *at = row->alias; at && *at; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");
		fprintf(manual->out, "%s`%.*s`", before, (int)length, at);
		before = ", ";
		at += length;
	}
	if (row->alias)
		fputc(')', manual->out);
}

static void put_words(const struct manual *manual, const struct row *row)
{
	for (uint32_t i = 0; i < row->words_n; i++)
		fprintf(manual->out, "  - `\"%s\"`: %s\n", row->words[i].name, row->words[i].doc);
}

static void put_example(const struct manual *manual, const struct row *row)
{
	bool is_block = row->kind == ROW_BLOCKS && !strchr(row->example, '=');
	if (is_block)
		fprintf(manual->out, " Example: `%s { ... }`", row->example);
	else if (strncmp(row->example, row->name, strlen(row->name)) == 0 ||
		 row->kind == ROW_BLOCKS)
		fprintf(manual->out, " Example: `%s`", row->example);
	else
		fprintf(manual->out, " Example: `%s = %s`", row->name, row->example);
}

static void put_row(const struct manual *manual, const struct row *row)
{
	fprintf(manual->out, "- **`%s`**", row->name);
	put_aliases(manual, row);
	fputs(": ", manual->out);
	put_type(manual, row);
	if (row->value)
		fprintf(manual->out, "; default `%s`", row->value);
	fprintf(manual->out, ". %s", row->doc);
	if (row->limits)
		fprintf(manual->out, " Limits: %s.", row->limits);
	put_example(manual, row);
	const struct section *section = row->table ? section_find(manual, row->table) : NULL;
	if (section) {
		fputs(" See ", manual->out);
		put_link(manual, section->path);
		fputc('.', manual->out);
	}
	fputc('\n', manual->out);
	put_words(manual, row);
}

/* Attributes that are all alike are said once. */
static void put_keys(const struct manual *manual, const struct keys *keys)
{
	fprintf(manual->out, "\nThe name of a %s, each as ", keys->noun);
	put_link(manual, section_find(manual, keys->table)->path);
	fprintf(manual->out, ", or the value of its `%s` alone:", keys->table->rows[0].name);
	for (uint32_t i = 0; i < keys->names.n; i++)
		fprintf(manual->out, "%s `%s`", i ? "," : "", name_at(keys->names, i));
	fputs(".\n", manual->out);
}

static void put_strangers(const struct manual *manual, const struct table *table, bool is_refused)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < table->strangers_n; i++) {
		const struct stranger *stranger = &table->strangers[i];
		if (stranger->is_refused != is_refused)
			continue;
		if (n++ == 0)
			fputs(is_refused ? "\nKnown, and refused because leaving it out would "
					   "change what the rest means:\n\n"
					 : "\nOf other programs, and skipped:\n\n",
			      manual->out);
		fprintf(manual->out, "- `%s` (%s)\n", stranger->name, stranger->doc);
	}
}

static void put_usage(const struct manual *manual, const struct row *row)
{
	if (row->label && strchr(row->example, '='))
		fprintf(manual->out, "\n    %s\n\nIts name is %s.\n", row->example, row->label);
	else if (row->label)
		fprintf(manual->out, "\n    %s { ... }\n\nIts label is %s%s.\n", row->example,
			row->label, row->label_optional ? ", and may be left out" : "");
}

static void put_table(const struct manual *manual, const char *path, const struct row *row,
		      const struct table *table)
{
	fprintf(manual->out, "\n%s %s\n", strchr(path, '.') ? "###" : "##", path);
	if (row) {
		fprintf(manual->out, "\n%s\n", row->doc);
		put_usage(manual, row);
	}
	if (table->rows_n || table->rest)
		fputc('\n', manual->out);
	for (uint32_t i = 0; i < table->rows_n; i++)
		put_row(manual, &table->rows[i]);
	if (table->rest)
		put_row(manual, table->rest);
	if (table->keys)
		put_keys(manual, table->keys);
	put_strangers(manual, table, true);
	put_strangers(manual, table, false);
}

static void collect(struct manual *manual, const char *path, const struct table *table);

static void collect_below(struct manual *manual, const char *path, const char *name,
			  const struct table *table)
{
	if (table && !section_find(manual, table))
		collect(manual, *path ? arena_printf(manual->arena, "%s.%s", path, name) : name,
			table);
}

/* Every table before the first is written, so that links can lead forward. */
static void collect(struct manual *manual, const char *path, const struct table *table)
{
	*push(manual->arena, &manual->sections) = (struct section){ path, table };
	for (uint32_t i = 0; i < table->rows_n; i++)
		collect_below(manual, path, table->rows[i].name, table->rows[i].table);
	if (table->keys)
		collect_below(manual, path, "NAME", table->keys->table);
	if (table->rest)
		collect_below(manual, path, table->rest->name, table->rest->table);
}

/* The row that leads to a table from the one whose path it continues. */
static const struct row *row_find(const struct manual *manual, const struct table *table)
{
	for (uint32_t i = 0; i < manual->sections.n; i++) {
		const struct table *parent = manual->sections.at[i].table;
		for (uint32_t k = 0; k < parent->rows_n; k++)
			if (parent->rows[k].table == table)
				return &parent->rows[k];
		if (parent->rest && parent->rest->table == table)
			return parent->rest;
	}
	return NULL;
}

void manual_write(struct arena *arena, const struct table *root, FILE *out)
{
	struct manual manual = { .arena = arena, .out = out };
	collect(&manual, "", root);
	manual.sections.at[0].path = "Top level";
	fputs(preamble, out);
	for (uint32_t i = 0; i < manual.sections.n; i++) {
		const struct section *section = &manual.sections.at[i];
		put_table(&manual, section->path, row_find(&manual, section->table),
			  section->table);
	}
}

void manual_write_messages(FILE *out)
{
	fputs("\n## Messages\n\nA code that begins with E is an error, one with W a warning.\n\n",
	      out);
	for (enum diag_code code = 0; code < D_COUNT; code++)
		fprintf(out, "- **%s**: %s. %s\n", diag_code_name(code), diag_code_title(code),
			diag_code_explanation(code));
}
