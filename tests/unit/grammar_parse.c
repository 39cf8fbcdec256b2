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
		"\xef\xbb\xbf\ta = 1\n",
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
		{ "b \"x {\n  a = 1\n}\n", 1 },
		{ "b {\n  a = 1 }\nc = 2\n", 1 },
		{ "b { c { d = 1 } }\ne = 1\n", 1 },
		{ "b \"x\"\n  a = 1\n}\n", 1 },
		{ "a = {\n  x}y = 1\n  z = 2\n}\n", 1 },
		{ "a = [1:}2]\n", 1 },
		{ "a = ${x\nb = 1\n", 2 },
		{ "a = \"${x\nb = 1\n", 1 },
		{ "a = \"${#x}\"\n", 1 },
		{ "a =\n  1\nb = 2\n", 1 },
		{ "a = 1 +\n  2\nb = 2\n", 1 },
		{ "a = 1\n  + 2\nb = 2\n", 1 },
		{ "{ \"a\": { \"b\": 1 } }\n", 1 },
		{ "b (x) {\n  c = = 1\n}\n", 2 },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		uint32_t errors = errors_in(rows[i].text);
		if (errors != rows[i].errors)
			fail_msg("%u messages, not %u: %s", errors, rows[i].errors, rows[i].text);
	}
}

TEST(messages_say_what_is_meant)
{
	static const struct {
		const char *text;
		uint32_t line, column;
		enum diag_code code;
		const char *message;
	} rows[] = {
		/* clang-format off */
		{ "a == 1\n", 1, 3, D_SYNTAX, "an attribute is set with one =" },
		{ "b {\n  a : 1\n}\n", 2, 5, D_SYNTAX, "an attribute is set with =" },
		{ "a = \n", 1, 5, D_SYNTAX, "the value is missing" },
		{ "a = 1; b = 2\n", 1, 6, D_BAD_CHARACTER, "an attribute ends with its line" },
		{ "a = 'x'\n", 1, 5, D_BAD_CHARACTER, "strings stand between double quotes" },
		{ "a = \xe2\x80\x9cx\xe2\x80\x9d\n", 1, 5, D_BAD_CHARACTER, "strings stand between double quotes" },
		{ "a = 0x10\n", 1, 5, D_SYNTAX, "0x10 is not a number" },
		{ "a = 5m\n", 1, 5, D_SYNTAX, "5m is not a number" },
		{ "a = [10.0.0.0/8]\n", 1, 6, D_BAD_NUMBER, "10.0.0.0/8 is not a number" },
		{ "a = 2001:db8::/32\n", 1, 5, D_SYNTAX, "2001:db8::/32 needs quotes" },
		{ "a = 02:00:5e:10:00:01\n", 1, 5, D_SYNTAX, "02:00:5e:10:00:01 needs quotes" },
		{ "a = /etc/hosts\n", 1, 5, D_SYNTAX, "/etc/hosts needs quotes" },
		{ "zone \"x\"\n{\n}\n", 2, 1, D_SYNTAX, "a block's { stands on the line of its name" },
		{ "\"a\" = 1\n", 1, 1, D_SYNTAX, "the name of an attribute stands without quotes" },
		{ "include \"x\"\n", 1, 12, D_SYNTAX, "this is neither an attribute nor a block" },
		{ "b { a = 1, c = 2 }\n", 1, 10, D_SYNTAX, "a block on one line holds one attribute" },
		{ "a = [\n  1\n  2\n]\n", 3, 3, D_SYNTAX, "a comma is missing between two elements" },
		{ "a = { x = 1 y = 2 }\n", 1, 13, D_SYNTAX, "a comma is missing between two members" },
		{ "a = { x }\n", 1, 9, D_SYNTAX, "a member has a name and a value" },
		{ "a = [10000:]\n", 1, 12, D_SYNTAX, "the range has no end" },
		{ "a = x and y\n", 1, 7, D_SYNTAX, "and is no operator of HCL" },
		{ "a = x ? 1\n", 1, 10, D_SYNTAX, "the other result is missing" },
		{ "a = \"%{ if x }%{ else if y }%{ endif }\"\n", 1, 23, D_SYNTAX, "there is no else if" },
		{ "a = \"${X:-1}\"\n", 1, 9, D_SYNTAX, "sequences have no default values" },
		{ "a = <<\"E\"\nx\nE\n", 1, 5, D_BAD_HEREDOC, "a heredoc does not begin like this" },
		{ "a = <<E \nx\nE\n", 1, 5, D_BAD_HEREDOC, "a heredoc does not begin like this" },
		{ "a = <<E\nx\nE", 1, 5, D_UNCLOSED_HEREDOC, "this heredoc is never ended" },
		{ "a = f(1\nb = 2\n", 1, 6, D_UNCLOSED_BRACKET, "this ( is never closed" },
		{ "b {\n  a = 1\n}\n}\n", 4, 1, D_UNOPENED_BRACKET, "this } closes nothing" },
		{ "b \"x\"\n  a = 1\n}\n", 1, 6, D_SYNTAX, "a { is missing" },
		{ "b \"x\" {\n  a = 1 }\n", 2, 9, D_SYNTAX, "the } of this block stands on a line of its own" },
		{ "a = 1\nb = 2\na = 3\n", 3, 1, D_DUPLICATE_ATTRIBUTE, "\"a\" is set twice" },
		{ "a = [1 + ]\n", 1, 10, D_SYNTAX, "expected a value, found \"]\"" },
		/* clang-format on */
	};

	for (size_t i = 0; i < countof(rows); i++) {
		struct parsed p;
		parse_text(&p, rows[i].text);
		if (p.diags.errors != 1)
			fail_msg("%u messages: %s", p.diags.errors, rows[i].text);
		const struct diag *d = p.diags.all.at[0];
		struct place place = source_place(&p.sources, d->at.start);
		check_text(d->message, rows[i].message);
		check_number(d->code, rows[i].code);
		check_number(place.line, rows[i].line);
		check_number(place.column, rows[i].column);
		arena_free(p.arena);
	}
}

