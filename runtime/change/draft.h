/* Rulesets as text for libnftables, and which line of it came from which line of what is wanted. */
#pragma once
#include <stdio.h>

#include "runtime/change/model.h"

/* Where a line came from. */
struct draft_line {
	uint32_t line; /* of the wanted text; 0: of no line in particular */
	int shift;     /* by how many columns it is further to the right here */
};

struct draft {
	struct arena *arena;
	const char *table;
	FILE *out;
	VEC(struct draft_line) lines;
};

void draft_put(struct draft *draft, struct text text);
void draft_end_line(struct draft *draft, uint32_t line, int shift);

void draft_open_table(struct draft *draft, const char *table);
void draft_close_table(struct draft *draft);

/* A thing down to its header, and its end. */
void draft_open_thing(struct draft *draft, const struct model_thing *thing);
void draft_close_thing(struct draft *draft);

/* All of it; of its elements those with a flag, or all where `flags` is NULL. */
void draft_put_thing(struct draft *draft, const struct model_thing *thing, const bool *flags);

/* Messages of libnftables about what was written, as if they were about the wanted text. */
const char *draft_translate(const struct draft *draft, const char *messages);
