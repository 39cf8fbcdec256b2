#include "check.h"

#include "base/arena.h"
#include "runtime/store/renumber.h"

#define ZONE(number, name) "{\"id\": " #number ", \"name\": \"" name "\"}"
#define NAMES(zones)	   "{\"zones\": [" ZONE(0, "self") zones "]}"

TEST(zones_are_renumbered_where_a_number_is_another_zones)
{
	static const struct row {
		const char *before, *after;
		bool want;
	} rows[] = {
		{ NAMES(""), NAMES(""), false },
		{ NAMES("," ZONE(1, "wan")), NAMES("," ZONE(1, "wan")), false },
		{ NAMES("," ZONE(1, "wan")), NAMES("," ZONE(1, "wan") "," ZONE(2, "lan")), false },
		{ NAMES("," ZONE(1, "wan") "," ZONE(2, "lan")), NAMES("," ZONE(1, "wan")), false },
		{ NAMES("," ZONE(1, "wan")), NAMES("," ZONE(1, "lan") "," ZONE(2, "wan")), true },
		{ NAMES("," ZONE(1, "wan") "," ZONE(2, "lan")), NAMES("," ZONE(1, "lan")), true },
		{ NAMES("," ZONE(1, "wan")), "", false },
		{ "", NAMES("," ZONE(1, "wan")), true },
		{ "{", "{", true },
		{ "{\"zones\": 7}", NAMES(""), true },
	};
	for (size_t i = 0; i < countof(rows); i++)
		check(zones_are_renumbered(text_of(rows[i].before), text_of(rows[i].after)) ==
		      rows[i].want);
}

#define UPLINK(number, interface) "{\"id\": " #number ", \"interface\": \"" interface "\"}"
#define UPLINKS(list)		  "{\"uplinks\": [" list "]}"

TEST(uplinks_are_renumbered_by_their_interface)
{
	static const char before[] = UPLINKS(UPLINK(1, "eth0") "," UPLINK(2, "eth3"));
	static const struct row {
		const char *after, *want; /* NULL: none */
	} rows[] = {
		{ UPLINKS(UPLINK(1, "eth0") "," UPLINK(2, "eth3")), NULL },
		{ UPLINKS(UPLINK(2, "eth3") "," UPLINK(1, "eth0")), NULL },
		{ UPLINKS(UPLINK(1, "eth3") "," UPLINK(2, "eth0")), "eth0" },
		{ UPLINKS(UPLINK(1, "eth3")), "eth3" },
		{ UPLINKS(UPLINK(2, "eth3")), NULL },
		{ UPLINKS(""), NULL },
		{ "", NULL },
	};
	autoarena struct arena *arena = arena_new();

	for (size_t i = 0; i < countof(rows); i++) {
		struct renumbered_uplink uplink = { 0 };
		bool is_found = uplink_is_renumbered(arena, text_of(before), text_of(rows[i].after),
						     &uplink);
		check(is_found == (rows[i].want != NULL));
		if (is_found)
			check_text(uplink.interface, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_are_renumbered_where_a_number_is_another_zones),
		cmocka_unit_test(uplinks_are_renumbered_by_their_interface),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
