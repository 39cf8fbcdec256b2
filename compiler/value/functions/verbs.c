#include "value/functions/verbs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/graphemes.h"
#include "value/functions/json.h"
#include "value/operators.h"

/* More columns or digits than this nobody means. */
enum { WIDTH_MAX = 10000 };

struct verb {
	struct text raw;
	bool zero, sharp, plus, minus, space;
	int64_t width, precision; /* -1: none */
	uint32_t index;		  /* of the value, from 1 */
	char mode;
};

/* What is being written. */
struct run {
	const struct call *call;
	const struct value *values;
	uint32_t n, highest;
	struct text_maker *out;
};

static bool refuse(const struct run *run, const struct verb *verb, const char *why)
{
	argument_refuse(run->call, 0, "\"%.*s\" %s", (int)verb->raw.n, verb->raw.s, why);
	return false;
}

static bool refuse_value(const struct run *run, const struct verb *verb, const char *wanted)
{
	argument_refuse(run->call, verb->index, "\"%.*s\" takes %s, and this is %s",
			(int)verb->raw.n, verb->raw.s, wanted,
			value_kind_name(run->values[verb->index - 1].kind));
	return false;
}

/* Pads to the verb's width, in characters. */
static void write_padded(const struct run *run, const struct verb *verb, struct text text)
{
	size_t have = verb->width > 0 ? graphemes_count(text) : 0;
	size_t pads = verb->width > (int64_t)have ? (size_t)verb->width - have : 0;
	char pad = verb->zero ? '0' : ' ';
	if (!verb->minus)
		maker_repeat(run->out, pad, pads);
	maker_add(run->out, text);
	if (verb->minus)
		maker_repeat(run->out, pad, pads);
}

/* Numbers have zeros behind the sign. */
static void write_number(const struct run *run, const struct verb *verb, const char *sign,
			 const char *digits)
{
	size_t have = strlen(sign) + strlen(digits);
	size_t pads = verb->width > (int64_t)have ? (size_t)verb->width - have : 0;
	bool has_zeros = verb->zero && !verb->minus;
	if (!verb->minus && !has_zeros)
		maker_repeat(run->out, ' ', pads);
	maker_add_string(run->out, sign);
	if (has_zeros)
		maker_repeat(run->out, '0', pads);
	maker_add_string(run->out, digits);
	if (verb->minus)
		maker_repeat(run->out, ' ', pads);
}

static const char *sign_of(const struct verb *verb, const struct number *number)
{
	if (number_is_negative(number))
		return "-";
	return verb->plus ? "+" : verb->space ? " " : "";
}

static const struct number *magnitude(const struct run *run, const struct number *number)
{
	return number_is_negative(number) ? number_negate(run->call->scope->arena, number) : number;
}

/* A whole number that is not negative, in another base. */
static const char *in_base(struct arena *arena, const struct number *number, int base,
			   bool capitals)
{
	const char *all = capitals ? "0123456789ABCDEF" : "0123456789abcdef";
	const struct number *divisor = number_from_double(arena, base);
	VEC(char) digits = { 0 };
	do {
		int64_t digit = 0;
		const struct number *rest = number_remainder(arena, number, divisor);
		number_to_int64(rest, &digit);
		*push(arena, &digits) = all[digit];
		number = number_divide(arena, number_subtract(arena, number, rest), divisor);
	} while (!number_is_zero(number));
	char *text = arena_alloc(arena, digits.n + 1);
	for (uint32_t i = 0; i < digits.n; i++)
		text[i] = digits.at[digits.n - 1 - i];
	return text;
}

static const char *integer_digits(const struct run *run, const struct verb *verb,
				  const struct number *number)
{
	struct arena *arena = run->call->scope->arena;
	switch (verb->mode) {
	case 'b':
		return in_base(arena, number, 2, false);
	case 'o':
		return in_base(arena, number, 8, false);
	case 'x':
		return in_base(arena, number, 16, false);
	case 'X':
		return in_base(arena, number, 16, true);
	default:
		return number_format(arena, number);
	}
}

static const char *base_prefix(const struct verb *verb)
{
	if (!verb->sharp)
		return "";
	switch (verb->mode) {
	case 'b':
		return "0b";
	case 'o':
		return "0";
	case 'x':
		return "0x";
	case 'X':
		return "0X";
	default:
		return "";
	}
}

