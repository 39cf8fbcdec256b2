#include "runtime/state/ids.h"

#include "check.h"

TEST(an_empty_set_has_none)
{
	struct ids ids = { 0 };

	check(!ids_has(&ids, 0));
	check(!ids_has(&ids, 7));
	check(!ids_remove(&ids, 7));
	ids_free(&ids);
}

TEST(the_smallest_and_the_largest_are_ids_too)
{
	struct ids ids = { 0 };

	ids_add(&ids, 0);
	ids_add(&ids, UINT32_MAX);
	check(ids_has(&ids, 0) && ids_has(&ids, UINT32_MAX) && !ids_has(&ids, 1));
	check(ids_remove(&ids, 0) && !ids_remove(&ids, 0));
	check(ids_remove(&ids, UINT32_MAX) && !ids_has(&ids, UINT32_MAX));
	ids_free(&ids);
}

/* Consecutive numbers collide after the multiplication as others do. */
static uint32_t id_at(uint32_t i)
{
	return i * 2654435769 + 1;
}

TEST(what_is_removed_hides_nothing_behind_it)
{
	struct ids ids = { 0 };

	for (uint32_t i = 0; i < 30000; i++)
		ids_add(&ids, id_at(i));
	for (uint32_t i = 0; i < 30000; i++)
		ids_add(&ids, id_at(i));
	check_number(ids.n, 30000);
	for (uint32_t i = 0; i < 30000; i += 3)
		check(ids_remove(&ids, id_at(i)));
	check_number(ids.n, 20000);
	for (uint32_t i = 0; i < 30000; i++)
		check_number(ids_has(&ids, id_at(i)), i % 3 != 0);
	check(ids.size <= 65536);
	ids_free(&ids);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_set_has_none),
		cmocka_unit_test(the_smallest_and_the_largest_are_ids_too),
		cmocka_unit_test(what_is_removed_hides_nothing_behind_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
