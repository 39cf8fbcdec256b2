#include "base/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct code_row {
	const char *name, *title, *explanation;
} code_rows[D_COUNT] = {
#define X(name, code, title, explanation) [D_##name] = { code, title, explanation },
#include "base/diag.def"
#undef X
};

void diags_init(struct diags *diags, struct arena *arena)
{
	memset(diags, 0, sizeof *diags);
	diags->arena = arena;
}

static bool is_reported(const struct diags *diags, enum severity severity, enum diag_code code,
			struct span at)
{
	for (uint32_t i = diags->all.n; span_is_set(at) && i-- > 0;) {
		const struct diag *d = diags->all.at[i];
		if (d->code == code && d->at.start == at.start && d->at.end == at.end &&
		    d->severity == severity)
			return true;
	}
	return false;
}

static struct diag *diag_new(struct diags *diags, enum severity severity, enum diag_code code,
			     struct span at)
{
	struct diag *diag = arena_alloc(diags->arena, sizeof *diag);
	diag->arena = diags->arena;
	diag->code = code;
	diag->severity = severity;
	diag->at = at;
	diag->message = code_rows[code].title;
	if (is_reported(diags, severity, code, at))
		return diag;

	diag->order = diags->all.n;
	*push(diags->arena, &diags->all) = diag;
	diags->errors += severity == SEVERITY_ERROR;
	diags->warnings += severity == SEVERITY_WARNING;
	return diag;
}

struct diag *diag_error(struct diags *diags, enum diag_code code, struct span at)
{
	return diag_new(diags, SEVERITY_ERROR, code, at);
}

struct diag *diag_warning(struct diags *diags, enum diag_code code, struct span at)
{
	return diag_new(diags, SEVERITY_WARNING, code, at);
}

struct diag *diag_info(struct diags *diags, enum diag_code code, struct span at)
{
	return diag_new(diags, SEVERITY_NOTE, code, at);
}

static const char *format_text(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	char *text = arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, args);
	return text;
}

void diag_say(struct diag *diag, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	diag->message = format_text(diag->arena, format, args);
	va_end(args);
}

void diag_note(struct diag *diag, struct span at, const char *format, ...)
{
	struct diag_note *note = push(diag->arena, &diag->notes);
	va_list args;
	va_start(args, format);
	note->at = at;
	note->message = format_text(diag->arena, format, args);
	va_end(args);
}

void diag_help(struct diag *diag, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	diag->help = format_text(diag->arena, format, args);
	va_end(args);
}

const char *diag_code_name(enum diag_code code)
{
	return code_rows[code].name;
}

const char *diag_explain(const char *code_name)
{
	for (int i = 0; i < D_COUNT; i++)
		if (strcmp(code_rows[i].name, code_name) == 0)
			return code_rows[i].explanation;
	return NULL;
}
