/* One type for several values: the results of a conditional. */
#pragma once
#include "value/value.h"

/* Converts `values` in place so that all have one type: numbers and booleans become strings beside
 * a string, and what is in lists and objects likewise. Null is of every type. False where there is
 * none; some of the values may be converted then. */
bool values_unify(struct scope *scope, struct value *const *values, uint32_t n);
