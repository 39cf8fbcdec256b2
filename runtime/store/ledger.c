#include "runtime/store/ledger.h"

#include <string.h>

#include <jansson.h>

static const char file_name[] = "before.json";

static uint32_t find(const struct ledger *ledger, const struct flywall_setting *setting)
{
	uint32_t i = 0;
	while (i < ledger->all.n && (ledger->all.at[i].kind != setting->kind ||
				     strcmp(ledger->all.at[i].key, setting->key) != 0))
		i++;
	return i;
}

bool ledger_has(const struct ledger *ledger, const struct flywall_setting *setting)
{
	return find(ledger, setting) < ledger->all.n;
}

void ledger_add(struct arena *arena, struct ledger *ledger, const struct flywall_setting *setting,
		const char *value)
{
	if (ledger_has(ledger, setting))
		return;
	struct flywall_setting *added = push(arena, &ledger->all);
	added->kind = setting->kind;
	added->key = setting->key;
	added->value = value ? arena_printf(arena, "%s", value) : NULL;
}

void ledger_drop(struct ledger *ledger, const struct flywall_setting *setting)
{
	uint32_t i = find(ledger, setting);
	if (i < ledger->all.n)
		ledger->all.at[i] = ledger->all.at[--ledger->all.n];
}

/* A value that is lost stands there as null. */
static bool entries_read(struct arena *arena, json_t *list, struct ledger *out)
{
	const char *key;
	int is_parameter;
	json_t *item, *value;
	size_t i;
	if (!json_is_array(list))
		return false;
	json_array_foreach(list, i, item)
	{
		if (json_unpack(item, "{s:b, s:s, s:o}", "module_parameter", &is_parameter, "key",
				&key, "value", &value) != 0 ||
		    (!json_is_string(value) && !json_is_null(value)))
			return false;
		struct flywall_setting setting = {
			.kind = is_parameter ? FLYWALL_SET_MODULE_PARAMETER : FLYWALL_SET_SYSCTL,
			.key = arena_printf(arena, "%s", key),
		};
		ledger_add(arena, out, &setting, json_string_value(value));
	}
	return true;
}

static const char *ledger_parse(struct arena *arena, struct text text, const struct here *here,
				struct ledger *out)
{
	struct ledger ledger = { 0 };
	struct here there = { 0 };
	const char *boot;
	json_int_t network;
	json_t *list;
	json_error_t mistake;
	json_auto_t *all = json_loadb(text.s, text.n, 0, &mistake);

	if (!all)
		return arena_printf(arena, "line %d: %s", mistake.line, mistake.text);
	if (json_unpack(all, "{s:s, s:I, s:o}", "boot", &boot, "network", &network, "settings",
			&list) != 0 ||
	    !entries_read(arena, list, &ledger))
		return "it is not what flywall writes";
	snprintf(there.boot, sizeof there.boot, "%s", boot);
	there.network = (uint64_t)network;
	if (here_equal(&there, here))
		*out = ledger;
	return NULL;
}

const char *ledger_read(struct arena *arena, const struct store *store, const struct here *here,
			struct ledger *out)
{
	struct text text;

	*out = (struct ledger){ 0 };
	int error = store_read(arena, store, file_name, &text);
	if (error)
		return strerror(-error);
	/* The file is never written empty: an empty text is one that is not there, or was cut. */
	if (text.n == 0)
		return store_has(store, file_name) ? "it is empty" : NULL;
	return ledger_parse(arena, text, here, out);
}

int ledger_keep_damaged(const struct store *store)
{
	return store_link(store, file_name, LEDGER_DAMAGED_NAME);
}

int ledger_write(struct arena *arena, const struct store *store, const struct here *here,
		 const struct ledger *ledger)
{
	json_t *list = json_array();
	json_auto_t *all = json_pack("{s:s, s:I, s:o}", "boot", here->boot, "network",
				     (json_int_t)here->network, "settings", list);
	for (uint32_t i = 0; i < ledger->all.n; i++) {
		const struct flywall_setting *setting = &ledger->all.at[i];
		json_array_append_new(list,
				      json_pack("{s:b, s:s, s:s?}", "module_parameter",
						setting->kind == FLYWALL_SET_MODULE_PARAMETER,
						"key", setting->key, "value", setting->value));
	}
	autofree char *text = json_dumps(all, JSON_INDENT(2));
	return store_write(store, file_name,
			   text_of(arena_printf(arena, "%s\n", text ? text : "")));
}
