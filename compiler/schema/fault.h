/* Messages of the schema engine. */
#pragma once
#include <stdbool.h>

#include "base/diag.h"
#include "base/text.h"

struct name_list;
struct row;
struct scope;
struct table;
struct value;

/* Whether there are so many mistakes that to look for more would help nobody. */
bool fault_is_hopeless(const struct scope *scope);

/* `text` as a message shows it: in quotes, and cut where it is long. */
const char *fault_quote(struct arena *arena, struct text text);

/* A value as a message shows it: its text, or what kind of thing it is. */
const char *fault_show(struct arena *arena, const struct value *value);

/* "did you mean ...?" where a known name is near, else the list of them where it is short. */
void fault_help_names(struct scope *scope, struct diag *diag, const char *typed,
		      struct name_list names);

/* The row's example as help, or its words. */
void fault_help_row(struct scope *scope, struct diag *diag, const struct row *row);

/* A value that the row cannot take. */
void fault_type(struct scope *scope, const struct row *row, const struct value *value);

/* A number, a duration or a rate beyond the row's range; `found` is how it was written. */
void fault_range(struct scope *scope, const struct row *row, struct span at, const char *found);

/* A range of addresses whose second one comes first. */
void fault_reversed(struct scope *scope, const struct value *value);

/* A name that stands for nothing in a table, but perhaps in another one below the root. */
struct unknown {
	const struct table *root, *table;
	const char *name;
	struct span at;
	bool is_block;
};

void fault_unknown(struct scope *scope, const struct unknown *unknown);
