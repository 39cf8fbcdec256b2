#include "base/arena.h"
#include "syntax/expr.h"
#include "value/functions/library.h"
#include "value/make.h"
#include "value/operators.h"

/* Evaluates an argument without its messages; NULL where it is right. */
static const struct diag *attempt(const struct call *call, uint32_t index, struct value *out)
{
	struct diags unheard;
	struct scope silent = *call->scope;
	diags_init(&unheard, call->scope->arena);
	silent.diags = &unheard;
	*out = evaluate(&silent, call->expr->arguments.at[index]);
	for (uint32_t i = 0; i < unheard.all.n; i++)
		if (unheard.all.at[i]->severity == SEVERITY_ERROR)
			return unheard.all.at[i];
	return NULL;
}

static struct value run_can(struct call *call)
{
	struct value value;
	return call_bool(call, !attempt(call, 0, &value) && !value_is_poisoned(&value));
}

/* A poisoned value without a message of its own was reported where it was made. */
static struct value run_try(struct call *call)
{
	struct value value;
	const struct diag *first = NULL, *wrong;
	bool is_reported = false;
	for (uint32_t i = 0; i < call->n; i++) {
		wrong = attempt(call, i, &value);
		if (!wrong && !value_is_poisoned(&value))
			return value;
		is_reported |= !wrong;
		first = first ? first : wrong;
	}
	if (is_reported)
		return call_poison(call);
	struct diag *d = diag_error(call->scope->diags, D_CALL_FAILED, call->at);
	diag_say(d, "no argument of try can be evaluated");
	diag_note(d, first->at, "%s", first->message);
	diag_help(d, "add a last argument that is always right, such as null");
	return call_poison(call);
}

/* null and "" are passed over. */
static struct value run_coalesce(struct call *call)
{
	struct value *unified = values_of_one_type(call->scope, call->arguments, call->n);
	if (!unified)
		return call_refuse(call, D_CALL_FAILED, "the arguments have no common type");
	for (uint32_t i = 0; i < call->n; i++) {
		bool is_empty = unified[i].kind == VALUE_STRING && unified[i].string.n == 0;
		if (unified[i].kind != VALUE_NULL && !is_empty)
			return unified[i];
	}
	return call_refuse(call, D_CALL_FAILED, "all arguments are null or empty");
}

static struct value refuse(const struct call *call, const char *wanted)
{
	const struct value *value = &call->arguments[0];
	if (value->kind == VALUE_STRING)
		return argument_refuse(call, 0, "\"%.*s\" is not %s", (int)value->string.n,
				       value->string.s, wanted);
	return argument_refuse(call, 0, "%s cannot become %s", value_kind_name(value->kind),
			       wanted);
}

static struct value run_tobool(struct call *call)
{
	bool truth;
	if (call->arguments[0].kind == VALUE_NULL)
		return call->arguments[0];
	return value_to_bool(&call->arguments[0], &truth) ? call_bool(call, truth)
							  : refuse(call, "true or false");
}

static struct value run_tonumber(struct call *call)
{
	if (call->arguments[0].kind == VALUE_NULL)
		return call->arguments[0];
	const struct number *number = value_to_number(call->scope, &call->arguments[0]);
	return number ? make_number(call->at, number) : refuse(call, "a number");
}

static struct value run_tostring(struct call *call)
{
	struct value value = call->arguments[0];
	if (value.kind == VALUE_NULL || value_to_string(call->scope, &value))
		return value;
	return refuse(call, "a string");
}

/* The elements in one type, as a copy; NULL with a message. */
static struct value *uniform_items(struct call *call)
{
	const struct value *list = &call->arguments[0];
	struct value *items = values_of_one_type(call->scope, list->items, list->count);
	if (!items)
		argument_refuse(call, 0, "the elements have no common type");
	return items;
}