static bool write_integer(const struct run *run, const struct verb *verb,
			  const struct number *number)
{
	struct arena *arena = run->call->scope->arena;
	if (!number_is_integer(number))
		return refuse_value(run, verb, "a whole number");
	struct verb padding = *verb;
	const char *digits = integer_digits(run, verb, magnitude(run, number));
	const char *sign = arena_printf(arena, "%s%s", sign_of(verb, number), base_prefix(verb));
	/* A precision is the least count of digits, and takes the zeros' place. */
	if (verb->precision >= 0) {
		padding.zero = false;
		size_t n = strlen(digits);
		size_t zeros = verb->precision > (int64_t)n ? (size_t)verb->precision - n : 0;
		char *more = arena_alloc(arena, zeros + 1);
		memset(more, '0', zeros);
		if (verb->precision == 0 && number_is_zero(number))
			digits = "";
		digits = arena_printf(arena, "%s%s", more, digits);
	}
	write_number(run, &padding, sign, digits);
	return true;
}

/* The fewest digits that read back as the number: with an exponent below 1e-4 and from 1e6 on. */
static const char *shortest(struct arena *arena, const struct number *number, bool is_capital)
{
	const char *plain = number_format(arena, number);
	const char *point = strchr(plain, '.');
	size_t whole = point ? (size_t)(point - plain) : strlen(plain);
	char *digits = arena_alloc(arena, strlen(plain) + 1);
	size_t n = 0, zeros = 0;
	for (const char *c = plain; *c; c++) {
		if (*c == '.')
			continue;
		if (n == 0 && *c == '0')
			zeros++;
		else
			digits[n++] = *c;
	}
	while (n > 0 && digits[n - 1] == '0')
		digits[--n] = '\0';
	int64_t exponent = (int64_t)whole - (int64_t)zeros - 1;
	if (n == 0 || (exponent >= -4 && exponent < 6))
		return plain;
	return arena_printf(arena, "%c%s%s%c%c%02" PRId64, digits[0], n > 1 ? "." : "", digits + 1,
			    is_capital ? 'E' : 'e', exponent < 0 ? '-' : '+',
			    exponent < 0 ? -exponent : exponent);
}

static void write_fraction(const struct run *run, const struct verb *verb,
			   const struct number *number)
{
	struct arena *arena = run->call->scope->arena;
	const struct number *positive = magnitude(run, number);
	bool is_general = verb->mode == 'g' || verb->mode == 'G';
	const char *digits;
	if (is_general && verb->precision < 0) {
		digits = shortest(arena, positive, verb->mode == 'G');
	} else {
		int64_t precision = verb->precision < 0 ? 6 : verb->precision;
		const char *format =
			arena_printf(arena, "%%.%" PRId64 "R%c", precision, verb->mode);
		digits = number_print(arena, format, positive);
	}
	write_number(run, verb, sign_of(verb, number), digits);
}

static bool write_any_number(const struct run *run, const struct verb *verb,
			     const struct value *value)
{
	const struct number *number = value_to_number(run->call->scope, value);
	if (!number)
		return refuse_value(run, verb, "a number");
	if (strchr("bdoxX", verb->mode))
		return write_integer(run, verb, number);
	write_fraction(run, verb, number);
	return true;
}

static bool write_any_string(const struct run *run, const struct verb *verb, struct value value)
{
	if (!value_to_string(run->call->scope, &value))
		return refuse_value(run, verb, "a string");
	struct text text = value.string;
	if (verb->precision > 0)
		text.n = graphemes_size(text, (size_t)verb->precision);
	if (verb->mode == 's') {
		write_padded(run, verb, text);
		return true;
	}
	struct text_maker quoted = { .arena = run->call->scope->arena };
	maker_add_json(&quoted, text);
	write_padded(run, verb, maker_text(&quoted));
	return true;
}

static bool write_as_it_is(const struct run *run, const struct verb *verb,
			   const struct value *value)
{
	struct arena *arena = run->call->scope->arena;
	struct text_maker json = { .arena = arena };
	if (!verb->sharp && value->kind == VALUE_STRING) {
		write_padded(run, verb, value->string);
		return true;
	}
	if (!verb->sharp && value->kind == VALUE_NUMBER) {
		const char *sign = number_is_negative(value->number) ? "-" : "";
		const char *digits = shortest(arena, magnitude(run, value->number), false);
		write_padded(run, verb, text_of(arena_printf(arena, "%s%s", sign, digits)));
		return true;
	}
	json_write(run->call->scope, &json, value);
	write_padded(run, verb, maker_text(&json));
	return true;
}

