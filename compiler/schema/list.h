/* Attributes that hold several values. */
#pragma once
#include "base/source.h"

struct expr;
struct row;
struct scope;
struct value;

/* What an attribute is set to: an expression, or a value where an object was evaluated already. */
struct given {
	const struct expr *expr;
	const struct value *value;
	struct span at; /* the whole attribute */
};

/* Fills a struct field_texts, field_ports or field_prefixes from a tuple or a single value. A tuple
 * that is written out is never held in memory as values. */
void list_decode(struct scope *scope, const struct row *row, const struct given *given,
		 void *field);
