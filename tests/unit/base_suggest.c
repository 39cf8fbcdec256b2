#include "check.h"

#include "base/arena.h"
#include "base/suggest.h"

static const char *const names[] = { "accept",		"drop", "ftp", "hash_size", "reject", "tcp",
				     "tcp_established", "tftp", "udp", "WAN" };

TEST(suggest_offers_only_what_is_near)
{
	static const struct {
		const char *typed, *near;
	} cases[] = {
		{ "acept", "accept" },
		{ "rejcet", "reject" },
		{ "ACCEPT", "accept" },
		{ "wan", "WAN" },
		{ "tpc", "tcp" },
		{ "hashsize", "hash_size" },
		{ "hash-size", "hash_size" },
		{ "tcp_establised", "tcp_established" },
		{ "tcp_extablishd", "tcp_established" },
		{ "masquerade", NULL },
		{ "xyz", NULL },
		{ "d", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < countof(cases); i++) {
		const char *near = suggest(cases[i].typed, names, countof(names));
		if (cases[i].near)
			check_text(near, cases[i].near);
		else
			check(!near);
	}
	check(!suggest("tcp", names, 0));
}

TEST(ties_go_to_the_earlier_name)
{
	static const char *const alike[] = { "eth1", "eth2" };
	check_text(suggest("eth3", alike, countof(alike)), "eth1");
}

TEST(a_text_of_any_length_is_no_danger)
{
	static char typed[1 << 20];
	memset(typed, 'x', sizeof typed - 1);
	check(!suggest(typed, names, countof(names)));
	typed[64] = '\0';
	check(!suggest(typed, names, countof(names)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(suggest_offers_only_what_is_near),
		cmocka_unit_test(ties_go_to_the_earlier_name),
		cmocka_unit_test(a_text_of_any_length_is_no_danger),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