static bool write_truth(const struct run *run, const struct verb *verb, const struct value *value)
{
	bool truth;
	if (!value_to_bool(value, &truth))
		return refuse_value(run, verb, "a boolean");
	maker_add_string(run->out, truth ? "true" : "false");
	return true;
}

static bool write_verb(struct run *run, const struct verb *verb)
{
	run->highest = verb->index > run->highest ? verb->index : run->highest;
	if (verb->index == 0 || verb->index > run->n)
		return refuse(run, verb, "has no value");
	if (verb->width > WIDTH_MAX || verb->precision > WIDTH_MAX)
		return refuse(run, verb, "is wider than 10000 characters");
	const struct value *value = &run->values[verb->index - 1];
	if (verb->mode != 'v' && value->kind == VALUE_NULL)
		return refuse_value(run, verb, "no null");
	switch (verb->mode) {
	case 'v':
		return write_as_it_is(run, verb, value);
	case 't':
		return write_truth(run, verb, value);
	case 's':
	case 'q':
		return write_any_string(run, verb, *value);
	default:
		if (strchr("bdoxXeEfgG", verb->mode))
			return write_any_number(run, verb, value);
		return refuse(run, verb,
			      "is no verb; there are %v %s %q %d %b %o %x %X %e %f %g %t");
	}
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t read_flags(struct text text, size_t at, struct verb *verb)
{
	for (; at < text.n; at++) {
		switch (text.s[at]) {
		case '0':
			verb->zero = true;
			break;
		case '#':
			verb->sharp = true;
			break;
		case '+':
			verb->plus = true;
			break;
		case '-':
			verb->minus = true;
			break;
		case ' ':
			verb->space = true;
			break;
		default:
			return at;
		}
	}
	return at;
}

static size_t read_number(struct text text, size_t at, int64_t *out)
{
	*out = 0;
	for (; at < text.n && is_digit(text.s[at]); at++)
		if (*out <= WIDTH_MAX)
			*out = *out * 10 + (text.s[at] - '0');
	return at;
}

/* Reads the verb whose % stands at `at`; 0 where it is broken. */
static size_t read_verb(struct text text, size_t at, struct verb *verb)
{
	size_t start = at;
	int64_t index = verb->index;
	at = read_flags(text, at + 1, verb);
	if (at < text.n && is_digit(text.s[at]))
		at = read_number(text, at, &verb->width);
	if (at < text.n && text.s[at] == '.')
		at = read_number(text, at + 1, &verb->precision);
	if (at < text.n && text.s[at] == '[') {
		at = read_number(text, at + 1, &index);
		if (at >= text.n || text.s[at++] != ']')
			return 0;
	}
	bool is_letter = at < text.n && ((text.s[at] >= 'a' && text.s[at] <= 'z') ||
					 (text.s[at] >= 'A' && text.s[at] <= 'Z'));
	if (!is_letter)
		return 0;
	verb->index = (uint32_t)index;
	verb->mode = text.s[at];
	verb->raw = (struct text){ text.s + start, at + 1 - start };
	return at + 1;
}

static bool write_all(struct run *run, struct text text)
{
	uint32_t next = 1;
	for (size_t at = 0; at < text.n;) {
		if (text.s[at] != '%') {
			maker_add(run->out, (struct text){ text.s + at++, 1 });
			continue;
		}
		if (at + 1 < text.n && text.s[at + 1] == '%') {
			maker_add_string(run->out, "%");
			at += 2;
			continue;
		}
		struct verb verb = { .width = -1, .precision = -1, .index = next };
		size_t end = read_verb(text, at, &verb);
		if (end == 0) {
			argument_refuse(run->call, 0,
					"\"%.*s\" begins no verb; a percent sign is "
					"written %%%%",
					text.n - at > 8 ? 8 : (int)(text.n - at), text.s + at);
			return false;
		}
		if (!write_verb(run, &verb) || !call_may_write(run->call, run->out->all.n))
			return false;
		next = verb.index + 1;
		at = end;
	}
	return true;
}

bool verbs_write(const struct call *call, const struct value *values, struct text_maker *out)
{
	struct run run = { .call = call, .values = values, .n = call->n - 1, .out = out };
	if (!write_all(&run, call->arguments[0].string))
		return false;
	if (run.highest < run.n) {
		argument_refuse(call, run.highest + 1, "no verb takes this value");
		return false;
	}
	return true;
}
