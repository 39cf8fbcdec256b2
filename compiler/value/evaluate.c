#include "value/value.h"

#include <string.h>

#include "base/diag.h"
#include "syntax/expr.h"
#include "value/budget.h"
#include "value/functions.h"
#include "value/loop.h"
#include "value/make.h"
#include "value/members.h"
#include "value/names.h"
#include "value/operators.h"
#include "value/path.h"
#include "value/template.h"
#include "value/type.h"

static struct value poison(struct span at)
{
	return (struct value){ .kind = VALUE_POISON, .at = at };
}

static struct value evaluate_number(struct scope *scope, const struct expr *expr)
{
	const struct number *number =
		number_parse(scope->arena, source_text(scope->sources, expr->at));
	if (!number) {
		diag_error(scope->diags, D_NUMBER_TOO_LARGE, expr->at);
		return poison(expr->at);
	}
	return (struct value){ .kind = VALUE_NUMBER, .at = expr->at, .number = number };
}

/* The text between the quotes. */
static struct text string_content(struct scope *scope, const struct expr *expr)
{
	struct text text = source_text(scope->sources, expr->at);
	return (struct text){ text.s + 1, text.n - 2 };
}

static struct value evaluate_string(struct scope *scope, const struct expr *expr)
{
	return make_string(scope, expr->at, string_content(scope, expr));
}

static struct value evaluate_tuple(struct scope *scope, const struct expr_list *list)
{
	struct value value = { .kind = VALUE_TUPLE, .at = list->expr.at, .count = list->items.n };
	value.items = arena_array(scope->arena, list->items.n, sizeof *value.items);
	for (uint32_t i = 0; i < list->items.n; i++)
		value.items[i] = evaluate(scope, list->items.at[i]);
	return value;
}

/* Keys are strings, and as such normalized, where they are not names. */
static const char *intern_string(struct scope *scope, const struct expr *key)
{
	struct text text = string_content(scope, key);
	if (!text_is_ascii(text))
		text = make_string(scope, key->at, text).string;
	return name_intern(scope->names, text);
}

/* The name of a member, or NULL where the key is a mistake. */
static const char *evaluate_key(struct scope *scope, const struct expr *key)
{
	if (key->kind == EXPR_NAME)
		return name_intern(scope->names, source_text(scope->sources, key->at));
	if (key->kind == EXPR_STRING)
		return intern_string(scope, key);
	if (key->kind == EXPR_PATH && path_is_plain((const struct expr_path *)key)) {
		struct diag *d = diag_error(scope->diags, D_OBJECT_KEY, key->at);
		diag_say(d, "this key could be a name or a value");
		diag_help(d, "put it in parentheses to have it evaluated, in quotes for its text");
		return NULL;
	}
	struct value value = evaluate(scope, key);
	if (value.kind == VALUE_POISON)
		return NULL;
	enum value_kind kind = value.kind;
	if (value_to_string(scope, &value))
		return name_intern(scope->names, value.string);
	struct diag *d = diag_error(scope->diags, D_OBJECT_KEY, key->at);
	diag_say(d, "%s cannot be a key", value_kind_name(kind));
	return NULL;
}

static struct value evaluate_object(struct scope *scope, const struct expr_object *object)
{
	struct value value = { .kind = VALUE_OBJECT, .at = object->expr.at };
	bool is_whole = true;
	struct member_index index = member_index_new(scope->arena, object->members.n);
	value.members = arena_array(scope->arena, object->members.n, sizeof *value.members);
	for (uint32_t i = 0; i < object->members.n; i++) {
		const struct object_member *from = &object->members.at[i];
		const char *name = evaluate_key(scope, from->key);
		struct value content = evaluate(scope, from->value);
		if (!name) {
			is_whole = false;
			continue;
		}
		/* The last of equal names counts; the place of the one before is kept for whoever
		 * minds. */
		struct member *member = member_place(&value, &index, name);
		if (span_is_set(member->name_at))
			member->first_at = member->name_at;
		member->name_at = from->key->at;
		member->value = content;
	}
	return is_whole ? value : poison(value.at);
}

