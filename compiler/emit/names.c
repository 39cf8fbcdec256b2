/* What reports call the numbers in marks, as JSON. */
#include "emit/emit.h"

#include <jansson.h>

#include "ir/names.h"

/* A member that is left out where there is nothing to say. */
static void put_text(json_t *row, const char *key, const char *text)
{
	if (text)
		json_object_set_new(row, key, json_string(text));
}

static json_t *zones_to_json(const struct ruleset_names *names)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < names->zones.n; i++) {
		const struct named_zone *zone = &names->zones.at[i];
		json_t *row = json_pack("{s:i, s:s}", "id", (int)zone->id, "name", zone->name);
		if (zone->ct_zone)
			json_object_set_new(row, "ct_zone", json_integer(zone->ct_zone));
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *policies_to_json(const struct ruleset_names *names)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < names->policies.n; i++) {
		const struct named_policy *policy = &names->policies.at[i];
		json_t *row = json_pack("{s:s}", "name", policy->name);
		put_text(row, "from", policy->from);
		put_text(row, "to", policy->to);
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *pairs_to_json(const struct ruleset_names *names)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < names->pairs.n; i++) {
		const struct named_pair *pair = &names->pairs.at[i];
		json_t *policies = json_array();
		for (uint32_t k = 0; k < pair->policies.n; k++)
			json_array_append_new(policies, json_string(pair->policies.at[k]));
		json_array_append_new(list, json_pack("{s:i, s:i, s:o}", "from", (int)pair->from,
						      "to", (int)pair->to, "policies", policies));
	}
	return list;
}

static json_t *uplinks_to_json(const struct ruleset_names *names)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < names->uplinks.n; i++) {
		const struct named_uplink *uplink = &names->uplinks.at[i];
		json_t *row = json_pack("{s:i, s:s}", "id", (int)uplink->id, "name", uplink->name);
		put_text(row, "group", uplink->group);
		put_text(row, "interface", uplink->interface);
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *helpers_to_json(const struct ruleset *ruleset)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < ruleset->objects.n; i++) {
		const struct ir_object *object = ruleset->objects.at[i];
		if (object->kind == IR_CT_HELPER_OBJECT)
			json_array_append_new(list,
					      json_pack("{s:s, s:s, s:s}", "object", object->name,
							"helper", object->helper.type, "protocol",
							object->helper.protocol));
	}
	return list;
}

static json_t *limits_to_json(const struct ruleset_names *names)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < names->limits.n; i++) {
		const struct named_limit *limit = &names->limits.at[i];
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "zone", limit->zone,
						      "limit", limit->attribute, "value",
						      limit->value, "counter", limit->counter));
	}
	return list;
}

static json_t *counters_to_json(const struct ruleset_names *names)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < names->counters.n; i++) {
		const struct named_counter *counter = &names->counters.at[i];
		json_t *row = json_pack("{s:s}", "name", counter->name);
		put_text(row, "zone", counter->zone);
		put_text(row, "meaning", counter->meaning);
		json_array_append_new(list, row);
	}
	return list;
}

void emit_names(const struct ruleset *ruleset, FILE *out)
{
	const struct ruleset_names *names = ruleset->names;
	json_t *all = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "table", ruleset->table,
				"zones", zones_to_json(names), "policies", policies_to_json(names),
				"pairs", pairs_to_json(names), "uplinks", uplinks_to_json(names),
				"helpers", helpers_to_json(ruleset), "limits",
				limits_to_json(names), "counters", counters_to_json(names));

	put_text(all, "refused_pairs", names->refused_pairs);
	json_dumpf(all, out, JSON_INDENT(2));
	json_decref(all);
	fputc('\n', out);
}
