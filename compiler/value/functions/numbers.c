#include <inttypes.h>
#include <math.h>

#include "base/arena.h"
#include "value/functions/library.h"
#include "value/make.h"

static struct value number_value(const struct call *call, const struct number *number)
{
	return make_number(call->at, number);
}

static struct value run_abs(struct call *call)
{
	const struct number *number = call->arguments[0].number;
	return number_value(call, number_is_negative(number)
					  ? number_negate(call->scope->arena, number)
					  : number);
}

static struct value run_ceil(struct call *call)
{
	return number_value(call, number_ceil(call->scope->arena, call->arguments[0].number));
}

static struct value run_floor(struct call *call)
{
	return number_value(call, number_floor(call->scope->arena, call->arguments[0].number));
}

static struct value run_int(struct call *call)
{
	return number_value(call, number_truncate(call->scope->arena, call->arguments[0].number));
}

static struct value from_double(const struct call *call, double value)
{
	const struct number *number = number_from_double(call->scope->arena, value);
	return number ? number_value(call, number)
		      : call_refuse(call, D_CALL_FAILED, "there is no such number");
}

static struct value run_log(struct call *call)
{
	double number = number_to_double(call->arguments[0].number);
	double base = number_to_double(call->arguments[1].number);
	return from_double(call, log(number) / log(base));
}

/* By squaring, as the reference does: the C library's result differs from it in the last digit. */
static double power_of(double number, int64_t power)
{
	double result = 1;
	int exponent, result_exponent = 0;
	double mantissa = frexp(number, &exponent);
	for (int64_t left = power < 0 ? -power : power; left > 0; left >>= 1) {
		if (exponent > 4096 || exponent < -4096)
			return pow(number, (double)power);
		if (left & 1) {
			result *= mantissa;
			result_exponent += exponent;
		}
		mantissa *= mantissa;
		exponent *= 2;
		if (mantissa < 0.5) {
			mantissa *= 2;
			exponent--;
		}
	}
	return power < 0 ? ldexp(1 / result, -result_exponent) : ldexp(result, result_exponent);
}

static struct value run_pow(struct call *call)
{
	double number = number_to_double(call->arguments[0].number);
	int64_t power;
	if (number != 0 && number_to_int64(call->arguments[1].number, &power) && power > -4096 &&
	    power < 4096)
		return from_double(call, power_of(number, power));
	return from_double(call, pow(number, number_to_double(call->arguments[1].number)));
}

/* `sign` is that of a comparison. */
static struct value extreme(struct call *call, int sign)
{
	const struct number *best = call->arguments[0].number;
	for (uint32_t i = 1; i < call->n; i++) {
		int order = number_compare(call->arguments[i].number, best);
		if ((order > 0) - (order < 0) == sign)
			best = call->arguments[i].number;
	}
	return number_value(call, best);
}

static struct value run_max(struct call *call)
{
	return extreme(call, 1);
}

static struct value run_min(struct call *call)
{
	return extreme(call, -1);
}

/* 0-9, a-z, A-Z; up to base 36 capitals are the same as small letters. */
static int64_t digit_of(char c, int64_t base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + (base <= 36 ? 10 : 36);
	return base;
}

enum { DIGITS_MAX = 4096 };

static const struct number *parse_digits(struct call *call, struct text text, int64_t base)
{
	struct arena *arena = call->scope->arena;
	const struct number *number = call_integer(call, 0).number;
	const struct number *times = call_integer(call, base).number;
	for (size_t i = 0; i < text.n; i++) {
		int64_t digit = digit_of(text.s[i], base);
		if (digit >= base)
			return NULL;
		number = number_add(arena, number_multiply(arena, number, times),
				    call_integer(call, digit).number);
	}
	return text.n > 0 ? number : NULL;
}

