#include "base/utf8.h"

#include "check.h"

TEST(decoding_is_strict)
{
	static const struct {
		const char *bytes;
		int length;
		uint32_t code_point;
	} rows[] = {
		{ "a", 1, 'a' },
		{ "\xc3\xa9", 2, 0xe9 },
		{ "\xe2\x82\xac", 3, 0x20ac },
		{ "\xf0\x9f\x98\x80", 4, 0x1f600 },
		{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
		{ "", 0, 0 },
		{ "\x80", -1, 0 },	       /* a continuation alone */
		{ "\xc3", -1, 0 },	       /* cut off */
		{ "\xc0\xaf", -1, 0 },	       /* overlong */
		{ "\xe0\x9f\xbf", -1, 0 },     /* overlong */
		{ "\xf0\x8f\xbf\xbf", -1, 0 }, /* overlong */
		{ "\xed\xa0\x80", -1, 0 },     /* a surrogate */
		{ "\xf4\x90\x80\x80", -1, 0 }, /* above the last */
		{ "\xff", -1, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t c = 0;
		check_number(code_point_decode(rows[i].bytes, strlen(rows[i].bytes), &c),
			     rows[i].length);
		check_number(c, rows[i].code_point);
	}
}

TEST(encoding_reads_back)
{
	static const uint32_t points[] = { 0,	  'a',	  0x7f,	   0x80,    0x7ff,
					   0x800, 0xffff, 0x10000, 0x10ffff };

	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		char bytes[4];
		uint32_t c;
		int length = code_point_encode(points[i], bytes);
		check_number(code_point_decode(bytes, (size_t)length, &c), length);
		check_number(c, points[i]);
	}
}

TEST(widths_are_those_of_a_terminal)
{
	check_number(code_point_width('a'), 1);
	check_number(code_point_width('\n'), 0);
	check_number(code_point_width(0x301), 0);   /* a combining accent */
	check_number(code_point_width(0x6f22), 2);  /* a Han character */
	check_number(code_point_width(0x1f600), 2); /* an emoji */
	check_number(code_point_width(0xe9), 1);
}

TEST(names_follow_uax_31)
{
	check(code_point_starts_name('a'));
	check(code_point_starts_name(0xe9));
	check(!code_point_starts_name('1'));
	check(!code_point_starts_name(0xd7)); /* the multiplication sign */
	check(code_point_continues_name('1'));
	check(code_point_continues_name(0x301));
	check(!code_point_continues_name('-'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decoding_is_strict),
		cmocka_unit_test(encoding_reads_back),
		cmocka_unit_test(widths_are_those_of_a_terminal),
		cmocka_unit_test(names_follow_uax_31),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
