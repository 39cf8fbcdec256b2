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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_are_renumbered_where_a_number_is_another_zones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
