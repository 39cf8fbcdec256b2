#include "emit/annotate.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/utf8.h"

static void end_without_memory(void)
{
	fputs("flywall: out of memory\n", stderr);
	exit(3);
}

/* JSON is UTF-8, and a message may quote what is not. */
static json_t *text_to_json(struct arena *arena, const char *string)
{
	struct text text = text_of(string);
	char *valid = arena_alloc(arena, text.n * 3 + 1), *end = valid;
	while (text.n > 0) {
		uint32_t code_point;
		int bytes = code_point_decode(text.s, text.n, &code_point);
		size_t step = bytes < 1 ? 1 : (size_t)bytes;
		end += code_point_encode(bytes < 1 ? 0xfffd : code_point, end);
		text.s += step;
		text.n -= step;
	}
	return json_stringn(valid, (size_t)(end - valid));
}

static json_t *point_to_json(struct sources *sources, uint32_t offset)
{
	struct place place = source_place(sources, offset);
	return json_pack("{s:I, s:I, s:I}", "line", (json_int_t)place.line, "column",
			 (json_int_t)place.column, "byte", (json_int_t)place.byte);
}

static json_t *span_to_json(struct sources *sources, struct span at)
{
	return json_pack("{s:o, s:o}", "start", point_to_json(sources, at.start), "end",
			 point_to_json(sources, at.end));
}

static json_t *file_to_json(struct sources *sources, struct span at)
{
	return text_to_json(sources->arena, source_find(sources, at.start)->name);
}

static json_t *label_to_json(struct sources *sources, const struct diag_note *note)
{
	json_t *label = span_to_json(sources, note->at);
	json_object_set_new(label, "file", file_to_json(sources, note->at));
	json_object_set_new(label, "message", text_to_json(sources->arena, note->message));
	return label;
}

static const char *severity_word(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return "error";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_NOTE:
		break;
	}
	return "note";
}

static json_t *diag_to_json(struct sources *sources, const struct diag *diag)
{
	json_t *labels = json_array(), *notes = json_array();
	for (uint32_t i = 0; i < diag->notes.n; i++) {
		const struct diag_note *note = &diag->notes.at[i];
		if (span_is_set(note->at))
			json_array_append_new(labels, label_to_json(sources, note));
		else
			json_array_append_new(notes, text_to_json(sources->arena, note->message));
	}
	json_t *object = json_pack("{s:s, s:s, s:o}", "severity", severity_word(diag->severity),
				   "code", diag_code_name(diag->code), "summary",
				   text_to_json(sources->arena, diag->message));
	if (span_is_set(diag->at)) {
		json_object_set_new(object, "file", file_to_json(sources, diag->at));
		json_object_set_new(object, "subject", span_to_json(sources, diag->at));
	}
	json_object_set_new(object, "labels", labels);
	json_object_set_new(object, "notes", notes);
	if (diag->help)
		json_object_set_new(object, "help", text_to_json(sources->arena, diag->help));
	return object;
}

void annotate_diag(struct sources *sources, const struct diag *diag, FILE *out)
{
	json_t *object = diag_to_json(sources, diag);
	if (!object || json_dumpf(object, out, 0) != 0)
		end_without_memory();
	json_decref(object);
}

void annotate_json(struct diags *diags, struct sources *sources, FILE *out)
{
	diags_sort(diags);
	for (uint32_t i = 0; i < diags->all.n; i++) {
		annotate_diag(sources, diags->all.at[i], out);
		fputc('\n', out);
	}
}

/* A command is one line; a property of it ends at a comma or a colon. */
static void put_escaped(FILE *out, const char *text, bool is_property)
{
	for (; *text; text++)
		if (*text == '%' || *text == '\r' || *text == '\n' ||
		    (is_property && (*text == ':' || *text == ',')))
			fprintf(out, "%%%02X", (unsigned char)*text);
		else
			fputc(*text, out);
}

static void put_command(struct sources *sources, const struct diag *diag, FILE *out)
{
	static const char *const commands[] = { "error", "warning", "notice" };
	fprintf(out, "::%s ", commands[diag->severity]);
	if (span_is_set(diag->at)) {
		struct place start = source_place(sources, diag->at.start);
		struct place end = source_place(sources, diag->at.end);
		fputs("file=", out);
		put_escaped(out, start.source->name, true);
		fprintf(out, ",line=%u,endLine=%u,col=%u,endColumn=%u,", start.line, end.line,
			start.column, end.column);
	}
	fprintf(out, "title=%s::", diag_code_name(diag->code));
	put_escaped(out, diag->message, false);
	for (uint32_t i = 0; i < diag->notes.n; i++) {
		fputs("%0Anote: ", out);
		put_escaped(out, diag->notes.at[i].message, false);
	}
	if (diag->help) {
		fputs("%0Ahelp: ", out);
		put_escaped(out, diag->help, false);
	}
	fputc('\n', out);
}

void annotate_github(struct diags *diags, struct sources *sources, FILE *out)
{
	diags_sort(diags);
	for (uint32_t i = 0; i < diags->all.n; i++)
		put_command(sources, diags->all.at[i], out);
}
