#include "check.h"

#include "runtime/change/model.h"

static const char ruleset[] = "# Connection tracking and zones\n"
			      "table inet flywall {\n"
			      "\tchain fw_in {\n"
			      "\t\ttype filter hook input priority filter; policy drop;\n"
			      "\t}\n"
			      "\tchain old {\n"
			      "\t\ttype nat hook output priority -100; policy accept;\n"
			      "\t}\n"
			      "}\n"
			      "flush chain inet flywall fw_in\n"
			      "flush chain inet flywall old\n"
			      "delete chain inet flywall old\n"
			      "table inet flywall {\n"
			      "\tcounter dropped {\n"
			      "\t}\n"
			      "\n"
			      "\tset hosts {\n"
			      "\t\ttype ipv4_addr\n"
			      "\t\tflags interval\n"
			      "\t\telements = { 192.0.2.0/24,\n"
			      "\t\t\t198.51.100.7 }\n"
			      "\t}\n"
			      "\n"
			      "\tset guests {\n"
			      "\t\ttype ipv4_addr\n"
			      "\t\tflags dynamic,timeout\n"
			      "\t}\n"
			      "\n"
			      "\tchain fw_in {\n"
			      "\t\ttype filter hook input priority filter; policy drop;\n"
			      "\t\tip saddr @hosts accept\n"
			      "\t\tcounter name \"dropped\" drop\n"
			      "\t}\n"
			      "}\n";

static struct model_thing *find(const struct model *model, struct arena *arena,
				enum model_kind kind, const char *name)
{
	return model_find(model,
			  model_key(arena, kind, kind == MODEL_OBJECT ? 1 : 0, text_of(name)));
}

TEST(a_ruleset_is_taken_apart)
{
	struct arena *arena = arena_new();
	struct model model;

	check(model_parse(arena, TEXT(ruleset), &model) == 0);
	check(model.things.n == 4);
	const struct model_thing *chain = find(&model, arena, MODEL_CHAIN, "fw_in");
	check(chain && chain->lines.n == 2 && chain->line == 29);
	check(text_is(chain->lines.at[1].text, "counter name \"dropped\" drop"));
	check(chain->lines.at[1].line == 32);
	check(text_is(chain->header, "\t\ttype filter hook input priority filter; policy drop;\n"));
	check(find(&model, arena, MODEL_OBJECT, "dropped") != NULL);
	arena_free(arena);
}

TEST(elements_are_lines_of_their_own)
{
	struct arena *arena = arena_new();
	struct model model;

	check(model_parse(arena, TEXT(ruleset), &model) == 0);
	const struct model_thing *hosts = find(&model, arena, MODEL_SET, "hosts");
	check(hosts && hosts->is_interval && !hosts->is_dynamic && hosts->lines.n == 2);
	check(text_is(hosts->lines.at[0].text, "192.0.2.0/24"));
	check(text_is(hosts->lines.at[1].text, "198.51.100.7"));
	const struct model_thing *guests = find(&model, arena, MODEL_SET, "guests");
	check(guests && guests->is_dynamic && guests->lines.n == 0);
	arena_free(arena);
}

TEST(a_chain_that_is_deleted_is_none)
{
	struct arena *arena = arena_new();
	struct model model;

	check(model_parse(arena, TEXT(ruleset), &model) == 0);
	check(!find(&model, arena, MODEL_CHAIN, "old"));
	arena_free(arena);
}

TEST(what_flywall_does_not_write_is_told_by_its_line)
{
	static const struct {
		struct text text;
		uint32_t line;
	} rows[] = {
		{ TEXT(""), 0 },
		{ TEXT("table inet flywall {\n}\n"), 0 },
		{ TEXT("table inet flywall {\n"), 1 },
		{ TEXT("# fine\nadd rule inet flywall fw_in accept\n"), 2 },
		{ TEXT("table inet flywall {\n\tchain a {\n\t\taccept\n}\n"), 4 },
		{ TEXT("table inet flywall {\n\tset a {\n\t\telements = { 1,\n"), 3 },
		{ TEXT("table inet flywall {\n\tstrange a {\n\t}\n}\n"), 2 },
		{ TEXT("delete chain inet flywall nowhere\n"), 1 },
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < countof(rows); i++) {
		struct model model;
		check(model_parse(arena, rows[i].text, &model) == rows[i].line);
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ruleset_is_taken_apart),
		cmocka_unit_test(elements_are_lines_of_their_own),
		cmocka_unit_test(a_chain_that_is_deleted_is_none),
		cmocka_unit_test(what_flywall_does_not_write_is_told_by_its_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
