#include "runtime/change/draft.h"

#include <stdlib.h>
#include <string.h>

void draft_end_line(struct draft *draft, uint32_t line, int shift)
{
	fputc('\n', draft->out);
	*push(draft->arena, &draft->lines) = (struct draft_line){ line, shift };
}

void draft_put(struct draft *draft, struct text text)
{
	fwrite(text.s, 1, text.n, draft->out);
}

void draft_open_table(struct draft *draft, const char *table)
{
	fprintf(draft->out, "table inet %s {", table);
	draft_end_line(draft, 0, 0);
}

void draft_close_table(struct draft *draft)
{
	fputc('}', draft->out);
	draft_end_line(draft, 0, 0);
}

void draft_open_thing(struct draft *draft, const struct model_thing *thing)
{
	struct text rest = thing->header;
	uint32_t line = thing->line;

	fprintf(draft->out, "\t%.*s %.*s {", (int)thing->word.n, thing->word.s, (int)thing->name.n,
		thing->name.s);
	draft_end_line(draft, line, 0);
	while (rest.n > 0) {
		size_t n = (size_t)((const char *)memchr(rest.s, '\n', rest.n) - rest.s);
		draft_put(draft, (struct text){ rest.s, n });
		draft_end_line(draft, line ? ++line : 0, 0);
		rest = (struct text){ rest.s + n + 1, rest.n - n - 1 };
	}
}

void draft_close_thing(struct draft *draft)
{
	fputs("\t}", draft->out);
	draft_end_line(draft, 0, 0);
}

/* The elements with a flag, or all where `flags` is NULL. */
static void put_elements(struct draft *draft, const struct model_thing *set, const bool *flags)
{
	uint32_t before = 0;
	for (uint32_t i = 0; i < set->lines.n; i++) {
		if (flags && !flags[i])
			continue;
		if (before)
			draft_end_line(draft, before, 0);
		fputs(before ? "\t\t\t" : "\t\telements = { ", draft->out);
		draft_put(draft, set->lines.at[i].text);
		fputc(',', draft->out);
		before = set->lines.at[i].line;
	}
	if (!before)
		return;
	fputs(" }", draft->out);
	draft_end_line(draft, before, 0);
}

static void put_rules(struct draft *draft, const struct model_thing *chain)
{
	for (uint32_t i = 0; i < chain->lines.n; i++) {
		fputs("\t\t", draft->out);
		draft_put(draft, chain->lines.at[i].text);
		draft_end_line(draft, chain->lines.at[i].line, 0);
	}
}

void draft_put_thing(struct draft *draft, const struct model_thing *thing, const bool *flags)
{
	draft_open_thing(draft, thing);
	if (thing->kind == MODEL_CHAIN)
		put_rules(draft, thing);
	else
		put_elements(draft, thing, flags);
	draft_close_thing(draft);
}

const char *draft_translate(const struct draft *draft, const char *messages)
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
		    rest && line > 0 && line <= draft->lines.n) {
			struct draft_line from = draft->lines.at[line - 1];
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
	const char *copy = text_copy(draft->arena, (struct text){ text, size });
	free(text);
	return copy;
}
