#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "value/functions/library.h"
#include "value/make.h"
#include "value/operators.h"

/* The reference's limit too. */
enum { RANGE_MAX = 1024 };

struct items {
	VEC(struct value) all;
};

/* Of a tuple's elements a tuple is made, of a list's or a set's a list. */
static struct value list_like(const struct call *call, const struct value *list,
			      struct value *items, uint32_t n)
{
	return list->is_uniform ? call_list(call, items, n) : make_tuple(call->at, items, n);
}

static bool is_ordered(const struct value *value)
{
	return value->kind == VALUE_TUPLE && !value->is_set;
}

static struct value refuse_set(const struct call *call, uint32_t index)
{
	return argument_refuse(call, index,
			       "the elements of a set have no places; make a list of it by tolist");
}

static struct value run_alltrue(struct call *call)
{
	const struct value *list = &call->arguments[0];
	for (uint32_t i = 0; i < list->count; i++)
		if (list->items[i].kind == VALUE_NULL || !list->items[i].truth)
			return call_bool(call, false);
	return call_bool(call, true);
}

static struct value run_anytrue(struct call *call)
{
	const struct value *list = &call->arguments[0];
	for (uint32_t i = 0; i < list->count; i++)
		if (list->items[i].kind != VALUE_NULL && list->items[i].truth)
			return call_bool(call, true);
	return call_bool(call, false);
}

static struct value run_chunklist(struct call *call)
{
	const struct value *list = &call->arguments[0];
	int64_t size;
	struct items chunks = { 0 };
	number_to_int64(call->arguments[1].number, &size);
	if (size < 0)
		return argument_refuse(call, 1, "a size is 0 or more, and this is %" PRId64, size);
	/* 0 is one chunk of everything. */
	if (size == 0 || size > list->count)
		size = list->count;
	for (uint32_t i = 0; i < list->count; i += (uint32_t)size) {
		uint32_t left = list->count - i;
		*push(call->scope->arena, &chunks.all) =
			call_list(call, list->items + i, left < size ? left : (uint32_t)size);
	}
	return call_list(call, chunks.all.at, chunks.all.n);
}

static struct value run_coalescelist(struct call *call)
{
	for (uint32_t i = 0; i < call->n; i++)
		if (call->arguments[i].is_set)
			return refuse_set(call, i);
	for (uint32_t i = 0; i < call->n; i++)
		if (call->arguments[i].count > 0)
			return call->arguments[i];
	return call_refuse(call, D_CALL_FAILED, "all lists are empty");
}

static struct value run_compact(struct call *call)
{
	const struct value *list = &call->arguments[0];
	struct value *kept = arena_array(call->scope->arena, list->count, sizeof *kept);
	uint32_t n = 0;
	for (uint32_t i = 0; i < list->count; i++)
		if (list->items[i].kind == VALUE_STRING && list->items[i].string.n > 0)
			kept[n++] = list->items[i];
	return call_list(call, kept, n);
}

/* Lists of types that go together make one list; with a tuple among them it is a tuple. */
static struct value concat_result(const struct call *call, struct items *items, bool are_lists)
{
	struct value *unified = NULL;
	if (are_lists)
		unified = values_of_one_type(call->scope, items->all.at, items->all.n);
	return unified ? call_list(call, unified, items->all.n)
		       : make_tuple(call->at, items->all.at, items->all.n);
}

static struct value run_concat(struct call *call)
{
	struct items items = { 0 };
	bool are_lists = true;
	uint64_t total = 0;
	for (uint32_t i = 0; i < call->n; i++) {
		if (call->arguments[i].is_set)
			return refuse_set(call, i);
		are_lists &= call->arguments[i].is_uniform;
		total += call->arguments[i].count;
	}
	if (!call_may_make(call, total))
		return call_poison(call);
	for (uint32_t i = 0; i < call->n; i++)
		for (uint32_t k = 0; k < call->arguments[i].count; k++)
			*push(call->scope->arena, &items.all) = call->arguments[i].items[k];
	return concat_result(call, &items, are_lists);
}

static struct value run_contains(struct call *call)
{
	const struct value *list = &call->arguments[0];
	for (uint32_t i = 0; i < list->count; i++)
		if (value_equal(call->scope, &list->items[i], &call->arguments[1]))
			return call_bool(call, true);
	return call_bool(call, false);
}

/* Values with the places at which they stood, to be brought back into that order. */
struct placed {
	struct value value;
	uint32_t place;
};

static int by_value(const void *left, const void *right, void *scope)
{
	const struct placed *a = left, *b = right;
	int order = value_order(scope, &a->value, &b->value);
	return order ? order : (a->place > b->place) - (a->place < b->place);
}

static int by_place(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;
	return (a->place > b->place) - (a->place < b->place);
}

