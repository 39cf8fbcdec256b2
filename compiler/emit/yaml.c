/* The intermediate form, for people: what there is, and which line of the configuration it is from.
 */
#include "emit/emit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "emit/ip.h"
#include "emit/nft.h"
#include "emit/value.h"
#include "emit/words.h"

struct writer {
	yaml_emitter_t emitter;
	struct sources *sources;
};

static void emit(struct writer *w, yaml_event_t *event)
{
	if (!yaml_emitter_emit(&w->emitter, event)) {
		fputs("flywall: cannot write YAML\n", stderr);
		exit(3);
	}
}

static void begin_map(struct writer *w)
{
	yaml_event_t event;
	yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE);
	emit(w, &event);
}

static void end_map(struct writer *w)
{
	yaml_event_t event;
	yaml_mapping_end_event_initialize(&event);
	emit(w, &event);
}

static void begin_list(struct writer *w)
{
	yaml_event_t event;
	yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE);
	emit(w, &event);
}

static void end_list(struct writer *w)
{
	yaml_event_t event;
	yaml_sequence_end_event_initialize(&event);
	emit(w, &event);
}

static void text(struct writer *w, const char *s)
{
	yaml_event_t event;
	yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)s, (int)strlen(s), 1,
				     1, YAML_ANY_SCALAR_STYLE);
	emit(w, &event);
}

static void pair(struct writer *w, const char *key, const char *value)
{
	text(w, key);
	text(w, value);
}

static void pair_number(struct writer *w, const char *key, int64_t number)
{
	char digits[24];
	snprintf(digits, sizeof digits, "%" PRId64, number);
	pair(w, key, digits);
}

static void pair_place(struct writer *w, struct span at)
{
	if (!span_is_set(at))
		return;
	struct place place = source_place(w->sources, at.start);
	char line[16];
	snprintf(line, sizeof line, ":%u", place.line);
	size_t length = strlen(place.source->name) + sizeof line;
	char *where = malloc(length);
	if (!where)
		return;
	snprintf(where, length, "%s%s", place.source->name, line);
	pair(w, "at", where);
	free(where);
}

/* What a function writes as nft text, as a scalar. */
struct words {
	FILE *out;
	char *text;
	size_t size;
};

static FILE *words_begin(struct words *words)
{
	words->out = open_memstream(&words->text, &words->size);
	if (!words->out)
		abort();
	return words->out;
}

static void words_end(struct writer *w, struct words *words)
{
	fclose(words->out);
	text(w, words->text);
	free(words->text);
}

static void put_settings(struct writer *w, const struct ruleset *ruleset)
{
	text(w, "settings");
	begin_list(w);
	for (uint32_t i = 0; i < ruleset->settings.n; i++) {
		const struct ir_setting *setting = &ruleset->settings.at[i];
		begin_map(w);
		pair(w, setting->kind == IR_SYSCTL ? "sysctl" : "module parameter", setting->key);
		pair(w, "value", setting->value);
		if (setting->init_only)
			pair(w, "writable", "in the first network namespace");
		pair_place(w, setting->at);
		end_map(w);
	}
	end_list(w);
	text(w, "modules");
	begin_list(w);
	for (uint32_t i = 0; i < ruleset->modules.n; i++)
		text(w, ruleset->modules.at[i]);
	end_list(w);
}

static void put_object(struct writer *w, const struct ir_object *object)
{
	static const char *const kinds[] = { "ct helper", "ct timeout", "limit", "counter" };
	struct words words;

	begin_map(w);
	pair(w, kinds[object->kind], object->name);
	switch (object->kind) {
	case IR_CT_HELPER_OBJECT:
		pair(w, "type", object->helper.type);
		pair(w, "protocol", object->helper.protocol);
		pair(w, "l3proto", object->helper.l3proto);
		break;
	case IR_CT_TIMEOUT_OBJECT:
		pair(w, "protocol", timeout_protocol_rows[object->timeout.protocol].name);
		for (int i = 0; i < TIMEOUT_COUNT; i++)
			if (timeout_rows[i].protocol == object->timeout.protocol)
				pair_number(w, timeout_rows[i].state, object->timeout.seconds[i]);
		break;
	case IR_LIMIT_OBJECT:
		text(w, "is");
		nft_put_rate(words_begin(&words), &object->limit);
		words_end(w, &words);
		break;
	case IR_COUNTER_OBJECT:
		break;
	}
	pair_place(w, object->at);
	end_map(w);
}

