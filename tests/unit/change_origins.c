/* Where the lines of a ruleset came from, as a generation keeps it. */
#include "check.h"

#include "runtime/change/origins.h"

static const char config[] = "zone \"wan\" { interface = \"eth0\" }\n"
			     "zone \"lan\" { interface = \"eth1\" }\n"
			     "conntrack {\n"
			     "  helpers = { ftp = true }\n"
			     "}\n"
			     "ipset \"x\" {\n"
			     "  entries = [\n"
			     "    \"192.0.2.1\",\n"
			     "    \"192.0.2.5\", \"192.0.2.9\",\n"
			     "  ]\n"
			     "  action = \"drop\"\n"
			     "}\n"
			     "policy \"lan\" \"wan\" {\n"
			     "  rule \"web\" {\n"
			     "    proto = \"tcp\"\n"
			     "    dest_port = 80\n"
			     "    action = \"accept\"\n"
			     "  }\n"
			     "}\n";

/* The ruleset of the configuration, and where its lines came from. */
static struct text compile(struct arena *arena, struct flywall *flywall, struct origins *origins)
{
	autofree char *text = NULL;
	size_t size = 0;
	uint32_t lines = 0;
	FILE *out = open_memstream(&text, &size);

	flywall_add_text(flywall, "a.hcl", config, sizeof config - 1);
	check(flywall_compile(flywall));
	flywall_emit(flywall, FLYWALL_RULESET, out);
	fclose(out);
	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	origins_of(arena, flywall, lines, origins);
	return (struct text){ text_copy(arena, (struct text){ text, size }), size };
}

/* The number of the last line of the ruleset that has these words. */
static uint32_t line_with(struct text ruleset, const char *words)
{
	const char *found = NULL, *at = ruleset.s;
	uint32_t line = 1;

	while ((at = strstr(at, words)))
		found = at++;
	check(found != NULL);
	for (at = ruleset.s; at < found; at++)
		line += *at == '\n';
	return line;
}

static void check_origin(const struct origins *origins, uint32_t line, const char *name,
			 uint32_t source_line)
{
	uint32_t at;
	const struct origin_subject *subject = origin_find(origins, line, &at);

	check(subject != NULL);
	check_text(subject->name, name);
	check_text(subject->file, "a.hcl");
	check_number(at, source_line);
}

TEST(origins_name_blocks_and_lines)
{
	static const struct {
		const char *words, *subject;
		uint32_t line;
	} rows[] = {
		{ "tcp dport 80 ", "policy lan -> wan, rule \"web\"", 14 },
		{ "chain pair/lan/wan {", "policy lan -> wan", 13 },
		{ "192.0.2.1,", "ipset \"x\"", 6 },
		{ "192.0.2.9 }", "ipset \"x\"", 6 },
		{ "type \"ftp\" protocol tcp", "conntrack, helpers", 4 },
		{ "goto from_lan", "zone \"lan\"", 2 },
	};
	autoarena struct arena *arena = arena_new();
	autoflywall struct flywall *flywall = flywall_new();
	struct origins origins, again;
	uint32_t at;
	struct text ruleset = compile(arena, flywall, &origins);

	check(origins_read(arena, origins_write(arena, &origins), &again));
	for (size_t i = 0; i < countof(rows); i++) {
		uint32_t line = line_with(ruleset, rows[i].words);
		check_origin(&origins, line, rows[i].subject, rows[i].line);
		check_origin(&again, line, rows[i].subject, rows[i].line);
	}
	check(!origin_find(&again, 0, &at));
	check(!origin_find(&again, UINT32_MAX, &at));
	check(!origin_find(&again, line_with(ruleset, "iifname \"lo\" accept"), &at));
	check_number(again.subjects.n, origins.subjects.n);
	check_number(again.runs.n, origins.runs.n);
}

TEST(origins_that_are_none_are_refused)
{
	static const char *const texts[] = {
		"",
		"origins",
		"origins 2\n",
		"origins 1\n1\t1\t0\t1\t0\n",
		"origins 1\nsubject\t1\tfile\n",
		"origins 1\nsubject\t1\tfile\tname\n1\t1\t0\t1\n",
		"origins 1\nsubject\t1\tfile\tname\n1\t1\t0\t1\t0 and more\n",
		"origins 1\nsubject\t1\tfile\tname",
	};
	autoarena struct arena *arena = arena_new();
	struct origins origins;

	for (size_t i = 0; i < countof(texts); i++)
		check(!origins_read(arena, text_of(texts[i]), &origins));
	check(origins_read(arena, TEXT("origins 1\n"), &origins));
}

TEST(origins_have_no_line_feeds_in_names)
{
	const struct origins origins = {
		.subjects = { .at = &(struct origin_subject){ "zone \"a\tb\"", "c\nd", 7 },
			      .n = 1 },
		.runs = { .at = &(struct origin_run){ 3, 2, 1, 9, 0 }, .n = 1 },
	};
	autoarena struct arena *arena = arena_new();
	struct origins again;
	uint32_t at;

	check(origins_read(arena, origins_write(arena, &origins), &again));
	const struct origin_subject *subject = origin_find(&again, 4, &at);
	check_text(subject->name, "zone \"a?b\"");
	check_text(subject->file, "c?d");
	check_number(at, 10);
	check(!origin_find(&again, 5, &at));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(origins_name_blocks_and_lines),
		cmocka_unit_test(origins_that_are_none_are_refused),
		cmocka_unit_test(origins_have_no_line_feeds_in_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
