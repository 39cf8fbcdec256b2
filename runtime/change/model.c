#include "runtime/change/model.h"

#include <string.h>

#include <linux/netfilter/nf_tables.h>

static const struct word {
	struct text word;
	enum model_kind kind;
	uint32_t type;
} words[] = {
	{ { "chain ", 6 }, MODEL_CHAIN, 0 },
	{ { "set ", 4 }, MODEL_SET, 0 },
	{ { "map ", 4 }, MODEL_SET, 0 },
	{ { "flowtable ", 10 }, MODEL_FLOWTABLE, 0 },
	{ { "counter ", 8 }, MODEL_OBJECT, NFT_OBJECT_COUNTER },
	{ { "quota ", 6 }, MODEL_OBJECT, NFT_OBJECT_QUOTA },
	{ { "limit ", 6 }, MODEL_OBJECT, NFT_OBJECT_LIMIT },
	{ { "synproxy ", 9 }, MODEL_OBJECT, NFT_OBJECT_SYNPROXY },
	{ { "ct helper ", 10 }, MODEL_OBJECT, NFT_OBJECT_CT_HELPER },
	{ { "ct timeout ", 11 }, MODEL_OBJECT, NFT_OBJECT_CT_TIMEOUT },
	{ { "ct expectation ", 15 }, MODEL_OBJECT, NFT_OBJECT_CT_EXPECT },
};

struct reader {
	struct arena *arena;
	struct text rest;
	uint32_t line; /* of the one read last */
	struct model *out;
};

static bool read_line(struct reader *reader, struct text *out)
{
	if (reader->rest.n == 0)
		return false;
	const char *end = memchr(reader->rest.s, '\n', reader->rest.n);
	size_t n = end ? (size_t)(end - reader->rest.s) : reader->rest.n;
	*out = (struct text){ reader->rest.s, n };
	n += end != NULL;
	reader->rest = (struct text){ reader->rest.s + n, reader->rest.n - n };
	reader->line++;
	return true;
}

static bool starts_with(struct text text, struct text start)
{
	return text.n >= start.n && memcmp(text.s, start.s, start.n) == 0;
}

static bool ends_with(struct text text, struct text end)
{
	return text.n >= end.n && memcmp(text.s + text.n - end.n, end.s, end.n) == 0;
}

static struct text text_from(struct text text, size_t from)
{
	return (struct text){ text.s + from, text.n - from };
}

static struct text text_until(struct text text, size_t n)
{
	return (struct text){ text.s, n };
}

static struct text trim_indent(struct text text)
{
	size_t n = 0;
	while (n < text.n && (text.s[n] == '\t' || text.s[n] == ' '))
		n++;
	return text_from(text, n);
}

struct text model_key(struct arena *arena, enum model_kind kind, uint32_t type, struct text name)
{
	char *key = arena_alloc(arena, name.n + 2);
	key[0] = (char)('A' + (uint32_t)kind + (kind == MODEL_OBJECT ? type : 0));
	memcpy(key + 1, name.s, name.n);
	return (struct text){ key, name.n + 1 };
}

struct model_thing *model_find(const struct model *model, struct text key)
{
	uint32_t at = lookup_get(&model->by_name, key);
	return at ? &model->things.at[at - 1] : NULL;
}

static struct model_thing *thing_open(struct reader *reader, const struct word *word,
				      struct text name)
{
	struct model *model = reader->out;
	struct text key = model_key(reader->arena, word->kind, word->type, name);
	uint32_t *at = lookup_at(reader->arena, &model->by_name, key);

	if (*at == 0) {
		struct model_thing *thing = push(reader->arena, &model->things);
		thing->kind = word->kind;
		thing->type = word->type;
		thing->name = name;
		*at = model->things.n;
	}
	struct model_thing *thing = &model->things.at[*at - 1];
	thing->word = text_until(word->word, word->word.n - 1);
	thing->line = reader->line;
	thing->header = (struct text){ reader->rest.s, 0 };
	return thing;
}

static void read_flags(struct model_thing *thing, struct text line)
{
	char flags[64];

	if (!starts_with(line, TEXT("\t\tflags ")) || line.n >= sizeof flags)
		return;
	memcpy(flags, line.s, line.n);
	flags[line.n] = '\0';
	thing->is_interval |= strstr(flags, "interval") != NULL;
	/* A set with a timeout is filled by others, whether rules can add to it or not. */
	thing->is_dynamic |= strstr(flags, "dynamic") || strstr(flags, "timeout");
}

