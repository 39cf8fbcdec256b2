#include "value/number.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mpfr.h>

#include "base/arena.h"

/* The reference's precision, and the decimal digits that are enough to tell any two such numbers
 * apart. */
enum { PRECISION = 512, DIGITS_MAX = 160 };

/* A literal that is longer, or whose binary exponent is larger, is not a number anybody means, and
 * its digits would fill the memory. */
enum { LITERAL_MAX = 4096, EXPONENT_MAX = 16384 };

struct number {
	bool is_small;
	int64_t small;
	__mpfr_struct big; /* only there where the number is not small */
};

/* Its digits live in the arena, so nothing has to be given back. */
static struct number *big_new(struct arena *arena)
{
	struct number *number = arena_alloc(arena, sizeof *number);
	void *digits = arena_alloc(arena, mpfr_custom_get_size(PRECISION));
	mpfr_custom_init(digits, PRECISION);
	mpfr_custom_init_set(&number->big, MPFR_ZERO_KIND, 0, PRECISION, digits);
	return number;
}

static const struct number *small_new(struct arena *arena, int64_t value)
{
	struct number *number = arena_alloc(arena, offsetof(struct number, big));
	number->is_small = true;
	number->small = value;
	return number;
}

static const struct number *enlarge(struct arena *arena, const struct number *number)
{
	if (!number->is_small)
		return number;
	struct number *big = big_new(arena);
	mpfr_set_sj(&big->big, number->small, MPFR_RNDN);
	return big;
}

/* One form for each value: what fits in 64 bits stands there. Zero below zero, which equals zero
 * but is written with its sign, does not. */
static const struct number *normalize(struct arena *arena, const struct number *number)
{
	if (mpfr_zero_p(&number->big) && mpfr_signbit(&number->big))
		return number;
	if (mpfr_integer_p(&number->big) && mpfr_fits_intmax_p(&number->big, MPFR_RNDN))
		return small_new(arena, mpfr_get_sj(&number->big, MPFR_RNDN));
	return number;
}

static bool parse_small(struct text text, int64_t *out)
{
	int64_t value = 0;
	if (text.n == 0 || text.n > 18)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] < '0' || text.s[i] > '9')
			return false;
		value = value * 10 + (text.s[i] - '0');
	}
	*out = value;
	return true;
}

static size_t digits_length(struct text text, size_t at)
{
	size_t n = 0;
	while (at + n < text.n && text.s[at + n] >= '0' && text.s[at + n] <= '9')
		n++;
	return n;
}

static size_t sign_length(struct text text, size_t at)
{
	return at < text.n && (text.s[at] == '+' || text.s[at] == '-');
}

/* Only what HCL writes: no hexadecimal, no infinity, no blanks. Ranges and addresses look much like
 * numbers, and are told from them here. */
static bool has_form_of_number(struct text text)
{
	size_t at = sign_length(text, 0), whole = digits_length(text, at), fraction = 0;
	at += whole;
	if (at < text.n && text.s[at] == '.') {
		fraction = digits_length(text, ++at);
		at += fraction;
	}
	if (whole + fraction == 0)
		return false;
	if (at < text.n && (text.s[at] == 'e' || text.s[at] == 'E')) {
		at += 1 + sign_length(text, at + 1);
		size_t exponent = digits_length(text, at);
		if (exponent == 0)
			return false;
		at += exponent;
	}
	return at == text.n;
}

const struct number *number_parse(struct arena *arena, struct text text)
{
	int64_t small;
	if (parse_small(text, &small))
		return small_new(arena, small);
	if (text.n > LITERAL_MAX || !has_form_of_number(text))
		return NULL;
	struct number *number = big_new(arena);
	const char *copy = text_copy(arena, text);
	char *end;
	mpfr_strtofr(&number->big, copy, &end, 10, MPFR_RNDN);
	if (end == copy || *end || !mpfr_number_p(&number->big))
		return NULL;
	if (!mpfr_zero_p(&number->big) && labs(mpfr_get_exp(&number->big)) > EXPONENT_MAX)
		return NULL;
	return normalize(arena, number);
}

