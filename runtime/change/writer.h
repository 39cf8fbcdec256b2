/* Rulesets as text for libnftables, and which line of it came from which line of what is wanted. */
#pragma once
#include <stdio.h>

#include "runtime/change/model.h"

/* Where a line came from. */
struct writer_line {
	uint32_t line; /* of the wanted text; 0: of no line in particular */
	int shift;     /* by how many columns it is further to the right here */
};

struct writer {
	struct arena *arena;
	const char *table;
	FILE *out;
	VEC(struct writer_line) lines;
};

void writer_put(struct writer *writer, struct text text);
void writer_end_line(struct writer *writer, uint32_t line, int shift);

void writer_open_table(struct writer *writer, const char *table);
void writer_close_table(struct writer *writer);

/* A thing down to its header, and its end. */
void writer_open_thing(struct writer *writer, const struct model_thing *thing);
void writer_close_thing(struct writer *writer);

/* All of it; of its elements those with a flag, or all where `flags` is NULL. */
void writer_put_thing(struct writer *writer, const struct model_thing *thing, const bool *flags);

/* Messages of libnftables about what was written, as if they were about the wanted text. */
const char *writer_translate(const struct writer *writer, const char *messages);