static struct value run_distinct(struct call *call)
{
	const struct value *list = &call->arguments[0];
	struct arena *arena = call->scope->arena;
	struct placed *sorted = arena_array(arena, list->count, sizeof *sorted);
	uint32_t n = 0;
	for (uint32_t i = 0; i < list->count; i++)
		sorted[i] = (struct placed){ list->items[i], i };
	qsort_r(sorted, list->count, sizeof *sorted, by_value, call->scope);
	for (uint32_t i = 0; i < list->count; i++)
		if (n == 0 || value_order(call->scope, &sorted[n - 1].value, &sorted[i].value) != 0)
			sorted[n++] = sorted[i];
	qsort(sorted, n, sizeof *sorted, by_place);
	struct value *items = arena_array(arena, n, sizeof *items);
	for (uint32_t i = 0; i < n; i++)
		items[i] = sorted[i].value;
	return call_list(call, items, n);
}

static struct value run_element(struct call *call)
{
	const struct value *list = &call->arguments[0];
	int64_t index;
	number_to_int64(call->arguments[1].number, &index);
	if (list->is_set)
		return refuse_set(call, 0);
	if (index < 0)
		return argument_refuse(call, 1, "an index is 0 or more, and this is %" PRId64,
				       index);
	if (list->count == 0)
		return argument_refuse(call, 0, "the list is empty");
	return list->items[index % list->count];
}

static void flatten_into(struct call *call, const struct value *list, struct items *out)
{
	for (uint32_t i = 0; i < list->count; i++) {
		if (list->items[i].kind == VALUE_TUPLE)
			flatten_into(call, &list->items[i], out);
		else
			*push(call->scope->arena, &out->all) = list->items[i];
	}
}

static struct value run_flatten(struct call *call)
{
	struct items items = { 0 };
	flatten_into(call, &call->arguments[0], &items);
	return make_tuple(call->at, items.all.at, items.all.n);
}

static struct value run_one(struct call *call)
{
	const struct value *list = &call->arguments[0];
	if (list->count > 1)
		return argument_refuse(call, 0,
				       "a list of one element or none is wanted, and this "
				       "has %" PRIu32,
				       list->count);
	return list->count ? list->items[0] : make_null(call->at);
}

struct steps {
	const struct number *from, *to, *by;
};

static bool is_before(const struct steps *steps, const struct number *number)
{
	int order = number_compare(number, steps->to);
	return number_is_negative(steps->by) ? order > 0 : order < 0;
}

static struct value range_of(struct call *call, const struct steps *steps)
{
	struct items items = { 0 };
	struct arena *arena = call->scope->arena;
	for (const struct number *at = steps->from; is_before(steps, at);
	     at = number_add(arena, at, steps->by)) {
		if (items.all.n == RANGE_MAX) {
			struct diag *d = diag_error(call->scope->diags, D_CALL_LIMIT, call->at);
			diag_say(d, "range would make more than %d numbers here", RANGE_MAX);
			diag_help(d, "for ports write a range such as [10000:20000]");
			return call_poison(call);
		}
		*push(arena, &items.all) = make_number(call->at, at);
	}
	return call_list(call, items.all.at, items.all.n);
}

/* One number counts from 0 up, or down where it is negative. */
static struct value run_range(struct call *call)
{
	struct arena *arena = call->scope->arena;
	const struct number *one = number_parse(arena, TEXT("1"));
	struct steps steps = { .from = call->arguments[0].number,
			       .to = call->n > 1 ? call->arguments[1].number : NULL };
	if (!steps.to) {
		steps.to = steps.from;
		steps.from = number_parse(arena, TEXT("0"));
	}
	bool goes_down = number_compare(steps.to, steps.from) < 0;
	steps.by = call->n > 2 ? call->arguments[2].number
		   : goes_down ? number_negate(arena, one)
			       : one;
	if (number_is_zero(steps.by))
		return argument_refuse(call, 2, "steps of 0 lead nowhere");
	if (number_is_negative(steps.by) != goes_down && number_compare(steps.to, steps.from) != 0)
		return argument_refuse(call, 2, "steps in this direction never arrive");
	return range_of(call, &steps);
}

static struct value run_reverse(struct call *call)
{
	const struct value *list = &call->arguments[0];
	struct value *items = arena_array(call->scope->arena, list->count, sizeof *items);
	for (uint32_t i = 0; i < list->count; i++)
		items[i] = list->items[list->count - 1 - i];
	return list_like(call, list, items, list->count);
}

static struct value run_slice(struct call *call)
{
	const struct value *list = &call->arguments[0];
	int64_t from, to;
	if (!is_ordered(list))
		return refuse_set(call, 0);
	number_to_int64(call->arguments[1].number, &from);
	number_to_int64(call->arguments[2].number, &to);
	if (to < 0 || to > list->count)
		return argument_refuse(call, 2,
				       "the list has %" PRIu32 " elements, so it cannot end "
				       "at %" PRId64,
				       list->count, to);
	if (from < 0 || from > to)
		return argument_refuse(call, 1,
				       "it begins between 0 and its end at %" PRId64
				       ", and this is %" PRId64,
				       to, from);
	return list_like(call, list, list->items + from, (uint32_t)(to - from));
}

static int by_order(const void *left, const void *right, void *scope)
{
	return value_order(scope, left, right);
}

