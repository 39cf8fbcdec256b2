#include "check.h"

#include "base/arena.h"
#include "base/units.h"

TEST(durations_are_parts_in_order)
{
	static const struct {
		const char *text;
		enum unit_fault fault;
		uint64_t seconds;
	} cases[] = {
		{ "0", UNIT_OK, 0 },
		{ "90", UNIT_OK, 90 },
		{ "90s", UNIT_OK, 90 },
		{ "1h30m", UNIT_OK, 5400 },
		{ "5d", UNIT_OK, 432000 },
		{ "1d2h3m4s", UNIT_OK, 93784 },
		{ "18446744073709551615", UNIT_OK, UINT64_MAX },
		{ "18446744073709551615s", UNIT_OK, UINT64_MAX },
		{ "18446744073709551616", UNIT_OVERFLOW, 0 },
		{ "213503982334602d", UNIT_OVERFLOW, 0 },
		{ "1h18446744073709551615s", UNIT_OVERFLOW, 0 },
		{ "", UNIT_NOT_ONE, 0 },
		{ "h", UNIT_NOT_ONE, 0 },
		{ "1x", UNIT_NOT_ONE, 0 },
		{ "1h30", UNIT_NOT_ONE, 0 },
		{ "30m1h", UNIT_NOT_ONE, 0 },
		{ "1h1h", UNIT_NOT_ONE, 0 },
		{ "10ms", UNIT_NOT_ONE, 0 },
		{ "1.5h", UNIT_NOT_ONE, 0 },
		{ "-5s", UNIT_NOT_ONE, 0 },
		{ " 5s", UNIT_NOT_ONE, 0 },
		{ "5 s", UNIT_NOT_ONE, 0 },
		{ "5D", UNIT_NOT_ONE, 0 },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		uint64_t seconds = 0;
		check_number(duration_parse(text_of(cases[i].text), &seconds), cases[i].fault);
		check(seconds == cases[i].seconds);
	}
}

TEST(durations_are_written_short)
{
	static const struct {
		uint64_t seconds;
		const char *text;
	} cases[] = {
		{ 0, "0s" },
		{ 59, "59s" },
		{ 60, "1m" },
		{ 5400, "1h30m" },
		{ 86400, "1d" },
		{ 2147483, "24d20h31m23s" },
		{ UINT64_MAX, "213503982334601d7h15s" },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		char text[DURATION_TEXT_MAX];
		uint64_t again;
		duration_format(cases[i].seconds, text);
		check_text(text, cases[i].text);
		check_number(duration_parse(text_of(text), &again), UNIT_OK);
		check(again == cases[i].seconds);
	}
}

TEST(rates_have_a_unit_of_time)
{
	static const struct {
		const char *text;
		enum unit_fault fault;
		uint64_t count;
		uint32_t seconds;
		const char *unit;
	} cases[] = {
		{ "100/second", UNIT_OK, 100, 1, "second" },
		{ "100/s", UNIT_OK, 100, 1, "second" },
		{ "5/min", UNIT_OK, 5, 60, "minute" },
		{ "5/m", UNIT_OK, 5, 60, "minute" },
		{ "7/hour", UNIT_OK, 7, 3600, "hour" },
		{ "1/d", UNIT_OK, 1, 86400, "day" },
		{ "0/day", UNIT_OK, 0, 86400, "day" },
		{ "30", UNIT_OK, 30, 60, "minute" },
		{ "18446744073709551615/s", UNIT_OK, UINT64_MAX, 1, "second" },
		{ "18446744073709551616/s", UNIT_OVERFLOW, 9, 9, NULL },
		{ "", UNIT_NOT_ONE, 9, 9, NULL },
		{ "/s", UNIT_NOT_ONE, 9, 9, NULL },
		{ "5/", UNIT_NOT_ONE, 9, 9, NULL },
		{ "5/week", UNIT_NOT_ONE, 9, 9, NULL },
		{ "5 /s", UNIT_NOT_ONE, 9, 9, NULL },
		{ "5s", UNIT_NOT_ONE, 9, 9, NULL },
		{ "-5/s", UNIT_NOT_ONE, 9, 9, NULL },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct rate rate = { 9, 9 };
		check_number(rate_parse(text_of(cases[i].text), 60, &rate), cases[i].fault);
		check(rate.count == cases[i].count);
		check_number(rate.seconds, cases[i].seconds);
		if (cases[i].unit)
			check_text(rate_unit_name(&rate), cases[i].unit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_are_parts_in_order),
		cmocka_unit_test(durations_are_written_short),
		cmocka_unit_test(rates_have_a_unit_of_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