typedef int operation(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);

static const struct number *compute(struct arena *arena, operation *run, const struct number *a,
				    const struct number *b)
{
	struct number *result = big_new(arena);
	run(&result->big, &enlarge(arena, a)->big, &enlarge(arena, b)->big, MPFR_RNDN);
	return normalize(arena, result);
}

const struct number *number_of_integer(struct arena *arena, int64_t integer)
{
	return small_new(arena, integer);
}

const struct number *number_negate(struct arena *arena, const struct number *a)
{
	if (a->is_small && a->small != 0 && a->small != INT64_MIN)
		return small_new(arena, -a->small);
	struct number *result = big_new(arena);
	mpfr_neg(&result->big, &enlarge(arena, a)->big, MPFR_RNDN);
	return normalize(arena, result);
}

const struct number *number_add(struct arena *arena, const struct number *a, const struct number *b)
{
	int64_t sum;
	if (a->is_small && b->is_small && !__builtin_add_overflow(a->small, b->small, &sum))
		return small_new(arena, sum);
	return compute(arena, mpfr_add, a, b);
}

const struct number *number_subtract(struct arena *arena, const struct number *a,
				     const struct number *b)
{
	int64_t difference;
	if (a->is_small && b->is_small && !__builtin_sub_overflow(a->small, b->small, &difference))
		return small_new(arena, difference);
	return compute(arena, mpfr_sub, a, b);
}

const struct number *number_multiply(struct arena *arena, const struct number *a,
				     const struct number *b)
{
	int64_t product;
	if (a->is_small && b->is_small && a->small != 0 && b->small != 0 &&
	    !__builtin_mul_overflow(a->small, b->small, &product))
		return small_new(arena, product);
	return compute(arena, mpfr_mul, a, b);
}

const struct number *number_divide(struct arena *arena, const struct number *a,
				   const struct number *b)
{
	return compute(arena, mpfr_div, a, b);
}

const struct number *number_remainder(struct arena *arena, const struct number *a,
				      const struct number *b)
{
	struct number *whole = big_new(arena);
	const struct number *x = enlarge(arena, a), *y = enlarge(arena, b);
	mpfr_div(&whole->big, &x->big, &y->big, MPFR_RNDN);
	mpfr_trunc(&whole->big, &whole->big);
	if (mpfr_zero_p(&whole->big))
		mpfr_set_zero(&whole->big, 1);
	mpfr_mul(&whole->big, &whole->big, &y->big, MPFR_RNDN);
	mpfr_sub(&whole->big, &x->big, &whole->big, MPFR_RNDN);
	return normalize(arena, whole);
}

int number_compare(const struct number *a, const struct number *b)
{
	if (a->is_small && b->is_small)
		return (a->small > b->small) - (a->small < b->small);
	if (a->is_small)
		return -number_compare(b, a);
	return b->is_small ? mpfr_cmp_si(&a->big, b->small) : mpfr_cmp(&a->big, &b->big);
}

bool number_is_zero(const struct number *number)
{
	return number->is_small ? number->small == 0 : mpfr_zero_p(&number->big);
}

bool number_to_int64(const struct number *number, int64_t *out)
{
	if (!number->is_small && !mpfr_zero_p(&number->big))
		return false;
	*out = number->is_small ? number->small : 0;
	return true;
}

bool number_is_integer(const struct number *number)
{
	return number->is_small || mpfr_integer_p(&number->big);
}

bool number_is_negative(const struct number *number)
{
	return number->is_small ? number->small < 0 : mpfr_sgn(&number->big) < 0;
}