static void put_elements(struct writer *w, const struct ir_set *set)
{
	bool has_ranges = map_has_ranges(set);
	text(w, "elements");
	begin_list(w);
	for (uint32_t i = 0; i < (set->prefixes_n ? set->prefixes_n : set->elements.n); i++) {
		struct words words;
		nft_put_element(words_begin(&words), set, i, has_ranges);
		words_end(w, &words);
	}
	end_list(w);
}

static void put_data(FILE *out, const struct ir_set *map)
{
	for (uint32_t i = 0; i < map->data_n; i++)
		fprintf(out, "%s%s", i ? " . " : "", ir_key_rows[map->data[i]].text);
}

static void put_set(struct writer *w, const struct ir_set *set)
{
	struct words words;

	begin_map(w);
	pair(w, set->is_map ? "map" : "set", set->name);
	text(w, "of");
	terms_put(words_begin(&words), set->terms, set->terms_n);
	words_end(w, &words);
	if (set->data_n) {
		text(w, "to");
		put_data(words_begin(&words), set);
		words_end(w, &words);
	}
	if (set->is_interval)
		pair(w, "interval", "true");
	if (set->is_dynamic)
		pair(w, "dynamic", "true");
	if (set->size)
		pair_number(w, "size", set->size);
	if (set->timeout)
		pair_number(w, "timeout", set->timeout);
	if (set->elements.n || set->prefixes_n)
		put_elements(w, set);
	pair_place(w, set->at);
	end_map(w);
}

static void put_rule(struct writer *w, const struct ir_rule *rule)
{
	begin_map(w);
	text(w, "rule");
	begin_list(w);
	for (uint32_t i = 0; i < rule->statements.n; i++) {
		struct words words;
		nft_put_statement(words_begin(&words), &rule->statements.at[i]);
		words_end(w, &words);
	}
	end_list(w);
	if (rule->comment)
		pair(w, "comment", rule->comment);
	pair_place(w, rule->at);
	end_map(w);
}

static void put_fact(struct writer *w, const struct ir_fact *fact)
{
	struct words words;
	text(w, "fact");
	FILE *out = words_begin(&words);
	terms_put(out, &fact->term, 1);
	fputs(" is ", out);
	value_put(out, fact->term.key, &fact->value);
	words_end(w, &words);
}

static void put_chain(struct writer *w, const struct ir_chain *chain)
{
	begin_map(w);
	pair(w, "chain", chain->name);
	if (chain->hook != IR_HOOK_NONE) {
		pair(w, "type", word_chain_type(chain->type));
		pair(w, "hook", word_hook(chain->hook));
		pair_number(w, "priority", chain->priority);
		pair(w, "policy", chain->policy_drop ? "drop" : "accept");
	}
	if (chain->retired)
		pair(w, "retired", "true");
	if (chain->fact)
		put_fact(w, chain->fact);
	pair_place(w, chain->at);
	if (chain->rules.n) {
		text(w, "rules");
		begin_list(w);
		for (uint32_t i = 0; i < chain->rules.n; i++)
			put_rule(w, &chain->rules.at[i]);
		end_list(w);
	}
	end_map(w);
}

static void put_flowtable(struct writer *w, const struct ir_flowtable *flowtable)
{
	begin_map(w);
	pair(w, "flowtable", flowtable->name);
	pair_number(w, "priority", flowtable->priority);
	text(w, "devices");
	begin_list(w);
	for (uint32_t i = 0; i < flowtable->devices.n; i++)
		text(w, flowtable->devices.at[i]);
	end_list(w);
	if (flowtable->is_hardware)
		pair(w, "hardware", "true");
	if (flowtable->has_counter)
		pair(w, "counter", "true");
	pair_place(w, flowtable->at);
	end_map(w);
}

