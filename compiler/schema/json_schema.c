#include "schema/json_schema.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "schema/schema.h"

/* Tables by the names that references have for them. */
struct definition {
	const char *name;
	const struct table *table;
};

struct writer {
	struct arena *arena;
	VEC(struct definition) definitions;
};

static const char duration_pattern[] = "^(\\d+|(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?)$";
static const char rate_pattern[] = "^\\d+(/(second|sec|s|minute|min|m|hour|h|day|d))?$";
static const char range_pattern[] = "^\\d+([-:]\\d+)?$";

static json_t *reference(const char *name)
{
	return json_pack("{s:o}", "$ref", json_sprintf("#/$defs/%s", name));
}

static const char *definition_name(const struct writer *writer, const struct table *table)
{
	for (uint32_t i = 0; i < writer->definitions.n; i++)
		if (writer->definitions.at[i].table == table)
			return writer->definitions.at[i].name;
	return NULL;
}

/* One value, or a list of such values. */
static json_t *one_or_many(const struct row *row, json_t *one)
{
	json_t *list = json_pack("{s:s, s:O}", "type", "array", "items", one);
	if (!row->may_be_empty)
		json_object_set_new(list, "minItems", json_integer(1));
	return json_pack("{s:[o, o]}", "anyOf", one, list);
}

static json_t *number_schema(const struct row *row)
{
	json_t *number =
		json_pack("{s:s, s:I}", "type", "integer", "minimum", (json_int_t)row->low);
	if (row->high <= INT64_MAX)
		json_object_set_new(number, "maximum", json_integer((json_int_t)row->high));
	return number;
}

static json_t *pattern_schema(const char *pattern)
{
	return json_pack("{s:s, s:s}", "type", "string", "pattern", pattern);
}

/* Numbers and truth values serve as texts. */
static json_t *text_schema(const struct row *row)
{
	if (row->words_n == 0)
		return json_pack("{s:[s, s, s]}", "type", "string", "number", "boolean");
	json_t *words = json_array();
	for (uint32_t i = 0; i < row->words_n; i++)
		json_array_append_new(words, json_string(row->words[i].name));
	return json_pack("{s:o}", "enum", words);
}

static json_t *port_schema(void)
{
	return json_pack("{s:[{s:s, s:i, s:i}, o]}", "anyOf", "type", "integer", "minimum", 1,
			 "maximum", 65535, pattern_schema(range_pattern));
}

/* Blocks that have one label after the other: from `least` on their bodies may come. */
static json_t *labelled(const char *name, uint32_t label, uint32_t least, uint32_t most)
{
	json_t *forms = json_array();
	if (label >= least) {
		json_array_append_new(forms, reference(name));
		json_array_append_new(
			forms, json_pack("{s:s, s:o}", "type", "array", "items", reference(name)));
	}
	if (label < most)
		json_array_append_new(forms, json_pack("{s:s, s:o}", "type", "object",
						       "additionalProperties",
						       labelled(name, label + 1, least, most)));
	return json_pack("{s:o}", "anyOf", forms);
}

static json_t *blocks_schema(const struct writer *writer, const struct row *row)
{
	uint32_t most = !row->label ? 0 : row->labels ? row->labels : 1;
	uint32_t least = row->label_optional ? 0 : row->labels_least ? row->labels_least : most;
	json_t *schema = labelled(definition_name(writer, row->table), 0, least, most);
	if (row->may_be_off)
		json_array_append_new(json_object_get(schema, "anyOf"),
				      json_pack("{s:b}", "const", 0));
	return schema;
}

static json_t *value_schema(const struct writer *writer, const struct row *row);

/* As an attribute, or as one block. */
static json_t *object_schema(const struct writer *writer, const struct row *row)
{
	json_t *schema = labelled(definition_name(writer, row->table), 0, 0, 0);
	if (row->takes_bare)
		json_array_append_new(json_object_get(schema, "anyOf"),
				      value_schema(writer, &row->table->rows[0]));
	return schema;
}

static json_t *value_schema(const struct writer *writer, const struct row *row)
{
	switch (row->kind) {
	case ROW_BOOL:
		return json_pack("{s:[b, b, s, s]}", "enum", 1, 0, "true", "false");
	case ROW_NUMBER:
		return json_pack("{s:[o, o]}", "anyOf", number_schema(row),
				 pattern_schema("^\\d+$"));
	case ROW_DURATION:
		return json_pack("{s:[o, o]}", "anyOf", number_schema(row),
				 pattern_schema(duration_pattern));
	case ROW_RATE:
		return json_pack("{s:[o, o]}", "anyOf", number_schema(row),
				 pattern_schema(rate_pattern));
	case ROW_TEXT:
		return text_schema(row);
	case ROW_TEXTS:
		return one_or_many(row, text_schema(row));
	case ROW_PORTS:
		return one_or_many(row, port_schema());
	case ROW_PREFIXES:
		return one_or_many(row, json_pack("{s:s}", "type", "string"));
	case ROW_ANY:
		return json_object();
	case ROW_OBJECT:
		return object_schema(writer, row);
	case ROW_BLOCKS:
		break;
	}
	return blocks_schema(writer, row);
}