TEST(a_mistake_in_a_header_does_not_hide_the_block)
{
	struct parsed p;
	parse_text(&p, "b (x) {\n  c = = 1\n}\nd \"${x}\" {\n}\n");
	check_number(p.diags.errors, 3);
	arena_free(p.arena);
}

TEST(bodies_keep_their_own_items)
{
	struct parsed p;
	parse_text(&p, "a = 1\nb {\n  c = 2\n  d {\n    e = 3\n  }\n  f = 4\n}\ng = 5\nh {\n}\n");
	check_number(p.diags.errors, 0);
	check_number(p.body->attributes.n, 2);
	check_text(p.body->attributes.at[1].name, "g");
	check_number(p.body->blocks.n, 2);
	const struct body *b = p.body->blocks.at[0].body;
	check_number(b->attributes.n, 2);
	check_text(b->attributes.at[0].name, "c");
	check_text(b->attributes.at[1].name, "f");
	check_number(b->blocks.n, 1);
	check_text(b->blocks.at[0].body->attributes.at[0].name, "e");
	check_number(p.body->blocks.at[1].body->attributes.n, 0);
	arena_free(p.arena);

	/* The body of c is given up in the middle. */
	parse_text(&p, "a = 1\nb {\n  c { d = 2 e = 3 }\n  f = 4\n}\n");
	check_number(p.diags.errors, 1);
	check_number(p.body->attributes.n, 1);
	b = p.body->blocks.at[0].body;
	check_number(b->attributes.n, 1);
	check_text(b->attributes.at[0].name, "f");
	arena_free(p.arena);
}

TEST(an_attribute_set_twice_keeps_its_first_value)
{
	struct parsed p;
	parse_text(&p, "a = 1\nb = 2\na = 3\na = 4\n");
	check_number(p.diags.errors, 2);
	check_number(p.diags.all.at[0]->notes.at[0].at.start,
		     p.body->attributes.at[0].name_at.start);
	check_number(p.body->attributes.n, 2);
	check(text_is(source_text(&p.sources, p.body->attributes.at[0].value->at), "1"));
	check_text(p.body->attributes.at[1].name, "b");
	arena_free(p.arena);
}

