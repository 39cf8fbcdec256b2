#include "runtime/state/known.h"

#include <sys/socket.h>

#include "check.h"

/* IDs repeat, so that addresses must tell these apart. */
static struct connection connection_of(uint32_t number)
{
	struct connection connection = {
		.has = FIELD_ORIGINAL | FIELD_ID | FIELD_STATUS | FIELD_MARK,
		.id = number / 3,
		.original = { .family = AF_INET, .protocol = 17, .source_port = 7 },
	};
	connection.original.source[0] = (uint8_t)(number >> 16);
	connection.original.source[1] = (uint8_t)(number >> 8);
	connection.original.source[2] = (uint8_t)number;
	return connection;
}

TEST(what_was_added_is_found_until_it_is_removed)
{
	enum { COUNT = 20000 };
	struct known *known = known_new();

	for (uint32_t i = 0; i < COUNT; i++) {
		struct connection connection = connection_of(i);
		check(!known_find(known, &connection));
		known_add(known, &connection);
	}
	for (uint32_t i = 0; i < COUNT; i += 2) {
		struct connection connection = connection_of(i);
		known_remove(known, known_find(known, &connection));
	}
	for (uint32_t i = 0; i < COUNT; i++) {
		struct connection connection = connection_of(i);
		check(!known_find(known, &connection) == (i % 2 == 0));
	}
	known_free(known);
}

TEST(all_are_walked_through_once)
{
	struct known *known = known_new();
	struct known_entry *entry;
	size_t at = 0, n = 0;

	for (uint32_t i = 0; i < 3000; i++) {
		struct connection connection = connection_of(i);
		known_add(known, &connection);
	}
	while ((entry = known_next(known, &at))) {
		check(!entry->is_seen);
		entry->is_seen = true;
		n++;
	}
	check_number(n, 3000);
	known_free(known);
}

TEST(a_change_is_noted_once_and_only_where_it_was_told)
{
	struct known *known = known_new();
	struct connection connection = connection_of(1);
	struct known_entry *entry = known_add(known, &connection);

	check(!known_note(entry, &connection));
	connection.mark = 5;
	check(known_note(entry, &connection));
	check(!known_note(entry, &connection));
	connection.state = 3;
	check(!known_note(entry, &connection));
	connection.has |= FIELD_STATE;
	check(known_note(entry, &connection));
	known_free(known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_added_is_found_until_it_is_removed),
		cmocka_unit_test(all_are_walked_through_once),
		cmocka_unit_test(a_change_is_noted_once_and_only_where_it_was_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
