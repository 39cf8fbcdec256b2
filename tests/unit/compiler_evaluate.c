/* Evaluation, from the text of an expression to its value. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/source.h"
#include "grammar/parse.h"
#include "syntax/expr.h"
#include "syntax/tree.h"
#include "value/value.h"

/* One evaluated expression. */
struct run {
	struct arena *arena;
	struct sources sources;
	struct diags diags;
	struct scope scope;
	const struct expr *expr;
};

static void run_start(struct run *run, const char *expression)
{
	run->arena = arena_new();
	sources_init(&run->sources, run->arena);
	diags_init(&run->diags, run->arena);
	run->scope = (struct scope){ .arena = run->arena,
				     .diags = &run->diags,
				     .names = names_new(run->arena),
				     .sources = &run->sources };
	size_t n = strlen(expression) + 5;
	char *text = arena_alloc(run->arena, n + 2);
	snprintf(text, n + 1, "a = %s\n", expression);
	struct source *source = source_add(&run->sources, "test.hcl", text, (uint32_t)n);
	struct body *body = parse(run->arena, run->scope.names, &run->diags, source);
	if (run->diags.errors > 0)
		fail_msg("%s: %s", expression, run->diags.all.at[0]->message);
	run->expr = body->attributes.at[0].value;
}

static void show(struct run *run, FILE *out, const struct value *value)
{
	switch (value->kind) {
	case VALUE_POISON:
		fputs("poison", out);
		return;
	case VALUE_NULL:
		fputs("null", out);
		return;
	case VALUE_BOOL:
		fputs(value->truth ? "true" : "false", out);
		return;
	case VALUE_NUMBER:
		fputs(number_format(run->arena, value->number), out);
		return;
	case VALUE_STRING:
		check_number(value->string.s[value->string.n], '\0');
		fprintf(out, "'%.*s'", (int)value->string.n, value->string.s);
		return;
	case VALUE_OBJECT:
		for (uint32_t i = 0; i < value->count; i++) {
			fprintf(out, "%c%s=", i ? ',' : '{', value->members[i].name);
			show(run, out, &value->members[i].value);
		}
		fputs(value->count ? "}" : "{}", out);
		return;
	case VALUE_TUPLE:
	case VALUE_RANGE:
		for (uint32_t i = 0; i < value->count; i++) {
			fputc(i ? value->kind == VALUE_RANGE ? ':' : ',' : '[', out);
			show(run, out, &value->items[i]);
		}
		fputs(value->count ? "]" : "[]", out);
		return;
	}
}

static void check_value(const char *expression, const char *wanted)
{
	struct run run;
	char *got;
	size_t size;
	run_start(&run, expression);
	FILE *out = open_memstream(&got, &size);
	struct value value = evaluate(&run.scope, run.expr);
	show(&run, out, &value);
	fclose(out);
	if (run.diags.errors > 0 || strcmp(got, wanted) != 0)
		fail_msg("%s is %s, not %s", expression, got, wanted);
	free(got);
	arena_free(run.arena);
}

struct row {
	const char *expression, *value;
};

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_value(rows[i].expression, rows[i].value);
}

TEST(literals)
{
	static const struct row rows[] = {
		/* clang-format off */
		{ "null", "null" }, { "true", "true" }, { "false", "false" },
		{ "0", "0" }, { "00012", "12" }, { "1.50", "1.5" }, { "1e3", "1000" }, { "1E-3", "0.001" },
		{ "9223372036854775807", "9223372036854775807" },
		{ "9223372036854775808", "9223372036854775808" },
		{ "123456789012345678901234567890", "123456789012345678901234567890" },
		{ "0.1", "0.1" }, { "1e21", "1000000000000000000000" },
		{ "\"\"", "''" }, { "\"a\"", "'a'" }, { "\"\\n\\t\\\"\\\\\"", "'\n\t\"\\'" },
		{ "\"\\u00e9\\U0001F600\"", "'\xc3\xa9\xf0\x9f\x98\x80'" },
		{ "\"$${x}\"", "'${x}'" }, { "\"$$${x}\"", "'$${x}'" }, { "\"%%{x}\"", "'%{x}'" },
		{ "\"$\"", "'$'" }, { "\"$$\"", "'$$'" }, { "\"100%\"", "'100%'" }, { "\"$${\"", "'${'" },
		{ "[]", "[]" }, { "[1, \"a\", null]", "[1,'a',null]" }, { "[[1], []]", "[[1],[]]" },
		{ "(1)", "1" }, { "[10:20, 5]", "[[10:20],5]" }, { "[-1:1]", "[[-1:1]]" }, { "[5:5]", "[[5:5]]" },
		/* clang-format on */
	};

	check_rows(rows, countof(rows));
}

