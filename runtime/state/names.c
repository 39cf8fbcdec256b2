#include "runtime/state/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/suggest.h"
#include "base/text.h"
#include "runtime/digest.h"
#include "runtime/memory.h"
#include "runtime/program.h"
#include "runtime/state/table.h"

static void load_ids(struct arena *arena, const json_t *list, const char **names, size_t most)
{
	size_t i;
	const json_t *row;

	json_array_foreach(list, i, row)
	{
		json_int_t id = json_integer_value(json_object_get(row, "id"));
		const char *name = json_string_value(json_object_get(row, "name"));
		if (name && id >= 0 && (size_t)id < most)
			names[id] = text_copy(arena, text_of(name));
	}
}

/* Several policies stand in their order with commas between them. */
static const char *policies_text(struct arena *arena, const json_t *list)
{
	const char *all = NULL;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = json_string_value(json_array_get(list, i));
		if (name)
			all = all ? arena_printf(arena, "%s, %s", all, name)
				  : text_copy(arena, text_of(name));
	}
	return all;
}

static bool pair_read(const json_t *row, size_t *pair)
{
	json_int_t from = json_integer_value(json_object_get(row, "from"));
	json_int_t to = json_integer_value(json_object_get(row, "to"));

	if (from < 0 || from >= NAMES_ZONES || to < 0 || to >= NAMES_ZONES)
		return false;
	*pair = (size_t)(from * NAMES_ZONES + to);
	return true;
}

static void load_pairs(struct arena *arena, const json_t *list, struct names *names)
{
	size_t pair;

	names->policies = arena_array(arena, NAMES_ZONES * NAMES_ZONES, sizeof *names->policies);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *row = json_array_get(list, i);
		if (pair_read(row, &pair))
			names->policies[pair] =
				policies_text(arena, json_object_get(row, "policies"));
	}
}

/* What the loaded table says it was made from is a part of the digest of the ruleset that stands
 * beside the names. */
static const char *table_mismatch(struct arena *arena, const char *folder, const char *table,
				  int *refused)
{
	automemory struct memory ruleset = MEMORY_NONE;
	char loaded[GENERATION_MAX], expected[DIGEST_TEXT_SIZE];

	const char *path = arena_printf(arena, "%s/ruleset.nft", folder);
	int error = memory_read(path, &ruleset);
	if (error)
		return arena_printf(arena, "cannot read %s: %s", path, strerror(-error));
	error = table_generation(table, loaded);
	if (error == -ENOENT)
		return "flywall's table is not loaded";
	*refused = error;
	if (error)
		return arena_printf(arena, "cannot look for flywall's table: %s", strerror(-error));
	digest_text(ruleset.text, ruleset.size, expected);
	if (!*loaded || strncmp(expected, loaded, strlen(loaded)) != 0)
		return "a table of another generation is loaded";
	return NULL;
}

/* NULL, or why there are no names. */
static const char *names_load(struct session *session, struct names *names)
{
	struct arena *arena = session->arena;
	const char *folder = arena_printf(arena, "%s/current", session->state_dir);
	const char *path = arena_printf(arena, "%s/names.json", folder);
	json_error_t error;

	if (access(path, F_OK) < 0 && errno == ENOENT)
		return arena_printf(arena, "nothing was applied (there is no %s)", path);
	json_t *content = json_load_file(path, 0, &error);
	if (!content && json_error_code(&error) == json_error_cannot_open_file)
		return arena_printf(arena, "cannot read %s: %s", path, strerror(errno));
	if (!content)
		return arena_printf(arena, "cannot read %s: %s", path, error.text);
	const char *table = json_string_value(json_object_get(content, "table"));
	const char *why_not = table_mismatch(arena, folder, table, &names->error);
	if (why_not) {
		json_decref(content);
		return why_not;
	}
	names->is_loaded = true;
	names->content = content;
	load_ids(arena, json_object_get(content, "zones"), names->zones, NAMES_ZONES);
	load_ids(arena, json_object_get(content, "uplinks"), names->uplinks, NAMES_UPLINKS);
	load_pairs(arena, json_object_get(content, "pairs"), names);
	return NULL;
}

const struct names *names_get(struct session *session)
{
	if (!session->names) {
		session->names = arena_alloc(session->arena, sizeof *session->names);
		session->names->why_not = names_load(session, session->names);
	}
	return session->names;
}

