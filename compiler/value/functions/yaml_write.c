#include <string.h>

#include <yaml.h>

#include "base/arena.h"
#include "value/functions/encoding.h"
#include "value/functions/json.h"
#include "value/functions/maker.h"
#include "value/make.h"

struct emission {
	struct scope *scope;
	yaml_emitter_t emitter;
	bool is_broken;
};

static int collect(void *context, unsigned char *bytes, size_t n)
{
	maker_add(context, (struct text){ (const char *)bytes, n });
	return 1;
}

static void emit(struct emission *emission, yaml_event_t *event)
{
	if (!yaml_emitter_emit(&emission->emitter, event))
		emission->is_broken = true;
}

static void emit_scalar(struct emission *emission, struct text text, yaml_scalar_style_t style)
{
	yaml_event_t event;
	yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text.s, (int)text.n,
				     1, 1, style);
	emit(emission, &event);
}

static void emit_string(struct emission *emission, struct text text)
{
	bool has_lines = text.n > 0 && memchr(text.s, '\n', text.n);
	emit_scalar(emission, text,
		    has_lines ? YAML_LITERAL_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE);
}

static void emit_value(struct emission *emission, const struct value *value);

static void emit_list(struct emission *emission, const struct value *list)
{
	yaml_event_t event;
	yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE);
	emit(emission, &event);
	for (uint32_t i = 0; i < list->count; i++)
		emit_value(emission, &list->items[i]);
	yaml_sequence_end_event_initialize(&event);
	emit(emission, &event);
}

static void emit_object(struct emission *emission, const struct value *object)
{
	yaml_event_t event;
	struct member **members = members_in_order(emission->scope, object);
	yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE);
	emit(emission, &event);
	for (uint32_t i = 0; i < object->count; i++) {
		emit_string(emission, text_of(members[i]->name));
		emit_value(emission, &members[i]->value);
	}
	yaml_mapping_end_event_initialize(&event);
	emit(emission, &event);
}

static void emit_value(struct emission *emission, const struct value *value)
{
	struct text_maker json = { .arena = emission->scope->arena };
	switch (value->kind) {
	case VALUE_STRING:
		emit_string(emission, value->string);
		return;
	case VALUE_TUPLE:
		emit_list(emission, value);
		return;
	case VALUE_OBJECT:
		emit_object(emission, value);
		return;
	case VALUE_POISON:
	case VALUE_NULL:
	case VALUE_BOOL:
	case VALUE_NUMBER:
	case VALUE_RANGE:
		json_write(emission->scope, &json, value);
		emit_scalar(emission, maker_text(&json), YAML_PLAIN_SCALAR_STYLE);
		return;
	}
}

static void emit_document(struct emission *emission, const struct value *value)
{
	yaml_event_t event;
	yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
	emit(emission, &event);
	yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1);
	emit(emission, &event);
	emit_value(emission, value);
	yaml_document_end_event_initialize(&event, 1);
	emit(emission, &event);
	yaml_stream_end_event_initialize(&event);
	emit(emission, &event);
}

struct value run_yamlencode(struct call *call)
{
	struct text_maker maker = { .arena = call->scope->arena };
	struct emission emission = { .scope = call->scope };
	yaml_emitter_initialize(&emission.emitter);
	yaml_emitter_set_output(&emission.emitter, collect, &maker);
	yaml_emitter_set_unicode(&emission.emitter, 1);
	emit_document(&emission, &call->arguments[0]);
	yaml_emitter_delete(&emission.emitter);
	/* The reference's emitter ends a document that is a bare word. */
	enum value_kind kind = call->arguments[0].kind;
	if (kind == VALUE_NULL || kind == VALUE_BOOL || kind == VALUE_NUMBER)
		maker_add_string(&maker, "...\n");
	if (emission.is_broken)
		return call_refuse(call, D_CALL_FAILED, "the value cannot be written as YAML");
	return call_may_write(call, maker.all.n) ? call_string(call, maker_text(&maker))
						 : call_poison(call);
}
