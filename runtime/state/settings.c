/* settings: what is set about tracking in this network namespace, and what the configuration sets.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "runtime/program.h"
#include "runtime/scope.h"
#include "runtime/state/options.h"
#include "runtime/state/sheet.h"

#define FOLDER "/proc/sys/net/netfilter"

enum { VALUE_MAX = 128 };

struct keys {
	struct arena *arena;
	const char *pattern; /* that names have; empty: all */
	VEC(const char *) names;
};

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void keys_add(struct keys *keys, const char *name)
{
	bool is_ours = strncmp(name, "nf_conntrack_", 13) == 0;
	if (is_ours && strstr(name, keys->pattern))
		*push(keys->arena, &keys->names) = text_copy(keys->arena, text_of(name));
}

/* 0, or -errno. */
static int keys_read(struct keys *keys)
{
	const struct dirent *entry;

	DIR *folder = opendir(FOLDER);
	if (!folder)
		return -errno;
	while ((entry = readdir(folder)))
		keys_add(keys, entry->d_name);
	closedir(folder);
	if (keys->names.n > 0)
		qsort(keys->names.at, keys->names.n, sizeof *keys->names.at, compare_names);
	return 0;
}

/* False: it cannot be read. */
static bool value_read(struct arena *arena, const char *name, char out[VALUE_MAX])
{
	autofile FILE *file = fopen(arena_printf(arena, FOLDER "/%s", name), "re");

	if (!file || !fgets(out, VALUE_MAX, file))
		return false;
	out[strcspn(out, "\n")] = 0;
	return true;
}

/* What the configuration that was applied last sets; NULL: nothing. */
static const json_t *wanted_find(const json_t *applied, const char *name)
{
	static const char prefix[] = "net.netfilter.";
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(applied, "settings"), i, row)
	{
		const char *key = json_string_value(json_object_get(row, "key"));
		if (key && strncmp(key, prefix, sizeof prefix - 1) == 0 &&
		    strcmp(key + sizeof prefix - 1, name) == 0)
			return row;
	}
	return NULL;
}

static void show_text(struct sheet *sheet, const json_t *text)
{
	if (json_is_string(text))
		sheet_text(sheet, json_string_value(text));
	else
		sheet_unknown(sheet);
}

static int show(struct session *session, const struct keys *keys, const json_t *applied)
{
	static const struct sheet_column columns[] = {
		{ "SETTING", "setting" },
		{ ">VALUE", "value" },
		{ ">CONFIGURED", "configured" },
		{ "AT", "at" },
	};
	struct sheet *sheet = sheet_new(session);
	char value[VALUE_MAX];

	sheet_list(sheet, "settings", columns, countof(columns));
	for (uint32_t i = 0; i < keys->names.n; i++) {
		const json_t *wanted = wanted_find(applied, keys->names.at[i]);
		sheet_text(sheet,
			   arena_printf(session->arena, "net.netfilter.%s", keys->names.at[i]));
		if (value_read(session->arena, keys->names.at[i], value))
			sheet_text(sheet, value);
		else
			sheet_unknown(sheet);
		show_text(sheet, json_object_get(wanted, "value"));
		show_text(sheet, json_object_get(wanted, "place"));
	}
	return sheet_close(sheet);
}

/* Where nothing was applied, nothing is configured. */
static int show_beside(struct session *session, const struct keys *keys)
{
	const char *path =
		arena_printf(session->arena, "%s/current/settings.json", session->state_dir);
	json_error_t error;

	json_t *applied = json_load_file(path, 0, &error);
	if (!applied && (json_error_code(&error) != json_error_cannot_open_file || errno != ENOENT))
		program_say("what is configured is not shown: %s", error.text);
	int status = show(session, keys, applied);
	json_decref(applied);
	return status;
}

int settings_run(struct session *session, int argc, char *argv[])
{
	struct keys keys = { .arena = session->arena, .pattern = "" };
	int rest, status;

	if (!options_read(session, NULL, 0, argv, &rest, &status))
		return status;
	if (rest + 1 < argc) {
		program_say("one part of a name at most, such as 'timeout'");
		return command_usage(session);
	}
	if (argv[rest])
		keys.pattern = argv[rest];
	int error = keys_read(&keys);
	if (error && error != -ENOENT)
		return program_fail(STATUS_SYSTEM, "cannot read %s: %s", FOLDER, strerror(-error));
	if (keys.names.n == 0 && *keys.pattern && !error)
		return program_fail(STATUS_NO, "no setting's name has '%s' in it", keys.pattern);
	if (keys.names.n == 0)
		return program_fail(STATUS_SYSTEM,
				    "this kernel has no connection tracking (module nf_conntrack)");
	return show_beside(session, &keys);
}
