#include "runtime/state/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
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

static void load_pairs(const json_t *pairs, const char *name, const char **policies)
{
	size_t i;
	const json_t *pair;

	json_array_foreach(pairs, i, pair)
	{
		json_int_t from = json_integer_value(json_array_get(pair, 0));
		json_int_t to = json_integer_value(json_array_get(pair, 1));
		if (from >= 0 && from < NAMES_ZONES && to >= 0 && to < NAMES_ZONES)
			policies[from * NAMES_ZONES + to] = name;
	}
}

static void load_policies(struct arena *arena, const json_t *list, struct names *names)
{
	size_t i;
	const json_t *row;

	names->policies = arena_array(arena, NAMES_ZONES * NAMES_ZONES, sizeof *names->policies);
	json_array_foreach(list, i, row)
	{
		const char *name = json_string_value(json_object_get(row, "name"));
		if (name)
			load_pairs(json_object_get(row, "pairs"), text_copy(arena, text_of(name)),
				   names->policies);
	}
}

/* NULL: the loaded table is the one that the names are of; or what keeps them from being used. */
static const char *table_mismatch(struct arena *arena, const json_t *content)
{
	const char *expected = json_string_value(json_object_get(content, "generation"));
	char loaded[GENERATION_MAX];

	int error = table_generation(json_string_value(json_object_get(content, "table")), loaded);
	if (error == -ENOENT)
		return "flywall's table is not loaded";
	if (error)
		return arena_printf(arena, "cannot look for flywall's table: %s", strerror(-error));
	if (!expected || strcmp(expected, loaded) != 0)
		return "a table of another generation is loaded";
	return NULL;
}

static void names_load(struct session *session, struct names *names)
{
	const char *path =
		arena_printf(session->arena, "%s/current/names.json", session->state_dir);
	json_error_t error;

	json_t *content = json_load_file(path, 0, &error);
	if (!content) {
		names->why_not =
			json_error_code(&error) == json_error_cannot_open_file
				? arena_printf(session->arena,
					       "nothing was applied (there is no %s)", path)
				: arena_printf(session->arena, "cannot read %s: %s", path,
					       error.text);
		return;
	}
	names->why_not = table_mismatch(session->arena, content);
	if (!names->why_not) {
		names->is_loaded = true;
		names->content = content;
		load_ids(session->arena, json_object_get(content, "zones"), names->zones,
			 NAMES_ZONES);
		load_ids(session->arena, json_object_get(content, "uplinks"), names->uplinks,
			 NAMES_UPLINKS);
		load_policies(session->arena, json_object_get(content, "policies"), names);
		return;
	}
	json_decref(content);
}

const struct names *names_get(struct session *session)
{
	if (!session->names) {
		session->names = arena_alloc(session->arena, sizeof *session->names);
		names_load(session, session->names);
	}
	return session->names;
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

const char *names_policy(const struct names *names, uint8_t from, uint8_t to)
{
	return names->policies ? names->policies[from * NAMES_ZONES + to] : NULL;
}
