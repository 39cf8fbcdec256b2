#include "check.h"

#include <unistd.h>

#include "base/arena.h"
#include "base/diag.h"
#include "config/resolve.h"
#include "config/set_files.h"
#include "value/value.h"

struct lab {
	struct arena *arena;
	struct diags diags;
	struct sources sources;
	struct scope scope;
	struct written_ipset written;
	struct ipset set;
	struct set_reading reading;
};

static int lab_set_up(void **state)
{
	struct arena *arena = arena_new();
	struct lab *lab = arena_alloc(arena, sizeof *lab);
	lab->arena = arena;
	diags_init(&lab->diags, arena);
	sources_init(&lab->sources, arena);
	lab->scope = (struct scope){ .arena = arena,
				     .diags = &lab->diags,
				     .names = names_new(arena),
				     .sources = &lab->sources };
	lab->reading = (struct set_reading){ .scope = &lab->scope,
					     .written = &lab->written,
					     .set = &lab->set };
	*state = lab;
	return 0;
}

static int lab_tear_down(void **state)
{
	arena_free(((struct lab *)*state)->arena);
	return 0;
}

static struct set_file open_text(struct lab *lab, const char *content)
{
	size_t n = strlen(content);
	char *text = arena_alloc(lab->arena, n + 2);
	memcpy(text, content, n);
	return (struct set_file){
		.reading = &lab->reading,
		.source = source_add(&lab->sources, "list", text, (uint32_t)n),
	};
}

/* Each reads the content and claims that these are the prefixes, and that so many mistakes were
 * found. */
static void check_read(struct lab *lab, void (*read)(struct set_file *), const char *content,
		       const char *prefixes, uint32_t errors)
{
	struct set_file file = open_text(lab, content);
	char *got = arena_printf(lab->arena, "%s", "");
	lab->diags.errors = 0;
	lab->reading.prefixes.n = 0;
	read(&file);
	for (uint32_t i = 0; i < lab->reading.prefixes.n; i++) {
		char text[PREFIX_TEXT_MAX];
		prefix_format(&lab->reading.prefixes.at[i], text);
		got = arena_printf(lab->arena, "%s%s%s", got, i ? " " : "", text);
	}
	check_text(got, prefixes);
	check_number(lab->diags.errors, errors);
}

TEST(text_has_an_entry_a_line)
{
	struct lab *lab = *state;
	check_read(lab, set_read_text, "", "", 0);
	check_read(lab, set_read_text, "# none\n\n ; none\n", "", 0);
	check_read(lab, set_read_text, "192.0.2.1", "192.0.2.1", 0);
	check_read(lab, set_read_text,
		   "\xef\xbb\xbf"
		   "192.0.2.1\r\n\t2001:db8::/32 # x\n",
		   "192.0.2.1 2001:db8::/32", 0);
	check_read(lab, set_read_text, "192.0.2.1;x\nbad\n192.0.2.2-192.0.2.3\n",
		   "192.0.2.1 192.0.2.2/31", 1);
	check_read(lab, set_read_text, "192.0.2.1 192.0.2.2\n", "", 1);
}

TEST(a_file_of_rubbish_is_left_after_twenty_lines)
{
	struct lab *lab = *state;
	char rubbish[200] = "";
	for (int i = 0; i < 50; i++)
		strcat(rubbish, "x\n");
	check_read(lab, set_read_text, rubbish, "", 20);
}

TEST(csv_has_columns)
{
	struct lab *lab = *state;
	check_read(lab, set_read_csv, "192.0.2.1,a\n\"192.0.2.2\" , \"b\"\n", "192.0.2.1 192.0.2.2",
		   0);
	lab->written.column.value = "2";
	check_read(lab, set_read_csv, "a,192.0.2.1,x\r\n\"say \"\"b\"\",\nor c\",192.0.2.2\n",
		   "192.0.2.1 192.0.2.2", 0);
	check_read(lab, set_read_csv, "a\nb,192.0.2.2\n", "192.0.2.2", 1);
	check_read(lab, set_read_csv, "\"a,192.0.2.1\n", "", 1);
	lab->written.column.value = NULL;
	check_read(lab, set_read_csv, "\xef\xbb\xbf\"192.0.2.1\"", "192.0.2.1", 0);
	lab->written.column.value = "ip";
	check_read(lab, set_read_csv, "id,ip,note\n1,192.0.2.1,\n2,192.0.2.2,\n",
		   "192.0.2.1 192.0.2.2", 0);
	check_read(lab, set_read_csv, "id,ip\n1,192.0.2.1\n", "192.0.2.1", 0);
	check_read(lab, set_read_csv, "id,net\n1,192.0.2.1\n", "", 1);
	check_read(lab, set_read_csv, "", "", 1);
}

TEST(json_is_looked_through_by_names)
{
	struct lab *lab = *state;
	check_read(lab, set_read_json, "[\"192.0.2.1\", \"192.0.2.0\\/28\"]",
		   "192.0.2.1 192.0.2.0/28", 0);
	check_read(lab, set_read_json, "\xef\xbb\xbf\"192.0.2.1\"", "192.0.2.1", 0);
	check_read(lab, set_read_json, "{\"a\": []}", "", 1);
	lab->written.key.value = "a.b";
	check_read(lab, set_read_json,
		   "{\"x\": {\"b\": [\"no\"]}, \"a\": [{\"b\": \"192.0.2.1\"}, {\"c\": 1,"
		   " \"b\": [\"192.0.2.2\", [\"\\u0031.0.0.1\"]]}], \"b\": null}",
		   "192.0.2.1 192.0.2.2 1.0.0.1", 0);
	check_read(lab, set_read_json, "{\"a\": {\"b\": {}}}", "", 1);
	check_read(lab, set_read_json, "{\"a\": 1}", "", 1);
}

