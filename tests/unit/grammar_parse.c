#include "grammar/parse.h"

#include "base/diag.h"
#include "base/source.h"
#include "check.h"
#include "syntax/expr.h"
#include "syntax/tree.h"

/* One parsed text. */
struct parsed {
	struct arena *arena;
	struct sources sources;
	struct diags diags;
	struct body *body;
};

static void parse_bytes(struct parsed *p, const char *bytes, size_t n)
{
	p->arena = arena_new();
	sources_init(&p->sources, p->arena);
	diags_init(&p->diags, p->arena);
	char *text = arena_alloc(p->arena, n + 2);
	if (n)
		memcpy(text, bytes, n);
	struct source *source = source_add(&p->sources, "test.hcl", text, (uint32_t)n);
	p->body = parse(p->arena, names_new(p->arena), &p->diags, source);
	check(p->body != NULL);
	/* The scanner works in place, and must leave the text as it was. */
	check(memcmp(text, bytes, n) == 0);
}

static void parse_text(struct parsed *p, const char *text)
{
	parse_bytes(p, text, strlen(text));
}

static uint32_t errors_in(const char *text)
{
	struct parsed p;
	parse_text(&p, text);
	uint32_t errors = p.diags.errors;
	arena_free(p.arena);
	return errors;
}

TEST(correct_files_have_no_message)
{
	static const char *const texts[] = {
		"",
		"# nothing\n",
		"a = 1",
		"a = 1\r\nb = 2\r\n",
		"\xef\xbb\xbf" "a = 1\n",
		"for = 1\n",
		"b {}\n",
		"b { a = 1 }\n",
		"b \"l\" m {\n  c {\n  }\n}\n",
		"a = [1, 2, 10000:20000]\n",
		"a = [\n  1,\n  2,\n]\n",
		"a = { x = 1, \"y\" : 2, (z) = 3 }\n",
		"a = {\n  x = 1\n  y = 2\n}\n",
		"a = (1\n  + 2)\n",
		"a = x ? y : z ? 1 : 2\n",
		"a = !x && -y < 3 || z == null\n",
		"a = f(x, [1]...)\n",
		"a = ns::f()\n",
		"a = x.y[0].*.z[*].w.0\n",
		"a = [for k, v in m : v if v > 1]\n",
		"a = {for k, v in m : k => v...}\n",
		"a = \"x ${y} %{ if z ~}t%{ else }e%{ endif } $${n}\"\n",
		"a = <<EOT\n text ${x}\n EOT\n",
		"a = <<-EOT\n  %{ for x in y ~}\n  ${x}\n  %{ endfor ~}\n  EOT\n",
		"a = \"\\u00e9\\U0001F600\\t\\\"\"\n",
		"a = 1 /* c\n c */ + 2 // d\n",
		"\xc3\xa9t\xc3\xa9-1 = true\n",
	};

	for (size_t i = 0; i < countof(texts); i++)
		if (errors_in(texts[i]) != 0)
			fail_msg("refused: %s", texts[i]);
}

TEST(each_mistake_has_one_message)
{
	static const struct {
		const char *text;
		uint32_t errors;
	} rows[] = {
		{ "a = \n", 1 },
		{ "a == 1\n", 1 },
		{ "a : 1\n", 1 },
		{ "a\n", 1 },
		{ "a = 1 b = 2\n", 1 },
		{ "\"a\" = 1\n", 1 },
		{ "a = 10.0.0.1\n", 1 },
		{ "a = 5m\n", 1 },
		{ "a = 'x'\n", 1 },
		{ "a = \"x\n", 1 },
		{ "a = \"\\q\"\n", 1 },
		{ "a = \"\\ud800\"\n", 1 },
		{ "a = <<EOT\nx\n", 1 },
		{ "/* never closed\n", 1 },
		{ "a = [1, 2\nb = 3\n", 1 },
		{ "b {\n  a = 1\n", 1 },
		{ "b {\n  a = 1\n}}\n", 1 },
		{ "b\n{\n}\n", 1 },
		{ "a = 1\na = 2\n", 1 },
		{ "b {\n  a = 1\n  a = 2\n  a = 3\n}\n", 2 },
		{ "b { a = 1\n}\n", 1 },
		{ "a = \"${x\"\n", 1 },
		{ "a = \"%{ if x }\"\n", 1 },
		{ "a = \"%{ endif }\"\n", 1 },
		{ "a = x.*.*\n", 1 },
		{ "a = x.0.1\n", 1 },
		{ "a = [for]\n", 1 },
		{ "a = \nb = 2\nc = ]\nd = 4\ne = )\n", 3 },
		{ "b \"${x}\" {\n}\n", 1 },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		uint32_t errors = errors_in(rows[i].text);
		if (errors != rows[i].errors)
			fail_msg("%u messages, not %u: %s", errors, rows[i].errors, rows[i].text);
	}
}

