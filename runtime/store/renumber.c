#include "runtime/store/renumber.h"

#include <string.h>

#include <jansson.h>

/* NULL where no zone has the number. */
static const char *zone_of(const json_t *names, json_int_t number)
{
	const json_t *list = json_object_get(names, "zones"), *zone;
	size_t i;

	json_array_foreach(list, i, zone)
	{
		if (json_integer_value(json_object_get(zone, "id")) == number)
			return json_string_value(json_object_get(zone, "name"));
	}
	return NULL;
}

bool zones_are_renumbered(struct text before, struct text after)
{
	json_auto_t *then = json_loadb(before.s, before.n, 0, NULL);
	json_auto_t *now = json_loadb(after.s, after.n, 0, NULL);
	const json_t *list = json_object_get(then, "zones"), *zone;
	size_t i;

	if (!json_is_array(list))
		return true;
	json_array_foreach(list, i, zone)
	{
		const char *name = json_string_value(json_object_get(zone, "name"));
		const char *other = zone_of(now, json_integer_value(json_object_get(zone, "id")));
		if (name && other && strcmp(name, other) != 0)
			return true;
	}
	return false;
}
