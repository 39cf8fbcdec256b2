#include "base/arena.h"
#include "value/functions/library.h"
#include "value/make.h"

/* The reference's limit too. */
enum { RANGE_MAX = 1024 };

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
	VEC(struct value) items = { 0 };
	struct arena *arena = call->scope->arena;
	for (const struct number *at = steps->from; is_before(steps, at);
	     at = number_add(arena, at, steps->by)) {
		if (items.n == RANGE_MAX) {
			struct diag *d = diag_error(call->scope->diags, D_CALL_LIMIT, call->at);
			diag_say(d, "range would make more than %d numbers here", RANGE_MAX);
			diag_help(d, "for ports write a range such as [10000:20000]");
			return call_poison(call);
		}
		*push(arena, &items) = make_number(call->at, at);
	}
	return call_list(call, items.at, items.n);
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

static const struct function rows[] = {
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
};

const struct function_family list_functions = { "Lists", rows, countof(rows) };