TEST(heredocs)
{
	static const struct row rows[] = {
		/* clang-format off */
		{ "<<E\na\nE", "'a\n'" }, { "<<E\nE", "''" }, { "<<E\n  a\n  E", "'  a\n'" },
		{ "<<E\na\\n\"b\"\nE", "'a\\n\"b\"\n'" }, { "<<E\n$${x}\nE", "'${x}\n'" },
		{ "<<-E\n  a\n    b\n  E", "'a\n  b\n'" }, { "<<-E\n\ta\n\t\tb\nE", "'a\n\tb\n'" },
		{ "<<-E\n  a\n\n  b\n E", "'a\n\nb\n'" }, { "<<-E\n    a\n   \n  b\nE", "'  a\n   \nb\n'" },
		{ "<<-E\na\n  b\nE", "'a\n  b\n'" }, { "<<-E\n  $${a}\n   b\n  E", "'${a}\n b\n'" },
		{ "<<-E\n \xc2\xa0" "a\n  b\n E", "'a\nb\n'" },
		/* clang-format on */
	};

	check_rows(rows, countof(rows));
}

TEST(operators)
{
	static const struct row rows[] = {
		/* clang-format off */
		{ "1 + 2 * 3", "7" }, { "(1 + 2) * 3", "9" }, { "8 / 4 / 2", "1" }, { "1 - 2 - 3", "-4" },
		{ "7 % 3", "1" }, { "-7 % 3", "-1" }, { "7 % -3", "1" }, { "7.5 % 2", "1.5" },
		{ "0.1 + 0.2", "0.3" }, { "0.1 + 0.2 == 0.3", "true" }, { "1 / 4", "0.25" },
		{ "9223372036854775807 + 1", "9223372036854775808" },
		{ "-9223372036854775807 - 2", "-9223372036854775809" },
		{ "99999999999 * 99999999999", "9999999999800000000001" },
		{ "\"5\" + 3", "8" }, { "-\"5\"", "-5" }, { "-0", "-0" },
		{ "(true ? [1] : [1, 2]) == [1]", "false" },
		{ "(true ? [] : [1]) == (true ? [] : [\"a\"])", "false" },
		{ "false ? (true ? null : \"a\") : 1", "'1'" },
		{ "false ? [(true ? null : \"a\")] : [1, 2]", "['1','2']" },
		{ "1 < \"2\"", "true" },
		{ "1 == 1.0", "true" }, { "1 == \"1\"", "false" }, { "[1] == [1]", "true" }, { "[1] == [\"1\"]", "false" },
		{ "{a=1,b=2} == {b=2,a=1}", "true" }, { "{a=1} == {a=2}", "false" }, { "{a=1} == {b=1}", "false" },
		{ "null == null", "true" }, { "null == 1", "false" }, { "1 != 2", "true" },
		{ "true && false || true", "true" }, { "!true", "false" }, { "!\"true\"", "false" }, { "!\"1\"", "false" },
		{ "1 < 2 && 2 >= 2", "true" }, { "2 <= 1 || 1 > 2", "false" },
		/* clang-format on */
	};

	check_rows(rows, countof(rows));
}

/* The last digit but one shows whether it is 512 bits that are computed with. */
TEST(fractions_have_512_bits)
{
	check_value("1 / 3",
		    "0.3333333333333333333333333333333333333333333333333333333333333333333333"
		    "3333333333333333333333333333333333333333333333333333333333333333333333"
		    "333333333333335");
}

