#include "base/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct code_row {
	const char *name, *title, *explanation, *wrong, *right, *help;
} code_rows[D_COUNT] = {
#define X(name, ...) [D_##name] = { __VA_ARGS__ },
#include "base/diag.def"
#undef X
};

void diags_init(struct diags *diags, struct arena *arena)
{
	memset(diags, 0, sizeof *diags);
	diags->arena = arena;
}

static bool is_same(const struct diag *a, const struct diag *b)
{
	return a->severity == b->severity && a->code == b->code && a->at.start == b->at.start &&
	       a->at.end == b->at.end;
}

/* Where `diag` or its like stands in the table, or would. */
static struct diag **seen_slot(struct diag **seen, uint32_t size, const struct diag *diag)
{
	uint32_t key[] = { diag->severity, diag->code, diag->at.start, diag->at.end };
	uint32_t i = hash_bytes(HASH_START, key, sizeof key) & (size - 1);
	while (seen[i] && !is_same(seen[i], diag))
		i = (i + 1) & (size - 1);
	return &seen[i];
}

static void seen_grow(struct diags *diags)
{
	uint32_t size = diags->seen_size ? diags->seen_size * 2 : 16;
	struct diag **seen = arena_array(diags->arena, size, sizeof *seen);
	for (uint32_t i = 0; i < diags->seen_size; i++)
		if (diags->seen[i])
			*seen_slot(seen, size, diags->seen[i]) = diags->seen[i];
	diags->seen = seen;
	diags->seen_size = size;
}

/* Whether the like of `diag` was there before; it is from now on. */
static bool is_reported(struct diags *diags, struct diag *diag)
{
	if (!span_is_set(diag->at))
		return false;
	if (diags->all.n * 2 >= diags->seen_size)
		seen_grow(diags);
	struct diag **slot = seen_slot(diags->seen, diags->seen_size, diag);
	if (*slot)
		return true;
	*slot = diag;
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
	diag->help = code_rows[code].help;
	if (is_reported(diags, diag))
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

static int by_place(const void *left, const void *right)
{
	const struct diag *a = *(struct diag *const *)left, *b = *(struct diag *const *)right;
	if (a->at.start != b->at.start)
		return a->at.start < b->at.start ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

void diags_sort(struct diags *diags)
{
	if (diags->all.n)
		qsort(diags->all.at, diags->all.n, sizeof *diags->all.at, by_place);
}

const char *diag_code_name(enum diag_code code)
{
	return code_rows[code].name;
}

const char *diag_code_title(enum diag_code code)
{
	return code_rows[code].title;
}

const char *diag_code_explanation(enum diag_code code)
{
	return code_rows[code].explanation;
}

const char *diag_code_wrong(enum diag_code code)
{
	return code_rows[code].wrong;
}

const char *diag_code_right(enum diag_code code)
{
	return code_rows[code].right;
}
