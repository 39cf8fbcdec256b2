#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "runtime/diff.h"
#include "runtime/lcs.h"
#include "runtime/scope.h"

static char *diff_of(const char *before, const char *after)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct diff_side left = { "a", before, strlen(before) };
	struct diff_side right = { "b", after, strlen(after) };
	bool differs = diff_write(out, &left, &right, false);
	fclose(out);
	check(differs == (strcmp(before, after) != 0));
	return text;
}

TEST(diff_of_equal_texts_is_empty)
{
	autofree char *none = diff_of("", "");
	autofree char *same = diff_of("a\nb\n", "a\nb\n");

	check_text(none, "");
	check_text(same, "");
}

TEST(diff_shows_changes_with_context)
{
	autofree char *text =
		diff_of("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n");

	check_text(text, "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(diff_of_nothing_names_line_zero)
{
	autofree char *added = diff_of("", "x\ny\n");
	autofree char *removed = diff_of("x\n", "");

	check_text(added, "--- a\n+++ b\n@@ -0,0 +1,2 @@\n+x\n+y\n");
	check_text(removed, "--- a\n+++ b\n@@ -1 +0,0 @@\n-x\n");
}

TEST(diff_tells_of_a_missing_line_feed)
{
	autofree char *text = diff_of("x\ny", "x\ny\n");

	check_text(text, "--- a\n+++ b\n@@ -1,2 +1,2 @@\n x\n-y\n"
			 "\\ No newline at end of file\n+y\n");
}

TEST(diff_joins_near_hunks_and_parts_far_ones)
{
	autofree char *near = diff_of("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n");
	autofree char *far = diff_of("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n");

	check_text(near, "--- a\n+++ b\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
	check_text(far, "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
			"@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

/* The length of the longest common subsequence, by the textbook's table. */
static uint32_t longest(const uint32_t *a, uint32_t n, const uint32_t *b, uint32_t m)
{
	uint32_t table[40][40] = { 0 };
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < m; j++) {
			uint32_t best = table[i][j + 1] > table[i + 1][j] ? table[i][j + 1]
									  : table[i + 1][j];
			table[i + 1][j + 1] = a[i] == b[j] ? table[i][j] + 1 : best;
		}
	return table[n][m];
}

static uint32_t kept(const uint32_t *items, const bool *changed, uint32_t n, uint32_t *out)
{
	uint32_t left = 0;
	for (uint32_t i = 0; i < n; i++)
		if (!changed[i])
			out[left++] = items[i];
	return left;
}

TEST(sequences_keep_as_much_as_can_be_kept)
{
	uint32_t seed = 1;

	for (int round = 0; round < 3000; round++) {
		autoarena struct arena *arena = arena_new();
		uint32_t a[39], b[39], left[39], right[39], sizes[2];
		bool a_changed[39] = { false }, b_changed[39] = { false };
		for (int side = 0; side < 2; side++) {
			seed = seed * 1103515245 + 12345;
			sizes[side] = (seed >> 16) % 39;
		}
		for (uint32_t i = 0; i < 39; i++) {
			seed = seed * 1103515245 + 12345;
			a[i] = (seed >> 16) % 5;
			b[i] = (seed >> 24) % 5;
		}
		sequences_compare(arena, &(struct sequence){ a, sizes[0], a_changed },
				  &(struct sequence){ b, sizes[1], b_changed });
		uint32_t n = kept(a, a_changed, sizes[0], left);
		check_number(kept(b, b_changed, sizes[1], right), n);
		assert_memory_equal(left, right, n * sizeof *left);
		check_number(n, longest(a, sizes[0], b, sizes[1]));
	}
}

/* Shuffled halves of 40,000 lines: the shortest script would take minutes. */
TEST(sequences_that_differ_everywhere_end_soon)
{
	enum { N = 40000 };
	autoarena struct arena *arena = arena_new();
	uint32_t *a = arena_array(arena, N, sizeof *a), *b = arena_array(arena, N, sizeof *b);
	uint32_t *left = arena_array(arena, N, sizeof *a),
		 *right = arena_array(arena, N, sizeof *b);
	bool *a_changed = arena_array(arena, N, 1), *b_changed = arena_array(arena, N, 1);

	for (uint32_t i = 0; i < N; i++) {
		a[i] = i;
		b[i] = i * 7919 % N;
	}
	sequences_compare(arena, &(struct sequence){ a, N, a_changed },
			  &(struct sequence){ b, N, b_changed });
	uint32_t n = kept(a, a_changed, N, left);
	check(n > 0);
	check_number(kept(b, b_changed, N, right), n);
	assert_memory_equal(left, right, n * sizeof *left);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(diff_of_equal_texts_is_empty),
		cmocka_unit_test(diff_shows_changes_with_context),
		cmocka_unit_test(diff_of_nothing_names_line_zero),
		cmocka_unit_test(diff_tells_of_a_missing_line_feed),
		cmocka_unit_test(diff_joins_near_hunks_and_parts_far_ones),
		cmocka_unit_test(sequences_keep_as_much_as_can_be_kept),
		cmocka_unit_test(sequences_that_differ_everywhere_end_soon),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
