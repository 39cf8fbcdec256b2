/* What a variable declares about its value: a type, and conditions. */
#pragma once
#include "value/value.h"

struct body;

/* Converts `*value` to the type that the expression names (string, list(number), ...); what cannot
 * be converted is reported and poisoned. */
void constraint_convert(struct scope *scope, const struct expr *type, struct value *value);

/* Whether a validation block holds; reports it where not. */
bool constraint_validate(struct scope *scope, const struct body *validation,
			 const struct value *value);
