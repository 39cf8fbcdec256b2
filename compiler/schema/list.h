/* Attributes that hold several values. */
#pragma once
#include "base/source.h"

struct expr;
struct row;
struct scope;
struct value;

/* Fills a struct field_texts, field_ports or field_prefixes from a tuple or a single value. A tuple
 * that is written out is never held in memory as values. Exactly one of `expr` and `value` is
 * given; `at` is the attribute. */
void list_decode(struct scope *scope, const struct row *row, const struct expr *expr,
		 const struct value *value, struct span at, void *field);
