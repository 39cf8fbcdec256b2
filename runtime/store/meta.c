#include "runtime/store/meta.h"

#include <string.h>

#include <jansson.h>

void meta_add(struct arena *arena, struct meta_files *files, const char *name, struct text text)
{
	struct meta_file *file = push(arena, &files->all);
	file->name = name;
	digest_text(text.s, text.n, file->digest);
}

static json_t *files_json(const struct meta_files *files)
{
	json_t *object = json_object();
	for (uint32_t i = 0; i < files->all.n; i++)
		json_object_set_new(object, files->all.at[i].name,
				    json_string(files->all.at[i].digest));
	return object;
}

static json_t *sources_json(const struct generation *generation)
{
	json_t *list = json_array();
	for (uint32_t i = 0; i < generation->sources.n; i++)
		json_array_append_new(list, json_string(generation->sources.at[i].name));
	return list;
}

/* The digest of all that meta.json says but itself, and so of all files. */
static const char *whole_digest(struct arena *arena, json_t *meta)
{
	json_auto_t *rest = json_copy(meta);
	char digest[DIGEST_TEXT_SIZE];
	json_object_del(rest, "whole");
	autofree char *text = json_dumps(rest, JSON_COMPACT | JSON_SORT_KEYS);
	if (!text)
		return "";
	digest_text(text, strlen(text), digest);
	return arena_printf(arena, "%s", digest);
}

struct text meta_write(struct arena *arena, const struct meta_files *files,
		       struct generation *generation)
{
	json_auto_t *meta =
		json_pack("{s:I, s:I, s:s, s:s, s:s, s:s, s:o, s:o}", "number",
			  (json_int_t)generation->number, "time", (json_int_t)generation->time,
			  "user", generation->user, "terminal", generation->terminal, "version",
			  generation->version, "digest", generation->digest, "sources",
			  sources_json(generation), "files", files_json(files));
	generation->whole = whole_digest(arena, meta);
	json_object_set_new(meta, "whole", json_string(generation->whole));
	autofree char *text = json_dumps(meta, JSON_INDENT(2));
	return text_of(arena_printf(arena, "%s\n", text ? text : ""));
}

static void sources_read(struct arena *arena, json_t *list, struct generation *generation)
{
	size_t i;
	json_t *name;
	json_array_foreach(list, i, name)
	{
		if (json_is_string(name))
			push(arena, &generation->sources)->name =
				arena_printf(arena, "%s", json_string_value(name));
	}
}

static void files_read(struct arena *arena, json_t *object, struct meta_files *files)
{
	const char *name;
	json_t *digest;
	json_object_foreach(object, name, digest)
	{
		struct meta_file *file = push(arena, &files->all);
		file->name = arena_printf(arena, "%s", name);
		snprintf(file->digest, sizeof file->digest, "%s",
			 json_is_string(digest) ? json_string_value(digest) : "");
	}
}

const char *meta_read(struct arena *arena, struct text text, struct generation *generation,
		      struct meta_files *files)
{
	json_auto_t *meta = json_loadb(text.s, text.n, 0, NULL);
	json_t *sources, *digests;
	json_int_t number, time;
	const char *user, *terminal, *version, *digest, *whole;

	if (!meta || json_unpack(meta, "{s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "number",
				 &number, "time", &time, "user", &user, "terminal", &terminal,
				 "version", &version, "digest", &digest, "whole", &whole, "sources",
				 &sources, "files", &digests) != 0)
		return "meta.json is damaged";
	if (strcmp(whole, whole_digest(arena, meta)) != 0)
		return "meta.json is not what was written";
	generation->time = time;
	generation->user = arena_printf(arena, "%s", user);
	generation->terminal = arena_printf(arena, "%s", terminal);
	generation->version = arena_printf(arena, "%s", version);
	generation->digest = arena_printf(arena, "%s", digest);
	generation->whole = arena_printf(arena, "%s", whole);
	sources_read(arena, sources, generation);
	files_read(arena, digests, files);
	return number == (json_int_t)generation->number ? NULL
							: "it is the copy of another generation";
}
