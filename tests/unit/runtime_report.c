#include "check.h"

#include <stdio.h>

#include "flywall/flywall.h"
#include "runtime/report.h"
#include "runtime/scope.h"

static char *report_of(const struct flywall_place *place, const char *message, bool colour)
{
	char *text = NULL;
	size_t size = 0;
	struct report report = { open_memstream(&text, &size), colour };
	report_message(&report, REPORT_ERROR, place, "%s", message);
	fclose(report.out);
	return text;
}

TEST(report_points_at_the_place)
{
	struct flywall_place place = { "a:b.hcl:14:3", "\tx = 1" };
	autofree char *text = report_of(&place, "it is wrong", false);

	check_text(text, "a:b.hcl:14:3: error: it is wrong\n   14 |  x = 1\n      |   ^\n");
}

TEST(report_counts_columns_not_bytes)
{
	struct flywall_place place = { "a.hcl:1:3", "\xc3\xa4\xe6\xbc\xa2x" };
	autofree char *text = report_of(&place, "m", false);

	check_text(text, "a.hcl:1:3: error: m\n    1 | \xc3\xa4\xe6\xbc\xa2x\n      |    ^\n");
}

TEST(report_passes_no_commands_to_the_terminal)
{
	struct flywall_place place = { "\033[2J:1:1", "\033]0;x\a \xe2\x80\xae \xff" };
	autofree char *text = report_of(&place, "m\033[31m\n", true);

	check(!strstr(text, "\033[2J") && !strstr(text, "\033]0") && !strstr(text, "\a"));
	check(!strstr(text, "m\033[31m") && !strstr(text, "\xe2\x80\xae") && !strstr(text, "\xff"));
}

TEST(report_without_a_place_has_one_line)
{
	struct flywall_place nowhere = { 0 };
	autofree char *none = report_of(NULL, "m", false), *empty = report_of(&nowhere, "m", false);

	check_text(none, "error: m\n");
	check_text(empty, "error: m\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(report_points_at_the_place),
		cmocka_unit_test(report_counts_columns_not_bytes),
		cmocka_unit_test(report_passes_no_commands_to_the_terminal),
		cmocka_unit_test(report_without_a_place_has_one_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