static struct value run_sort(struct call *call)
{
	struct value *list = &call->arguments[0];
	for (uint32_t i = 0; i < list->count; i++)
		if (list->items[i].kind == VALUE_NULL)
			return argument_refuse(call, 0, "the element %" PRIu32 " is null", i);
	qsort_r(list->items, list->count, sizeof *list->items, by_order, call->scope);
	return call_list(call, list->items, list->count);
}

static const struct function rows[] = {
	{ .name = "alltrue",
	  .run = run_alltrue,
	  .parameters = { { "list", PARAMETER_BOOLS } },
	  .doc = "Whether all elements are true; so it is where there are none.",
	  .example = "alltrue([true, 1 < 2])",
	  .result = "true" },
	{ .name = "anytrue",
	  .run = run_anytrue,
	  .parameters = { { "list", PARAMETER_BOOLS } },
	  .doc = "Whether at least one element is true.",
	  .example = "anytrue([false, 1 < 2])",
	  .result = "true" },
	{ .name = "chunklist",
	  .run = run_chunklist,
	  .parameters = { { "list", PARAMETER_UNIFORM }, { "size", PARAMETER_INTEGER } },
	  .doc = "The list in pieces of so many elements; the last one may be shorter.",
	  .example = "chunklist([1, 2, 3], 2)",
	  .result = "[[1, 2], [3]]" },
	{ .name = "coalescelist",
	  .run = run_coalescelist,
	  .parameters = { { "lists", PARAMETER_LIST } },
	  .repeats = true,
	  .doc = "The first of the lists that has elements.",
	  .example = "coalescelist([], [53])",
	  .result = "[53]" },
	{ .name = "compact",
	  .run = run_compact,
	  .parameters = { { "list", PARAMETER_STRINGS } },
	  .doc = "The strings of a list that are neither empty nor null.",
	  .example = "compact([\"eth0\", \"\", null, \"eth1\"])",
	  .result = "[\"eth0\", \"eth1\"]" },
	{ .name = "concat",
	  .run = run_concat,
	  .parameters = { { "lists", PARAMETER_LIST } },
	  .repeats = true,
	  .doc = "The elements of all lists, one list behind the other.",
	  .example = "concat([22], [80, 443])",
	  .result = "[22, 80, 443]" },
	{ .name = "contains",
	  .run = run_contains,
	  .parameters = { { "list", PARAMETER_LIST }, { "value", PARAMETER_ANY } },
	  .doc = "Whether a list has an element that equals the value; 1 and \"1\" are not equal.",
	  .example = "contains([80, 443], 443)",
	  .result = "true" },
	{ .name = "distinct",
	  .run = run_distinct,
	  .parameters = { { "list", PARAMETER_UNIFORM } },
	  .doc = "The list without the elements that it has already.",
	  .example = "distinct([80, 443, 80])",
	  .result = "[80, 443]" },
	{ .name = "element",
	  .run = run_element,
	  .parameters = { { "list", PARAMETER_LIST }, { "index", PARAMETER_INTEGER } },
	  .doc = "One element by its index; behind the last one comes the first again.",
	  .example = "element([\"a\", \"b\", \"c\"], 4)",
	  .result = "\"b\"" },
	{ .name = "flatten",
	  .run = run_flatten,
	  .parameters = { { "list", PARAMETER_LIST } },
	  .doc = "The list with the elements of the lists in it in their place, however deep.",
	  .example = "flatten([22, [80, [443]], []])",
	  .result = "[22, 80, 443]" },
	{ .name = "one",
	  .run = run_one,
	  .parameters = { { "list", PARAMETER_LIST } },
	  .doc = "The only element of a list, or null where it is empty.",
	  .example = "one([\"eth0\"])",
	  .result = "\"eth0\"" },
	{ .name = "range",
	  .run = run_range,
	  .parameters = { { "start", PARAMETER_NUMBER },
			  { "limit", PARAMETER_NUMBER },
			  { "step", PARAMETER_NUMBER } },
	  .optional = 2,
	  .doc = "The numbers from start (0 where only limit is given) up to and without limit, at "
		 "most 1024.",
	  .example = "range(1, 8, 2)",
	  .result = "[1, 3, 5, 7]" },
	{ .name = "reverse",
	  .run = run_reverse,
	  .parameters = { { "list", PARAMETER_LIST } },
	  .doc = "The list from its end to its beginning.",
	  .example = "reverse([1, 2, 3])",
	  .result = "[3, 2, 1]" },
	{ .name = "slice",
	  .run = run_slice,
	  .parameters = { { "list", PARAMETER_LIST },
			  { "start", PARAMETER_INTEGER },
			  { "end", PARAMETER_INTEGER } },
	  .doc = "The elements from the index start up to and without the index end.",
	  .example = "slice([\"a\", \"b\", \"c\", \"d\"], 1, 3)",
	  .result = "[\"b\", \"c\"]" },
	{ .name = "sort",
	  .run = run_sort,
	  .parameters = { { "list", PARAMETER_STRINGS } },
	  .doc = "Strings in the order of their bytes.",
	  .example = "sort([\"wan\", \"dmz\", \"lan\"])",
	  .result = "[\"dmz\", \"lan\", \"wan\"]" },
};

const struct function_family list_functions = { "Lists", rows, countof(rows) };
