#include "value/operators.h"

#include "base/arena.h"
#include "base/diag.h"
#include "value/members.h"
#include "value/type.h"

static struct value poison(struct span at)
{
	return (struct value){ .kind = VALUE_POISON, .at = at };
}

static struct value boolean(struct span at, bool truth)
{
	return (struct value){ .kind = VALUE_BOOL, .at = at, .truth = truth };
}

const char *value_kind_name(enum value_kind kind)
{
	static const char *const names[] = {
		[VALUE_POISON] = "a mistake", [VALUE_NULL] = "null",
		[VALUE_BOOL] = "a boolean",   [VALUE_NUMBER] = "a number",
		[VALUE_STRING] = "a string",  [VALUE_TUPLE] = "a list",
		[VALUE_OBJECT] = "an object", [VALUE_RANGE] = "a range",
	};
	return names[kind];
}

const struct number *value_to_number(struct scope *scope, const struct value *value)
{
	if (value->kind == VALUE_NUMBER)
		return value->number;
	if (value->kind == VALUE_STRING)
		return number_parse(scope->arena, value->string);
	return NULL;
}

bool value_to_bool(const struct value *value, bool *truth)
{
	static const struct {
		const char *word;
		bool truth;
	} words[] = { { "true", true }, { "false", false }, { "1", true }, { "0", false } };

	if (value->kind == VALUE_BOOL) {
		*truth = value->truth;
		return true;
	}
	for (size_t i = 0; value->kind == VALUE_STRING && i < countof(words); i++)
		if (text_is(value->string, words[i].word)) {
			*truth = words[i].truth;
			return true;
		}
	return false;
}

bool value_to_string(struct scope *scope, struct value *value)
{
	if (value->kind == VALUE_NUMBER)
		value->string = text_of(number_format(scope->arena, value->number));
	else if (value->kind == VALUE_BOOL)
		value->string = value->truth ? TEXT("true") : TEXT("false");
	else
		return value->kind == VALUE_STRING;
	value->kind = VALUE_STRING;
	return true;
}

static bool members_equal(struct scope *scope, const struct value *a, const struct value *b)
{
	struct member **x = members_sorted(scope->arena, a), **y = members_sorted(scope->arena, b);
	for (uint32_t i = 0; i < a->count; i++)
		if (x[i]->name != y[i]->name || !value_equal(scope, &x[i]->value, &y[i]->value))
			return false;
	return true;
}

static bool items_equal(struct scope *scope, const struct value *a, const struct value *b)
{
	for (uint32_t i = 0; i < a->count; i++)
		if (!value_equal(scope, &a->items[i], &b->items[i]))
			return false;
	return true;
}

/* Lists of which one is of strings and one of numbers are not equal even where both are empty. */
static bool empties_equal(const struct value *a, const struct value *b)
{
	return !a->is_uniform || !a->type || !b->type || type_equal(a->type, b->type);
}

bool value_equal(struct scope *scope, const struct value *a, const struct value *b)
{
	if (a->kind != b->kind || a->is_uniform != b->is_uniform || a->is_set != b->is_set)
		return false;
	bool is_compound = a->kind == VALUE_TUPLE || a->kind == VALUE_OBJECT;
	if (is_compound && a->count == 0 && b->count == 0)
		return empties_equal(a, b);
	switch (a->kind) {
	case VALUE_POISON:
	case VALUE_NULL:
		return true;
	case VALUE_BOOL:
		return a->truth == b->truth;
	case VALUE_NUMBER:
		return number_compare(a->number, b->number) == 0;
	case VALUE_STRING:
		return text_equal(a->string, b->string);
	case VALUE_OBJECT:
		return a->count == b->count && members_equal(scope, a, b);
	case VALUE_TUPLE:
	case VALUE_RANGE:
		return a->count == b->count && items_equal(scope, a, b);
	}
	return false;
}

static struct value refuse(struct scope *scope, const struct value *operand, const char *wanted)
{
	struct diag *d = diag_error(scope->diags, D_OPERAND, operand->at);
	diag_say(d, "the operator takes %s, and this is %s", wanted,
		 value_kind_name(operand->kind));
	return poison(operand->at);
}

static struct value computed(struct span at, const struct number *number)
{
	return (struct value){ .kind = VALUE_NUMBER, .at = at, .number = number };
}

struct value operator_unary(struct scope *scope, enum operator op, struct span at,
			    struct value operand)
{
	bool truth;
	if (op == OPERATOR_NOT)
		return value_to_bool(&operand, &truth) ? boolean(at, !truth)
						       : refuse(scope, &operand, "a boolean");
	const struct number *number = value_to_number(scope, &operand);
	return number ? computed(at, number_negate(scope->arena, number))
		      : refuse(scope, &operand, "a number");
}

static struct value logic(struct scope *scope, enum operator op, struct span at,
			  const struct value *left, const struct value *right)
{
	bool a, b;
	if (!value_to_bool(left, &a))
		return refuse(scope, left, "a boolean");
	if (!value_to_bool(right, &b))
		return refuse(scope, right, "a boolean");
	return boolean(at, op == OPERATOR_AND ? a && b : a || b);
}

static struct value divide(struct scope *scope, enum operator op, struct span at,
			   struct span divisor, const struct number *a, const struct number *b)
{
	if (number_is_zero(b)) {
		diag_error(scope->diags, D_DIVISION_BY_ZERO, divisor);
		return poison(at);
	}
	return computed(at, op == OPERATOR_DIVIDE ? number_divide(scope->arena, a, b)
						  : number_remainder(scope->arena, a, b));
}

static struct value arithmetic(struct scope *scope, enum operator op, struct span at,
			       const struct value *left, const struct value *right)
{
	const struct number *a = value_to_number(scope, left), *b = value_to_number(scope, right);
	if (!a)
		return refuse(scope, left, "a number");
	if (!b)
		return refuse(scope, right, "a number");
	switch (op) {
	case OPERATOR_LESS:
		return boolean(at, number_compare(a, b) < 0);
	case OPERATOR_GREATER:
		return boolean(at, number_compare(a, b) > 0);
	case OPERATOR_AT_MOST:
		return boolean(at, number_compare(a, b) <= 0);
	case OPERATOR_AT_LEAST:
		return boolean(at, number_compare(a, b) >= 0);
	case OPERATOR_ADD:
		return computed(at, number_add(scope->arena, a, b));
	case OPERATOR_SUBTRACT:
		return computed(at, number_subtract(scope->arena, a, b));
	case OPERATOR_MULTIPLY:
		return computed(at, number_multiply(scope->arena, a, b));
	default:
		return divide(scope, op, at, right->at, a, b);
	}
}

struct value operator_binary(struct scope *scope, enum operator op, struct span at,
			     struct value left, struct value right)
{
	switch (op) {
	case OPERATOR_EQUAL:
		return boolean(at, value_equal(scope, &left, &right));
	case OPERATOR_NOT_EQUAL:
		return boolean(at, !value_equal(scope, &left, &right));
	case OPERATOR_AND:
	case OPERATOR_OR:
		return logic(scope, op, at, &left, &right);
	default:
		return arithmetic(scope, op, at, &left, &right);
	}
}