void names_end(struct session *session)
{
	if (session->names)
		json_decref(session->names->content);
	session->names = NULL;
}

const char *names_table(struct session *session)
{
	const json_t *table = json_object_get(names_get(session)->content, "table");
	return json_is_string(table) ? json_string_value(table) : "flywall";
}

void names_warn(struct session *session)
{
	const struct names *names = names_get(session);
	if (names->is_loaded || session->has_warned)
		return;
	session->has_warned = true;
	program_say("zones are shown as numbers: %s", names->why_not);
}

static bool find_number(const char *text, unsigned long most, uint8_t *out)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || number > most)
		return false;
	*out = (uint8_t)number;
	return true;
}

static bool find_name(const char *const *names, size_t count, const char *text, uint8_t *out)
{
	for (size_t i = 0; i < count; i++)
		if (names[i] && strcmp(names[i], text) == 0) {
			*out = (uint8_t)i;
			return true;
		}
	return false;
}

bool names_find_zone(const struct names *names, const char *text, uint8_t *zone)
{
	static const char *const here[] = { "self", "firewall", "router", "flywall" };

	if (find_name(names->zones, NAMES_ZONES, text, zone) ||
	    find_number(text, NAMES_ZONES - 1, zone))
		return true;
	for (size_t i = 0; i < countof(here); i++)
		if (strcasecmp(here[i], text) == 0) {
			*zone = 0;
			return true;
		}
	return false;
}

bool names_find_uplink(const struct names *names, const char *text, uint8_t *uplink)
{
	return find_name(names->uplinks, NAMES_UPLINKS, text, uplink) ||
	       find_number(text, NAMES_UPLINKS - 1, uplink);
}

const char *names_suggest(const struct names *names, const char *list, const char *text)
{
	const char *known[NAMES_ZONES];
	const json_t *rows = json_object_get(names->content, list);
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(rows) && n < countof(known); i++) {
		known[n] = json_string_value(json_object_get(json_array_get(rows, i), "name"));
		n += known[n] != NULL;
	}
	return suggest(text, known, n);
}

const char *names_all(struct session *session, const char *list)
{
	enum { MOST = 20 };
	const json_t *rows = json_object_get(names_get(session)->content, list);
	const char *all = "";

	for (size_t i = 0; i < json_array_size(rows) && i <= MOST; i++) {
		const char *name =
			json_string_value(json_object_get(json_array_get(rows, i), "name"));
		all = arena_printf(session->arena, "%s%s%s", all, i > 0 ? ", " : "",
				   i == MOST ? "..."
				   : name    ? name
					     : "?");
	}
	return all;
}

static const char *name_or_number(const char *name, unsigned number, char text[NAME_TEXT_MAX])
{
	if (name)
		return name;
	snprintf(text, NAME_TEXT_MAX, "%u", number);
	return text;
}

const char *names_zone(const struct names *names, uint8_t zone, char text[NAME_TEXT_MAX])
{
	return name_or_number(names->zones[zone], zone, text);
}

const char *names_uplink(const struct names *names, uint8_t uplink, char text[NAME_TEXT_MAX])
{
	return name_or_number(names->uplinks[uplink], uplink, text);
}

static bool row_has(const json_t *row, const char *policy)
{
	const json_t *list = json_object_get(row, "policies");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = json_string_value(json_array_get(list, i));
		if (name && strcmp(name, policy) == 0)
			return true;
	}
	return false;
}

bool names_next_pair(const struct names *names, const char *policy, size_t *at, uint8_t *from,
		     uint8_t *to)
{
	const json_t *list = json_object_get(names->content, "pairs");
	size_t pair;

	while (*at < json_array_size(list)) {
		const json_t *row = json_array_get(list, (*at)++);
		if (!pair_read(row, &pair) || !row_has(row, policy))
			continue;
		*from = (uint8_t)(pair / NAMES_ZONES);
		*to = (uint8_t)(pair % NAMES_ZONES);
		return true;
	}
	return false;
}

const char *names_policy(const struct names *names, uint8_t from, uint8_t to)
{
	return names->policies ? names->policies[from * NAMES_ZONES + to] : NULL;
}