static struct value evaluate_range(struct scope *scope, const struct expr_binary *range)
{
	struct value ends[2] = { evaluate(scope, range->left), evaluate(scope, range->right) };
	const struct number *numbers[2];
	for (int i = 0; i < 2; i++) {
		if (ends[i].kind == VALUE_POISON)
			return poison(range->expr.at);
		numbers[i] = value_to_number(scope, &ends[i]);
		if (!numbers[i] || !number_is_integer(numbers[i])) {
			struct diag *d = diag_error(scope->diags, D_RANGE, ends[i].at);
			diag_say(d, "a range goes from one integer to another");
			return poison(range->expr.at);
		}
	}
	if (number_compare(numbers[0], numbers[1]) > 0) {
		struct diag *d = diag_error(scope->diags, D_RANGE, range->expr.at);
		diag_say(d, "the range goes down");
		diag_help(d, "write %s:%s", number_format(scope->arena, numbers[1]),
			  number_format(scope->arena, numbers[0]));
		return poison(range->expr.at);
	}
	struct value value = { .kind = VALUE_RANGE, .at = range->expr.at, .count = 2 };
	value.items = arena_array(scope->arena, 2, sizeof *value.items);
	for (int i = 0; i < 2; i++)
		value.items[i] = (struct value){ .kind = VALUE_NUMBER,
						 .at = ends[i].at,
						 .number = numbers[i] };
	return value;
}

/* The result that is not taken counts for the type alone; mistakes in it are none. */
static struct value evaluate_silently(struct scope *scope, const struct expr *expr)
{
	struct diags unheard;
	struct scope silent = *scope;
	diags_init(&unheard, scope->arena);
	silent.diags = &unheard;
	return evaluate(&silent, expr);
}

/* What an operator or a template makes has a type also where it is a mistake. */
static const struct type *type_of_mistake(const struct expr *expr)
{
	while (expr->kind == EXPR_PARENTHESES)
		expr = ((const struct expr_unary *)expr)->inner;
	if (expr->kind == EXPR_TEMPLATE)
		return type_plain(TYPE_STRING);
	if (expr->kind != EXPR_UNARY && expr->kind != EXPR_BINARY)
		return type_plain(TYPE_ANY);
	bool is_number = expr->op >= OPERATOR_ADD && expr->op <= OPERATOR_NEGATE;
	return type_plain(is_number ? TYPE_NUMBER : TYPE_BOOL);
}

static const char *result_name(const struct value *result, const struct type *type)
{
	if (result->kind != VALUE_POISON)
		return value_kind_name(result->kind);
	return value_kind_name(type->kind == TYPE_STRING   ? VALUE_STRING
			       : type->kind == TYPE_NUMBER ? VALUE_NUMBER
							   : VALUE_BOOL);
}

/* The result that is taken, in the type that both have in common. */
static struct value take_result(struct scope *scope, const struct expr_conditional *expr,
				const struct value results[2], bool truth)
{
	const struct value *taken = &results[!truth], *other = &results[truth];
	if (taken->kind == VALUE_POISON)
		return *taken;
	const struct type *types[2];
	types[!truth] = type_of(scope, taken);
	types[truth] = other->kind == VALUE_POISON ? type_of_mistake(truth ? expr->no : expr->yes)
						   : type_of(scope, other);
	/* Null written out is of the other one's type, whatever that is. */
	const struct type *type = types[0]->kind == TYPE_ANY   ? types[1]
				  : types[1]->kind == TYPE_ANY ? types[0]
							       : types_unify(scope, types, 2);
	if (type)
		return type_equal(type, types[!truth]) ? *taken : value_convert(scope, taken, type);
	struct diag *d = diag_error(scope->diags, D_BRANCHES, expr->expr.at);
	diag_say(d, "the two results have no common type: %s and %s",
		 result_name(&results[0], types[0]), result_name(&results[1], types[1]));
	return poison(expr->expr.at);
}

static struct value evaluate_conditional(struct scope *scope, const struct expr_conditional *expr)
{
	struct value condition = evaluate(scope, expr->condition);
	bool truth;
	if (condition.kind == VALUE_POISON)
		return poison(expr->expr.at);
	if (!value_to_bool(&condition, &truth)) {
		struct diag *d = diag_error(scope->diags, D_OPERAND, condition.at);
		diag_say(d, "a condition is a boolean, and this is %s",
			 value_kind_name(condition.kind));
		return poison(expr->expr.at);
	}
	struct value results[2];
	results[!truth] = evaluate(scope, truth ? expr->yes : expr->no);
	results[truth] = evaluate_silently(scope, truth ? expr->no : expr->yes);
	struct value value = take_result(scope, expr, results, truth);
	value.at = expr->expr.at;
	return value;
}

