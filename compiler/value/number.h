/* Numbers as HCL has them: 512-bit binary floating point, rounded to nearest, which is what its
 * reference implementation computes with. Integers of 64 bits are kept as such. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct arena;
struct number;

/* `text` is a literal that the scanner has accepted, or a string; NULL where it is not a number. */
const struct number *number_parse(struct arena *arena, struct text text);

const struct number *number_of_integer(struct arena *arena, int64_t integer);

const struct number *number_negate(struct arena *arena, const struct number *a);
const struct number *number_add(struct arena *arena, const struct number *a,
				const struct number *b);
const struct number *number_subtract(struct arena *arena, const struct number *a,
				     const struct number *b);
const struct number *number_multiply(struct arena *arena, const struct number *a,
				     const struct number *b);

/* `b` is not zero. */
const struct number *number_divide(struct arena *arena, const struct number *a,
				   const struct number *b);

/* What is left after dividing and rounding towards zero; it has the sign of `a`. `b` is not zero.
 */
const struct number *number_remainder(struct arena *arena, const struct number *a,
				      const struct number *b);

/* Below, at or above 0 as `a` is less than, equal to or greater than `b`. */
int number_compare(const struct number *a, const struct number *b);
bool number_is_zero(const struct number *number);

/* Whether the number is an integer that fits; fills `*out`. */
bool number_to_int64(const struct number *number, int64_t *out);
bool number_is_integer(const struct number *number);
bool number_is_negative(const struct number *number);

/* The decimal text with the fewest digits that reads back as the same number, without exponent. */
const char *number_format(struct arena *arena, const struct number *number);

/* The nearest integer towards zero, below and above. */
const struct number *number_truncate(struct arena *arena, const struct number *a);
const struct number *number_floor(struct arena *arena, const struct number *a);
const struct number *number_ceil(struct arena *arena, const struct number *a);

/* Doubles, for functions that compute with them. A number comes back from its shortest decimal
 * text; NULL for infinity and what is no number. */
double number_to_double(const struct number *number);
const struct number *number_from_double(struct arena *arena, double value);

/* As printf has it, for one of the verbs e, E, f, g and G with flags: "%+.3Re". */
const char *number_print(struct arena *arena, const char *format, const struct number *number);