/* The digits of the shortest decimal that reads back as `x`, and where its point stands. */
static void shortest_digits(const __mpfr_struct *x, char digits[DIGITS_MAX + 2], mpfr_exp_t *point)
{
	size_t low = 2, high = DIGITS_MAX;
	MPFR_DECL_INIT(back, PRECISION);
	while (low < high) {
		size_t middle = (low + high) / 2;
		char text[DIGITS_MAX + 32];
		mpfr_get_str(digits, point, 10, middle, x, MPFR_RNDN);
		snprintf(text, sizeof text, "0.%se%jd", digits, (intmax_t)*point);
		mpfr_strtofr(back, text, NULL, 10, MPFR_RNDN);
		if (mpfr_equal_p(x, back))
			high = middle;
		else
			low = middle + 1;
	}
	mpfr_get_str(digits, point, 10, low, x, MPFR_RNDN);
	size_t length = strlen(digits);
	while (length > 1 && digits[length - 1] == '0')
		digits[--length] = '\0';
}

static const char *format_big(struct arena *arena, const struct number *number)
{
	char digits[DIGITS_MAX + 2];
	mpfr_exp_t point;
	MPFR_DECL_INIT(magnitude, PRECISION);
	mpfr_abs(magnitude, &number->big, MPFR_RNDN);
	shortest_digits(magnitude, digits, &point);
	size_t length = strlen(digits), zeros = 0;
	if (point <= 0)
		zeros = (size_t)-point;
	else if ((size_t)point > length)
		zeros = (size_t)point - length;
	char *padding = arena_alloc(arena, zeros + 1);
	memset(padding, '0', zeros);
	const char *sign = number_is_negative(number) ? "-" : "";
	if (point <= 0)
		return arena_printf(arena, "%s0.%s%s", sign, padding, digits);
	if ((size_t)point >= length)
		return arena_printf(arena, "%s%s%s", sign, digits, padding);
	return arena_printf(arena, "%s%.*s.%s", sign, (int)point, digits, digits + point);
}

const char *number_format(struct arena *arena, const struct number *number)
{
	if (number->is_small)
		return arena_printf(arena, "%" PRId64, number->small);
	if (mpfr_zero_p(&number->big))
		return "-0";
	return format_big(arena, number);
}

static const struct number *round_by(struct arena *arena, const struct number *a,
				     int (*round)(mpfr_ptr, mpfr_srcptr))
{
	if (a->is_small)
		return a;
	struct number *whole = big_new(arena);
	round(&whole->big, &a->big);
	if (mpfr_zero_p(&whole->big))
		return small_new(arena, 0);
	return normalize(arena, whole);
}

/* Some of MPFR's are macros. */
static int round_to_zero(mpfr_ptr to, mpfr_srcptr from)
{
	return mpfr_trunc(to, from);
}

static int round_down(mpfr_ptr to, mpfr_srcptr from)
{
	return mpfr_floor(to, from);
}

static int round_up(mpfr_ptr to, mpfr_srcptr from)
{
	return mpfr_ceil(to, from);
}

const struct number *number_truncate(struct arena *arena, const struct number *a)
{
	return round_by(arena, a, round_to_zero);
}

const struct number *number_floor(struct arena *arena, const struct number *a)
{
	return round_by(arena, a, round_down);
}

const struct number *number_ceil(struct arena *arena, const struct number *a)
{
	return round_by(arena, a, round_up);
}

double number_to_double(const struct number *number)
{
	return number->is_small ? (double)number->small : mpfr_get_d(&number->big, MPFR_RNDN);
}

const struct number *number_from_double(struct arena *arena, double value)
{
	char text[32];
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			return number_parse(arena, text_of(text));
	}
	return NULL;
}

const char *number_print(struct arena *arena, const char *format, const struct number *number)
{
	char *text;
	struct number big = *enlarge(arena, number);
	int length = mpfr_asprintf(&text, format, &big.big);
	if (length < 0)
		return "";
	const char *copy = text_copy(arena, (struct text){ text, (size_t)length });
	mpfr_free_str(text);
	return copy;
}
