#include "runtime/state/writer.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "runtime/program.h"

enum { DEPTH_MAX = 16 };

/* JSON is put together here, for it is most of what is written and often very long; YAML, where
 * what needs quotes is an art, is libyaml's. */
struct writer {
	FILE *out;
	bool is_yaml, is_lines;
	bool is_value; /* of a key that was just written */
	unsigned depth;
	bool is_begun[DEPTH_MAX]; /* the map or list has something in it */
	yaml_emitter_t emitter;
};

static void emit(struct writer *writer, yaml_event_t *event)
{
	/* What cannot be written is found when the stream is flushed. */
	if (!yaml_emitter_emit(&writer->emitter, event) &&
	    writer->emitter.error == YAML_MEMORY_ERROR)
		abort();
}

static void yaml_start(struct writer *writer)
{
	yaml_event_t event;

	if (!yaml_emitter_initialize(&writer->emitter))
		abort();
	yaml_emitter_set_output_file(&writer->emitter, writer->out);
	yaml_emitter_set_unicode(&writer->emitter, 1);
	yaml_emitter_set_width(&writer->emitter, -1);
	yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
	emit(writer, &event);
	yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1);
	emit(writer, &event);
}

static void yaml_end(struct writer *writer)
{
	yaml_event_t event;

	yaml_document_end_event_initialize(&event, 1);
	emit(writer, &event);
	yaml_stream_end_event_initialize(&event);
	emit(writer, &event);
	yaml_emitter_delete(&writer->emitter);
}

/* `is_plain`: a number or a word that must not become a string. */
static void yaml_scalar(struct writer *writer, const char *text, bool is_plain)
{
	yaml_event_t event;
	yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text,
				     (int)strlen(text), is_plain, 1,
				     is_plain ? YAML_PLAIN_SCALAR_STYLE : YAML_ANY_SCALAR_STYLE);
	emit(writer, &event);
}

/* Text that a reader of YAML would take for something else. */
static bool needs_quotes(const char *text)
{
	static const char *const words[] = { "true", "false", "yes", "no", "on",
					     "off",  "null",  "~",   "y",  "n" };
	char *end;

	for (size_t i = 0; i < countof(words); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	strtod(text, &end);
	return *end == 0 || strchr("0123456789.+-", *text);
}

static void yaml_text(struct writer *writer, const char *text)
{
	yaml_event_t event;
	yaml_scalar_event_initialize(
		&event, NULL, NULL, (const yaml_char_t *)text, (int)strlen(text), 1, 1,
		needs_quotes(text) ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_ANY_SCALAR_STYLE);
	emit(writer, &event);
}

static void put_indent(struct writer *writer)
{
	if (writer->is_lines)
		return;
	putc_unlocked('\n', writer->out);
	for (unsigned i = 0; i < writer->depth; i++)
		fputs_unlocked("  ", writer->out);
}

/* What stands ahead of a value or a key. */
static void json_next(struct writer *writer)
{
	if (writer->is_value) {
		writer->is_value = false;
		return;
	}
	if (writer->depth == 0)
		return;
	if (writer->is_begun[writer->depth - 1])
		putc_unlocked(',', writer->out);
	writer->is_begun[writer->depth - 1] = true;
	put_indent(writer);
}

static void json_open(struct writer *writer, char bracket)
{
	json_next(writer);
	putc_unlocked(bracket, writer->out);
	assert(writer->depth < DEPTH_MAX);
	writer->is_begun[writer->depth++] = false;
}

static void json_shut(struct writer *writer, char bracket)
{
	bool was_begun = writer->is_begun[--writer->depth];
	if (was_begun)
		put_indent(writer);
	putc_unlocked(bracket, writer->out);
}

static void json_quote(struct writer *writer, const char *text)
{
	putc_unlocked('"', writer->out);
	for (const char *c = text; *c; c++) {
		if (*c == '"' || *c == '\\')
			putc_unlocked('\\', writer->out);
		if ((unsigned char)*c < ' ')
			fprintf(writer->out, "\\u%04x", (unsigned)*c);
		else
			putc_unlocked(*c, writer->out);
	}
	putc_unlocked('"', writer->out);
}

static void put_plain(struct writer *writer, const char *text)
{
	if (writer->is_yaml) {
		yaml_scalar(writer, text, true);
		return;
	}
	json_next(writer);
	fputs_unlocked(text, writer->out);
}

struct writer *writer_new(FILE *out, enum format format)
{
	struct writer *writer = calloc(1, sizeof *writer);
	if (!writer)
		abort();
	writer->out = out;
	writer->is_yaml = format == FORMAT_YAML;
	if (writer->is_yaml)
		yaml_start(writer);
	return writer;
}

void writer_begin_map(struct writer *writer)
{
	yaml_event_t event;

	if (!writer->is_yaml) {
		json_open(writer, '{');
		return;
	}
	yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE);
	emit(writer, &event);
}

