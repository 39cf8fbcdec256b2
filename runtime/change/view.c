#include "runtime/change/view.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include <linux/netfilter/nf_tables.h>

enum { FLAG_BASE = 1, FLAG_DYNAMIC = 2, FLAG_MAP = 4 };

struct view_thing *view_find(const struct view *view, struct text key)
{
	uint32_t at = lookup_get(&view->by_name, key);
	return at ? &view->things.at[at - 1] : NULL;
}

struct text view_key(struct arena *arena, const struct view_thing *thing)
{
	return model_key(arena, thing->kind, thing->type, thing->name);
}

struct view_thing *view_add(struct arena *arena, struct view *view, const struct view_thing *thing)
{
	uint32_t *at = lookup_at(arena, &view->by_name, view_key(arena, thing));
	struct view_thing *added = push(arena, &view->things);

	*added = *thing;
	*at = view->things.n;
	return added;
}

bool view_is_readable(const struct view_thing *thing)
{
	struct text name = thing->name;
	for (size_t i = 0; i < name.n; i++)
		if (!isalnum((unsigned char)name.s[i]) && !strchr("_-/.", name.s[i]))
			return false;
	return isalpha((unsigned char)name.s[0]);
}

static const char *object_word(uint32_t type)
{
	static const char *const words[] = {
		[NFT_OBJECT_COUNTER] = "counter",	   [NFT_OBJECT_QUOTA] = "quota",
		[NFT_OBJECT_CT_HELPER] = "ct helper",	   [NFT_OBJECT_LIMIT] = "limit",
		[NFT_OBJECT_SECMARK] = "secmark",	   [NFT_OBJECT_CT_TIMEOUT] = "ct timeout",
		[NFT_OBJECT_SYNPROXY] = "synproxy",	   [NFT_OBJECT_TUNNEL] = "tunnel",
		[NFT_OBJECT_CT_EXPECT] = "ct expectation",
	};
	return type < countof(words) && words[type] ? words[type] : "object";
}

const char *view_describe(struct arena *arena, const struct view_thing *thing)
{
	static const char *const words[] = {
		[MODEL_CHAIN] = "chain",
		[MODEL_SET] = "set",
		[MODEL_FLOWTABLE] = "flowtable",
	};
	const char *word =
		thing->kind == MODEL_OBJECT ? object_word(thing->type) : words[thing->kind];
	if (thing->is_map)
		word = "map";
	return arena_printf(arena, "%s %.*s", word, (int)thing->name.n, thing->name.s);
}

bool view_thing_equal(const struct view_thing *a, const struct view_thing *b)
{
	return a->definition == b->definition && a->content == b->content;
}

void view_write(const struct view *view, FILE *out)
{
	for (uint32_t i = 0; i < view->things.n; i++) {
		const struct view_thing *thing = &view->things.at[i];
		if (thing->is_anonymous)
			continue;
		unsigned flags = (thing->is_base ? FLAG_BASE : 0) |
				 (thing->is_dynamic ? FLAG_DYNAMIC : 0) |
				 (thing->is_map ? FLAG_MAP : 0);
		fprintf(out, "%d %" PRIu32 " %u %016" PRIx64 " %016" PRIx64 " %.*s\n", thing->kind,
			thing->type, flags, thing->definition, thing->content, (int)thing->name.n,
			thing->name.s);
	}
}

static bool read_number(struct text *text, int base, uint64_t *out)
{
	char *end;

	if (text->n == 0 || text->s[0] == ' ')
		return false;
	*out = strtoull(text->s, &end, base);
	size_t n = (size_t)(end - text->s);
	if (n == 0 || n >= text->n || *end != ' ')
		return false;
	*text = (struct text){ end + 1, text->n - n - 1 };
	return true;
}

static bool read_thing(struct text line, struct view_thing *out)
{
	uint64_t kind, type, flags;

	if (!read_number(&line, 10, &kind) || !read_number(&line, 10, &type) ||
	    !read_number(&line, 10, &flags) || !read_number(&line, 16, &out->definition) ||
	    !read_number(&line, 16, &out->content) || kind > MODEL_OBJECT || line.n == 0)
		return false;
	out->kind = (enum model_kind)kind;
	out->type = (uint32_t)type;
	out->is_base = flags & FLAG_BASE;
	out->is_dynamic = flags & FLAG_DYNAMIC;
	out->is_map = flags & FLAG_MAP;
	out->name = line;
	return true;
}

bool view_parse(struct arena *arena, struct text text, struct view *out)
{
	struct view view = { 0 };

	while (text.n > 0) {
		struct view_thing thing = { 0 };
		const char *end = memchr(text.s, '\n', text.n);
		if (!end || !read_thing((struct text){ text.s, (size_t)(end - text.s) }, &thing))
			return false;
		view_add(arena, &view, &thing);
		text = (struct text){ end + 1, (size_t)(text.s + text.n - end - 1) };
	}
	*out = view;
	return true;
}