TEST(objects)
{
	static const struct row rows[] = {
		/* clang-format off */
		{ "{}", "{}" }, { "{a = 1, b : 2}", "{a=1,b=2}" }, { "{a = 1\nb = 2\n}", "{a=1,b=2}" },
		{ "{\"a b\" = 1}", "{a b=1}" }, { "{1 = 2}", "{1=2}" }, { "{(true) = 1}", "{true=1}" },
		{ "{null = 1, true = 2}", "{null=1,true=2}" }, { "{1 + 1 = \"two\"}", "{2='two'}" },
		{ "{a = 1, b = 2, a = 3}", "{a=3,b=2}" },
		/* clang-format on */
	};

	check_rows(rows, countof(rows));
}

TEST(both_results_of_a_conditional_have_one_type)
{
	static const struct row rows[] = {
		/* clang-format off */
		{ "true ? 1 : 2", "1" }, { "false ? 1 : 2", "2" }, { "\"true\" ? 1 : 2", "1" },
		{ "true ? 1 : \"x\"", "'1'" }, { "true ? true : \"x\"", "'true'" },
		{ "true ? null : 1", "null" }, { "true ? 1 : null", "1" },
		{ "true ? [1] : []", "[1]" }, { "true ? [1] : [\"a\"]", "['1']" },
		{ "true ? [1, true] : [\"a\"]", "['1','true']" }, { "true ? [[1]] : [[\"a\"]]", "[['1']]" },
		{ "true ? {x = 1} : {y = 2}", "{x=1}" }, { "true ? {x = 1} : {x = \"a\"}", "{x='1'}" },
		{ "true ? {x = 1, y = 2} : {z = \"a\"}", "{x='1',y='2'}" },
		{ "true ? {x = 1, y = 2} : {y = \"a\", x = 3}", "{x=1,y='2'}" },
		{ "true ? 1 : 1 / 0", "1" }, { "false ? nowhere : 2", "2" },
		{ "false ? 1 : true ? 2 : 3", "2" },
		/* clang-format on */
	};

	check_rows(rows, countof(rows));
}

TEST(paths)
{
	static const struct row rows[] = {
		/* clang-format off */
		{ "[5, 6][1]", "6" }, { "[5, 6][\"1\"]", "6" }, { "[5, 6][1.0]", "6" }, { "[5, 6].1", "6" },
		{ "{a = 5}.a", "5" }, { "{a = 5}[\"a\"]", "5" }, { "{\"0\" = 5}[0]", "5" }, { "{\"0\" = 5}.0", "5" },
		{ "[[1, 2], [3]][0][1]", "2" }, { "{a = {b = [7]}}.a.b[0]", "7" },
		{ "[{a = 1}, {a = 2}][*].a", "[1,2]" }, { "[{a = 1}, {a = 2}].*.a", "[1,2]" },
		{ "[{a = [1]}, {a = [2]}][*].a[0]", "[1,2]" }, { "[{a = [1]}, {a = [2]}].*.a[0]", "[1]" },
		{ "[{a = [{b = 1}, {b = 2}]}][*].a[*].b", "[[1,2]]" },
		{ "null[*]", "[]" }, { "5[*]", "[5]" }, { "{a = 1}[*].a", "[1]" }, { "[][*].a", "[]" },
		/* clang-format on */
	};

	check_rows(rows, countof(rows));
}

TEST(loops)
{
	static const struct row rows[] = {
		/* clang-format off */
		{ "[for a in [1, 2] : a * 2]", "[2,4]" }, { "[for i, a in [\"x\", \"y\"] : i]", "[0,1]" },
		{ "[for k, v in {b = 1, a = 2} : \"${k}${v}\"]", "['a2','b1']" },
		{ "[for a in [1, 2, 3] : a if a != 2]", "[1,3]" }, { "[for a in [] : a]", "[]" },
		{ "{for a in [\"x\", \"y\"] : a => \"${a}!\"}", "{x='x!',y='y!'}" },
		{ "{for i, a in [\"x\", \"y\", \"x\"] : a => i...}", "{x=[0,2],y=[1]}" },
		{ "[for a in [1, 2] : [for b in [10, 20] : a * b]]", "[[10,20],[20,40]]" },
		{ "[for a in [1] : [for a in [2] : a]]", "[[2]]" },
		{ "[for for in [1] : for if for == 1]", "[1]" },
		/* clang-format on */
	};

	check_rows(rows, countof(rows));
}