void writer_end_map(struct writer *writer)
{
	yaml_event_t event;

	if (!writer->is_yaml) {
		json_shut(writer, '}');
		return;
	}
	yaml_mapping_end_event_initialize(&event);
	emit(writer, &event);
}

void writer_begin_list(struct writer *writer)
{
	yaml_event_t event;

	if (!writer->is_yaml) {
		json_open(writer, '[');
		return;
	}
	yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE);
	emit(writer, &event);
}

void writer_end_list(struct writer *writer)
{
	yaml_event_t event;

	if (!writer->is_yaml) {
		json_shut(writer, ']');
		return;
	}
	yaml_sequence_end_event_initialize(&event);
	emit(writer, &event);
}

void writer_key(struct writer *writer, const char *key)
{
	if (writer->is_yaml) {
		yaml_text(writer, key);
		return;
	}
	json_next(writer);
	json_quote(writer, key);
	fputs_unlocked(writer->is_lines ? ":" : ": ", writer->out);
	writer->is_value = true;
}

void writer_text(struct writer *writer, const char *text)
{
	if (writer->is_yaml) {
		yaml_text(writer, text);
		return;
	}
	json_next(writer);
	json_quote(writer, text);
}

void writer_number(struct writer *writer, uint64_t number)
{
	char digits[24], *start = digits + sizeof digits;

	*--start = 0;
	do
		*--start = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	put_plain(writer, start);
}

void writer_real(struct writer *writer, double number, int decimals)
{
	char digits[64];
	snprintf(digits, sizeof digits, "%.*f", decimals, number);
	put_plain(writer, digits);
}

void writer_bool(struct writer *writer, bool value)
{
	put_plain(writer, value ? "true" : "false");
}

void writer_pair_text(struct writer *writer, const char *key, const char *text)
{
	writer_key(writer, key);
	writer_text(writer, text);
}

void writer_pair_number(struct writer *writer, const char *key, uint64_t number)
{
	writer_key(writer, key);
	writer_number(writer, number);
}

void writer_set_lines(struct writer *writer)
{
	writer->is_lines = true;
}

void writer_end_line(struct writer *writer)
{
	putc_unlocked('\n', writer->out);
}

/* As deep as the data that we make ourselves. */
void writer_json(struct writer *writer, json_t *json)
{
	const char *key;
	json_t *item;
	size_t i;

	switch (json_typeof(json)) {
	case JSON_OBJECT:
		writer_begin_map(writer);
		json_object_foreach(json, key, item)
		{
			writer_key(writer, key);
			writer_json(writer, item);
		}
		writer_end_map(writer);
		return;
	case JSON_ARRAY:
		writer_begin_list(writer);
		json_array_foreach(json, i, item)
		{
			writer_json(writer, item);
		}
		writer_end_list(writer);
		return;
	case JSON_INTEGER:
		writer_number(writer, (uint64_t)json_integer_value(json));
		return;
	case JSON_REAL:
		writer_real(writer, json_real_value(json), 3);
		return;
	case JSON_TRUE:
	case JSON_FALSE:
		writer_bool(writer, json_is_true(json));
		return;
	case JSON_STRING:
		writer_text(writer, json_string_value(json));
		return;
	case JSON_NULL:
		writer_text(writer, "");
		return;
	}
}

void writer_close(struct writer *writer)
{
	if (writer->is_yaml)
		yaml_end(writer);
	else if (!writer->is_lines)
		putc_unlocked('\n', writer->out);
	free(writer);
}
