#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/address.h"
#include "base/arena.h"

TEST(addresses_are_read_strictly)
{
	static const struct {
		const char *text;
		enum prefix_fault fault;
		const char *shown;
	} cases[] = {
		{ "10.0.0.1", PREFIX_OK, "10.0.0.1" },
		{ "10.0.0.0/8", PREFIX_OK, "10.0.0.0/8" },
		{ "10.0.0.1/32", PREFIX_OK, "10.0.0.1" },
		{ "0.0.0.0/0", PREFIX_OK, "0.0.0.0/0" },
		{ "255.255.255.255", PREFIX_OK, "255.255.255.255" },
		{ "2001:DB8:0:0::1", PREFIX_OK, "2001:db8::1" },
		{ "2001:db8::/32", PREFIX_OK, "2001:db8::/32" },
		{ "::/0", PREFIX_OK, "::/0" },
		{ "::ffff:192.0.2.1", PREFIX_OK, "::ffff:192.0.2.1" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", PREFIX_OK,
		  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
		{ "10.0.0.1/8", PREFIX_HOST_BITS, "10.0.0.0/8" },
		{ "10.128.0.0/8", PREFIX_HOST_BITS, "10.0.0.0/8" },
		{ "192.0.2.129/25", PREFIX_HOST_BITS, "192.0.2.128/25" },
		{ "1.2.3.4/0", PREFIX_HOST_BITS, "0.0.0.0/0" },
		{ "2001:db8::1/127", PREFIX_HOST_BITS, "2001:db8::/127" },
		{ "10.0.0.0/33", PREFIX_BAD_LENGTH, NULL },
		{ "10.0.0.0/", PREFIX_BAD_LENGTH, NULL },
		{ "10.0.0.0/08", PREFIX_BAD_LENGTH, NULL },
		{ "10.0.0.0/-1", PREFIX_BAD_LENGTH, NULL },
		{ "10.0.0.0/8/8", PREFIX_BAD_LENGTH, NULL },
		{ "10.0.0.0/255.0.0.0", PREFIX_BAD_LENGTH, NULL },
		{ "::/129", PREFIX_BAD_LENGTH, NULL },
		{ "::/4294967296", PREFIX_BAD_LENGTH, NULL },
		{ "", PREFIX_NOT_AN_ADDRESS, NULL },
		{ "/8", PREFIX_NOT_AN_ADDRESS, NULL },
		{ "10", PREFIX_NOT_AN_ADDRESS, NULL },
		{ "10.0.0", PREFIX_NOT_AN_ADDRESS, NULL },
		{ "010.0.0.1", PREFIX_NOT_AN_ADDRESS, NULL },
		{ "10.0.0.256", PREFIX_NOT_AN_ADDRESS, NULL },
		{ "10.0.0.1 ", PREFIX_NOT_AN_ADDRESS, NULL },
		{ ":::", PREFIX_NOT_AN_ADDRESS, NULL },
		{ "fe80::1%eth0", PREFIX_NOT_AN_ADDRESS, NULL },
		{ "example.com", PREFIX_NOT_AN_ADDRESS, NULL },
		{ "00000000000000000000000000000000000000000000000000000000001::",
		  PREFIX_NOT_AN_ADDRESS, NULL },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct prefix prefix;
		char text[PREFIX_TEXT_MAX];
		check_number(prefix_parse(text_of(cases[i].text), &prefix), cases[i].fault);
		if (!cases[i].shown)
			continue;
		prefix_format(&prefix, text);
		check_text(text, cases[i].shown);
	}
}

TEST(a_nul_ends_no_address)
{
	struct prefix prefix;
	check_number(prefix_parse(TEXT("10.0.0.1\0x"), &prefix), PREFIX_NOT_AN_ADDRESS);
	check_number(prefix_parse((struct text){ NULL, 0 }, &prefix), PREFIX_NOT_AN_ADDRESS);
}

static struct prefix prefix(const char *text)
{
	struct prefix prefix;
	check_number(prefix_parse(text_of(text), &prefix), PREFIX_OK);
	return prefix;
}

TEST(a_prefix_contains_what_is_longer)
{
	static const struct {
		const char *outer, *inner;
		bool contains;
	} cases[] = {
		{ "10.0.0.0/8", "10.255.0.0/16", true },
		{ "10.0.0.0/8", "10.0.0.0/8", true },
		{ "10.0.0.0/16", "10.0.0.0/8", false },
		{ "10.0.0.0/8", "11.0.0.0/8", false },
		{ "0.0.0.0/0", "1.2.3.4", true },
		{ "192.0.2.0/25", "192.0.2.127", true },
		{ "192.0.2.0/25", "192.0.2.128", false },
		{ "0.0.0.0/0", "::1", false },
		{ "::/0", "2001:db8::", true },
		{ "2001:db8::/33", "2001:db8:8000::", false },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		struct prefix outer = prefix(cases[i].outer), inner = prefix(cases[i].inner);
		check_number(prefix_contains(&outer, &inner), cases[i].contains);
	}
}

static void check_merge(const char *const *from, size_t n, const char *const *to, size_t wanted)
{
	struct prefix prefixes[16];
	for (size_t i = 0; i < n; i++)
		prefixes[i] = prefix(from[i]);
	check_number(prefixes_merge(prefixes, n), wanted);
	for (size_t i = 0; i < wanted; i++) {
		char text[PREFIX_TEXT_MAX];
		prefix_format(&prefixes[i], text);
		check_text(text, to[i]);
	}
}

TEST(merging_leaves_no_overlap)
{
	static const char *const mixed[] = { "::1",	   "10.0.0.0/8", "9.0.0.0/8", "10.1.0.0/16",
					     "10.0.0.0/8", "::",	 "8.0.0.0/8" };
	static const char *const mixed_out[] = { "8.0.0.0/7", "10.0.0.0/8", "::/127" };
	static const char *const halves[] = { "192.0.2.3", "192.0.2.2", "192.0.2.1", "192.0.2.0" };
	static const char *const halves_out[] = { "192.0.2.0/30" };
	static const char *const apart[] = { "192.0.2.2", "192.0.2.1" };
	static const char *const apart_out[] = { "192.0.2.1", "192.0.2.2" };
	static const char *const all[] = { "128.0.0.0/1", "0.0.0.0/1", "1.2.3.4" };
	static const char *const all_out[] = { "0.0.0.0/0" };

	check_merge(mixed, countof(mixed), mixed_out, countof(mixed_out));
	check_merge(halves, countof(halves), halves_out, countof(halves_out));
	check_merge(apart, countof(apart), apart_out, countof(apart_out));
	check_merge(all, countof(all), all_out, countof(all_out));
	check_merge(NULL, 0, NULL, 0);
}

static uint32_t step(uint32_t *seed)
{
	*seed = *seed * UINT32_C(1664525) + UINT32_C(1013904223);
	return *seed >> 8;
}

static struct prefix random_prefix(uint32_t *seed)
{
	static const char *const stems[] = { "10.%u.%u.0/24", "10.%u.0.0/16", "192.0.%u.%u",
					     "2001:db8:%x:%x::/64", "2001:db8::%x:%x" };
	char text[PREFIX_TEXT_MAX];
	const char *stem = stems[step(seed) % countof(stems)];
	unsigned a = step(seed) % 16, b = step(seed) % 200;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
	snprintf(text, sizeof text, stem, a, b);
#pragma GCC diagnostic pop
	return prefix(text);
}

static bool is_in(const struct prefix *prefixes, size_t n, const struct prefix *wanted)
{
	for (size_t i = 0; i < n; i++)
		if (prefix_contains(&prefixes[i], wanted))
			return true;
	return false;
}

TEST(merging_many_keeps_every_address)
{
	enum { MANY = 3000 };
	struct prefix *before = calloc(MANY, sizeof *before), *after = calloc(MANY, sizeof *after);
	uint32_t seed = 1;
	for (int i = 0; i < MANY; i++)
		before[i] = after[i] = random_prefix(&seed);

	size_t n = prefixes_merge(after, MANY);
	check(n > 0 && n < MANY);
	for (size_t i = 1; i < n; i++) {
		check(prefix_compare(&after[i - 1], &after[i]) < 0);
		check(!prefix_contains(&after[i - 1], &after[i]));
	}
	for (int i = 0; i < MANY; i++)
		check(is_in(after, n, &before[i]));
	check_number(prefixes_merge(after, n), n);
	free(before);
	free(after);
}

TEST(ranges_are_taken_as_prefixes)
{
	static const struct {
		const char *range, *prefixes;
	} cases[] = {
		{ "10.0.0.1-10.0.0.1", "10.0.0.1 " },
		{ "10.0.0.0-10.0.0.255", "10.0.0.0/24 " },
		{ "10.0.0.1-10.0.0.6", "10.0.0.1 10.0.0.2/31 10.0.0.4/31 10.0.0.6 " },
		{ "10.0.0.255-10.0.1.0", "10.0.0.255 10.0.1.0 " },
		{ "0.0.0.0-255.255.255.255", "0.0.0.0/0 " },
		{ "255.255.255.254-255.255.255.255", "255.255.255.254/31 " },
		{ "2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::/32 " },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127 " },
	};
	for (size_t i = 0; i < countof(cases); i++) {
		struct range range;
		struct prefix prefix;
		char got[400] = "", text[PREFIX_TEXT_MAX];
		check(range_parse(text_of(cases[i].range), &range) == RANGE_OK);
		while (range_take(&range, &prefix)) {
			prefix_format(&prefix, text);
			strcat(strcat(got, text), " ");
		}
		check_text(got, cases[i].prefixes);
		check(!range_take(&range, &prefix));
	}
}

/* From the first address but one to the last but one: the most prefixes that a range can be. */
TEST(the_longest_range_ends)
{
	struct range range;
	struct prefix prefix;
	size_t n = 0;
	check(range_parse(TEXT("::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"), &range) == RANGE_OK);
	while (range_take(&range, &prefix))
		n++;
	check_number(n, 254);
}

TEST(what_is_no_range_is_refused)
{
	static const char *const bad[] = { "",
					   "-",
					   "10.0.0.1",
					   "10.0.0.1-",
					   "-10.0.0.1",
					   "10.0.0.1-::1",
					   "10.0.0.0/8-10.0.0.1",
					   "10.0.0.1-10.0.0.2-10.0.0.3" };
	struct range range;
	for (size_t i = 0; i < countof(bad); i++)
		check(range_parse(text_of(bad[i]), &range) == RANGE_NOT_ONE);
	check(range_parse(TEXT("10.0.0.2-10.0.0.1"), &range) == RANGE_REVERSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_read_strictly),
		cmocka_unit_test(a_nul_ends_no_address),
		cmocka_unit_test(a_prefix_contains_what_is_longer),
		cmocka_unit_test(ranges_are_taken_as_prefixes),
		cmocka_unit_test(the_longest_range_ends),
		cmocka_unit_test(what_is_no_range_is_refused),
		cmocka_unit_test(merging_leaves_no_overlap),
		cmocka_unit_test(merging_many_keeps_every_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