TEST(broken_json_is_refused)
{
	static const char *const broken[] = {
		"",	    "[",	 "[1,]",   "[1 2]", "{\"a\" 1}", "{a: 1}", "{\"a\": 1,}",
		"[\"x]",    "[\"\\x\"]", "[tru]",  "[] []", "]",	 "[}",	   "{]",
		"[\"\n\"]", "{\"a\"}",	 "{1: 2}",
	};
	struct lab *lab = *state;
	for (size_t i = 0; i < countof(broken); i++) {
		struct set_file file = open_text(lab, broken[i]);
		lab->diags.errors = 0;
		set_read_json(&file);
		check(lab->diags.errors > 0);
	}
}

TEST(deep_documents_are_refused)
{
	struct lab *lab = *state;
	char deep[101] = "";
	memset(deep, '[', 100);
	check_read(lab, set_read_json, deep, "", 1);
	check_read(lab, set_read_yaml, deep, "", 1);
}

TEST(yaml_is_looked_through_by_names)
{
	struct lab *lab = *state;
	check_read(lab, set_read_yaml, "- 192.0.2.1\n- '2001:db8::/32'\n",
		   "192.0.2.1 2001:db8::/32", 0);
	check_read(lab, set_read_yaml, "\xef\xbb\xbf- 192.0.2.1\n", "192.0.2.1", 0);
	check_read(lab, set_read_yaml, "- &a 192.0.2.1\n- *a\n", "192.0.2.1", 1);
	check_read(lab, set_read_yaml, "- 192.0.2.1\n---\n- 192.0.2.2\n", "192.0.2.1", 1);
	check_read(lab, set_read_yaml, "[192.0.2.1\n", "192.0.2.1", 1);
	lab->written.key.value = "lists.bad";
	check_read(lab, set_read_yaml,
		   "x: &x [1]\ny: *x\nlists:\n  good: [a]\n  bad: [192.0.2.1]\n", "192.0.2.1", 0);
}

/* libyaml counts characters, places are bytes. */
TEST(yaml_places_are_bytes)
{
	struct lab *lab = *state;
	struct set_file file = open_text(lab, "# \xc3\xa4\xe2\x82\xac\n- bad\n");
	set_read_yaml(&file);
	check_number(lab->diags.all.n, 1);
	struct text text = source_text(&lab->sources, lab->diags.all.at[0]->at);
	check_number(text.n, 3);
	check(memcmp(text.s, "bad", 3) == 0);
}

TEST(entries_are_of_the_sets_kind)
{
	struct lab *lab = *state;
	const struct span at = { 1, 2 };
	check(set_add_entry(&lab->reading, TEXT("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), at));
	check_number(lab->reading.prefixes.n, 1);
	check_number(lab->reading.prefixes.at[0].length, 0);
	lab->reading.family = FAMILY_IPV4;
	check(!set_add_entry(&lab->reading, TEXT("2001:db8::1"), at));
	lab->set.kind = SET_PORTS;
	check(set_add_entry(&lab->reading, TEXT("1-65535"), at));
	check(!set_add_entry(&lab->reading, TEXT("0"), at));
	lab->set.kind = SET_MACS;
	check(set_add_entry(&lab->reading, TEXT("02:00:5E:10:00:01"), at));
	check_text(lab->set.words.at[0], "02:00:5e:10:00:01");
	lab->set.kind = SET_INTERFACES;
	check(!set_add_entry(&lab->reading, TEXT("an-interface-with-a-long-name"), at));
}

TEST(sets_are_found_by_name)
{
	static const char *const names[] = { "m", "a", "z", "k" };
	struct lab *lab = *state;
	struct written written = { 0 };
	struct config config = { 0 };
	for (size_t i = 0; i < countof(names); i++) {
		struct written_ipset *set = push(lab->arena, &written.ipsets);
		set->name.value = names[i];
		set->type.value = "addresses";
		set->action.value = "none";
		set->apply_to.value = "both";
		set->dynamic.value = true;
		set->at = (struct span){ (uint32_t)i + 1, (uint32_t)i + 2 };
	}
	sets_resolve(&lab->scope, &written, &config);
	check_number(lab->diags.all.n, 0);
	for (size_t i = 0; i < countof(names); i++)
		check_text(config_set(&config, names[i])->name, names[i]);
	check(!config_set(&config, "b"));
	check_number(config_set(&config, "a")->size.value, SET_SIZE_DYNAMIC);
	check(config_set(&config, "a")->match_source);
	check(!config_set(&config, "a")->match_destination);
}

int main(void)
{
#define LAB_TEST(name) cmocka_unit_test_setup_teardown(name, lab_set_up, lab_tear_down)
	const struct CMUnitTest tests[] = {
		LAB_TEST(text_has_an_entry_a_line),
		LAB_TEST(a_file_of_rubbish_is_left_after_twenty_lines),
		LAB_TEST(csv_has_columns),
		LAB_TEST(json_is_looked_through_by_names),
		LAB_TEST(broken_json_is_refused),
		LAB_TEST(deep_documents_are_refused),
		LAB_TEST(yaml_is_looked_through_by_names),
		LAB_TEST(yaml_places_are_bytes),
		LAB_TEST(entries_are_of_the_sets_kind),
		LAB_TEST(sets_are_found_by_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
