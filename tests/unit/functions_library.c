/* The functions that configurations can call: rows, examples, results and refusals. */
#include "check.h"

#include <stdio.h>

#include "base/diag.h"
#include "base/source.h"
#include "grammar/parse.h"
#include "syntax/expr.h"
#include "syntax/tree.h"
#include "value/functions/json.h"
#include "value/functions/library.h"

struct run {
	struct arena *arena;
	struct sources sources;
	struct diags diags;
	struct scope scope;
};

/* Evaluates an expression; its JSON, or NULL where there is a message. */
static const char *evaluate_text(struct run *run, const char *expression)
{
	run->arena = arena_new();
	sources_init(&run->sources, run->arena);
	diags_init(&run->diags, run->arena);
	run->scope = (struct scope){ .arena = run->arena,
				     .diags = &run->diags,
				     .names = names_new(run->arena),
				     .sources = &run->sources,
				     .functions = &function_library };
	size_t n = strlen(expression) + 5;
	char *text = arena_alloc(run->arena, n + 2);
	snprintf(text, n + 1, "a = %s\n", expression);
	struct source *source = source_add(&run->sources, "test.hcl", text, (uint32_t)n);
	struct body *body = parse(run->arena, run->scope.names, &run->diags, source);
	if (run->diags.errors > 0)
		fail_msg("%s: %s", expression, run->diags.all.at[0]->message);
	struct value value = evaluate(&run->scope, body->attributes.at[0].value);
	if (run->diags.errors > 0)
		return NULL;
	struct text_maker json = { .arena = run->arena };
	json_write(&run->scope, &json, &value);
	maker_add(&json, (struct text){ "", 1 });
	return json.all.at;
}

static void check_same(const char *expression, const char *wanted)
{
	struct run left, right;
	const char *got = evaluate_text(&left, expression);
	const char *want = evaluate_text(&right, wanted);
	if (!got)
		fail_msg("%s: %s", expression, left.diags.all.at[0]->message);
	if (!want || strcmp(got, want) != 0)
		fail_msg("%s is %s, not %s", expression, got, wanted);
	arena_free(left.arena);
	arena_free(right.arena);
}

TEST(each_example_has_its_result)
{
	for (size_t i = 0; i < function_library.n; i++)
		for (size_t k = 0; k < function_library.families[i]->n; k++) {
			const struct function *row = &function_library.families[i]->rows[k];
			if (row->result)
				check_same(row->example, row->result);
		}
}

TEST(rows_are_sorted_and_documented)
{
	for (size_t i = 0; i < function_library.n; i++) {
		const struct function_family *family = function_library.families[i];
		for (size_t k = 0; k < family->n; k++) {
			const struct function *row = &family->rows[k];
			check(k == 0 || strcmp(family->rows[k - 1].name, row->name) < 0);
			check(function_find(&function_library, text_of(row->name)) == row);
			check(strlen(row->doc) > 10 && row->doc[strlen(row->doc) - 1] == '.');
			check(strstr(row->example, row->name) != NULL);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_example_has_its_result),
		cmocka_unit_test(rows_are_sorted_and_documented),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