TEST(the_tree_holds_what_the_text_says)
{
	struct parsed p;
	parse_text(&p, "zone \"WAN\" {\n  interface = \"eth0\"\n  limits = { a = 1 }\n}\n");
	check_number(p.body->attributes.n, 0);
	check_number(p.body->blocks.n, 1);
	const struct block *zone = &p.body->blocks.at[0];
	check_text(zone->type, "zone");
	check_number(zone->labels.n, 1);
	check_text(zone->labels.at[0].text, "WAN");
	check_number(zone->body->attributes.n, 2);
	const struct attribute *interface = &zone->body->attributes.at[0];
	check_text(interface->name, "interface");
	check_number(interface->value->kind, EXPR_STRING);
	struct text text = source_text(&p.sources, interface->value->at);
	check(text_is(text, "\"eth0\""));
	check_number(source_place(&p.sources, interface->name_at.start).line, 2);
	check_number(source_place(&p.sources, interface->name_at.start).column, 3);
	check_number(zone->body->attributes.at[1].value->kind, EXPR_OBJECT);
	arena_free(p.arena);
}

TEST(precedence_is_that_of_hcl)
{
	struct parsed p;
	parse_text(&p, "a = 1 + 2 * 3 == 7 && !x || y\n");
	const struct expr_binary *or = (const void *)p.body->attributes.at[0].value;
	check_number(or->expr.op, OPERATOR_OR);
	const struct expr_binary *and = (const void *)or->left;
	check_number(and->expr.op, OPERATOR_AND);
	const struct expr_binary *equal = (const void *)and->left;
	check_number(equal->expr.op, OPERATOR_EQUAL);
	check_number(equal->left->op, OPERATOR_ADD);
	check_number(((const struct expr_binary *)(const void *)equal->left)->right->op,
		     OPERATOR_MULTIPLY);
	arena_free(p.arena);
}

static void repeat(char *out, const char *piece, size_t count)
{
	for (size_t i = 0; i < count; i++)
		memcpy(out + i * strlen(piece), piece, strlen(piece));
	out[count * strlen(piece)] = '\0';
}

TEST(depth_is_bounded)
{
	static const struct {
		const char *piece;
		size_t count;
	} rows[] = { { "(", 100000 }, { "[", 100000 }, { "-", 100000 }, { "1+", 100000 },
		     { "x?1:", 100000 }, { "\"${", 50000 }, { "b {\n", 10000 } };

	char *text = test_malloc(500000);
	for (size_t i = 0; i < countof(rows); i++) {
		strcpy(text, i + 1 < countof(rows) ? "a = " : "");
		repeat(text + strlen(text), rows[i].piece, rows[i].count);
		uint32_t errors = errors_in(text);
		if (errors == 0 || errors > 2)
			fail_msg("%u messages for many %s", errors, rows[i].piece);
	}
	test_free(text);
}

TEST(bytes_that_are_not_text_are_reported_alone)
{
	static const struct {
		const char *bytes;
		size_t n;
	} rows[] = {
		{ "a = \"x\0y\"\n", 10 },
		{ "a = \"\xff\"\n", 8 },
		{ "\xff\xfe" "a\0", 4 },
		{ "\xed\xa0\x80 = 1\n", 8 },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		struct parsed p;
		parse_bytes(&p, rows[i].bytes, rows[i].n);
		check_number(p.diags.errors, 1);
		arena_free(p.arena);
	}
}

TEST(any_cut_is_survived)
{
	static const char text[] = "zone \"a\" {\n  x = \"${f([1, {a = 2}])} \\n\" # c\n  y = <<-E\n"
				   "  %{ if a ~}t%{ endif }\n  E\n  z = [for a in b : a]\n}\n";
	for (size_t n = 0; n < sizeof text; n++) {
		struct parsed p;
		parse_bytes(&p, text, n);
		arena_free(p.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(correct_files_have_no_message),
		cmocka_unit_test(each_mistake_has_one_message),
		cmocka_unit_test(the_tree_holds_what_the_text_says),
		cmocka_unit_test(precedence_is_that_of_hcl),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(bytes_that_are_not_text_are_reported_alone),
		cmocka_unit_test(any_cut_is_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
