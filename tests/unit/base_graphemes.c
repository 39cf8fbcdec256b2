#include "base/graphemes.h"

#include "base/arena.h"
#include "base/source.h"
#include "check.h"

static const struct {
	const char *text;
	size_t count;
} rows[] = {
	{ "", 0 },
	{ "abc", 3 },
	{ "\r\n", 1 },
	{ "e\xcc\x81x", 2 },				       /* an accent of its own */
	{ "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa!", 2 },	       /* a flag */
	{ "\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", 1 },	       /* a syllable in three parts */
	{ "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa6", 1 }, /* a family */
	{ "a\xff\xfe"
	  "b",
	  4 }, /* not UTF-8 */
};

TEST(what_people_see_as_one_character_counts_once)
{
	for (size_t i = 0; i < countof(rows); i++)
		check_number(graphemes_count(text_of(rows[i].text)), rows[i].count);
}

TEST(columns_count_them)
{
	struct arena *arena = arena_new();
	for (size_t i = 0; i < countof(rows); i++) {
		struct sources sources;
		size_t n = strlen(rows[i].text);
		char *text = arena_alloc(arena, n + 3);
		memcpy(text, rows[i].text, n);
		text[n] = '|';
		sources_init(&sources, arena);
		struct source *source = source_add(&sources, "x", text, (uint32_t)n + 1);
		struct place place = source_place(&sources, source->base + (uint32_t)n);
		check_number(place.column, strchr(rows[i].text, '\n') ? 1 : rows[i].count + 1);
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_people_see_as_one_character_counts_once),
		cmocka_unit_test(columns_count_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
