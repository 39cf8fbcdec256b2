#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "runtime/change/batch.h"
#include "runtime/scope.h"

#define TABLE(content) "table inet flywall {\n" content "}\n"
#define CHAIN(rules)   "\tchain a {\n" rules "\t}\n"
#define BASE(policy)                                                                               \
	"\tchain b {\n\t\ttype filter hook input priority filter; policy " policy ";\n\t}\n"
#define SET(elements) "\tset s {\n\t\ttype ipv4_addr\n" elements "\t}\n"
#define MAP	      "\tmap m {\n\t\ttype mark : verdict\n\t\telements = { 1 : goto a }\n\t}\n"
#define RANGES(RANGE)                                                                              \
	"\tmap r {\n\t\ttype inet_service : verdict\n\t\tflags interval\n"                         \
	"\t\telements = { " RANGE " }\n\t}\n"

/* A kernel that has just what the model says; rules have the handles 101, 102 ... */
static struct view view_of(struct arena *arena, const struct model *model)
{
	struct view view = { 0 };
	for (uint32_t i = 0; i < model->things.n; i++) {
		const struct model_thing *thing = &model->things.at[i];
		struct view_thing own = {
			.kind = thing->kind,
			.type = thing->type,
			.name = thing->name,
			.is_base = thing->kind == MODEL_CHAIN && thing->header.n > 0,
			.is_map = text_is(thing->word, "map"),
		};
		for (uint32_t k = 0; thing->kind == MODEL_CHAIN && k < thing->lines.n; k++)
			*push(arena, &own.rules) = 101 + k;
		view_add(arena, &view, &own);
	}
	return view;
}

typedef void writer(struct draft *draft, const struct difference *difference,
		    const struct view *live);

static void write_ahead(struct draft *draft, const struct difference *difference,
			const struct view *live)
{
	(void)live;
	batch_write_ahead(draft, difference);
}

/* What one of the writers makes of the way from one ruleset to another. */
static char *written_between(const char *before, const char *after, writer *write)
{
	struct arena *arena = arena_new();
	struct model former, wanted;
	struct difference difference;
	char *text = NULL;
	size_t size = 0;

	check(model_parse(arena, text_of(before), &former) == 0);
	check(model_parse(arena, text_of(after), &wanted) == 0);
	struct view view = view_of(arena, &former);
	struct standing standing = { .former = &former, .then = &view, .live = &view };
	difference_find(arena, &wanted, &standing, &difference);
	struct draft draft = { .arena = arena, .table = "flywall" };
	draft.out = open_memstream(&text, &size);
	if (!difference.is_empty)
		write(&draft, &difference, &view);
	fclose(draft.out);
	arena_free(arena);
	return text;
}

/* The transaction. */
static char *batch_between(const char *before, const char *after)
{
	return written_between(before, after, batch_write);
}

static void check_batch(const char *before, const char *after, const char *want)
{
	autofree char *got = batch_between(before, after);
	check_text(got, want);
}

TEST(equal_rulesets_need_nothing)
{
	check_batch("", "", "");
	check_batch(TABLE(CHAIN("\t\taccept\n")), TABLE(CHAIN("\t\taccept\n")), "");
}

TEST(rules_go_and_come_by_themselves)
{
	check_batch(TABLE(CHAIN("\t\tone\n\t\ttwo\n\t\tthree\n")),
		    TABLE(CHAIN("\t\tone\n\t\tmore\n\t\tthree\n\t\tlast\n")),
		    "insert rule inet flywall a handle 103 more\n"
		    "add rule inet flywall a last\n"
		    "delete rule inet flywall a handle 102\n");
}

TEST(a_rule_that_moves_is_made_anew)
{
	check_batch(TABLE(CHAIN("\t\tone\n\t\ttwo\n")), TABLE(CHAIN("\t\ttwo\n\t\tone\n")),
		    "add rule inet flywall a one\n"
		    "delete rule inet flywall a handle 101\n");
}

TEST(elements_go_and_come_by_themselves)
{
	check_batch(TABLE(SET("\t\telements = { 1,\n\t\t\t2,\n\t\t\t3 }\n")),
		    TABLE(SET("\t\telements = { 1,\n\t\t\t3,\n\t\t\t4 }\n")),
		    "delete element inet flywall s { 2 }\n" TABLE(SET("\t\telements = { 4, }\n")));
}

TEST(elements_in_another_order_are_the_same)
{
	check_batch(TABLE(SET("\t\telements = { 1,\n\t\t\t2,\n\t\t\t3,\n\t\t\t4 }\n")),
		    TABLE(SET("\t\telements = { 4,\n\t\t\t2,\n\t\t\t1,\n\t\t\t3 }\n")), "");
}

TEST(another_policy_is_declared)
{
	check_batch(TABLE(BASE("drop")), TABLE(BASE("accept")), TABLE(BASE("accept")));
}

