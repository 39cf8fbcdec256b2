#include "check.h"

#include "runtime/refusal.h"
#include "runtime/scope.h"

TEST(refusals_have_places_and_words)
{
	autoarena struct arena *arena = arena_new();
	struct refusals refusals = { 0 };

	refusals_parse(arena,
		       "/proc/self/fd/4:8:12-14: Error: Could not process rule: No such file or "
		       "directory\n"
		       "\tct helper h_x {\n"
		       "\t          ^^^\n"
		       "/a:b/c:120:1-3: Error: conflicting intervals specified\n"
		       "netlink: Error: cache initialization failed: Operation not permitted\n",
		       &refusals);
	check_number(refusals.n, 3);
	check_number(refusals.at[0].line, 8);
	check_number(refusals.at[0].column, 12);
	check_number(refusals.at[0].end, 14);
	check_text(refusals.at[0].words, "Could not process rule: No such file or directory");
	check_number(refusals.at[1].line, 120);
	check_text(refusals.at[1].words, "conflicting intervals specified");
	check_number(refusals.at[2].line, 0);
}

TEST(refusals_take_nothing_from_what_is_quoted)
{
	autoarena struct arena *arena = arena_new();
	struct refusals refusals = { 0 };

	refusals_parse(arena,
		       "/x:2:1-3: Error: syntax error\n"
		       "\taccept comment \"/x:9:1-3: Error: no\"\n"
		       "table /x:9:1-3: Error: no\n",
		       &refusals);
	check_number(refusals.n, 1);
	check_number(refusals.at[0].line, 2);
}

TEST(refusals_of_nothing_are_none)
{
	static const char *const empty[] = { "", "\n\n", "Error",
					     ": Error: ", "flywall-apply: no" };

	for (size_t i = 0; i < countof(empty); i++) {
		autoarena struct arena *arena = arena_new();
		struct refusals refusals = { 0 };
		refusals_parse(arena, empty[i], &refusals);
		for (uint32_t j = 0; j < refusals.n; j++)
			check_number(refusals.at[j].line, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_have_places_and_words),
		cmocka_unit_test(refusals_take_nothing_from_what_is_quoted),
		cmocka_unit_test(refusals_of_nothing_are_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