static const void *value_of(const struct parsed *p)
{
	check_number(p->diags.errors, 0);
	return p->body->attributes.at[0].value;
}

TEST(templates_stand_in_parts)
{
	struct parsed p;
	parse_text(&p, "a = \"x${~ y }%{ if z ~}\\n%{ endif }\"\n");
	const struct expr_template *template = value_of(&p);
	check_number(template->expr.kind, EXPR_TEMPLATE);
	check_number(template->parts.n, 5);
	check(!template->is_heredoc);
	const struct template_part *part = template->parts.at;
	check_number(part[0].kind, PART_LITERAL);
	check_number(part[1].kind, PART_INTERPOLATION);
	check(part[1].strips_before && !part[1].strips_after);
	check_number(part[1].expr->kind, EXPR_NAME);
	check_number(part[2].kind, PART_IF);
	check(!part[2].strips_before && part[2].strips_after);
	check_number(part[4].kind, PART_ENDIF);
	arena_free(p.arena);

	parse_text(&p, "a = <<-E\n  x\n  ${y}\n  E\n");
	template = value_of(&p);
	check(template->is_heredoc && template->is_flush);
	check_number(template->parts.n, 4);
	arena_free(p.arena);
}

TEST(paths_stand_in_steps)
{
	static const enum step_kind kinds[] = { STEP_ATTRIBUTE, STEP_LEGACY_INDEX, STEP_INDEX,
						STEP_FULL_SPLAT, STEP_ATTRIBUTE_SPLAT };
	struct parsed p;
	parse_text(&p, "a = x.y.0[1][*].*\n");
	const struct expr_path *path = value_of(&p);
	check_number(path->expr.kind, EXPR_PATH);
	check_number(path->steps.n, countof(kinds));
	for (size_t i = 0; i < countof(kinds); i++)
		check_number(path->steps.at[i].kind, kinds[i]);
	check(text_is(source_text(&p.sources, path->steps.at[0].at), ".y"));
	check(text_is(source_text(&p.sources, path->steps.at[2].at), "[1]"));
	check(text_is(source_text(&p.sources, path->expr.at), "x.y.0[1][*].*"));
	arena_free(p.arena);
}

TEST(for_expressions_hold_all_their_parts)
{
	struct parsed p;
	parse_text(&p, "a = {for k, v in m : k => v... if v}\n");
	const struct expr_for *node = value_of(&p);
	check_number(node->expr.kind, EXPR_FOR);
	check(node->groups && node->key && node->value && node->condition);
	check(text_is(source_text(&p.sources, node->intro.key_at), "k"));
	check(text_is(source_text(&p.sources, node->intro.value_at), "v"));
	check_number(node->intro.collection->kind, EXPR_NAME);
	arena_free(p.arena);
}

TEST(tuples_hold_ranges)
{
	struct parsed p;
	parse_text(&p, "a = [1, 10000:20000, x ? 1 : 2 : 3]\n");
	const struct expr_list *list = value_of(&p);
	check_number(list->items.n, 3);
	check_number(list->items.at[0]->kind, EXPR_NUMBER);
	check_number(list->items.at[1]->kind, EXPR_RANGE);
	check_number(list->items.at[2]->kind, EXPR_RANGE);
	check(text_is(source_text(&p.sources, list->items.at[1]->at), "10000:20000"));
	arena_free(p.arena);
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
	const struct expr_binary * or = (const void *)p.body->attributes.at[0].value;
	check_number(or->expr.op, OPERATOR_OR);
	const struct expr_binary *and = (const void *) or->left;
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
	} rows[] = { { "(", 100000 },	 { "[", 100000 },   { "-", 100000 },   { "1+", 100000 },
		     { "x?1:", 100000 }, { "\"${", 50000 }, { "b {\n", 10000 } };

	char *text = test_malloc(500000);
	for (size_t i = 0; i < countof(rows); i++) {
		strcpy(text, i + 1 < countof(rows) ? "a = " : "");
		repeat(text + strlen(text), rows[i].piece, rows[i].count);
		uint32_t errors = errors_in(text);
		if (errors != 1)
			fail_msg("%u messages for many %s", errors, rows[i].piece);
	}
	test_free(text);
}

