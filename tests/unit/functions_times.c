/* Times: reading, writing, adding. */
#include "check.h"

#include "base/arena.h"
#include "value/functions/globs.h"
#include "value/functions/times.h"

TEST(times_move_over_days_and_leap_years)
{
	static const struct {
		const char *time, *span, *later;
		int weekday;
	} rows[] = {
		{ "2023-07-21T08:30:00Z", "0", "2023-07-21T08:30:00Z", 5 },
		{ "2024-02-28T23:59:59Z", "1s", "2024-02-29T00:00:00Z", 4 },
		{ "2023-02-28T23:59:59Z", "1s", "2023-03-01T00:00:00Z", 3 },
		{ "1900-02-28T12:00:00Z", "24h", "1900-03-01T12:00:00Z", 4 },
		{ "2000-02-28T12:00:00Z", "24h", "2000-02-29T12:00:00Z", 2 },
		{ "1970-01-01T00:00:00Z", "-1s", "1969-12-31T23:59:59Z", 3 },
		{ "0001-01-01T00:00:00Z", "-1ns", "0000-12-31T23:59:59Z", 0 },
		{ "2020-01-01T00:00:00+05:30", "-30m", "2019-12-31T23:30:00+05:30", 2 },
		{ "2020-01-01T00:00:00.999999999Z", "1ns", "2020-01-01T00:00:01Z", 3 },
		{ "2020-01-01T00:00:00-08:00", "1h2m3.5s", "2020-01-01T01:02:03-08:00", 3 },
	};

	struct arena *arena = arena_new();
	for (size_t i = 0; i < countof(rows); i++) {
		struct moment moment;
		int64_t span;
		check(!moment_read(text_of(rows[i].time), &moment));
		check(span_of_time_read(text_of(rows[i].span), &span));
		struct moment later = moment_add(&moment, span);
		check_text(moment_write(arena, &later), rows[i].later);
		check_number(moment_weekday(&later), rows[i].weekday);
	}
	arena_free(arena);
}

TEST(what_is_no_time_is_refused)
{
	static const char *const times[] = {
		"",
		"2023-07-21",
		"2023-02-29T00:00:00Z",
		"2023-13-01T00:00:00Z",
		"2023-07-21 08:30:00Z",
		"2023-07-21T24:00:00Z",
		"2023-07-21T08:30:60Z",
		"2023-07-21T08:30:00",
		"2023-07-21T08:30:00+1",
		"2023-07-21T08:30:00Zx",
	};
	static const char *const spans[] = { "", "1", "h", "1d", "1h ", "--1h", ".h", "9999999h" };

	struct moment moment;
	int64_t span;
	for (size_t i = 0; i < countof(times); i++)
		check(moment_read(text_of(times[i]), &moment));
	for (size_t i = 0; i < countof(spans); i++)
		if (span_of_time_read(text_of(spans[i]), &span))
			fail_msg("\"%s\" is taken", spans[i]);
}

TEST(patterns_of_paths)
{
	static const struct {
		const char *pattern, *path;
		bool matches;
	} rows[] = {
		{ "*.txt", "a.txt", true },
		{ "*.txt", "b/a.txt", false },
		{ "**/*.txt", "a.txt", true },
		{ "**/*.txt", "b/c/a.txt", true },
		{ "b/**", "b/c/a.txt", true },
		{ "b/**", "c/a.txt", false },
		{ "b/*/a.txt", "b/c/a.txt", true },
		{ "[ab].txt", "c.txt", false },
		{ "?.txt", "a.txt", true },
		{ "a", "a/b", false },
		{ "a/b", "a", false },
		{ "", "", true },
	};

	for (size_t i = 0; i < countof(rows); i++)
		if (glob_matches(rows[i].pattern, rows[i].path) != rows[i].matches)
			fail_msg("%s and %s", rows[i].pattern, rows[i].path);

	struct arena *arena = arena_new();
	struct globs globs = { 0 };
	check(glob_expand(arena, "{a,b{1,2}}.{x,y}", &globs));
	check_number(globs.all.n, 6);
	check_text(globs.all.at[5], "b2.y");
	check(!glob_expand(arena, "{,a}{,a}{,a}{,a}{,a}{,a}{,a}{,a}{,a}{,a}{,a}", &globs));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_move_over_days_and_leap_years),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(patterns_of_paths),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
