#include "runtime/leftovers.h"

#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "flywall/flywall.h"
#include "runtime/load.h"

/* libnftables' word for each kind of thing, in the order in which they can go: nothing may be
 * deleted that something else refers to. Chains are emptied ahead of all. */
static const struct kind {
	const char *word;
	enum flywall_thing thing;
} kinds[] = {
	{ "map", FLYWALL_MAP },		 { "chain", FLYWALL_CHAIN },
	{ "set", FLYWALL_SET },		 { "counter", FLYWALL_OBJECT },
	{ "limit", FLYWALL_OBJECT },	 { "quota", FLYWALL_OBJECT },
	{ "ct helper", FLYWALL_OBJECT }, { "flowtable", FLYWALL_FLOWTABLE },
};

static void json_drop(json_t **json)
{
	json_decref(*json);
}

#define autojson __attribute__((cleanup(json_drop)))

/* The list in the object that libnftables prints; NULL where it is none. */
static json_t *listing_parse(const char *text)
{
	json_t *root = json_loads(text, 0, NULL);
	json_t *list = json_incref(json_object_get(root, "nftables"));
	json_decref(root);
	return list;
}

/* Whether `json` is a thing of the table (or, with the key "name", the table itself). */
static bool is_of_table(const json_t *json, const char *key, const char *table)
{
	const char *family = json_string_value(json_object_get(json, "family"));
	const char *name = json_string_value(json_object_get(json, key));
	return family && strcmp(family, "inet") == 0 && name && strcmp(name, table) == 0;
}

static bool table_exists(const json_t *list, const char *table)
{
	size_t i;
	json_t *item;
	json_array_foreach(list, i, item) if (is_of_table(json_object_get(item, "table"), "name",
							  table)) return true;
	return false;
}

static void collect(struct arena *arena, const struct flywall *flywall, const json_t *list,
		    const struct kind *kind, struct leftovers *out)
{
	size_t i;
	json_t *item;
	json_array_foreach(list, i, item)
	{
		const json_t *thing = json_object_get(item, kind->word);
		const char *name = json_string_value(json_object_get(thing, "name"));
		if (!is_of_table(thing, "table", flywall_table(flywall)) || !name ||
		    flywall_owns(flywall, kind->thing, name))
			continue;
		*push(arena, out) =
			(struct leftover){ kind->word, text_copy(arena, text_of(name)) };
	}
}

/* Runs a listing command and parses what it prints. */
static json_t *list_run(const char *command, char **messages)
{
	char *printed;
	if (!nftables_run_json(command, &printed)) {
		*messages = printed;
		return NULL;
	}
	json_t *list = listing_parse(printed);
	free(printed);
	if (!list)
		*messages = strdup("the listing is not as libnftables-json(5) says");
	return list;
}

bool leftovers_find(struct arena *arena, const struct flywall *flywall, struct leftovers *out,
		    char **messages)
{
	const char *table = flywall_table(flywall);
	autojson json_t *tables = list_run("list tables inet", messages);
	if (!tables)
		return false;
	if (!table_exists(tables, table))
		return true;
	autojson json_t *list =
		list_run(arena_printf(arena, "list table inet %s", table), messages);
	if (!list)
		return false;
	for (size_t i = 0; i < countof(kinds); i++)
		collect(arena, flywall, list, &kinds[i], out);
	return true;
}

/* {"delete": {"chain": {"family": "inet", "table": "flywall", "name": "in_old"}}}: as JSON, because
 * a name that another program gave need not be one that nft's grammar can read. */
static bool command_add(json_t *commands, const char *verb, const char *table,
			const struct leftover *leftover)
{
	json_t *command = json_pack("{s:{s:{s:s, s:s, s:s}}}", verb, leftover->kind, "family",
				    "inet", "table", table, "name", leftover->name);
	return json_array_append_new(commands, command) == 0;
}

bool leftovers_remove(const struct flywall *flywall, const struct leftovers *leftovers,
		      char **messages)
{
	const char *table = flywall_table(flywall);
	autojson json_t *root = json_pack("{s:[]}", "nftables");
	json_t *commands = json_object_get(root, "nftables");
	bool whole = commands != NULL;

	for (uint32_t i = 0; i < leftovers->n; i++)
		if (strcmp(leftovers->at[i].kind, "chain") == 0)
			whole &= command_add(commands, "flush", table, &leftovers->at[i]);
	for (uint32_t i = 0; i < leftovers->n; i++)
		whole &= command_add(commands, "delete", table, &leftovers->at[i]);

	autofree char *text = whole ? json_dumps(root, JSON_COMPACT) : NULL;
	if (!text) {
		*messages = strdup("out of memory");
		return false;
	}
	char *result;
	if (!nftables_run_json(text, &result)) {
		*messages = result;
		return false;
	}
	free(result);
	return true;
}
