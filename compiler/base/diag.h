/* What is wrong with a configuration: collected while compiling, shown in the order of places. */
#pragma once
#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/source.h"

enum diag_code {
#define X(name, ...) D_##name,
#include "base/diag.def"
#undef X
	D_COUNT
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

/* A second place that belongs to a message. */
struct diag_note {
	struct span at; /* NOWHERE: a remark without a place */
	const char *message;
};

struct diag {
	struct arena *arena;
	enum diag_code code;
	enum severity severity;
	struct span at;
	const char *message;
	VEC(struct diag_note) notes;
	const char *help;
	uint32_t order; /* keeps messages at one place in the order in which they were raised */
};

/* The messages of one compilation. */
struct diags {
	struct arena *arena;
	VEC(struct diag *) all;
	struct diag **seen; /* by severity, code and place: a hash table, at most half full */
	uint32_t seen_size;
	uint32_t errors, warnings;
};

void diags_init(struct diags *diags, struct arena *arena);

/* A new message with its code's title as text; diag_say replaces that. Where the same is already
 * reported at exactly this place with this code, the new one is thrown away: one mistake, one
 * message. Never NULL. */
struct diag *diag_error(struct diags *diags, enum diag_code code, struct span at);
struct diag *diag_warning(struct diags *diags, enum diag_code code, struct span at);
struct diag *diag_info(struct diags *diags, enum diag_code code, struct span at);

/* What is wrong: short, factual, lower case, no full stop. Control characters and broken UTF-8 in
 * the arguments are made visible when the message is shown. */
void diag_say(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Another place or reason. */
void diag_note(struct diag *diag, struct span at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What to do, in place of what the code says for all its messages. */
void diag_help(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "E0304", or "W0501" where it is only ever a warning. */
const char *diag_code_name(enum diag_code code);

/* What the code stands for, and its longer explanation. */
const char *diag_code_title(enum diag_code code);
const char *diag_code_explanation(enum diag_code code);

/* Lines of HCL that lead to the message, and how they are right; each NULL where there is none. */
const char *diag_code_wrong(enum diag_code code);
const char *diag_code_right(enum diag_code code);

/* Puts the messages in the order of their places. */
void diags_sort(struct diags *diags);

/* Shows all messages as text, sorted by place, at most `limit` errors (0: all), with a line that
 * counts the rest. Colour only where `colour`. */
void diags_render(struct diags *diags, struct sources *sources, FILE *out, uint32_t limit,
		  bool colour);
