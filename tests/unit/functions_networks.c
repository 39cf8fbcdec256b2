/* Arithmetic on networks, with numbers of 128 bits. */
#include "check.h"

#include "value/functions/networks.h"

static void take(struct arena *arena, struct networks *out, const char *list)
{
	for (size_t n; *list; list += n + (list[n] == ' ')) {
		n = strcspn(list, " ");
		if (!networks_add(arena, out, (struct text){ list, n }))
			fail_msg("%.*s is refused", (int)n, list);
	}
	out->n = (uint32_t)prefixes_merge(out->at, out->n);
}

TEST(subtracting_leaves_the_fewest_networks)
{
	static const struct {
		const char *from, *without, *left;
	} rows[] = {
		{ "10.0.0.0/30", "10.0.0.1", "10.0.0.0/32 10.0.0.2/31" },
		{ "10.0.0.0/30", "", "10.0.0.0/30" },
		{ "", "10.0.0.0/8", "" },
		{ "10.0.0.0/8", "10.0.0.0/8", "" },
		{ "10.0.0.0/8", "0.0.0.0/0", "" },
		{ "10.0.0.0/8", "11.0.0.0/8 9.0.0.0/8", "10.0.0.0/8" },
		{ "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1" },
		{ "0.0.0.0/0", "255.255.255.255", NULL },
		{ "10.0.0.0/24 10.0.2.0/24", "10.0.0.0/23", "10.0.2.0/24" },
		{ "10.0.0.0/31", "10.0.0.0-10.0.0.5", "" },
		{ "10.0.0.0/24 10.0.1.0/24", "10.0.0.128-10.0.1.127", "10.0.0.0/25 10.0.1.128/25" },
		{ "::/0", "8000::/1", "::/1" },
		{ "::/0", "::/0", "" },
		{ "10.0.0.0/8 2001:db8::/32", "2001:db8::/33", "10.0.0.0/8 2001:db8:8000::/33" },
		{ "2001:db8::/32", "0.0.0.0/0", "2001:db8::/32" },
		{ "ffff::/16", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		struct arena *arena = arena_new();
		struct networks from = { 0 }, without = { 0 }, left = { 0 };
		take(arena, &from, rows[i].from);
		take(arena, &without, rows[i].without);
		networks_subtract(arena, &from, &without, &left);
		left.n = (uint32_t)prefixes_merge(left.at, left.n);
		char text[8192] = "";
		for (uint32_t k = 0; k < left.n; k++) {
			char one[PREFIX_TEXT_MAX];
			network_format(&left.at[k], one);
			strcat(strcat(text, k ? " " : ""), one);
		}
		if (rows[i].left)
			check_text(text, rows[i].left);
		else
			check(left.n == family_bits(from.at[0].family) - from.at[0].length);
		arena_free(arena);
	}
}

TEST(numbers_have_128_bits)
{
	struct arena *arena = arena_new();
	check_text(wide_format(arena, 0), "0");
	check_text(wide_format(arena, bits_mask(64)), "18446744073709551615");
	check_text(wide_format(arena, bits_mask(128)), "340282366920938463463374607431768211455");
	check(bits_mask(0) == 0 && wide_shift(1, 128) == 0);

	struct networks networks = { 0 };
	take(arena, &networks, "2001:db8::1");
	struct prefix back =
		network_of(FAMILY_IPV6, network_number(&networks.at[0]) + bits_mask(64), 128);
	char text[PREFIX_TEXT_MAX];
	network_format(&back, text);
	check_text(text, "2001:db8:0:1::/128");
	arena_free(arena);
}

TEST(what_is_no_network_is_refused)
{
	static const char *const texts[] = {
		"",	      "10.0.0.0/33",	   "10.0.0",	  "10.0.0.0/08",
		"::/129",     "10.0.0.9-10.0.0.1", "10.0.0.1-::", "010.0.0.1",
		"10.0.0.0/ 8"
	};

	struct arena *arena = arena_new();
	struct networks networks = { 0 };
	for (size_t i = 0; i < countof(texts); i++)
		check(!networks_add(arena, &networks, text_of(texts[i])));
	check_number(networks.n, 0);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(subtracting_leaves_the_fewest_networks),
		cmocka_unit_test(numbers_have_128_bits),
		cmocka_unit_test(what_is_no_network_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