/* Values that are written like JSON in HCL; nothing where they are not. */
static void add_literal(json_t *schema, const char *key, const char *hcl, bool in_list)
{
	json_t *value = hcl ? json_loads(hcl, JSON_DECODE_ANY, NULL) : NULL;
	if (value && in_list)
		json_object_set_new(schema, key, json_pack("[o]", value));
	else if (value)
		json_object_set_new(schema, key, value);
}

/* Any value may be computed, but for whole blocks. */
static json_t *row_schema(const struct writer *writer, const struct row *row)
{
	json_t *value = value_schema(writer, row);
	if (row->kind != ROW_BLOCKS)
		value = json_pack("{s:[o, o]}", "anyOf", value, reference("expression"));
	json_object_set_new(value, "description", json_string(row->doc));
	add_literal(value, "default", row->value, false);
	add_literal(value, "examples", row->example, true);
	return value;
}

static void add_aliases(json_t *properties, const struct row *row, json_t *schema)
{
	for (const char *at = row->alias; at && *at; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");
		json_object_setn(properties, at, length, schema);
		at += length;
	}
}

static void add_keys(const struct writer *writer, json_t *properties, const struct keys *keys)
{
	const struct row bare = { .kind = ROW_OBJECT, .table = keys->table, .takes_bare = true };
	for (uint32_t i = 0; i < keys->names.n; i++)
		json_object_set_new(properties, name_at(keys->names, i),
				    value_schema(writer, &bare));
}

static void add_strangers(json_t *properties, const struct table *table)
{
	for (uint32_t i = 0; i < table->strangers_n; i++)
		if (!table->strangers[i].is_refused)
			json_object_set_new(properties, table->strangers[i].name,
					    json_pack("{s:o}", "description",
						      json_sprintf("Of other programs: %s.",
								   table->strangers[i].doc)));
}

static json_t *rest_schema(const struct writer *writer, const struct table *table)
{
	if (!table->rest)
		return json_false();
	const struct row bare = { .kind = ROW_OBJECT,
				  .table = table->rest->table,
				  .takes_bare = true };
	return value_schema(writer, &bare);
}

static bool has_blocks(const struct table *table)
{
	for (uint32_t i = 0; i < table->rows_n; i++)
		if (table->rows[i].kind == ROW_BLOCKS)
			return true;
	return false;
}

static json_t *table_schema(const struct writer *writer, const struct table *table)
{
	json_t *properties = json_object();
	for (uint32_t i = 0; i < table->rows_n; i++) {
		json_t *schema = row_schema(writer, &table->rows[i]);
		add_aliases(properties, &table->rows[i], schema);
		json_object_set_new(properties, table->rows[i].name, schema);
	}
	if (table->keys)
		add_keys(writer, properties, table->keys);
	add_strangers(properties, table);
	if (has_blocks(table))
		json_object_set_new(properties, "dynamic", json_pack("{s:s}", "type", "object"));
	return json_pack("{s:s, s:o, s:o}", "type", "object", "properties", properties,
			 "additionalProperties", rest_schema(writer, table));
}

static void collect(struct writer *writer, const char *path, const struct table *table);

static void collect_below(struct writer *writer, const char *path, const char *name,
			  const struct table *table)
{
	if (table && !definition_name(writer, table))
		collect(writer, arena_printf(writer->arena, "%s.%s", path, name), table);
}

static void collect(struct writer *writer, const char *path, const struct table *table)
{
	*push(writer->arena, &writer->definitions) = (struct definition){ path, table };
	for (uint32_t i = 0; i < table->rows_n; i++)
		collect_below(writer, path, table->rows[i].name, table->rows[i].table);
	if (table->keys)
		collect_below(writer, path, "NAME", table->keys->table);
	if (table->rest)
		collect_below(writer, path, table->rest->name, table->rest->table);
}

void json_schema_write(struct arena *arena, const struct table *root, FILE *out)
{
	struct writer writer = { .arena = arena };
	collect(&writer, "configuration", root);
	json_t *definitions = json_pack("{s:o}", "expression", pattern_schema("[$%]\\{"));
	for (uint32_t i = 0; i < writer.definitions.n; i++)
		json_object_set_new(definitions, writer.definitions.at[i].name,
				    table_schema(&writer, writer.definitions.at[i].table));
	json_t *schema = json_pack(
		"{s:s, s:s, s:o, s:o}", "$schema", "https://json-schema.org/draft/2020-12/schema",
		"title", "A configuration of flywall, as HCL's JSON syntax has it", "$ref",
		json_string("#/$defs/configuration"), "$defs", definitions);
	if (!schema || json_dumpf(schema, out, JSON_INDENT(1)) != 0) {
		fputs("flywall: out of memory\n", stderr);
		exit(3);
	}
	fputc('\n', out);
	json_decref(schema);
}
