#include "base/arena.h"
#include "value/functions/library.h"
#include "value/functions/verbs.h"
#include "value/make.h"

static struct value format_with(const struct call *call, const struct value *values)
{
	struct text_maker maker = { .arena = call->scope->arena };
	if (!verbs_write(call, values, &maker))
		return call_poison(call);
	return call_string(call, maker_text(&maker));
}

static struct value run_format(struct call *call)
{
	return format_with(call, call->arguments + 1);
}

static bool is_list(const struct value *value)
{
	return value->kind == VALUE_TUPLE;
}

/* How many strings there will be: the length of the lists, which is one for all. */
static bool list_length(const struct call *call, uint32_t *out)
{
	uint32_t length = 1;
	bool is_known = false;
	for (uint32_t i = 1; i < call->n; i++) {
		const struct value *value = &call->arguments[i];
		if (!is_list(value))
			continue;
		if (is_known && value->count != length) {
			argument_refuse(call, i, "this list has %u elements, and the one before %u",
					value->count, length);
			return false;
		}
		length = value->count;
		is_known = true;
	}
	*out = length;
	return true;
}

static struct value run_formatlist(struct call *call)
{
	uint32_t length;
	if (!list_length(call, &length))
		return call_poison(call);
	struct arena *arena = call->scope->arena;
	struct value *items = arena_array(arena, length, sizeof *items);
	struct value *values = arena_array(arena, call->n, sizeof *values);
	for (uint32_t i = 0; i < length; i++) {
		for (uint32_t k = 1; k < call->n; k++)
			values[k - 1] = is_list(&call->arguments[k]) ? call->arguments[k].items[i]
								     : call->arguments[k];
		items[i] = format_with(call, values);
		if (items[i].kind == VALUE_POISON)
			return call_poison(call);
	}
	return call_list(call, items, length);
}

static const struct function rows[] = {
	{ .name = "format",
	  .run = run_format,
	  .parameters = { { "format", PARAMETER_STRING }, { "values", PARAMETER_ANY, true } },
	  .optional = 1,
	  .repeats = true,
	  .doc = "A string with values in the place of verbs: %s a string, %q one in quotes, %d an "
		 "integer, %x and %o and %b one in another base, %f %e %g a number, %t a boolean, "
		 "%v "
		 "anything, %% a percent sign; %[2]s takes the second value.",
	  .example = "format(\"%s-%03d\", \"lan\", 7)",
	  .result = "\"lan-007\"" },
	{ .name = "formatlist",
	  .run = run_formatlist,
	  .parameters = { { "format", PARAMETER_STRING }, { "values", PARAMETER_ANY, true } },
	  .optional = 1,
	  .repeats = true,
	  .doc = "A string for each element of the lists among the values, made as format does.",
	  .example = "formatlist(\"%s.%d\", \"eth0\", [10, 20])",
	  .result = "[\"eth0.10\", \"eth0.20\"]" },
};

const struct function_family format_functions = { "Formatting", rows, countof(rows) };