/* The elements from "elements = { a," on, one a line. */
static bool read_elements(struct reader *reader, struct model_thing *thing, struct text line)
{
	line = text_from(line, TEXT("\t\telements = { ").n);
	for (;;) {
		struct text element = trim_indent(line);
		bool is_last = ends_with(element, TEXT(" }"));
		if (!is_last && !ends_with(element, TEXT(",")))
			return false;
		element = text_until(element, element.n - (is_last ? 2 : 1));
		*push(reader->arena, &thing->lines) = (struct model_line){ element, reader->line };
		if (is_last)
			return true;
		if (!read_line(reader, &line))
			return false;
	}
}

static bool is_rule(const struct model_thing *thing, struct text line)
{
	return thing->kind == MODEL_CHAIN && !(thing->lines.n == 0 && thing->header.n == 0 &&
					       starts_with(line, TEXT("\t\ttype ")));
}

static bool read_thing(struct reader *reader, struct model_thing *thing)
{
	struct text line;

	while (read_line(reader, &line)) {
		if (text_is(line, "\t}"))
			return true;
		if (!starts_with(line, TEXT("\t\t")))
			return false;
		if (thing->kind == MODEL_SET && starts_with(line, TEXT("\t\telements = { "))) {
			if (!read_elements(reader, thing, line))
				return false;
		} else if (is_rule(thing, line)) {
			*push(reader->arena, &thing->lines) =
				(struct model_line){ text_from(line, 2), reader->line };
		} else {
			read_flags(thing, line);
			thing->header.n = (size_t)(line.s + line.n + 1 - thing->header.s);
		}
	}
	return false;
}

static bool read_declaration(struct reader *reader, struct text line)
{
	if (!starts_with(line, TEXT("\t")) || !ends_with(line, TEXT(" {")))
		return false;
	line = text_until(text_from(line, 1), line.n - 3);
	for (size_t i = 0; i < countof(words); i++)
		if (starts_with(line, words[i].word))
			return read_thing(reader, thing_open(reader, &words[i],
							     text_from(line, words[i].word.n)));
	return false;
}

static bool read_table(struct reader *reader)
{
	struct text line;

	while (read_line(reader, &line)) {
		if (text_is(line, "}"))
			return true;
		if (line.n > 0 && !read_declaration(reader, line))
			return false;
	}
	return false;
}

/* "delete chain inet flywall NAME": one that is only declared so that it can be deleted. */
static bool read_delete(struct reader *reader, struct text line)
{
	const char *space = memrchr(line.s, ' ', line.n);
	struct text name = text_from(line, (size_t)(space + 1 - line.s));
	struct text key = model_key(reader->arena, MODEL_CHAIN, 0, name);
	struct model_thing *thing = model_find(reader->out, key);

	if (!thing)
		return false;
	*lookup_at(reader->arena, &reader->out->by_name, key) = 0;
	thing->name.n = 0;
	return true;
}

static void drop_deleted(struct model *model)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < model->things.n; i++)
		if (model->things.at[i].name.n > 0)
			model->things.at[kept++] = model->things.at[i];
	model->things.n = kept;
}

static void number_again(struct arena *arena, struct model *model)
{
	for (uint32_t i = 0; i < model->things.n; i++) {
		const struct model_thing *thing = &model->things.at[i];
		struct text key = model_key(arena, thing->kind, thing->type, thing->name);
		*lookup_at(arena, &model->by_name, key) = i + 1;
	}
}

static bool read_top(struct reader *reader, struct text line)
{
	if (line.n == 0 || line.s[0] == '#' || starts_with(line, TEXT("flush ")))
		return true;
	if (starts_with(line, TEXT("delete chain ")))
		return read_delete(reader, line);
	return starts_with(line, TEXT("table inet ")) && ends_with(line, TEXT(" {")) &&
	       read_table(reader);
}

uint32_t model_parse(struct arena *arena, struct text text, struct model *out)
{
	struct model model = { 0 };
	struct reader reader = { arena, text, 0, &model };
	struct text line;

	while (read_line(&reader, &line))
		if (!read_top(&reader, line))
			return reader.line;
	drop_deleted(&model);
	number_again(arena, &model);
	*out = model;
	return 0;
}
