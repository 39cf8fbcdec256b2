#include "base/arena.h"
#include "value/functions/library.h"
#include "value/make.h"

/* The arguments' elements behind each other, of one type. */
struct pooled {
	struct value *items;
	uint32_t n;
};

static bool pool(struct call *call, struct pooled *out)
{
	VEC(struct value) all = { 0 };
	uint64_t total = 0;
	for (uint32_t i = 0; i < call->n; i++)
		total += call->arguments[i].count;
	if (!call_may_make(call, total))
		return false;
	for (uint32_t i = 0; i < call->n; i++)
		for (uint32_t k = 0; k < call->arguments[i].count; k++)
			*push(call->scope->arena, &all) = call->arguments[i].items[k];
	out->n = all.n;
	out->items = values_of_one_type(call->scope, all.at, all.n);
	if (out->items)
		return true;
	call_refuse(call, D_CALL_FAILED, "the elements of these sets have no common type");
	return false;
}

/* The argument as a set of the common type; `*at` moves behind its elements. */
static struct value next_set(struct call *call, const struct pooled *pooled, uint32_t index,
			     uint32_t *at)
{
	struct value *items = pooled->items + *at;
	*at += call->arguments[index].count;
	return make_set(call->scope, call->at, items, call->arguments[index].count);
}

static struct value run_setunion(struct call *call)
{
	struct pooled pooled;
	if (!pool(call, &pooled))
		return call_poison(call);
	return make_set(call->scope, call->at, pooled.items, pooled.n);
}

/* The elements of `a` that are in `b`, or those that are not. Both are sorted. */
static struct value sift(struct call *call, struct value a, const struct value *b, bool if_present)
{
	uint32_t n = 0, k = 0;
	for (uint32_t i = 0; i < a.count; i++) {
		while (k < b->count && value_order(call->scope, &b->items[k], &a.items[i]) < 0)
			k++;
		bool is_present =
			k < b->count && value_order(call->scope, &b->items[k], &a.items[i]) == 0;
		if (is_present == if_present)
			a.items[n++] = a.items[i];
	}
	a.count = n;
	return a;
}

static struct value sift_all(struct call *call, bool if_present)
{
	struct pooled pooled;
	uint32_t at = 0;
	if (!pool(call, &pooled))
		return call_poison(call);
	struct value set = next_set(call, &pooled, 0, &at);
	for (uint32_t i = 1; i < call->n; i++) {
		struct value other = next_set(call, &pooled, i, &at);
		set = sift(call, set, &other, if_present);
	}
	return set;
}

static struct value run_setintersection(struct call *call)
{
	return sift_all(call, true);
}

static struct value run_setsubtract(struct call *call)
{
	return sift_all(call, false);
}

static bool product_size(const struct call *call, uint64_t *out)
{
	uint64_t total = 1;
	for (uint32_t i = 0; i < call->n; i++)
		if (__builtin_mul_overflow(total, call->arguments[i].count, &total))
			total = UINT64_MAX;
	*out = total;
	return total == UINT64_MAX ? call_may_make(call, total)
				   : call_may_make(call, total * call->n);
}

/* The combination number `index`: the last list changes fastest. */
static struct value combination(const struct call *call, uint64_t index)
{
	struct value *items = arena_array(call->scope->arena, call->n, sizeof *items);
	for (uint32_t i = call->n; i > 0; i--) {
		const struct value *list = &call->arguments[i - 1];
		items[i - 1] = list->items[index % list->count];
		index /= list->count;
	}
	return make_tuple(call->at, items, call->n);
}

static struct value run_setproduct(struct call *call)
{
	uint64_t total;
	bool are_lists = true;
	if (call->n < 2)
		return call_refuse(call, D_ARGUMENT_COUNT, "a product is of two lists or more");
	for (uint32_t i = 0; i < call->n; i++)
		are_lists &= !call->arguments[i].is_set;
	if (!product_size(call, &total))
		return call_poison(call);
	struct value *items = arena_array(call->scope->arena, total, sizeof *items);
	for (uint64_t i = 0; i < total; i++)
		items[i] = combination(call, i);
	return are_lists ? call_list(call, items, (uint32_t)total)
			 : make_set(call->scope, call->at, items, (uint32_t)total);
}

static const struct function rows[] = {
	{ .name = "setintersection",
	  .run = run_setintersection,
	  .parameters = { { "sets", PARAMETER_UNIFORM } },
	  .repeats = true,
	  .doc = "The elements that are in all sets.",
	  .example = "setintersection([22, 80], [80, 443])",
	  .result = "[80]" },
	{ .name = "setproduct",
	  .run = run_setproduct,
	  .parameters = { { "lists", PARAMETER_UNIFORM } },
	  .repeats = true,
	  .doc = "All combinations of one element of each list.",
	  .example = "setproduct([\"lan\", \"dmz\"], [80, 443])",
	  .result = "[[\"lan\", 80], [\"lan\", 443], [\"dmz\", 80], [\"dmz\", 443]]" },
	{ .name = "setsubtract",
	  .run = run_setsubtract,
	  .parameters = { { "set", PARAMETER_UNIFORM }, { "without", PARAMETER_UNIFORM } },
	  .doc = "The elements of the first set that are not in the second.",
	  .example = "setsubtract([22, 80], [80, 443])",
	  .result = "[22]" },
	{ .name = "setunion",
	  .run = run_setunion,
	  .parameters = { { "sets", PARAMETER_UNIFORM } },
	  .repeats = true,
	  .doc = "The elements that are in any of the sets.",
	  .example = "setunion([22, 80], [80, 443])",
	  .result = "[22, 80, 443]" },
};

const struct function_family set_functions = { "Sets", rows, countof(rows) };
