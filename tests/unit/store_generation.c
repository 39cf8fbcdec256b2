#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/store/file.h"
#include "runtime/store/ledger.h"
#include "runtime/store/store.h"

/* A state directory of its own for each test. */
static int store_make(void **state)
{
	static char path[64];
	snprintf(path, sizeof path, "/tmp/flywall_unit_XXXXXX");
	check(mkdtemp(path));
	*state = path;
	return 0;
}

static int store_unmake(void **state)
{
	check_number(folder_remove(AT_FDCWD, *state), 0);
	return 0;
}

#define STORE_TEST(name) static void name(void **state)
#define store_test(name) cmocka_unit_test_setup_teardown(name, store_make, store_unmake)

static struct generation keep(struct arena *arena, const struct store *store, const char *ruleset)
{
	struct generation generation = { .parts[PART_RULESET] = text_of(ruleset) };
	*push(arena, &generation.sources) =
		(struct generation_source){ "office.hcl", text_of("source") };
	check_number(generation_add(arena, store, &generation), 0);
	return generation;
}

static void overwrite(const struct store *store, const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof path, "%s/generations/%s", store->path, name);
	FILE *file = fopen(path, "w");
	check(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

STORE_TEST(generation_zero_is_there_from_the_start)
{
	autoarena struct arena *arena = arena_new();
	autostore struct store store = STORE_NONE;
	struct generation origin;

	check_number(store_open(*state, true, &store), 0);
	check_number(store_follow(&store, LINK_CURRENT), 0);
	check_number(store_follow(&store, LINK_CONFIRMED), 0);
	generation_read(arena, &store, 0, &origin);
	check(!origin.flaw && origin.is_confirmed && origin.parts[PART_RULESET].n == 0);
}

STORE_TEST(generation_comes_back_as_it_was_kept)
{
	autoarena struct arena *arena = arena_new();
	autostore struct store store = STORE_NONE;
	struct generation kept, read;

	check_number(store_open(*state, true, &store), 0);
	kept = keep(arena, &store, "table inet flywall {\n}\n");
	check_number(kept.number, 1);
	generation_read(arena, &store, 1, &read);
	check(!read.flaw && !read.is_confirmed && generation_equal(&kept, &read));
	check_text(read.digest, kept.digest);
	check_text(read.sources.at[0].name, "office.hcl");
	check_number(generation_confirm(&store, 1), 0);
	check_number(generation_confirm(&store, 1), 0);
	generation_look(arena, &store, 1, &read);
	check(read.is_confirmed && read.parts[PART_RULESET].n == 0);
}

STORE_TEST(generation_that_is_torn_has_a_flaw)
{
	static const char *const names[] = { "1/ruleset.nft", "2/meta.json" };
	autoarena struct arena *arena = arena_new();
	autostore struct store store = STORE_NONE;
	struct generation read;

	check_number(store_open(*state, true, &store), 0);
	for (uint32_t i = 0; i < countof(names); i++) {
		uint32_t number = keep(arena, &store, "table inet flywall {\n}\n").number;
		check_number(generation_confirm(&store, number), 0);
		overwrite(&store, names[i], "table inet");
		generation_read(arena, &store, number, &read);
		check(read.flaw && read.parts[PART_RULESET].n == 0);
	}
	generation_read(arena, &store, 77, &read);
	check(read.flaw);
	check_number(generation_before(arena, &store, 3), GENERATION_NONE);
}

STORE_TEST(generation_before_is_sound_and_confirmed)
{
	autoarena struct arena *arena = arena_new();
	autostore struct store store = STORE_NONE;

	check_number(store_open(*state, true, &store), 0);
	for (int i = 0; i < 3; i++)
		keep(arena, &store, "x");
	check_number(generation_confirm(&store, 1), 0);
	check_number(generation_before(arena, &store, 3), 1);
	check_number(generation_before(arena, &store, 1), GENERATION_NONE);
}

STORE_TEST(generations_in_use_are_not_pruned)
{
	autoarena struct arena *arena = arena_new();
	autostore struct store store = STORE_NONE;
	struct generation_numbers numbers = { 0 };

	check_number(store_open(*state, true, &store), 0);
	for (int i = 0; i < GENERATIONS_KEPT + 5; i++)
		keep(arena, &store, "x");
	check_number(store_point(&store, LINK_CURRENT, 1), 0);
	check_number(store_point(&store, LINK_CONFIRMED, 2), 0);
	generations_prune(arena, &store, 3);
	check_number(generation_numbers(arena, &store, &numbers), 0);
	check_number(numbers.all.n, GENERATIONS_KEPT + 4);
	for (uint32_t i = 0; i < 4; i++)
		check_number(numbers.all.at[i], i);
}

STORE_TEST(ledger_holds_in_one_place_alone)
{
	static const struct here here = { "boot", 1 }, elsewhere = { "boot", 2 };
	static const struct flywall_setting setting = { .kind = FLYWALL_SET_SYSCTL, .key = "a.b" };
	autoarena struct arena *arena = arena_new();
	autostore struct store store = STORE_NONE;
	struct ledger ledger = { 0 }, read;

	check_number(store_open(*state, true, &store), 0);
	ledger_add(arena, &ledger, &setting, "1");
	ledger_add(arena, &ledger, &setting, "2");
	check_number(ledger_write(arena, &store, &here, &ledger), 0);
	check(!ledger_read(arena, &store, &here, &read));
	check(ledger_has(&read, &setting));
	check_text(read.all.at[0].value, "1");
	check(!ledger_read(arena, &store, &elsewhere, &read));
	check(!ledger_has(&read, &setting));
}

STORE_TEST(ledger_that_is_damaged_says_so)
{
	static const struct here here = { "boot", 1 };
	static const char *const texts[] = {
		"",
		"{",
		"[]",
		"{\"boot\": \"boot\", \"network\": 1}",
		"{\"boot\": \"boot\", \"network\": 1, \"settings\": {}}",
		"{\"boot\": \"boot\", \"network\": 1, \"settings\": [{\"key\": \"a.b\"}]}",
		("{\"boot\": \"boot\", \"network\": 1, \"settings\": "
		 "[{\"module_parameter\": false, \"key\": \"a.b\", \"value\": 1}]}"),
	};
	autoarena struct arena *arena = arena_new();
	autostore struct store store = STORE_NONE;
	struct ledger read;
	struct text kept;

	check_number(store_open(*state, true, &store), 0);
	check(!ledger_read(arena, &store, &here, &read));
	for (size_t i = 0; i < countof(texts); i++) {
		check_number(store_write(&store, "before.json", text_of(texts[i])), 0);
		check(ledger_read(arena, &store, &here, &read));
		check_number(read.all.n, 0);
		check_number(ledger_keep_damaged(&store), 0);
		check_number(store_read(arena, &store, LEDGER_DAMAGED_NAME, &kept), 0);
		check_text(kept.s, texts[i]);
	}
}

STORE_TEST(ledger_remembers_that_a_value_is_lost)
{
	static const struct here here = { "boot", 1 };
	static const struct flywall_setting setting = { .kind = FLYWALL_SET_SYSCTL, .key = "a.b" };
	autoarena struct arena *arena = arena_new();
	autostore struct store store = STORE_NONE;
	struct ledger ledger = { 0 }, read;

	check_number(store_open(*state, true, &store), 0);
	ledger_add(arena, &ledger, &setting, NULL);
	ledger_add(arena, &ledger, &setting, "2");
	check_number(ledger_write(arena, &store, &here, &ledger), 0);
	check(!ledger_read(arena, &store, &here, &read));
	check_number(read.all.n, 1);
	check(!read.all.at[0].value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		store_test(generation_zero_is_there_from_the_start),
		store_test(generation_comes_back_as_it_was_kept),
		store_test(generation_that_is_torn_has_a_flaw),
		store_test(generation_before_is_sound_and_confirmed),
		store_test(generations_in_use_are_not_pruned),
		store_test(ledger_holds_in_one_place_alone),
		store_test(ledger_that_is_damaged_says_so),
		store_test(ledger_remembers_that_a_value_is_lost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
