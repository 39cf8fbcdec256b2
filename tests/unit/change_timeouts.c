#include "check.h"

#include "runtime/scope.h"
#include "runtime/timeouts.h"

TEST(rulesets_that_are_empty_or_absent_have_no_timeouts)
{
	autoarena struct arena *arena = arena_new();
	struct timeout_objects objects = { 0 };

	check_number(timeouts_read(arena, (struct text){ NULL, 0 }, &objects), 0);
	check_number(timeouts_read(arena, TEXT(""), &objects), 0);
	check_number(timeouts_read(arena, TEXT("table inet flywall {\n}\n"), &objects), 0);
	check_number(objects.n, 0);
}

TEST(timeouts_that_end_too_early_are_refused)
{
	static const char line[] = "# add ct timeout inet flywall t_lan_icmp { protocol icmp; "
				   "l3proto inet; policy = { timeout : 5 }; }";
	autoarena struct arena *arena = arena_new();
	struct timeout_objects objects = { 0 };
	size_t opening = strlen("# add ct timeout ");

	for (size_t n = opening; n < strlen(line); n++)
		check_number(timeouts_read(arena, (struct text){ line, n }, &objects), 1);
	check_number(timeouts_read(arena, text_of(line), &objects), 0);
	check_number(objects.n, 1);
	check_text(objects.at[0].name, "t_lan_icmp");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rulesets_that_are_empty_or_absent_have_no_timeouts),
		cmocka_unit_test(timeouts_that_end_too_early_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