/* None of these may take a time that grows with the square of the length. */
TEST(files_full_of_mistakes_are_read_to_their_end)
{
	static const struct {
		const char *start, *piece;
	} rows[] = {
		{ "a = ", "}" },      { "a = <<E\n", "%" }, { "a = [", "} ]" },
		{ "b {\n", "} }{" },  { "", "\n" },	    { "", "a = <<E x\n" },
		{ "a = [", "1 1, " }, { "a = ", "{ ] } " }, { "", "a\n{\n" },
	};

	enum { PIECES = 100000 };
	char *text = test_malloc(16 * PIECES);
	for (size_t i = 0; i < countof(rows); i++) {
		strcpy(text, rows[i].start);
		repeat(text + strlen(text), rows[i].piece, PIECES);
		strcat(text, "{\n");
		check(errors_in(text) > 0);
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
		{ "\xff\xfe"
		  "a\0",
		  4 },
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
	static const char text[] =
		"zone \"a\" {\n  x = \"${f([1, {a = 2}])} \\n\" # c\n  y = <<-E\n"
		"  %{ if a ~}t%{ endif }\n  E\n  z = [for a in b : a]\n}\n";
	for (size_t n = 0; n < sizeof text; n++) {
		struct parsed p;
		parse_bytes(&p, text, n);
		arena_free(p.arena);
	}
}

TEST(a_whole_file_can_be_a_template)
{
	static const struct {
		const char *text;
		uint32_t parts, errors;
	} rows[] = {
		{ "", 0, 0 },
		{ "text", 1, 0 },
		{ "a\nb\n", 2, 0 },
		{ "${x}", 1, 0 },
		{ "a ${x} \"b\"\n%{ if y }z\n%{ endif }", 6, 0 },
		{ "<<E\n{ [ }\nE\n", 3, 0 },
		{ "$${x} %%{y}", 4, 0 },
		{ "${x", 0, 1 },
		{ "%{ if x }", 0, 1 },
		{ "${)}", 0, 1 },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		struct parsed p = { .arena = arena_new() };
		size_t n = strlen(rows[i].text);
		sources_init(&p.sources, p.arena);
		diags_init(&p.diags, p.arena);
		char *text = arena_alloc(p.arena, n + 2);
		memcpy(text, rows[i].text, n);
		struct source *source = source_add(&p.sources, "test", text, (uint32_t)n);
		const struct expr *expr =
			parse_template(p.arena, names_new(p.arena), &p.diags, source);
		if (p.diags.errors != rows[i].errors)
			fail_msg("%s: %u errors", rows[i].text, p.diags.errors);
		check(!expr == (rows[i].errors > 0));
		if (expr) {
			check_number(expr->kind, EXPR_TEMPLATE);
			check_number(((const struct expr_template *)expr)->parts.n, rows[i].parts);
		}
		arena_free(p.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(correct_files_have_no_message),
		cmocka_unit_test(each_mistake_has_one_message),
		cmocka_unit_test(messages_say_what_is_meant),
		cmocka_unit_test(a_mistake_in_a_header_does_not_hide_the_block),
		cmocka_unit_test(bodies_keep_their_own_items),
		cmocka_unit_test(an_attribute_set_twice_keeps_its_first_value),
		cmocka_unit_test(templates_stand_in_parts),
		cmocka_unit_test(paths_stand_in_steps),
		cmocka_unit_test(for_expressions_hold_all_their_parts),
		cmocka_unit_test(tuples_hold_ranges),
		cmocka_unit_test(the_tree_holds_what_the_text_says),
		cmocka_unit_test(precedence_is_that_of_hcl),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(files_full_of_mistakes_are_read_to_their_end),
		cmocka_unit_test(bytes_that_are_not_text_are_reported_alone),
		cmocka_unit_test(any_cut_is_survived),
		cmocka_unit_test(a_whole_file_can_be_a_template),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
