#include "runtime/store/renumber.h"

#include <jansson.h>

/* The first of a list whose `key` has that value; NULL where there is none. */
static const json_t *row_with(const json_t *list, const char *key, const json_t *value)
{
	const json_t *row;
	size_t i;

	json_array_foreach(list, i, row)
	{
		if (value && json_equal(json_object_get(row, key), value))
			return row;
	}
	return NULL;
}

bool zones_are_renumbered(struct text before, struct text after)
{
	json_auto_t *then = json_loadb(before.s, before.n, 0, NULL);
	json_auto_t *now = json_loadb(after.s, after.n, 0, NULL);
	const json_t *list = json_object_get(then, "zones"), *zone;
	const json_t *others = json_object_get(now, "zones");
	size_t i;

	if (!json_is_array(list))
		return true;
	json_array_foreach(list, i, zone)
	{
		const json_t *other = row_with(others, "id", json_object_get(zone, "id"));
		if (other &&
		    !json_equal(json_object_get(zone, "name"), json_object_get(other, "name")))
			return true;
	}
	return false;
}

bool uplink_is_renumbered(struct arena *arena, struct text before, struct text after,
			  struct renumbered_uplink *out)
{
	json_auto_t *then = json_loadb(before.s, before.n, 0, NULL);
	json_auto_t *now = json_loadb(after.s, after.n, 0, NULL);
	const json_t *others = json_object_get(now, "uplinks"), *uplink;
	size_t i;

	json_array_foreach(json_object_get(then, "uplinks"), i, uplink)
	{
		const json_t *interface = json_object_get(uplink, "interface");
		const json_t *other = row_with(others, "interface", interface);
		int number = (int)json_integer_value(json_object_get(uplink, "id"));
		int next = (int)json_integer_value(json_object_get(other, "id"));
		if (!other || !json_is_string(interface) || number == next)
			continue;
		*out = (struct renumbered_uplink){
			.interface = arena_printf(arena, "%s", json_string_value(interface)),
			.before = number,
			.after = next,
		};
		return true;
	}
	return false;
}
