/* The ruleset for libnftables' JSON parser (libnftables-json(5)), one command a line. */
#include "emit/emit.h"

#include <stdlib.h>

#include "emit/json.h"
#include "emit/words.h"

struct writer {
	FILE *out;
	const struct ruleset *ruleset;
	bool is_behind; /* a command has been written */
};

/* jansson gives NULL where memory ends, and passes it on. */
static void put(struct writer *w, json_t *command)
{
	fputs(w->is_behind ? ",\n" : "\n", w->out);
	w->is_behind = true;
	if (!command || json_dumpf(command, w->out, JSON_COMPACT) != 0) {
		fputs("flywall: out of memory\n", stderr);
		exit(3);
	}
	json_decref(command);
}

/* "family" and "table" (or "name", for the table itself) of each thing. */
static json_t *thing(const struct writer *w, const char *name)
{
	return json_pack("{s:s, s:s, s:s}", "family", "inet", "table", w->ruleset->table, "name",
			 name);
}

static void command(struct writer *w, const char *verb, const char *kind, json_t *fields)
{
	put(w, json_pack("{s:{s:o}}", verb, kind, fields));
}

static void add_rule(struct writer *w, const struct ir_chain *chain, const struct ir_rule *rule,
		     json_t *expressions)
{
	json_t *fields = json_pack("{s:s, s:s, s:s, s:o}", "family", "inet", "table",
				   w->ruleset->table, "chain", chain->name, "expr", expressions);
	if (rule->comment)
		json_object_set_new(fields, "comment", json_string(rule->comment));
	command(w, "add", "rule", fields);
}

/* JSON cannot declare a map by `typeof`, so its look-up becomes a rule for each element. */
static const struct ir_vmap *vmap_to_expand(const struct ir_rule *rule)
{
	const struct ir_statement *only = &rule->statements.at[0];
	bool is_lone = rule->statements.n == 1 && only->kind == IR_VMAP;
	return is_lone && set_needs_typeof(only->vmap.map) ? &only->vmap : NULL;
}

static void put_rule(struct writer *w, const struct ir_chain *chain, const struct ir_rule *rule)
{
	const struct ir_vmap *vmap = vmap_to_expand(rule);
	for (uint32_t i = 0; vmap && i < vmap->map->elements.n; i++) {
		const struct ir_element *element = &vmap->map->elements.at[i];
		add_rule(w, chain, rule,
			 json_pack("[{s:{s:s, s:o, s:o}}, o]", "match", "op", "==", "left",
				   terms_to_json(vmap->terms, vmap->terms_n), "right",
				   parts_to_json(element->parts, vmap->terms, vmap->terms_n),
				   target_to_json(&element->target)));
	}
	if (vmap)
		return;
	json_t *list = json_array();
	for (uint32_t i = 0; i < rule->statements.n; i++)
		json_array_append_new(list, statement_to_json(&rule->statements.at[i]));
	add_rule(w, chain, rule, list);
}

static void put_chain(struct writer *w, const struct ir_chain *chain)
{
	json_t *fields = thing(w, chain->name);
	if (chain->hook != IR_HOOK_NONE) {
		json_object_set_new(fields, "type", json_string(word_chain_type(chain->type)));
		json_object_set_new(fields, "hook", json_string(word_hook(chain->hook)));
		json_object_set_new(fields, "prio", json_integer(chain->priority));
		json_object_set_new(fields, "policy",
				    json_string(chain->policy_drop ? "drop" : "accept"));
	}
	command(w, "add", "chain", fields);
}

static json_t *timeout_policy(const struct ir_object *object)
{
	json_t *policy = json_object();
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		if (timeout_rows[i].protocol == object->timeout.protocol)
			json_object_set_new(policy, timeout_rows[i].state,
					    json_integer(object->timeout.seconds[i]));
	return policy;
}

static void put_object(struct writer *w, const struct ir_object *object)
{
	json_t *fields = thing(w, object->name);
	switch (object->kind) {
	case IR_CT_HELPER_OBJECT:
		json_object_set_new(fields, "type", json_string(object->helper.type));
		json_object_set_new(fields, "protocol", json_string(object->helper.protocol));
		json_object_set_new(fields, "l3proto", json_string(object->helper.l3proto));
		command(w, "add", "ct helper", fields);
		return;
	case IR_CT_TIMEOUT_OBJECT:
		json_object_set_new(
			fields, "protocol",
			json_string(timeout_protocol_rows[object->timeout.protocol].name));
		json_object_set_new(fields, "l3proto", json_string("inet"));
		json_object_set_new(fields, "policy", timeout_policy(object));
		command(w, "add", "ct timeout", fields);
		return;
	case IR_LIMIT_OBJECT: {
		json_t *limit = limit_to_json(&object->limit);
		json_object_update(fields, limit);
		json_decref(limit);
		command(w, "add", "limit", fields);
		return;
	}
	case IR_COUNTER_OBJECT:
		command(w, "add", "counter", fields);
		return;
	}
}

