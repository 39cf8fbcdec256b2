#include "runtime/state/tally.h"

#include "check.h"

static void add(struct tally *tally, uint64_t who, uint32_t connections)
{
	const struct tally_key key = { { 2, who } };
	struct tally_row *row = tally_get(tally, &key);
	row->connections += connections;
	row->bytes += 100;
}

static uint32_t found(const struct tally *tally, uint64_t who)
{
	const struct tally_key key = { { 2, who } };
	const struct tally_row *row = tally_find(tally, &key);
	return row ? row->connections : 0;
}

TEST(an_empty_tally_finds_nothing)
{
	struct tally tally = { 0 };

	check_number(found(&tally, 1), 0);
	tally_free(&tally);
}

TEST(sums_survive_growing)
{
	struct tally tally = { 0 };

	for (int round = 0; round < 3; round++)
		for (uint64_t i = 0; i < 5000; i++)
			add(&tally, i, 1);
	check_number(tally.n, 5000);
	for (uint64_t i = 0; i < 5000; i++)
		check_number(found(&tally, i), 3);
	check_number(tally.lost_connections, 0);
	tally_free(&tally);
}

TEST(too_many_groups_cost_the_smallest_and_say_so)
{
	struct tally tally = { 0 };

	for (uint64_t i = 0; i < 10; i++)
		add(&tally, i, 1000);
	for (uint64_t i = 10; i < TALLY_ROWS_MAX * 3; i++)
		add(&tally, i, 1);
	check(tally.n <= TALLY_ROWS_MAX);
	for (uint64_t i = 0; i < 10; i++)
		check_number(found(&tally, i), 1000);
	check_number(tally.lost_connections, 1);
	tally_free(&tally);
}

/* Large and small groups take turns, so that much lies behind each one that is given up. */
TEST(giving_up_the_small_hides_none_of_the_large)
{
	struct tally tally = { 0 };
	uint32_t wrong = 0;

	for (uint64_t i = 0; i < TALLY_ROWS_MAX * 2; i++)
		add(&tally, i, i % 4 == 0 ? 100 : 1);
	for (uint64_t i = 0; i < TALLY_ROWS_MAX * 2; i += 4)
		wrong += found(&tally, i) != 100;
	check_number(wrong, 0);
	size_t rows = 0;
	for (size_t i = 0; i < tally.size; i++)
		rows += tally.rows[i].connections > 0;
	check_number(tally.n, rows);
	check(rows < TALLY_ROWS_MAX);
	tally_free(&tally);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_tally_finds_nothing),
		cmocka_unit_test(sums_survive_growing),
		cmocka_unit_test(too_many_groups_cost_the_smallest_and_say_so),
		cmocka_unit_test(giving_up_the_small_hides_none_of_the_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