static void put_flowtables(struct writer *w, const struct ruleset *ruleset)
{
	if (ruleset->flowtables.n == 0)
		return;
	text(w, "flowtables");
	begin_list(w);
	for (uint32_t i = 0; i < ruleset->flowtables.n; i++)
		put_flowtable(w, ruleset->flowtables.at[i]);
	end_list(w);
}

static void put_routing(struct writer *w, const struct ruleset *ruleset)
{
	struct words words;
	if (ruleset->ip_rules.n + ruleset->ip_routes.n == 0)
		return;
	text(w, "routing");
	begin_list(w);
	for (uint32_t i = 0; i < ruleset->ip_rules.n; i++) {
		begin_map(w);
		text(w, "rule");
		ip_put_rule(words_begin(&words), &ruleset->ip_rules.at[i]);
		words_end(w, &words);
		pair_place(w, ruleset->ip_rules.at[i].at);
		end_map(w);
	}
	for (uint32_t i = 0; i < ruleset->ip_routes.n; i++) {
		begin_map(w);
		text(w, "route");
		ip_put_route(words_begin(&words), &ruleset->ip_routes.at[i]);
		words_end(w, &words);
		pair_place(w, ruleset->ip_routes.at[i].at);
		end_map(w);
	}
	end_list(w);
}

static void put_requirements(struct writer *w, const struct ruleset *ruleset)
{
	static const char *const needs[] = { [IR_NEEDS_FLOWTABLE] = "flowtables",
					     [IR_NEEDS_SYNPROXY] = "synproxy",
					     [IR_NEEDS_DAYS] = "the machine's days" };
	if (ruleset->requirements.n == 0)
		return;
	text(w, "requirements");
	begin_list(w);
	for (uint32_t i = 0; i < ruleset->requirements.n; i++) {
		const struct ir_requirement *requirement = &ruleset->requirements.at[i];
		begin_map(w);
		pair(w, "needs", needs[requirement->need]);
		pair(w, "optional", requirement->is_optional ? "true" : "false");
		pair_place(w, requirement->at);
		end_map(w);
	}
	end_list(w);
}

static void put_ruleset(struct writer *w, const struct ruleset *ruleset)
{
	begin_map(w);
	pair(w, "table", ruleset->table);
	put_settings(w, ruleset);
	put_requirements(w, ruleset);
	put_routing(w, ruleset);
	text(w, "objects");
	begin_list(w);
	for (uint32_t i = 0; i < ruleset->objects.n; i++)
		put_object(w, ruleset->objects.at[i]);
	end_list(w);
	text(w, "sets");
	begin_list(w);
	for (uint32_t i = 0; i < ruleset->sets.n; i++)
		put_set(w, ruleset->sets.at[i]);
	end_list(w);
	put_flowtables(w, ruleset);
	text(w, "chains");
	begin_list(w);
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		put_chain(w, ruleset->chains.at[i]);
	end_list(w);
	end_map(w);
}

void emit_ir(const struct ruleset *ruleset, struct sources *sources, FILE *out)
{
	struct writer w = { .sources = sources };
	yaml_event_t event;
	if (!yaml_emitter_initialize(&w.emitter))
		abort();
	yaml_emitter_set_output_file(&w.emitter, out);
	yaml_emitter_set_width(&w.emitter, -1);
	yaml_emitter_set_unicode(&w.emitter, 1);
	yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
	emit(&w, &event);
	yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1);
	emit(&w, &event);
	put_ruleset(&w, ruleset);
	yaml_document_end_event_initialize(&event, 1);
	emit(&w, &event);
	yaml_stream_end_event_initialize(&event);
	emit(&w, &event);
	yaml_emitter_delete(&w.emitter);
}