static struct value evaluate_unary(struct scope *scope, const struct expr_unary *expr)
{
	struct value operand = evaluate(scope, expr->inner);
	if (operand.kind == VALUE_POISON)
		return poison(expr->expr.at);
	return operator_unary(scope, (enum operator)expr->expr.op, expr->expr.at, operand);
}

static struct value evaluate_binary(struct scope *scope, const struct expr_binary *expr)
{
	struct value left = evaluate(scope, expr->left);
	struct value right = evaluate(scope, expr->right);
	if (left.kind == VALUE_POISON || right.kind == VALUE_POISON)
		return poison(expr->expr.at);
	return operator_binary(scope, (enum operator)expr->expr.op, expr->expr.at, left, right);
}

static struct value evaluate_bound(struct scope *scope, const struct expr_bound *expr)
{
	const struct binding *outer = scope->bindings;
	scope->bindings = expr->bindings;
	struct value value = evaluate(scope, expr->inner);
	scope->bindings = outer;
	return value;
}

static struct value evaluate_kind(struct scope *scope, const struct expr *expr)
{
	switch ((enum expr_kind)expr->kind) {
	case EXPR_BAD:
		return poison(expr->at);
	case EXPR_NUMBER:
		return evaluate_number(scope, expr);
	case EXPR_STRING:
		return evaluate_string(scope, expr);
	case EXPR_TEMPLATE:
		return template_evaluate(scope, (const struct expr_template *)expr);
	case EXPR_NAME:
		return name_evaluate(scope, expr);
	case EXPR_TUPLE:
		return evaluate_tuple(scope, (const struct expr_list *)expr);
	case EXPR_OBJECT:
		return evaluate_object(scope, (const struct expr_object *)expr);
	case EXPR_RANGE:
		return evaluate_range(scope, (const struct expr_binary *)expr);
	case EXPR_PARENTHESES:
		return evaluate(scope, ((const struct expr_unary *)expr)->inner);
	case EXPR_UNARY:
		return evaluate_unary(scope, (const struct expr_unary *)expr);
	case EXPR_BINARY:
		return evaluate_binary(scope, (const struct expr_binary *)expr);
	case EXPR_CONDITIONAL:
		return evaluate_conditional(scope, (const struct expr_conditional *)expr);
	case EXPR_CALL:
		return call_evaluate(scope, (const struct expr_call *)expr);
	case EXPR_PATH:
		return path_evaluate(scope, (const struct expr_path *)expr);
	case EXPR_FOR:
		return for_evaluate(scope, (const struct expr_for *)expr);
	case EXPR_BOUND:
		return evaluate_bound(scope, (const struct expr_bound *)expr);
	}
	return poison(expr->at);
}

struct value evaluate(struct scope *scope, const struct expr *expr)
{
	/* What holds no other expressions goes no deeper. */
	if (expr->kind <= EXPR_STRING)
		return evaluate_kind(scope, expr);
	if (!budget_enter(scope, expr->at))
		return poison(expr->at);
	struct value value = evaluate_kind(scope, expr);
	budget_leave(scope);
	return value;
}

/* A plain string's text, with the NUL behind it, in the room on the caller's stack where it fits.
 */
enum { ROOM = 256 };

static struct value evaluate_element(struct scope *scope, const struct expr *expr, char room[ROOM])
{
	if (expr->kind != EXPR_STRING || expr->at.end - expr->at.start > ROOM)
		return evaluate(scope, expr);
	struct text text = string_content(scope, expr);
	if (!text_is_ascii(text))
		return evaluate(scope, expr);
	memcpy(room, text.s, text.n);
	room[text.n] = '\0';
	return (struct value){ .kind = VALUE_STRING, .at = expr->at, .string = { room, text.n } };
}

bool evaluate_elements(struct scope *scope, const struct expr *expr,
		       void (*each)(void *context, const struct value *element), void *context)
{
	if (expr->kind == EXPR_BOUND) {
		const struct expr_bound *bound = (const struct expr_bound *)expr;
		const struct binding *outer = scope->bindings;
		scope->bindings = bound->bindings;
		bool is_tuple = evaluate_elements(scope, bound->inner, each, context);
		scope->bindings = outer;
		return is_tuple;
	}
	if (expr->kind != EXPR_TUPLE)
		return false;
	const struct expr_list *list = (const struct expr_list *)expr;
	for (uint32_t i = 0; i < list->items.n; i++) {
		char room[ROOM];
		struct value element = evaluate_element(scope, list->items.at[i], room);
		each(context, &element);
	}
	return true;
}