static struct value run_tolist(struct call *call)
{
	const struct value *list = &call->arguments[0];
	if (list->kind == VALUE_NULL || (list->is_uniform && !list->is_set))
		return *list;
	struct value *items = uniform_items(call);
	return items ? call_list(call, items, list->count) : call_poison(call);
}

static struct value run_toset(struct call *call)
{
	const struct value *list = &call->arguments[0];
	if (list->kind == VALUE_NULL)
		return *list;
	struct value *items = uniform_items(call);
	return items ? make_set(call->scope, call->at, items, list->count) : call_poison(call);
}

static struct value run_tomap(struct call *call)
{
	struct value map = value_copy(call->scope, &call->arguments[0]);
	if (map.kind == VALUE_NULL)
		return map;
	struct value *values = arena_array(call->scope->arena, map.count, sizeof *values);
	for (uint32_t i = 0; i < map.count; i++)
		values[i] = map.members[i].value;
	values = values_of_one_type(call->scope, values, map.count);
	if (!values)
		return argument_refuse(call, 0, "the members have no common type");
	for (uint32_t i = 0; i < map.count; i++)
		map.members[i].value = values[i];
	map.is_uniform = true;
	return map;
}

static const struct function rows[] = {
	{ .name = "can",
	  .run = run_can,
	  .parameters = { { "expression", PARAMETER_ANY } },
	  .is_lazy = true,
	  .doc = "Whether an expression can be evaluated.",
	  .example = "can(tonumber(\"eth0\"))",
	  .result = "false" },
	{ .name = "coalesce",
	  .run = run_coalesce,
	  .parameters = { { "values", PARAMETER_ANY, true } },
	  .repeats = true,
	  .doc = "The first of the values that is neither null nor an empty string.",
	  .example = "coalesce(null, \"\", \"eth0\")",
	  .result = "\"eth0\"" },
	{ .name = "tobool",
	  .run = run_tobool,
	  .parameters = { { "value", PARAMETER_ANY, true } },
	  .doc = "A boolean of a boolean or of \"true\" or \"false\".",
	  .example = "tobool(\"true\")",
	  .result = "true" },
	{ .name = "tolist",
	  .run = run_tolist,
	  .parameters = { { "value", PARAMETER_LIST, true } },
	  .doc = "A list whose elements have one type, of a list or a set.",
	  .example = "tolist([22, \"80\"])",
	  .result = "[\"22\", \"80\"]" },
	{ .name = "tomap",
	  .run = run_tomap,
	  .parameters = { { "value", PARAMETER_OBJECT, true } },
	  .doc = "An object whose members have one type.",
	  .example = "tomap({ a = 1, b = \"2\" })",
	  .result = "{ a = \"1\", b = \"2\" }" },
	{ .name = "tonumber",
	  .run = run_tonumber,
	  .parameters = { { "value", PARAMETER_ANY, true } },
	  .doc = "A number of a number or of a string that holds one.",
	  .example = "tonumber(\"22\")",
	  .result = "22" },
	{ .name = "toset",
	  .run = run_toset,
	  .parameters = { { "value", PARAMETER_LIST, true } },
	  .doc = "A set: the elements of a list sorted, each once.",
	  .example = "tolist(toset([\"wan\", \"lan\", \"wan\"]))",
	  .result = "[\"lan\", \"wan\"]" },
	{ .name = "tostring",
	  .run = run_tostring,
	  .parameters = { { "value", PARAMETER_ANY, true } },
	  .doc = "A string of a string, a number or a boolean.",
	  .example = "tostring(22)",
	  .result = "\"22\"" },
	{ .name = "try",
	  .run = run_try,
	  .parameters = { { "expressions", PARAMETER_ANY } },
	  .repeats = true,
	  .is_lazy = true,
	  .doc = "The value of the first expression that can be evaluated.",
	  .example = "try(tonumber(\"eth0\"), 22)",
	  .result = "22" },
};

const struct function_family conversion_functions = { "Conversions", rows, countof(rows) };
