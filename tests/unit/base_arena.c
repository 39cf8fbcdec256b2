#include "base/arena.h"

#include "base/text.h"
#include "check.h"

TEST(vectors_keep_what_they_hold)
{
	struct arena *arena = arena_new();
	VEC(uint32_t) small = { 0 }, large = { 0 };

	/* Both at once, so that neither can always grow in place; the large one past its move. */
	for (uint32_t i = 0; i < 200000; i++) {
		if (i % 100 == 0)
			*push(arena, &small) = i;
		*push(arena, &large) = i;
	}
	check_number(large.n, 200000);
	for (uint32_t i = 0; i < large.n; i++)
		check_number(large.at[i], i);
	for (uint32_t i = 0; i < small.n; i++)
		check_number(small.at[i], i * 100);
	arena_free(arena);
}

TEST(memory_is_zero_and_aligned)
{
	struct arena *arena = arena_new();
	for (size_t size = 1; size < 200000; size = size * 3 + 1) {
		char *bytes = arena_alloc(arena, size);
		check_number((uintptr_t)bytes % 16, 0);
		for (size_t i = 0; i < size; i++)
			check_number(bytes[i], 0);
		memset(bytes, 0xff, size);
	}
	arena_free(arena);
}

TEST(new_elements_of_a_vector_are_zero)
{
	struct arena *arena = arena_new();
	VEC(uint64_t) vector = { 0 };
	for (uint32_t i = 0; i < 50000; i++) {
		uint64_t *element = push(arena, &vector);
		check_number(*element, 0);
		*element = UINT64_MAX;
	}
	arena_free(arena);
}

TEST(names_are_kept_once)
{
	struct arena *arena = arena_new();
	struct names *names = names_new(arena);
	const char *first = name_intern(names, TEXT("zone"));
	for (int i = 0; i < 1000; i++)
		name_intern(names, text_of(arena_printf(arena, "name%d", i)));
	check(name_intern(names, (struct text){ "zones", 4 }) == first);
	check(name_intern(names, TEXT("name7")) == name_intern(names, TEXT("name7")));
	check(name_intern(names, TEXT("name7")) != name_intern(names, TEXT("name8")));
	check_text(name_intern(names, TEXT("")), "");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_keep_what_they_hold),
		cmocka_unit_test(memory_is_zero_and_aligned),
		cmocka_unit_test(new_elements_of_a_vector_are_zero),
		cmocka_unit_test(names_are_kept_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
