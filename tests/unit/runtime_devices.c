#include "check.h"

#include "runtime/devices.h"

static bool is_eth(const char *name)
{
	return strncmp(name, "eth", 3) == 0;
}

static bool is_none(const char *name)
{
	(void)name;
	return false;
}

#define TABLE(devices)                                                                             \
	"table inet flywall {\n"                                                                   \
	"\tflowtable flow_bulk {\n"                                                                \
	"\t\thook ingress priority filter;\n" devices "\t}\n"                                      \
	"}\n"

static const char both[] = TABLE("\t\tdevices = { \"eth0\", \"ppp0\" };\n");

TEST(devices_that_are_not_there_are_left_out)
{
	struct arena *arena = arena_new();
	struct absent_devices absent = { 0 };
	struct text text = devices_drop(arena, text_of(both), is_eth, &absent);
	check_text(text.s, TABLE("\t\tdevices = { \"eth0\" };\n"));
	check_number(absent.n, 1);
	check_text(absent.at[0].name, "ppp0");
	check_number(absent.at[0].line, 4);
	arena_free(arena);
}

TEST(devices_none_of_which_is_there_leave_their_line_empty)
{
	struct arena *arena = arena_new();
	struct absent_devices absent = { 0 };
	struct text text = devices_drop(arena, text_of(both), is_none, &absent);
	check_text(text.s, TABLE("\n"));
	check_number(absent.n, 2);
	arena_free(arena);
}

TEST(devices_that_are_all_there_change_nothing)
{
	static const char *const rulesets[] = { TABLE("\t\tdevices = { \"eth0\" };\n"), TABLE(""),
						"", "\t\tdevices = { \"eth0" };
	struct arena *arena = arena_new();
	for (size_t i = 0; i < countof(rulesets); i++) {
		struct absent_devices absent = { 0 };
		struct text text = devices_drop(arena, text_of(rulesets[i]), is_eth, &absent);
		check(text.s == rulesets[i]);
		check_number(absent.n, 0);
	}
	arena_free(arena);
}

TEST(devices_of_this_machine_are_known)
{
	check(device_is_there("lo"));
	check(!device_is_there("flywall-none"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices_that_are_not_there_are_left_out),
		cmocka_unit_test(devices_none_of_which_is_there_leave_their_line_empty),
		cmocka_unit_test(devices_that_are_all_there_change_nothing),
		cmocka_unit_test(devices_of_this_machine_are_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
