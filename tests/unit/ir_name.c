#include "ir/name.h"

#include "base/arena.h"
#include "check.h"

TEST(words_become_identifiers_that_do_not_meet)
{
	struct arena *arena = arena_new();
	check_text(name_make(arena, "from", "wan"), "from_wan");
	check_text(name_make(arena, "from", "a.b-c_d"), "from_a.b-c_d");
	check_text(name_make(arena, "from", "a b"), "from_a-20b");
	check_text(name_make(arena, "from", "\"; drop"), "from_-22-3b-20drop");
	check_text(name_make(arena, "from", "\xc3\xa9"), "from_-c3-a9");
	check(name_is_valid(name_make(arena, "from", "\"; flush ruleset\n")));
	check_text(name_hashed(arena, "admit_wan", 0xabc), "admit_wan_00000abc");
	arena_free(arena);
}

TEST(identifiers_are_those_that_nft_takes)
{
	char longest[NAME_MAX_LENGTH + 2];

	memset(longest, 'a', sizeof longest);
	longest[NAME_MAX_LENGTH] = '\0';
	check(name_is_valid("a"));
	check(name_is_valid("zone_to"));
	check(name_is_valid(longest));
	longest[NAME_MAX_LENGTH] = 'a';
	longest[NAME_MAX_LENGTH + 1] = '\0';
	check(!name_is_valid(longest));
	check(!name_is_valid(""));
	check(!name_is_valid("1a"));
	check(!name_is_valid("a b"));
	check(!name_is_valid("a;b"));
	check(!name_is_valid("a\n"));
}

TEST(only_harmless_text_stands_in_quotes)
{
	check(string_is_safe("flywall invalid: ", 127));
	check(string_is_safe("", 0));
	check(!string_is_safe("ab", 1));
	check(!string_is_safe("a\"b", 127));
	check(!string_is_safe("a\\b", 127));
	check(!string_is_safe("a\nb", 127));
	check(!string_is_safe("\x7f", 127));
	check(!string_is_safe("\xc3\xa9", 127));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_become_identifiers_that_do_not_meet),
		cmocka_unit_test(identifiers_are_those_that_nft_takes),
		cmocka_unit_test(only_harmless_text_stands_in_quotes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