TEST(templates)
{
	static const struct row rows[] = {
		/* clang-format off */
		{ "\"a${1}b\"", "'a1b'" }, { "\"${1}\"", "1" }, { "\"${[1]}\"", "[1]" }, { "\"${true} \"", "'true '" },
		{ "\"${\"x\"}${\"y\"}\"", "'xy'" }, { "\"a ${~ 1 ~} b\"", "'a1b'" }, { "\"${~ 1 ~} \"", "'1'" },
		{ "\"$${1}%%{2}\"", "'${1}%{2}'" }, { "\"%{ if true }y%{ else }n%{ endif }\"", "'y'" },
		{ "\"%{ if false }y%{ endif }\"", "''" }, { "\"%{ for a in [1, 2] }<${a}>%{ endfor }\"", "'<1><2>'" },
		{ "\"%{ for k, v in {b = 1, a = 2} }${k}${v}%{ endfor }\"", "'a2b1'" },
		{ "\"%{ if true }%{ if false }a%{ else }b%{ endif }%{ endif }\"", "'b'" },
		{ "\"n${\"\\u0303\"}\"", "'\xc3\xb1'" }, { "\"\\n ${~ 1}\"", "'1'" },
		{ "<<E\n${1}\nE", "'1\n'" }, { "<<-E\n  a\n    b\n  E", "'a\n  b\n'" },
		{ "<<-E\n    ${1}\n  x\n  E", "'  1\nx\n'" },
		{ "<<E\n%{ for a in [1, 2] ~}\n${a}\n%{ endfor ~}\nE", "'1\n2\n'" },
		{ "<<E\nx\n\n  ${~ 1 ~}\n\n  y\nE", "'x\n\n1\n  y\n'" },
		/* clang-format on */
	};

	check_rows(rows, countof(rows));
}

TEST(each_mistake_has_one_message)
{
	static const struct {
		const char *expression;
		enum diag_code code;
	} rows[] = {
		/* clang-format off */
		{ "x", D_VARIABLE }, { "(x) + 2", D_VARIABLE }, { "-x", D_VARIABLE },
		{ "f(x)", D_CALL }, { "true(1)", D_CALL }, { "[1][1]", D_PATH }, { "x.y", D_VARIABLE },
		{ "[1][-1]", D_PATH }, { "[1][0.5]", D_PATH }, { "[1][null]", D_PATH }, { "[1][\"a\"]", D_PATH },
		{ "{a = 1}.b", D_PATH }, { "{a = 1}[\"b\"]", D_PATH }, { "[1].a", D_PATH }, { "null.a", D_PATH },
		{ "[{a = 1}, {b = 1}][*].a", D_PATH }, { "1[0]", D_PATH },
		{ "[for a in 1 : a]", D_FOR_EXPRESSION }, { "[for a in null : a]", D_FOR_EXPRESSION },
		{ "{for a in [1, 1] : a => a}", D_FOR_EXPRESSION }, { "[for a in [1] : b]", D_VARIABLE },
		{ "[for a in [1, 2] : a if null]", D_OPERAND }, { "{for a in [1] : null => a}", D_OBJECT_KEY },
		{ "\"a${null}b\"", D_SEQUENCE }, { "\"a${[1]}\"", D_SEQUENCE },
		{ "\"%{ if null }x%{ endif }\"", D_OPERAND }, { "\"%{ for a in 1 }x%{ endfor }\"", D_FOR_EXPRESSION },
		{ "{a.b = 1}", D_OBJECT_KEY },
		{ "1 / 0", D_DIVISION_BY_ZERO }, { "5 % 0", D_DIVISION_BY_ZERO }, { "1 / (1 - 1)", D_DIVISION_BY_ZERO },
		{ "\"a\" + 1", D_OPERAND }, { "1 + null", D_OPERAND }, { "null && true", D_OPERAND },
		{ "false && null", D_OPERAND }, { "!\"True\"", D_OPERAND }, { "!1", D_OPERAND }, { "-true", D_OPERAND },
		{ "[1] < [2]", D_OPERAND }, { "1 ? 2 : 3", D_OPERAND }, { "null ? 2 : 3", D_OPERAND },
		{ "true ? 1 : true", D_BRANCHES }, { "true ? 1 : [1]", D_BRANCHES }, { "true ? [1] : [true]", D_BRANCHES },
		{ "true ? {x = 1} : {x = [1]}", D_BRANCHES },
		{ "{(null) = 1}", D_OBJECT_KEY }, { "{([]) = 1}", D_OBJECT_KEY },
		{ "[2:1]", D_RANGE }, { "[1.5:2]", D_RANGE }, { "[\"a\":2]", D_RANGE }, { "[null:2]", D_RANGE },
		{ "1e99999", D_NUMBER_TOO_LARGE },
		/* clang-format on */
	};

	for (size_t i = 0; i < countof(rows); i++) {
		struct run run;
		run_start(&run, rows[i].expression);
		evaluate(&run.scope, run.expr);
		if (run.diags.errors == 0)
			fail_msg("%s is taken", rows[i].expression);
		check_number(run.diags.errors, 1);
		check_number(run.diags.all.at[0]->code, rows[i].code);
		arena_free(run.arena);
	}
}

