#include "value/functions.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "syntax/expr.h"
#include "value/make.h"
#include "value/operators.h"

/* What one call may make; nobody means more, and much more would fill the memory. */
enum { VALUES_MAX = 1 << 20, BYTES_MAX = 64 << 20 };

static int text_order(struct text text, const char *name)
{
	int order = strncmp(text.s, name, text.n);
	return order ? order : -(name[text.n] != '\0');
}

static const struct function *find_in(const struct function_family *family, struct text name)
{
	size_t low = 0, high = family->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = text_order(name, family->rows[middle].name);
		if (order == 0)
			return &family->rows[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct function *function_find(const struct functions *functions, struct text name)
{
	for (size_t i = 0; functions && i < functions->n; i++) {
		const struct function *found = find_in(functions->families[i], name);
		if (found)
			return found;
	}
	return NULL;
}

static uint32_t parameter_count(const struct function *function)
{
	uint32_t n = 0;
	while (n < PARAMETERS_MAX && function->parameters[n].name)
		n++;
	return n;
}

const char *function_signature(struct arena *arena, const struct function *function)
{
	const char *text = arena_printf(arena, "%s(", function->name);
	uint32_t n = parameter_count(function);
	for (uint32_t i = 0; i < n; i++)
		text = arena_printf(arena, "%s%s%s%s", text, i ? ", " : "",
				    function->parameters[i].name,
				    i + 1 == n && function->repeats ? "..." : "");
	return arena_printf(arena, "%s)", text);
}

static void help_with(struct diag *d, const struct function *function)
{
	const char *call = function_signature(d->arena, function);
	if (function->result)
		diag_help(d, "%s, such as %s", call, function->example);
	else
		diag_help(d, "%s: %s", call, function->doc);
}

static const struct refused_function *find_refused(const struct functions *functions,
						   struct text name)
{
	for (size_t i = 0; functions && i < functions->refused_n; i++)
		if (text_is(name, functions->refused[i].name))
			return &functions->refused[i];
	return NULL;
}

static const char *nearest(struct arena *arena, const struct functions *functions, struct text name)
{
	VEC(const char *) names = { 0 };
	for (size_t i = 0; functions && i < functions->n; i++)
		for (size_t k = 0; k < functions->families[i]->n; k++)
			*push(arena, &names) = functions->families[i]->rows[k].name;
	return suggest(text_copy(arena, name), names.at, names.n);
}

static struct value unknown(struct scope *scope, const struct expr_call *expr, struct text name)
{
	struct diag *d = diag_error(scope->diags, D_CALL, expr->name_at);
	const struct refused_function *refused = find_refused(scope->functions, name);
	if (refused) {
		diag_say(d, "%s is left out: %s", refused->name, refused->reason);
		diag_help(d, "%s", refused->help);
		return make_poison(expr->expr.at);
	}
	diag_say(d, "no function is named \"%.*s\"", (int)name.n, name.s);
	const char *near = nearest(scope->arena, scope->functions, name);
	if (near)
		diag_help(d, "did you mean %s?", near);
	return make_poison(expr->expr.at);
}

struct value call_poison(const struct call *call)
{
	return make_poison(call->at);
}

struct value call_bool(const struct call *call, bool truth)
{
	return make_bool(call->at, truth);
}

struct value call_integer(const struct call *call, int64_t integer)
{
	return make_integer(call->scope, call->at, integer);
}

struct value call_string(const struct call *call, struct text text)
{
	return make_string(call->scope, call->at, text);
}

struct value call_list(const struct call *call, struct value *items, uint32_t n)
{
	return make_list(call->at, items, n);
}

struct span argument_span(const struct call *call, uint32_t index)
{
	const struct expr_call *expr = call->expr;
	if (expr->arguments.n == 0)
		return expr->expr.at;
	return expr->arguments.at[index < expr->arguments.n ? index : expr->arguments.n - 1]->at;
}

static const struct parameter *parameter_of(const struct function *function, uint32_t index)
{
	uint32_t n = parameter_count(function);
	return &function->parameters[index < n ? index : n - 1];
}

static const char *format_text(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	char *text = arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, args);
	return text;
}

struct value argument_refuse(const struct call *call, uint32_t index, const char *format, ...)
{
	struct diag *d = diag_error(call->scope->diags, D_ARGUMENT, argument_span(call, index));
	va_list args;
	va_start(args, format);
	const char *text = format_text(call->scope->arena, format, args);
	va_end(args);
	diag_say(d, "%s of %s: %s", parameter_of(call->function, index)->name, call->function->name,
		 text);
	help_with(d, call->function);
	return make_poison(call->at);
}

struct value call_refuse(const struct call *call, enum diag_code code, const char *format, ...)
{
	struct diag *d = diag_error(call->scope->diags, code, call->at);
	va_list args;
	va_start(args, format);
	const char *text = format_text(call->scope->arena, format, args);
	va_end(args);
	diag_say(d, "%s: %s", call->function->name, text);
	help_with(d, call->function);
	return make_poison(call->at);
}

static bool is_within(const struct call *call, uint64_t wanted, uint64_t most, const char *what)
{
	if (wanted <= most)
		return true;
	struct diag *d = diag_error(call->scope->diags, D_CALL_LIMIT, call->at);
	diag_say(d, "%s would make %" PRIu64 " %s here", call->function->name, wanted, what);
	diag_help(d, "one call may make %" PRIu64 " at most", most);
	return false;
}

bool call_may_make(const struct call *call, uint64_t values)
{
	return is_within(call, values, VALUES_MAX, "values");
}

bool call_may_write(const struct call *call, uint64_t bytes)
{
	return is_within(call, bytes, BYTES_MAX, "bytes");
}

static const char *const wanted[] = {
	[PARAMETER_ANY] = "a value",
	[PARAMETER_STRING] = "a string",
	[PARAMETER_NUMBER] = "a number",
	[PARAMETER_INTEGER] = "a whole number",
	[PARAMETER_BOOL] = "true or false",
	[PARAMETER_LIST] = "a list",
	[PARAMETER_UNIFORM] = "a list whose elements have one type",
	[PARAMETER_STRINGS] = "a list of strings",
	[PARAMETER_NUMBERS] = "a list of numbers",
	[PARAMETER_BOOLS] = "a list of booleans",
	[PARAMETER_OBJECT] = "an object",
	[PARAMETER_COLLECTION] = "a list or an object",
};

static bool to_number(struct scope *scope, struct value *value)
{
	const struct number *number = value_to_number(scope, value);
	if (!number)
		return false;
	*value = make_number(value->at, number);
	return true;
}

static bool to_bool(struct value *value)
{
	bool truth;
	if (!value_to_bool(value, &truth))
		return false;
	*value = make_bool(value->at, truth);
	return true;
}

static bool to_scalar(struct scope *scope, enum parameter_kind kind, struct value *value)
{
	int64_t integer;
	switch (kind) {
	case PARAMETER_STRING:
		return value_to_string(scope, value);
	case PARAMETER_NUMBER:
		return to_number(scope, value);
	case PARAMETER_INTEGER:
		return to_number(scope, value) && number_to_int64(value->number, &integer);
	default:
		return to_bool(value);
	}
}

/* Elements are converted in a copy: the list may be a variable's. */
static bool to_scalars(struct scope *scope, enum parameter_kind kind, struct value *list)
{
	struct value copy = value_copy(scope, list);
	for (uint32_t i = 0; i < copy.count; i++)
		if (copy.items[i].kind != VALUE_NULL && !to_scalar(scope, kind, &copy.items[i]))
			return false;
	copy.is_uniform = true;
	*list = copy;
	return true;
}

static bool to_uniform(struct scope *scope, struct value *list)
{
	if (!list->is_uniform) {
		struct value *items = values_of_one_type(scope, list->items, list->count);
		if (!items)
			return false;
		*list = make_list(list->at, items, list->count);
	}
	return true;
}

static bool convert(struct scope *scope, enum parameter_kind kind, struct value *value)
{
	bool is_list = value->kind == VALUE_TUPLE, is_object = value->kind == VALUE_OBJECT;
	switch (kind) {
	case PARAMETER_ANY:
		return true;
	case PARAMETER_STRING:
	case PARAMETER_NUMBER:
	case PARAMETER_INTEGER:
	case PARAMETER_BOOL:
		return to_scalar(scope, kind, value);
	case PARAMETER_LIST:
		return is_list;
	case PARAMETER_UNIFORM:
		return is_list && to_uniform(scope, value);
	case PARAMETER_STRINGS:
		return is_list && to_scalars(scope, PARAMETER_STRING, value);
	case PARAMETER_NUMBERS:
		return is_list && to_scalars(scope, PARAMETER_NUMBER, value);
	case PARAMETER_BOOLS:
		return is_list && to_scalars(scope, PARAMETER_BOOL, value);
	case PARAMETER_OBJECT:
		return is_object;
	case PARAMETER_COLLECTION:
		return is_list || is_object;
	}
	return false;
}

static bool argument_check(struct call *call, uint32_t index)
{
	const struct parameter *parameter = parameter_of(call->function, index);
	struct value *value = &call->arguments[index];
	if (value->kind == VALUE_NULL && parameter->takes_null)
		return true;
	if (value->kind == VALUE_NULL) {
		argument_refuse(call, index, "%s is wanted, and this is null",
				wanted[parameter->kind]);
		return false;
	}
	struct value converted = *value;
	if (!convert(call->scope, parameter->kind, &converted)) {
		argument_refuse(call, index, "%s is wanted, and this is %s",
				wanted[parameter->kind], value_kind_name(value->kind));
		return false;
	}
	*value = converted;
	return true;
}

struct arguments {
	VEC(struct value) all;
};

/* f(list...): its elements are arguments. */
static bool expand(struct call *call, struct arguments *arguments)
{
	struct value list = arguments->all.at[--arguments->all.n];
	struct span at = argument_span(call, UINT32_MAX);
	if (list.kind == VALUE_TUPLE) {
		for (uint32_t i = 0; i < list.count; i++)
			*push(call->scope->arena, &arguments->all) = list.items[i];
		return true;
	}
	struct diag *d = diag_error(call->scope->diags, D_ARGUMENT, at);
	diag_say(d, "only a list can be expanded to arguments, and this is %s",
		 value_kind_name(list.kind));
	diag_help(d, "leave out the ..., or put the value in brackets");
	return false;
}

static bool arguments_evaluate(struct call *call)
{
	const struct expr_call *expr = call->expr;
	struct arguments arguments = { 0 };
	bool is_whole = true;
	for (uint32_t i = 0; i < expr->arguments.n; i++) {
		struct value value = evaluate(call->scope, expr->arguments.at[i]);
		is_whole &= !value_is_poisoned(&value);
		*push(call->scope->arena, &arguments.all) = value;
	}
	if (!is_whole || (expr->expands && !expand(call, &arguments)))
		return false;
	call->arguments = arguments.all.at;
	call->n = arguments.all.n;
	return true;
}

static const char *count_wanted(const struct call *call)
{
	uint32_t most = parameter_count(call->function);
	uint32_t least = most - call->function->optional;
	struct arena *arena = call->scope->arena;
	if (call->function->repeats)
		return arena_printf(arena, "at least %" PRIu32, least);
	if (least == most)
		return arena_printf(arena, "%" PRIu32, most);
	return arena_printf(arena, "%" PRIu32 " to %" PRIu32, least, most);
}

static bool count_check(const struct call *call)
{
	uint32_t most = parameter_count(call->function);
	uint32_t least = most - call->function->optional;
	if (call->n >= least && (call->n <= most || call->function->repeats))
		return true;
	struct span at = call->n > most ? argument_span(call, most) : call->at;
	struct diag *d = diag_error(call->scope->diags, D_ARGUMENT_COUNT, at);
	diag_say(d, "%s has %s argument%s, and here are %" PRIu32, call->function->name,
		 count_wanted(call), most == 1 && !call->function->repeats ? "" : "s", call->n);
	help_with(d, call->function);
	return false;
}

static bool arguments_check(struct call *call)
{
	if (!arguments_evaluate(call) || !count_check(call))
		return false;
	for (uint32_t i = 0; i < call->n; i++)
		if (!argument_check(call, i))
			return false;
	return true;
}

struct value call_evaluate(struct scope *scope, const struct expr_call *expr)
{
	struct text name = source_text(scope->sources, expr->name_at);
	const struct function *function = function_find(scope->functions, name);
	if (!function)
		return unknown(scope, expr, name);
	struct call call = { .scope = scope,
			     .function = function,
			     .expr = expr,
			     .at = expr->expr.at,
			     .n = expr->arguments.n };
	if (function->is_lazy ? !count_check(&call) : !arguments_check(&call))
		return make_poison(expr->expr.at);
	struct value value = function->run(&call);
	value.at = expr->expr.at;
	return value;
}
