#include <string.h>

#include <yaml.h>

#include "base/arena.h"
#include "value/functions/encoding.h"
#include "value/functions/maker.h"
#include "value/functions/yaml_scalar.h"
#include "value/make.h"

/* Aliases make values without text for them, so what they make is counted. */
enum { DEPTH_MAX = 500, VALUES_MAX = 1 << 18 };

struct anchor {
	const char *name; /* interned */
	struct value value;
	bool is_pending; /* its node is still being read */
};

/* One text that is being read. */
struct yaml {
	struct call *call;
	yaml_parser_t parser;
	VEC(struct anchor) anchors;
	uint32_t depth, made;
};

static bool refuse(struct yaml *yaml, yaml_mark_t at, const char *why)
{
	argument_refuse(yaml->call, 0, "line %zu, column %zu of the text: %s", at.line + 1,
			at.column + 1, why);
	return false;
}

static bool next_event(struct yaml *yaml, yaml_event_t *event)
{
	if (yaml_parser_parse(&yaml->parser, event))
		return true;
	const char *problem = yaml->parser.problem ? yaml->parser.problem : "it cannot be read";
	return refuse(yaml, yaml->parser.problem_mark, problem);
}

/* The last one of a name counts. */
static struct anchor *find_anchor(struct yaml *yaml, const char *name)
{
	const char *own = name_intern(yaml->call->scope->names, text_of(name));
	for (uint32_t i = yaml->anchors.n; i > 0; i--)
		if (yaml->anchors.at[i - 1].name == own)
			return &yaml->anchors.at[i - 1];
	return NULL;
}

static uint32_t values_in(const struct value *value)
{
	uint64_t n = 1;
	for (uint32_t i = 0; value->kind == VALUE_TUPLE && i < value->count; i++)
		n += values_in(&value->items[i]);
	for (uint32_t i = 0; value->kind == VALUE_OBJECT && i < value->count; i++)
		n += values_in(&value->members[i].value);
	return n > VALUES_MAX ? VALUES_MAX + 1 : (uint32_t)n;
}

static bool count(struct yaml *yaml, uint32_t n)
{
	yaml->made += n;
	if (yaml->made <= VALUES_MAX)
		return true;
	struct diag *d =
		diag_error(yaml->call->scope->diags, D_CALL_LIMIT, argument_span(yaml->call, 0));
	diag_say(d, "yamldecode would make more than %d values of this text", VALUES_MAX);
	diag_help(d, "write what the aliases stand for only once, or split the text");
	return false;
}

static bool read_alias(struct yaml *yaml, const yaml_event_t *event, struct value *out)
{
	struct anchor *anchor = find_anchor(yaml, (const char *)event->data.alias.anchor);
	if (!anchor)
		return refuse(yaml, event->start_mark, "there is no anchor of this name before");
	if (anchor->is_pending)
		return refuse(yaml, event->start_mark, "an alias stands within what it stands for");
	*out = anchor->value;
	return count(yaml, values_in(out));
}

static bool read_scalar(struct yaml *yaml, const yaml_event_t *event, struct value *out)
{
	const char *wrong = yaml_scalar_read(yaml->call, event, out);
	return !wrong || refuse(yaml, event->start_mark, wrong);
}

static bool read_node(struct yaml *yaml, const yaml_event_t *event, struct value *out);

static bool read_next(struct yaml *yaml, struct value *out)
{
	yaml_event_t event;
	if (!next_event(yaml, &event))
		return false;
	bool is_read = read_node(yaml, &event, out);
	yaml_event_delete(&event);
	return is_read;
}

static bool read_sequence(struct yaml *yaml, struct value *out)
{
	struct list_maker list = { .arena = yaml->call->scope->arena };
	for (;;) {
		yaml_event_t event;
		struct value value;
		if (!next_event(yaml, &event))
			return false;
		bool is_end = event.type == YAML_SEQUENCE_END_EVENT;
		bool is_read = is_end || read_node(yaml, &event, &value);
		yaml_event_delete(&event);
		if (!is_read)
			return false;
		if (is_end)
			break;
		list_maker_add(&list, value);
	}
	*out = make_tuple(yaml->call->at, list.all.at, list.all.n);
	return true;
}

struct pairs {
	VEC(struct pair {
		const char *name;
		struct value value;
	})
	all;
};

static void add_pair(struct yaml *yaml, struct pairs *pairs, const char *name, struct value value)
{
	struct pair *pair = push(yaml->call->scope->arena, &pairs->all);
	pair->name = name;
	pair->value = value;
}

/* "<<: *alias" takes over the members of another mapping. */
static bool read_merged(struct yaml *yaml, const yaml_event_t *key, struct pairs *pairs)
{
	struct value value;
	if (!read_next(yaml, &value))
		return false;
	if (value.kind != VALUE_OBJECT)
		return refuse(yaml, key->start_mark, "only a mapping can be merged into another");
	for (uint32_t i = 0; i < value.count; i++)
		add_pair(yaml, pairs, value.members[i].name, value.members[i].value);
	return true;
}

