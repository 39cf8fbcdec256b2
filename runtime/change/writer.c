#include "runtime/change/writer.h"

#include <stdlib.h>
#include <string.h>

void writer_end_line(struct writer *writer, uint32_t line, int shift)
{
	fputc('\n', writer->out);
	*push(writer->arena, &writer->lines) = (struct writer_line){ line, shift };
}

void writer_put(struct writer *writer, struct text text)
{
	fwrite(text.s, 1, text.n, writer->out);
}

void writer_open_table(struct writer *writer, const char *table)
{
	fprintf(writer->out, "table inet %s {", table);
	writer_end_line(writer, 0, 0);
}

void writer_close_table(struct writer *writer)
{
	fputc('}', writer->out);
	writer_end_line(writer, 0, 0);
}

void writer_open_thing(struct writer *writer, const struct model_thing *thing)
{
	struct text rest = thing->header;
	uint32_t line = thing->line;

	fprintf(writer->out, "\t%.*s %.*s {", (int)thing->word.n, thing->word.s, (int)thing->name.n,
		thing->name.s);
	writer_end_line(writer, line, 0);
	while (rest.n > 0) {
		size_t n = (size_t)((const char *)memchr(rest.s, '\n', rest.n) - rest.s);
		writer_put(writer, (struct text){ rest.s, n });
		writer_end_line(writer, line ? ++line : 0, 0);
		rest = (struct text){ rest.s + n + 1, rest.n - n - 1 };
	}
}

void writer_close_thing(struct writer *writer)
{
	fputs("\t}", writer->out);
	writer_end_line(writer, 0, 0);
}

/* The elements with a flag, or all where `flags` is NULL. */
static void put_elements(struct writer *writer, const struct model_thing *set, const bool *flags)
{
	uint32_t before = 0;
	for (uint32_t i = 0; i < set->lines.n; i++) {
		if (flags && !flags[i])
			continue;
		if (before)
			writer_end_line(writer, before, 0);
		fputs(before ? "\t\t\t" : "\t\telements = { ", writer->out);
		writer_put(writer, set->lines.at[i].text);
		fputc(',', writer->out);
		before = set->lines.at[i].line;
	}
	if (!before)
		return;
	fputs(" }", writer->out);
	writer_end_line(writer, before, 0);
}

static void put_rules(struct writer *writer, const struct model_thing *chain)
{
	for (uint32_t i = 0; i < chain->lines.n; i++) {
		fputs("\t\t", writer->out);
		writer_put(writer, chain->lines.at[i].text);
		writer_end_line(writer, chain->lines.at[i].line, 0);
	}
}

void writer_put_thing(struct writer *writer, const struct model_thing *thing, const bool *flags)
{
	writer_open_thing(writer, thing);
	if (thing->kind == MODEL_CHAIN)
		put_rules(writer, thing);
	else
		put_elements(writer, thing, flags);
	writer_close_thing(writer);
}

const char *writer_translate(const struct writer *writer, const char *messages)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	while (*messages) {
		size_t n = strcspn(messages, "\n");
		unsigned line, column, end;
		int rest = 0;
		const char *place = memmem(messages, n, "/fd/", 4);
		const char *colon =
			place ? memchr(place, ':', n - (size_t)(place - messages)) : NULL;
		if (colon && sscanf(colon, ":%u:%u-%u:%n", &line, &column, &end, &rest) == 3 &&
		    rest && line > 0 && line <= writer->lines.n) {
			struct writer_line from = writer->lines.at[line - 1];
			unsigned shift = (unsigned)from.shift;
			fprintf(out, "%.*s:%u:%u-%u:", (int)(colon - messages), messages, from.line,
				column > shift ? column - shift : 1, end > shift ? end - shift : 1);
			n -= (size_t)(colon + rest - messages);
			messages = colon + rest;
		}
		fprintf(out, "%.*s\n", (int)n, messages);
		messages += n + (messages[n] == '\n');
	}
	if (!out || fclose(out) != 0)
		return "out of memory\n";
	const char *copy = text_copy(writer->arena, (struct text){ text, size });
	free(text);
	return copy;
}