TEST(a_hook_cannot_change_in_place)
{
	static const char other[] =
		TABLE("\tchain b {\n\t\ttype filter hook input priority raw; policy drop;\n\t}\n");
	autofree char *batch = batch_between(TABLE(BASE("drop")), other);
	check(strncmp(batch, "flush chain inet flywall b\ndelete chain inet flywall b\n", 54) == 0);
	check(strstr(batch, "priority raw"));
}

TEST(what_uses_a_thing_that_is_made_anew_is_written_anew)
{
	autofree char *batch = batch_between(TABLE("\tlimit l {\n\t\trate 1/second\n\t}\n" CHAIN(
						     "\t\taccept\n\t\tlimit name \"l\" drop\n")),
					     TABLE("\tlimit l {\n\t\trate 2/second\n\t}\n" CHAIN(
						     "\t\taccept\n\t\tlimit name \"l\" drop\n")));
	const char *flush = strstr(batch, "flush chain inet flywall a\n");
	const char *gone = strstr(batch, "delete limit inet flywall l\n");
	check(flush && gone && flush < gone && strstr(gone, "rate 2/second"));
	check(strstr(gone, "\t\tlimit name \"l\" drop\n"));
}

TEST(base_chains_go_before_what_comes_and_others_and_sets_after_it)
{
	check_batch(
		TABLE(BASE("drop") CHAIN("\t\tone\n") SET("")), TABLE(),
		"flush chain inet flywall b\ndelete chain inet flywall b\n" TABLE() "flush chain "
										    "inet flywall "
										    "a\ndelete set "
										    "inet flywall "
										    "s\n"
										    "delete chain "
										    "inet flywall "
										    "a\n");
}

TEST(where_a_map_goes_only_base_chains_go_with_the_transaction)
{
	check_batch(TABLE(MAP BASE("drop") CHAIN("\t\tone\n") SET("")), TABLE(),
		    "flush chain inet flywall b\ndelete chain inet flywall b\n" TABLE());
}

TEST(new_ranges_come_ahead_with_what_they_lead_to)
{
	static const char before[] = TABLE(BASE("drop"));
	static const char after[] = TABLE(RANGES("1-5 : goto a") BASE("drop") CHAIN("\t\tone\n"));
	autofree char *ahead = written_between(before, after, write_ahead);
	check_text(ahead, TABLE(CHAIN("") RANGES("1-5 : goto a,")));
	autofree char *batch = batch_between(before, after);
	check(strstr(batch, CHAIN("\t\tone\n")) && !strstr(batch, "map r"));
}

TEST(where_nothing_stands_nothing_comes_ahead)
{
	static const char after[] = TABLE(RANGES("1-5 : goto a") CHAIN("\t\tone\n"));
	autofree char *ahead = written_between("", after, write_ahead);
	check_text(ahead, "");
	autofree char *batch = batch_between("", after);
	check(strstr(batch, RANGES("1-5 : goto a,")));
}

TEST(sets_of_single_values_come_with_the_transaction)
{
	autofree char *ahead =
		written_between(TABLE(BASE("drop")), TABLE(SET("") BASE("drop")), write_ahead);
	check_text(ahead, "");
}

TEST(messages_are_about_the_wanted_text)
{
	struct arena *arena = arena_new();
	struct draft draft = { .arena = arena };

	*push(arena, &draft.lines) = (struct draft_line){ 0, 0 };
	*push(arena, &draft.lines) = (struct draft_line){ 77, 30 };
	check_text(draft_translate(&draft, "/proc/self/fd/5:2:40-45: Error: no\nadd x\n    ^\n"),
		   "/proc/self/fd/5:77:10-15: Error: no\nadd x\n    ^\n");
	check_text(draft_translate(&draft, "/proc/self/fd/5:9:4-5: Error: no\n"),
		   "/proc/self/fd/5:9:4-5: Error: no\n");
	check_text(draft_translate(&draft, "internal:0:0-0: Error: no\n"),
		   "internal:0:0-0: Error: no\n");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_rulesets_need_nothing),
		cmocka_unit_test(rules_go_and_come_by_themselves),
		cmocka_unit_test(a_rule_that_moves_is_made_anew),
		cmocka_unit_test(elements_go_and_come_by_themselves),
		cmocka_unit_test(elements_in_another_order_are_the_same),
		cmocka_unit_test(another_policy_is_declared),
		cmocka_unit_test(a_hook_cannot_change_in_place),
		cmocka_unit_test(what_uses_a_thing_that_is_made_anew_is_written_anew),
		cmocka_unit_test(base_chains_go_before_what_comes_and_others_and_sets_after_it),
		cmocka_unit_test(where_a_map_goes_only_base_chains_go_with_the_transaction),
		cmocka_unit_test(new_ranges_come_ahead_with_what_they_lead_to),
		cmocka_unit_test(where_nothing_stands_nothing_comes_ahead),
		cmocka_unit_test(sets_of_single_values_come_with_the_transaction),
		cmocka_unit_test(messages_are_about_the_wanted_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