TEST(members_keep_the_place_of_an_earlier_one)
{
	struct run run;
	run_start(&run, "{a = 1, b = 2, a = 3}");
	struct value value = evaluate(&run.scope, run.expr);
	check_number(value.count, 2);
	check_number(value.members[0].first_at.start, 6);
	check_number(value.members[0].name_at.start, 20);
	check(!span_is_set(value.members[1].first_at));
	arena_free(run.arena);
}

/* A text that is an object of so many members. */
static char *many_members(size_t n)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs("{", out);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "m%zu = %zu, ", i, i);
	fputs("}", out);
	fclose(out);
	return text;
}

TEST(large_objects_take_no_long_time)
{
	enum { MEMBERS = 20000 };
	struct run run;
	char *text = many_members(MEMBERS);
	run_start(&run, text);
	struct value value = evaluate(&run.scope, run.expr);
	check_number(value.count, MEMBERS);
	check_text(value.members[MEMBERS - 1].name, "m19999");
	arena_free(run.arena);
	free(text);
}

struct walk {
	uint32_t n;
	char texts[64];
};

static void take(void *context, const struct value *element)
{
	struct walk *walk = context;
	walk->n++;
	if (element->kind == VALUE_STRING) {
		check_number(element->string.s[element->string.n], '\0');
		strncat(walk->texts, element->string.s, 8);
	}
}

TEST(a_tuple_is_walked_element_by_element)
{
	struct run run;
	struct walk walk = { 0 };
	run_start(&run, "[\"a\", \"b\\n\", 1, [2], \"\"]");
	check(evaluate_elements(&run.scope, run.expr, take, &walk));
	check_number(walk.n, 5);
	check_text(walk.texts, "ab\n");
	arena_free(run.arena);

	run_start(&run, "([1])");
	walk.n = 0;
	check(!evaluate_elements(&run.scope, run.expr, take, &walk));
	check_number(walk.n, 0);
	arena_free(run.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(literals),
		cmocka_unit_test(heredocs),
		cmocka_unit_test(operators),
		cmocka_unit_test(fractions_have_512_bits),
		cmocka_unit_test(objects),
		cmocka_unit_test(both_results_of_a_conditional_have_one_type),
		cmocka_unit_test(paths),
		cmocka_unit_test(loops),
		cmocka_unit_test(templates),
		cmocka_unit_test(each_mistake_has_one_message),
		cmocka_unit_test(members_keep_the_place_of_an_earlier_one),
		cmocka_unit_test(large_objects_take_no_long_time),
		cmocka_unit_test(a_tuple_is_walked_element_by_element),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
