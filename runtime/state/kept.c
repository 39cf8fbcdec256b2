#include "runtime/state/kept.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static const struct sort_row {
	const char *name;
	enum sort_key key;
	uint32_t fields;
} sort_rows[] = {
	{ "bytes", SORT_BYTES, FIELD_COUNTERS },
	{ "packets", SORT_PACKETS, FIELD_COUNTERS },
	{ "age", SORT_AGE, FIELD_TIMES },
	{ "timeout", SORT_TIMEOUT, FIELD_TIMEOUT },
};

bool sort_read(const char *text, struct kept *kept)
{
	size_t length = strcspn(text, ":");
	bool is_reverse = text[length] == ':';

	if (is_reverse && strcmp(text + length, ":reverse") != 0)
		return false;
	for (size_t i = 0; i < countof(sort_rows); i++)
		if (strlen(sort_rows[i].name) == length &&
		    strncmp(sort_rows[i].name, text, length) == 0) {
			kept->key = sort_rows[i].key;
			kept->is_reverse = is_reverse;
			return true;
		}
	return false;
}

uint32_t sort_fields(enum sort_key key)
{
	for (size_t i = 0; i < countof(sort_rows); i++)
		if (sort_rows[i].key == key)
			return sort_rows[i].fields;
	return 0;
}

bool sort_is_known(enum sort_key key, const struct connection *connection)
{
	return (connection->has & sort_fields(key)) == sort_fields(key);
}

/* What is not known counts as nothing: no bytes, or just begun. */
static uint64_t sort_number(enum sort_key key, const struct connection *connection)
{
	switch (key) {
	case SORT_NONE:
		return 0;
	case SORT_BYTES:
		return connection_bytes(connection);
	case SORT_PACKETS:
		return connection_packets(connection);
	case SORT_AGE:
		return connection->start ? ~connection->start : 0;
	case SORT_TIMEOUT:
		return connection->timeout;
	}
	return 0;
}

static int compare(const void *a, const void *b, void *context)
{
	const struct kept *kept = context;
	uint64_t left = sort_number(kept->key, a), right = sort_number(kept->key, b);
	int order = (left < right) - (left > right);
	return kept->is_reverse ? -order : order;
}

static void make_room(struct kept *kept)
{
	size_t room = kept->room ? kept->room * 2 : 1024;
	struct connection *grown = reallocarray(kept->at, room, sizeof *grown);
	if (!grown)
		abort();
	kept->at = grown;
	kept->room = room;
}

void kept_add(struct kept *kept, const struct connection *connection)
{
	if (kept->limit && kept->n >= 2 * kept->limit + 1024) {
		kept_sort(kept);
		kept->n = kept->limit;
	}
	if (kept->n == kept->room)
		make_room(kept);
	struct connection *copy = &kept->at[kept->n++];
	*copy = *connection;
	if (connection->helper)
		copy->helper = name_intern(kept->words, text_of(connection->helper));
	if (connection->labels) {
		uint8_t *labels = arena_alloc(kept->arena, connection->labels_length);
		memcpy(labels, connection->labels, connection->labels_length);
		copy->labels = labels;
	}
}

void kept_sort(struct kept *kept)
{
	if (kept->key != SORT_NONE)
		qsort_r(kept->at, kept->n, sizeof *kept->at, compare, kept);
	if (kept->limit && kept->n > kept->limit)
		kept->n = kept->limit;
}

void kept_free(struct kept *kept)
{
	free(kept->at);
}
