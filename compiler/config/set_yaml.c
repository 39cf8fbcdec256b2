#include "config/set_tree.h"

#include <yaml.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/utf8.h"
#include "value/value.h"

/* YAML by libyaml's events: an alias is only ever a name here, so none can blow the document up. */
struct yaml {
	struct tree tree;
	yaml_parser_t parser;
	const char *at; /* the byte of the character `index`: libyaml counts characters */
	size_t index;
	bool is_over; /* one document has been read */
};

/* Marks come in the order of the file. */
static const char *place(struct yaml *yaml, const yaml_mark_t *mark)
{
	const struct source *source = yaml->tree.file->source;
	const char *end = source->text + source->size;
	for (; yaml->index < mark->index && yaml->at < end; yaml->index++) {
		uint32_t code_point;
		int bytes = code_point_decode(yaml->at, (size_t)(end - yaml->at), &code_point);
		yaml->at += bytes > 0 ? bytes : 1;
	}
	return yaml->at;
}

static struct span event_span(struct yaml *yaml, const yaml_event_t *event)
{
	const char *start = place(yaml, &event->start_mark);
	const char *end = place(yaml, &event->end_mark);
	return set_file_span(yaml->tree.file, start, end > start ? end : start + 1);
}

static void report_parser(struct yaml *yaml)
{
	const struct source *source = yaml->tree.file->source;
	const char *at = place(yaml, &yaml->parser.problem_mark);
	if (yaml->parser.error == YAML_READER_ERROR)
		at = source->text + yaml->parser.problem_offset;
	(void)tree_fault(&yaml->tree, set_file_span(yaml->tree.file, at, at + 1),
			 arena_printf(yaml->tree.file->reading->scope->arena, "YAML: %s",
				      yaml->parser.problem ? yaml->parser.problem
							   : "the file cannot be read"));
}

static bool refuse_alias(struct yaml *yaml, struct span at)
{
	if (!tree_wants_scalar(&yaml->tree))
		return tree_scalar(&yaml->tree, TEXT(""), at);
	struct diag *d = tree_fault(&yaml->tree, at, "aliases are not followed");
	diag_help(d, "write the entries out");
	return false;
}

static bool start_document(struct yaml *yaml, struct span at)
{
	if (yaml->is_over) {
		tree_fault(&yaml->tree, at, "a second document begins here");
		return false;
	}
	yaml->is_over = true;
	return true;
}

static bool take_event(struct yaml *yaml, const yaml_event_t *event)
{
	struct span at = event_span(yaml, event);
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return start_document(yaml, at);
	case YAML_ALIAS_EVENT:
		return refuse_alias(yaml, at);
	case YAML_SCALAR_EVENT:
		return tree_scalar(&yaml->tree,
				   (struct text){ (const char *)event->data.scalar.value,
						  event->data.scalar.length },
				   at);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return tree_open(&yaml->tree, event->type == YAML_MAPPING_START_EVENT, at);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		tree_close(&yaml->tree);
		return true;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
	return true;
}

/* False where a message tells what is wrong. */
static bool take_all(struct yaml *yaml)
{
	for (bool goes_on = true, is_done = false; goes_on && !is_done;) {
		yaml_event_t event;
		if (!yaml_parser_parse(&yaml->parser, &event)) {
			report_parser(yaml);
			return false;
		}
		is_done = event.type == YAML_STREAM_END_EVENT;
		goes_on = take_event(yaml, &event);
		yaml_event_delete(&event);
		if (!goes_on)
			return false;
	}
	return true;
}

void set_read_yaml(struct set_file *file)
{
	struct yaml yaml = { .at = file->source->text };
	tree_start(&yaml.tree, file);
	if (!yaml_parser_initialize(&yaml.parser))
		return;
	yaml_parser_set_encoding(&yaml.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&yaml.parser, (const unsigned char *)file->source->text,
				     file->source->size);
	if (take_all(&yaml))
		tree_finish(&yaml.tree);
	yaml_parser_delete(&yaml.parser);
}
