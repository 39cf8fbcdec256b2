#include "check.h"

#include "base/arena.h"
#include "base/diag.h"
#include "config/written.h"
#include "schema/schema.h"
#include "syntax/tree.h"
#include "value/value.h"

static bool is_sentence(const char *text)
{
	size_t n = text ? strlen(text) : 0;
	return n > 2 && text[n - 1] == '.' && !(text[0] >= 'a' && text[0] <= 'z');
}

static bool needs_range(const struct row *row)
{
	return row->kind == ROW_NUMBER || row->kind == ROW_DURATION || row->kind == ROW_RATE;
}

static void check_row(const struct row *row)
{
	check(row->name && row->example && is_sentence(row->doc));
	if (needs_range(row))
		check(row->high > row->low);
	if (row->kind == ROW_RATE)
		check(row->per > 0);
	if (row->kind == ROW_OBJECT || row->kind == ROW_BLOCKS)
		check(row->table && row->table->size > 0);
	for (uint32_t i = 0; i < row->words_n; i++)
		check(row->words[i].name && is_sentence(row->words[i].doc));
}

static bool has_alias(const struct row *row, const char *name)
{
	size_t n = strlen(name);
	for (const char *at = row->alias; at && *at; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");
		if (length == n && strncmp(at, name, n) == 0)
			return true;
		at += length;
	}
	return false;
}

static bool is_named(const struct row *row, const char *name)
{
	return strcmp(row->name, name) == 0 || has_alias(row, name);
}

static void check_aliases_differ(const struct row *row, const struct row *other)
{
	for (const char *at = row->alias; at && *at; at += strspn(at, " ")) {
		char alias[64] = { 0 };
		size_t length = strcspn(at, " ");
		check(length < sizeof alias);
		memcpy(alias, at, length);
		check(!is_named(other, alias));
		at += length;
	}
}

static void check_names_differ(const struct table *table)
{
	for (uint32_t i = 0; i < table->rows_n; i++)
		for (uint32_t k = 0; k < table->rows_n; k++)
			if (i != k) {
				check(!is_named(&table->rows[i], table->rows[k].name));
				check_aliases_differ(&table->rows[i], &table->rows[k]);
				check(table->rows[i].offset != table->rows[k].offset);
			}
}

static void check_table(const struct table *table)
{
	check(table->noun && table->size > table->at);
	check_names_differ(table);
	for (uint32_t i = 0; i < table->rows_n; i++) {
		check_row(&table->rows[i]);
		check(table->rows[i].offset < table->size);
		if (table->rows[i].table)
			check_table(table->rows[i].table);
	}
	for (uint32_t i = 1; i < table->strangers_n; i++)
		check(strcmp(table->strangers[i - 1].name, table->strangers[i].name) < 0);
	for (uint32_t i = 0; i < table->strangers_n; i++)
		for (uint32_t k = 0; k < table->rows_n; k++)
			check(!is_named(&table->rows[k], table->strangers[i].name));
	if (table->keys)
		check_table(table->keys->table);
	if (table->rest) {
		check_row(table->rest);
		check_table(table->rest->table);
	}
}

TEST(every_row_is_complete)
{
	check_table(&written_table);
}

TEST(defaults_are_values_that_the_rows_take)
{
	struct arena *arena = arena_new();
	struct diags diags;
	struct body body = { .at = { 1, 2 } };
	struct written *written = arena_alloc(arena, sizeof *written);
	diags_init(&diags, arena);
	struct scope scope = { .arena = arena, .diags = &diags, .names = names_new(arena) };

	schema_decode(&scope, &written_table, &body, written);
	check_number(diags.all.n, 0);
	check(written->conntrack.enabled.value && written->conntrack.tcp_loose.value);
	check(!written->conntrack.log_invalid.value);
	check_number(written->conntrack.log_max.value.count, 60);
	check_number(written->conntrack.log_max.value.seconds, 60);
	check(written->conntrack.events.new.value && written->conntrack.events.destroy.value);
	check(!field_is_set(written->conntrack.enabled));
	arena_free(arena);
}

TEST(management_is_in_order)
{
	for (int i = 0; i < MANAGEMENT_COUNT; i++) {
		check(is_sentence(management_rows[i].doc) && management_rows[i].ports[0].protocol);
		if (i > 0)
			check(strcmp(management_rows[i - 1].name, management_rows[i].name) < 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_complete),
		cmocka_unit_test(defaults_are_values_that_the_rows_take),
		cmocka_unit_test(management_is_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