static struct value run_parseint(struct call *call)
{
	struct text text = call->arguments[0].string, digits = text;
	int64_t base;
	if (call->arguments[0].kind != VALUE_STRING)
		return argument_refuse(call, 0, "a string is wanted, and this is %s",
				       value_kind_name(call->arguments[0].kind));
	number_to_int64(call->arguments[1].number, &base);
	if (base < 2 || base > 62)
		return argument_refuse(call, 1, "a base is 2 to 62, and this is %" PRId64, base);
	bool is_negative = text.n > 0 && text.s[0] == '-';
	if (is_negative || (text.n > 0 && text.s[0] == '+'))
		digits = (struct text){ text.s + 1, text.n - 1 };
	const struct number *number =
		digits.n > DIGITS_MAX ? NULL : parse_digits(call, digits, base);
	if (!number)
		return argument_refuse(call, 0, "\"%.*s\" is no integer of base %" PRId64,
				       (int)text.n, text.s, base);
	return number_value(call, is_negative ? number_negate(call->scope->arena, number) : number);
}

static struct value run_signum(struct call *call)
{
	const struct number *number = call->arguments[0].number;
	return call_integer(call, number_is_zero(number) ? 0 : number_is_negative(number) ? -1 : 1);
}

static struct value run_sum(struct call *call)
{
	const struct value *list = &call->arguments[0];
	const struct number *sum = call_integer(call, 0).number;
	if (list->count == 0)
		return argument_refuse(call, 0, "there is nothing to add up");
	for (uint32_t i = 0; i < list->count; i++) {
		if (list->items[i].kind == VALUE_NULL)
			return argument_refuse(call, 0, "the element %" PRIu32 " is null", i);
		sum = number_add(call->scope->arena, sum, list->items[i].number);
	}
	return number_value(call, sum);
}

static const struct function rows[] = {
	{ .name = "abs",
	  .run = run_abs,
	  .parameters = { { "number", PARAMETER_NUMBER } },
	  .doc = "The number without its sign.",
	  .example = "abs(-5)",
	  .result = "5" },
	{ .name = "ceil",
	  .run = run_ceil,
	  .parameters = { { "number", PARAMETER_NUMBER } },
	  .doc = "The nearest whole number that is not below.",
	  .example = "ceil(1.2)",
	  .result = "2" },
	{ .name = "floor",
	  .run = run_floor,
	  .parameters = { { "number", PARAMETER_NUMBER } },
	  .doc = "The nearest whole number that is not above.",
	  .example = "floor(1.8)",
	  .result = "1" },
	{ .name = "int",
	  .run = run_int,
	  .parameters = { { "number", PARAMETER_NUMBER } },
	  .doc = "The number without its fraction.",
	  .example = "int(-1.8)",
	  .result = "-1" },
	{ .name = "log",
	  .run = run_log,
	  .parameters = { { "number", PARAMETER_NUMBER }, { "base", PARAMETER_NUMBER } },
	  .doc = "The logarithm of a number in a base.",
	  .example = "log(256, 2)",
	  .result = "8" },
	{ .name = "max",
	  .run = run_max,
	  .parameters = { { "numbers", PARAMETER_NUMBER } },
	  .repeats = true,
	  .doc = "The greatest of the numbers.",
	  .example = "max(3, 12, 9)",
	  .result = "12" },
	{ .name = "min",
	  .run = run_min,
	  .parameters = { { "numbers", PARAMETER_NUMBER } },
	  .repeats = true,
	  .doc = "The least of the numbers.",
	  .example = "min(3, 12, 9)",
	  .result = "3" },
	{ .name = "parseint",
	  .run = run_parseint,
	  .parameters = { { "digits", PARAMETER_ANY }, { "base", PARAMETER_INTEGER } },
	  .doc = "The integer that digits of a base (2 to 62) stand for.",
	  .example = "parseint(\"200000\", 16)",
	  .result = "2097152" },
	{ .name = "pow",
	  .run = run_pow,
	  .parameters = { { "number", PARAMETER_NUMBER }, { "power", PARAMETER_NUMBER } },
	  .doc = "The number to a power.",
	  .example = "pow(2, 16)",
	  .result = "65536" },
	{ .name = "signum",
	  .run = run_signum,
	  .parameters = { { "number", PARAMETER_INTEGER } },
	  .doc = "-1, 0 or 1: the sign of a number.",
	  .example = "signum(-5)",
	  .result = "-1" },
	{ .name = "sum",
	  .run = run_sum,
	  .parameters = { { "numbers", PARAMETER_NUMBERS } },
	  .doc = "All numbers of a list together.",
	  .example = "sum([10, 13, 6])",
	  .result = "29" },
};

const struct function_family number_functions = { "Numbers", rows, countof(rows) };