static bool read_pair(struct yaml *yaml, const yaml_event_t *key, struct pairs *pairs)
{
	struct value name, value;
	if (key->type != YAML_SCALAR_EVENT)
		return refuse(yaml, key->start_mark, "a key is a string");
	if (yaml_scalar_merges(key))
		return read_merged(yaml, key, pairs);
	if (!read_scalar(yaml, key, &name))
		return false;
	if (!yaml_key_text(yaml->call, &name))
		return refuse(yaml, key->start_mark, "a key is a string, and this is null");
	if (!read_next(yaml, &value))
		return false;
	add_pair(yaml, pairs, name.string.s, value);
	return true;
}

static bool read_mapping(struct yaml *yaml, struct value *out)
{
	struct scope *scope = yaml->call->scope;
	struct pairs pairs = { 0 };
	for (;;) {
		yaml_event_t event;
		if (!next_event(yaml, &event))
			return false;
		bool is_end = event.type == YAML_MAPPING_END_EVENT;
		bool is_read = is_end || read_pair(yaml, &event, &pairs);
		yaml_event_delete(&event);
		if (!is_read)
			return false;
		if (is_end)
			break;
	}
	struct object_maker maker = object_start(scope, yaml->call->at, pairs.all.n);
	for (uint32_t i = 0; i < pairs.all.n; i++)
		object_put(scope, &maker, pairs.all.at[i].name, pairs.all.at[i].value);
	*out = maker.object;
	return true;
}

static const char *anchor_of(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return (const char *)event->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT:
		return (const char *)event->data.sequence_start.anchor;
	case YAML_MAPPING_START_EVENT:
		return (const char *)event->data.mapping_start.anchor;
	default:
		return NULL;
	}
}

static bool tag_is(const yaml_char_t *tag, const char *wanted)
{
	return !tag || strcmp((const char *)tag, wanted) == 0;
}

static bool read_content(struct yaml *yaml, const yaml_event_t *event, struct value *out)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return read_scalar(yaml, event, out);
	case YAML_SEQUENCE_START_EVENT:
		return tag_is(event->data.sequence_start.tag, YAML_SEQ_TAG)
			       ? read_sequence(yaml, out)
			       : refuse(yaml, event->start_mark, "a list has no such tag");
	case YAML_MAPPING_START_EVENT:
		return tag_is(event->data.mapping_start.tag, YAML_MAP_TAG)
			       ? read_mapping(yaml, out)
			       : refuse(yaml, event->start_mark, "a mapping has no such tag");
	default:
		return refuse(yaml, event->start_mark, "a value is missing");
	}
}

static bool read_node(struct yaml *yaml, const yaml_event_t *event, struct value *out)
{
	if (event->type == YAML_ALIAS_EVENT)
		return read_alias(yaml, event, out);
	if (!count(yaml, 1))
		return false;
	if (yaml->depth == DEPTH_MAX)
		return refuse(yaml, event->start_mark, "it is nested too deep");
	const char *name = anchor_of(event);
	uint32_t place = yaml->anchors.n;
	if (name) {
		struct anchor *anchor = push(yaml->call->scope->arena, &yaml->anchors);
		anchor->name = name_intern(yaml->call->scope->names, text_of(name));
		anchor->is_pending = true;
	}
	yaml->depth++;
	bool is_read = read_content(yaml, event, out);
	yaml->depth--;
	if (is_read && name)
		yaml->anchors.at[place] =
			(struct anchor){ yaml->anchors.at[place].name, *out, false };
	return is_read;
}

static bool expect(struct yaml *yaml, yaml_event_type_t wanted, const char *why)
{
	yaml_event_t event;
	if (!next_event(yaml, &event))
		return false;
	bool is_it = event.type == wanted || refuse(yaml, event.start_mark, why);
	yaml_event_delete(&event);
	return is_it;
}

static bool read_document(struct yaml *yaml, struct value *out)
{
	return expect(yaml, YAML_STREAM_START_EVENT, "it does not begin") &&
	       expect(yaml, YAML_DOCUMENT_START_EVENT, "it is empty") && read_next(yaml, out) &&
	       expect(yaml, YAML_DOCUMENT_END_EVENT, "something follows the value") &&
	       expect(yaml, YAML_STREAM_END_EVENT, "it has more than one document");
}

struct value run_yamldecode(struct call *call)
{
	struct yaml yaml = { .call = call };
	struct text text = call->arguments[0].string;
	struct value value;
	yaml_parser_initialize(&yaml.parser);
	yaml_parser_set_input_string(&yaml.parser, (const unsigned char *)text.s, text.n);
	yaml_parser_set_encoding(&yaml.parser, YAML_UTF8_ENCODING);
	bool is_read = read_document(&yaml, &value);
	yaml_parser_delete(&yaml.parser);
	return is_read ? value : call_poison(call);
}
