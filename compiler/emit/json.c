/* The ruleset for libnftables' JSON parser (libnftables-json(5)), one command a line. */
#include "emit/emit.h"

#include <stdlib.h>

#include <jansson.h>

#include "catalog/protocols.h"
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

static json_t *address(const struct prefix *prefix)
{
	char text[PREFIX_TEXT_MAX];
	struct prefix host = *prefix;
	host.length = prefix->family == FAMILY_IPV4 ? 32 : 128;
	prefix_format(&host, text);
	return json_string(text);
}

static json_t *prefix_value(const struct prefix *prefix)
{
	if (prefix_is_host(prefix))
		return address(prefix);
	return json_pack("{s:{s:o, s:i}}", "prefix", "addr", address(prefix), "len",
			 (int)prefix->length);
}

static json_t *value_of(enum ir_key key, const struct ir_value *value)
{
	/* In JSON nft looks up every protocol's name in /etc/protocols, which need not be there. */
	if (key == IR_L4PROTO && value->kind == IR_SYMBOL)
		return json_integer(protocol_number(value->text));
	switch (value->kind) {
	case IR_NUMBER:
	case IR_MARK:
		return json_integer(value->number);
	case IR_SYMBOL:
	case IR_STRING:
	case IR_MAC:
		return json_string(value->text);
	case IR_PREFIX:
		return prefix_value(&value->prefix);
	case IR_RANGE:
		return json_pack("{s:[I, I]}", "range", (json_int_t)value->low,
				 (json_int_t)value->high);
	}
	return NULL;
}

static json_t *term_of(const struct ir_term *term)
{
	if (term->key == IR_NUMGEN_INC)
		return json_pack("{s:{s:s, s:I, s:i}}", "numgen", "mode", "inc", "mod",
				 (json_int_t)term->modulus, "offset", 0);
	json_t *key = json_loads(ir_key_rows[term->key].json, 0, NULL);
	if (!term->masked)
		return key;
	struct prefix bits = mask_address(&term->address_mask);
	json_t *mask = term->address_mask.family ? address(&bits) : json_integer(term->mask);
	return json_pack("{s:[o, o]}", "&", key, mask);
}

static json_t *terms_of(const struct ir_term *terms, uint32_t n)
{
	if (n == 1)
		return term_of(&terms[0]);
	json_t *list = json_array();
	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(list, term_of(&terms[i]));
	return json_pack("{s:o}", "concat", list);
}

static json_t *element_of(const struct ir_element *element, const struct ir_term *terms, uint32_t n)
{
	if (n == 1)
		return value_of(terms[0].key, &element->parts[0]);
	json_t *list = json_array();
	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(list, value_of(terms[i].key, &element->parts[i]));
	return json_pack("{s:o}", "concat", list);
}

static json_t *target_of(const struct ir_target *target)
{
	if (target->chain)
		return json_pack("{s:{s:s}}", word_verdict(target->verdict), "target",
				 target->chain->name);
	return json_pack("{s:n}", word_verdict(target->verdict));
}

static json_t *reference(const struct ir_set *set)
{
	return json_sprintf("@%s", set->name);
}

/* All elements of a set, written out. */
static json_t *elements_of(const struct ir_set *set)
{
	json_t *list = json_array();
	for (uint32_t i = 0; i < set->prefixes_n; i++)
		json_array_append_new(list, prefix_value(&set->prefixes[i]));
	for (uint32_t i = 0; i < set->elements.n; i++) {
		const struct ir_element *element = &set->elements.at[i];
		json_t *key = element_of(element, set->terms, set->terms_n);
		json_array_append_new(
			list,
			set->is_map ? json_pack("[o, o]", key, target_of(&element->target)) : key);
	}
	return list;
}

static json_t *match_values(const struct ir_match *match)
{
	if (match->set && match->set->is_typeof)
		return json_pack("{s:o}", "set", elements_of(match->set));
	if (match->set)
		return reference(match->set);
	if (match->values.n == 1 && match->terms_n == 1)
		return element_of(&match->values.at[0], match->terms, 1);
	json_t *list = json_array();
	for (uint32_t i = 0; i < match->values.n; i++)
		json_array_append_new(
			list, element_of(&match->values.at[i], match->terms, match->terms_n));
	return match->bits ? list : json_pack("{s:o}", "set", list);
}

static bool tests_flags(const struct ir_match *match)
{
	return match->bits || match->terms[0].key == IR_CT_STATUS ||
	       (match->terms[0].key == IR_CT_STATE && !match->set && match->values.n == 1);
}

static json_t *match_of(const struct ir_match *match)
{
	const char *op = match->op == IR_NE ? "!=" : tests_flags(match) ? "in" : "==";
	return json_pack("{s:{s:s, s:o, s:o}}", "match", "op", op, "left",
			 terms_of(match->terms, match->terms_n), "right", match_values(match));
}

static json_t *limit_fields(const struct ir_limit *limit)
{
	return json_pack("{s:I, s:s, s:I, s:b}", "rate", (json_int_t)limit->count, "per",
			 word_time_unit(limit->seconds), "burst", (json_int_t)limit->burst, "inv",
			 (int)limit->over);
}

static json_t *update_of(const struct ir_update *update)
{
	json_t *statement;
	if (update->kind == IR_UPDATE_COUNT)
		statement = json_pack("{s:{s:I, s:b}}", "ct count", "val",
				      (json_int_t)update->connections, "inv", 1);
	else
		statement = json_pack("{s:o}", "limit", limit_fields(&update->limit));
	return json_pack("{s:{s:s, s:o, s:o, s:[o]}}", "set", "op",
			 update->refresh ? "update" : "add", "elem",
			 terms_of(update->terms, update->terms_n), "set", reference(update->set),
			 "stmt", statement);
}

