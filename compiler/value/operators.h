/* Operators and conversions between kinds of values. */
#pragma once
#include "syntax/expr.h"
#include "value/value.h"

/* The value of `op` applied to operands that are not poison, or poison with a message. */
struct value operator_unary(struct scope *scope, enum operator op, struct span at,
			    struct value operand);
struct value operator_binary(struct scope *scope, enum operator op, struct span at,
			     struct value left, struct value right);

/* Whether two values are equal: kinds first, so 1 and "1" are not. */
bool value_equal(struct scope *scope, const struct value *a, const struct value *b);

/* A string of a string, number or boolean; false for other kinds. */
bool value_to_string(struct scope *scope, struct value *value);

/* A boolean of a boolean or one of the strings "true", "false", "1" and "0". */
bool value_to_bool(const struct value *value, bool *truth);

/* A number of a number or a string that holds one; NULL for others. */
const struct number *value_to_number(struct scope *scope, const struct value *value);
