#include "check.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/source.h"
#include "config/written.h"
#include "grammar/parse.h"
#include "schema/schema.h"
#include "syntax/tree.h"
#include "value/value.h"

/* Tables that were looked at: several rows lead to some of them. */
struct visited {
	const struct table *tables[256];
	uint32_t n;
};

static bool visit(struct visited *visited, const struct table *table)
{
	for (uint32_t i = 0; i < visited->n; i++)
		if (visited->tables[i] == table)
			return false;
	check(visited->n < countof(visited->tables));
	visited->tables[visited->n++] = table;
	return true;
}

static const char *row_in_hcl(struct arena *arena, const struct row *row, const char *example)
{
	bool is_whole = row->kind == ROW_BLOCKS || strchr(example, '=') == example;
	if (row->kind == ROW_BLOCKS && !strchr(example, '='))
		return arena_printf(arena, "%s {\n}\n", example);
	if (is_whole)
		return arena_printf(arena, "%s\n", example);
	return arena_printf(arena, "%s = %s\n", row->name, example);
}

/* Decodes one row's text in the table that the row is of; the messages are shown where they are
 * errors. */
static void check_decodes(const struct table *table, const struct row *row, const char *example)
{
	struct arena *arena = arena_new();
	struct diags diags;
	struct sources sources;
	diags_init(&diags, arena);
	sources_init(&sources, arena);
	struct scope scope = {
		.arena = arena, .diags = &diags, .sources = &sources, .names = names_new(arena)
	};
	const char *hcl = row_in_hcl(arena, row, example);
	uint32_t size = (uint32_t)strlen(hcl);
	char *text = arena_alloc(arena, size + 2);
	memcpy(text, hcl, size);

	struct source *source = source_add(&sources, row->name, text, size);
	struct body *body = parse(arena, scope.names, &diags, source);
	schema_decode(&scope, table, body, arena_alloc(arena, table->size));
	if (diags.errors)
		diags_render(&diags, &sources, stderr, 0, false);
	check_number(diags.errors, 0);
	arena_free(arena);
}

static void check_row(const struct table *table, const struct row *row)
{
	check_decodes(table, row, row->example);
	if (row->value)
		check_decodes(table, row, row->value);
}

static void check_table(struct visited *visited, const struct table *table)
{
	if (!table || !visit(visited, table))
		return;
	for (uint32_t i = 0; i < table->rows_n; i++) {
		check_row(table, &table->rows[i]);
		check_table(visited, table->rows[i].table);
	}
	if (table->rest) {
		check_row(table, table->rest);
		check_table(visited, table->rest->table);
	}
	if (table->keys)
		check_table(visited, table->keys->table);
}

TEST(each_rows_example_and_default_decode)
{
	struct visited visited = { 0 };
	check_table(&visited, &written_table);
	check(visited.n > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rows_example_and_default_decode),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