static json_t *mangle(const char *key, json_t *value)
{
	return json_pack("{s:{s:{s:{s:s}}, s:o}}", "mangle", "key", "ct", "key", key, "value",
			 value);
}

static json_t *mark_of(const struct ir_mark *mark)
{
	json_t *kept = json_pack("{s:[{s:{s:s}}, I]}", "&", "ct", "key", "mark",
				 (json_int_t)(mark->keep | mark->set));
	return mangle("mark",
		      mark->set ? json_pack("{s:[o, I]}", "|", kept, (json_int_t)mark->set) : kept);
}

static json_t *events_of(const char *const *names)
{
	json_t *list = json_array();
	if (!*names) {
		json_decref(list);
		return mangle("event", json_integer(0));
	}
	for (; *names; names++)
		json_array_append_new(list, json_string(*names));
	return mangle("event", list);
}

static json_t *zone_of(const struct ir_zone_set *zone)
{
	return json_pack("{s:{s:{s:{s:s, s:s}}, s:i}}", "mangle", "key", "ct", "key", "zone", "dir",
			 "original", "value", (int)zone->id);
}

static json_t *statement_of(const struct ir_statement *statement)
{
	switch (statement->kind) {
	case IR_MATCH:
		return match_of(&statement->match);
	case IR_VMAP:
		return json_pack("{s:{s:o, s:o}}", "vmap", "key",
				 terms_of(statement->vmap.terms, statement->vmap.terms_n), "data",
				 reference(statement->vmap.map));
	case IR_VERDICT:
		return target_of(&statement->target);
	case IR_REJECT:
		return statement->reject == IR_REJECT_RESET
			       ? json_pack("{s:{s:s}}", "reject", "type", "tcp reset")
			       : json_pack("{s:n}", "reject");
	case IR_NOTRACK:
		return json_pack("{s:n}", "notrack");
	case IR_COUNT:
		return json_pack("{s:s}", "counter", statement->object->name);
	case IR_LIMIT:
		return json_pack("{s:o}", "limit",
				 statement->limit.object
					 ? json_string(statement->limit.object->name)
					 : limit_fields(&statement->limit.inlined));
	case IR_LOG:
		return json_pack("{s:{s:s, s:i}}", "log", "prefix", statement->log.prefix, "group",
				 (int)statement->log.group);
	case IR_SET_MARK:
		return mark_of(&statement->mark);
	case IR_SET_TIMEOUT:
		return json_pack("{s:s}", "ct timeout", statement->object->name);
	case IR_SET_HELPER:
		return json_pack("{s:s}", "ct helper", statement->object->name);
	case IR_SET_EVENT:
		return events_of(statement->event.names);
	case IR_SET_ZONE:
		return zone_of(&statement->zone);
	case IR_UPDATE:
		return update_of(&statement->update);
	}
	return NULL;
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
	return is_lone && only->vmap.map->is_typeof ? &only->vmap : NULL;
}

static void put_rule(struct writer *w, const struct ir_chain *chain, const struct ir_rule *rule)
{
	const struct ir_vmap *vmap = vmap_to_expand(rule);
	for (uint32_t i = 0; vmap && i < vmap->map->elements.n; i++) {
		const struct ir_element *element = &vmap->map->elements.at[i];
		add_rule(w, chain, rule,
			 json_pack("[{s:{s:s, s:o, s:o}}, o]", "match", "op", "==", "left",
				   terms_of(vmap->terms, vmap->terms_n), "right",
				   element_of(element, vmap->terms, vmap->terms_n),
				   target_of(&element->target)));
	}
	if (vmap)
		return;
	json_t *list = json_array();
	for (uint32_t i = 0; i < rule->statements.n; i++)
		json_array_append_new(list, statement_of(&rule->statements.at[i]));
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
		if (timeout_rows[i].protocol == object->timeout.protocol && timeout_rows[i].state)
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
		json_object_set_new(fields, "protocol",
				    json_string(word_timeout_protocol(object->timeout.protocol)));
		json_object_set_new(fields, "l3proto", json_string("inet"));
		json_object_set_new(fields, "policy", timeout_policy(object));
		command(w, "add", "ct timeout", fields);
		return;
	case IR_LIMIT_OBJECT: {
		json_t *limit = limit_fields(&object->limit);
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

static void put_set(struct writer *w, const struct ir_set *set)
{
	if (set->is_typeof)
		return;
	json_t *fields = thing(w, set->name);
	json_object_set_new(fields, "type", set_type(set));
	json_object_set_new(fields, "flags", set_flags(set));
	if (set->is_map)
		json_object_set_new(fields, "map", json_string("verdict"));
	if (set->size)
		json_object_set_new(fields, "size", json_integer(set->size));
	if (set->timeout)
		json_object_set_new(fields, "timeout", json_integer(set->timeout));
	if (set->elements.n || set->prefixes_n)
		json_object_set_new(fields, "elem", elements_of(set));
	command(w, "add", set->is_map ? "map" : "set", fields);
}

static void put_skeleton(struct writer *w)
{
	const struct ruleset *ruleset = w->ruleset;
	command(w, "add", "table",
		json_pack("{s:s, s:s}", "family", "inet", "name", ruleset->table));
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		put_chain(w, ruleset->chains.at[i]);
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
		put_object(&w, ruleset->objects.at[i]);
	for (uint32_t i = 0; i < ruleset->sets.n; i++)
		put_set(&w, ruleset->sets.at[i]);
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		for (uint32_t k = 0; k < ruleset->chains.at[i]->rules.n; k++)
			put_rule(&w, ruleset->chains.at[i], &ruleset->chains.at[i]->rules.at[k]);
	fputs("\n]}\n", out);
}