static json_t *set_type(const struct ir_set *set)
{
	if (set->terms_n == 1)
		return json_string(ir_key_rows[set->terms[0].key].type);
	json_t *list = json_array();
	for (uint32_t i = 0; i < set->terms_n; i++)
		json_array_append_new(list, json_string(ir_key_rows[set->terms[i].key].type));
	return list;
}

/* That rules fill a set is no flag here: nft 1.0.6 refuses it, and finds it out from the rules. */
static json_t *set_flags(const struct ir_set *set)
{
	json_t *flags = json_array();
	if (set->is_interval)
		json_array_append_new(flags, json_string("interval"));
	if (set->timeout)
		json_array_append_new(flags, json_string("timeout"));
	return flags;
}

static void put_set(struct writer *w, const struct ir_set *set, bool has_elements)
{
	if (!set_is_declared(set))
		return;
	json_t *fields = thing(w, set->name);
	json_object_set_new(fields, "type", set_type(set));
	json_object_set_new(fields, "flags", set_flags(set));
	if (set->is_map)
		json_object_set_new(
			fields, "map",
			json_string(set->data_n ? ir_key_rows[set->data[0]].type : "verdict"));
	if (set->size)
		json_object_set_new(fields, "size", json_integer(set->size));
	if (set->timeout)
		json_object_set_new(fields, "timeout", json_integer(set->timeout));
	if (has_elements && set->elements.n + set->prefixes_n > 0)
		json_object_set_new(fields, "elem", elements_to_json(set));
	command(w, "add", set->is_map ? "map" : "set", fields);
}

static void put_flowtable(struct writer *w, const struct ir_flowtable *flowtable)
{
	json_t *fields = thing(w, flowtable->name), *devices = json_array();
	for (uint32_t i = 0; i < flowtable->devices.n; i++)
		json_array_append_new(devices, json_string(flowtable->devices.at[i]));
	json_object_set_new(fields, "hook", json_string("ingress"));
	json_object_set_new(fields, "prio", json_integer(flowtable->priority));
	json_object_set_new(fields, "dev", devices);
	command(w, "add", "flowtable", fields);
}

/* Sets that keep their names are emptied ahead of what fills them. */
static void empty_refilled(struct writer *w)
{
	for (uint32_t i = 0; i < w->ruleset->sets.n; i++) {
		const struct ir_set *set = w->ruleset->sets.at[i];
		if (!set->is_refilled || !set_is_declared(set))
			continue;
		put_set(w, set, false);
		command(w, "flush", set->is_map ? "map" : "set", thing(w, set->name));
	}
}

static void put_skeleton(struct writer *w)
{
	const struct ruleset *ruleset = w->ruleset;
	command(w, "add", "table",
		json_pack("{s:s, s:s}", "family", "inet", "name", ruleset->table));
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		put_chain(w, ruleset->chains.at[i]);
	empty_refilled(w);
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		command(w, "flush", "chain", thing(w, ruleset->chains.at[i]->name));
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		if (ruleset->chains.at[i]->retired)
			command(w, "delete", "chain", thing(w, ruleset->chains.at[i]->name));
}

void emit_json(const struct ruleset *ruleset, FILE *out)
{
	struct writer w = { .out = out, .ruleset = ruleset };
	fputs("{\"nftables\": [", out);
	put_skeleton(&w);
	for (uint32_t i = 0; i < ruleset->objects.n; i++)
		if (object_is_in_nft(ruleset->objects.at[i]))
			put_object(&w, ruleset->objects.at[i]);
	for (uint32_t i = 0; i < ruleset->sets.n; i++)
		put_set(&w, ruleset->sets.at[i], true);
	for (uint32_t i = 0; i < ruleset->flowtables.n; i++)
		put_flowtable(&w, ruleset->flowtables.at[i]);
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		for (uint32_t k = 0; k < ruleset->chains.at[i]->rules.n; k++)
			put_rule(&w, ruleset->chains.at[i], &ruleset->chains.at[i]->rules.at[k]);
	fputs("\n]}\n", out);
}
