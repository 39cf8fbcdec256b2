/* Names in expressions: what is bound, and what var and local stand for. */
#pragma once
#include "value/value.h"

/* The value of a name, or poison with a message. */
struct value name_evaluate(struct scope *scope, const struct expr *expr);

/* What is bound to the name, or NULL. */
const struct value *name_find(const struct scope *scope, struct text name);
