#include "check.h"

#include "base/arena.h"
#include "value/number.h"

TEST(only_what_hcl_writes_is_a_number)
{
	static const struct {
		const char *text, *number;
	} rows[] = {
		{ "0", "0" },
		{ "007", "7" },
		{ "-5", "-5" },
		{ "+5", "5" },
		{ "1.250", "1.25" },
		{ "1e2", "100" },
		{ "1E-2", "0.01" },
		{ "-9223372036854775808", "-9223372036854775808" },
		{ "18446744073709551616", "18446744073709551616" },
		{ "", NULL },
		{ "-", NULL },
		{ " 1", NULL },
		{ "1 ", NULL },
		{ "0x10", NULL },
		{ "1_000", NULL },
		{ "Inf", NULL },
		{ "nan", NULL },
		{ "1e", NULL },
		{ "1e99999999999999999999", NULL },
		{ "-0", "-0" },
		{ "-0.0", "-0" },
	};

	struct arena *arena = arena_new();
	for (size_t i = 0; i < countof(rows); i++) {
		const struct number *number = number_parse(arena, text_of(rows[i].text));
		if (!number != !rows[i].number)
			fail_msg("\"%s\" is %s", rows[i].text, number ? "taken" : "refused");
		if (number)
			check_text(number_format(arena, number), rows[i].number);
	}
	arena_free(arena);
}

TEST(integers_that_fit_come_out_as_such)
{
	struct arena *arena = arena_new();
	int64_t out = 7;
	check(number_to_int64(number_parse(arena, TEXT("1e3")), &out));
	check_number(out, 1000);
	check(number_to_int64(number_parse(arena, TEXT("9223372036854775807")), &out));
	check(out == INT64_MAX);
	check(!number_to_int64(number_parse(arena, TEXT("9223372036854775808")), &out));
	check(!number_to_int64(number_parse(arena, TEXT("0.5")), &out));
	check(out == INT64_MAX);
	check(number_is_integer(number_parse(arena, TEXT("1e30"))));
	check(!number_is_integer(number_parse(arena, TEXT("1.5"))));
	check(number_is_negative(number_parse(arena, TEXT("-1e30"))));
	arena_free(arena);
}

TEST(comparing_crosses_the_border_of_64_bits)
{
	static const char *const sorted[] = { "-1e30", "-9223372036854775808", "-0.5", "0", "1e-9",
					      "0.5",   "9223372036854775807",  "1e30" };

	struct arena *arena = arena_new();
	for (size_t i = 0; i < countof(sorted); i++)
		for (size_t k = 0; k < countof(sorted); k++) {
			int order = number_compare(number_parse(arena, text_of(sorted[i])),
						   number_parse(arena, text_of(sorted[k])));
			check((order > 0) - (order < 0) == (i > k) - (i < k));
		}
	arena_free(arena);
}

TEST(zero_keeps_its_sign_and_equals_zero)
{
	struct arena *arena = arena_new();
	const struct number *zero = number_of_integer(arena, 0), *one = number_of_integer(arena, 1);
	const struct number *below = number_negate(arena, zero);
	int64_t out = 7;

	check_text(number_format(arena, below), "-0");
	check_text(number_format(arena, number_negate(arena, below)), "0");
	check_text(number_format(arena, number_add(arena, below, zero)), "0");
	check_text(number_format(arena, number_subtract(arena, zero, zero)), "0");
	check_text(number_format(arena, number_multiply(arena, zero, number_negate(arena, one))),
		   "-0");
	check_number(number_compare(below, zero), 0);
	check(number_is_zero(below) && !number_is_negative(below));
	check(number_to_int64(below, &out));
	check_number(out, 0);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_hcl_writes_is_a_number),
		cmocka_unit_test(integers_that_fit_come_out_as_such),
		cmocka_unit_test(comparing_crosses_the_border_of_64_bits),
		cmocka_unit_test(zero_keeps_its_sign_and_equals_zero),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
