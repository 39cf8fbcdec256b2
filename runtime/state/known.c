#include "runtime/state/known.h"

#include <stdlib.h>
#include <string.h>

/* Open addressing. What is removed is filled from behind, so that no traces stay. */
struct known {
	struct known_entry *at;
	size_t size, n; /* size is a power of two */
};

enum { SIZE_FIRST = 1024 };

static struct known_entry *entries_new(size_t size)
{
	struct known_entry *entries = calloc(size, sizeof *entries);
	if (!entries)
		abort();
	return entries;
}

struct known *known_new(void)
{
	struct known *known = malloc(sizeof *known);
	if (!known)
		abort();
	*known = (struct known){ .at = entries_new(SIZE_FIRST), .size = SIZE_FIRST };
	return known;
}

void known_free(struct known *known)
{
	free(known->at);
	free(known);
}

/* The kernel's IDs are hashes already. */
static size_t home_of(const struct known *known, uint32_t id)
{
	return (id * UINT32_C(2654435769)) & (known->size - 1);
}

/* IDs alone are not unique among millions. */
static bool is_same(const struct known_entry *entry, const struct connection *connection)
{
	return entry->id == connection->id && entry->ct_zone == connection->zone &&
	       memcmp(&entry->original, &connection->original, sizeof entry->original) == 0;
}

struct known_entry *known_find(struct known *known, const struct connection *connection)
{
	size_t mask = known->size - 1;

	for (size_t i = home_of(known, connection->id); known->at[i].is_used; i = (i + 1) & mask)
		if (is_same(&known->at[i], connection))
			return &known->at[i];
	return NULL;
}

static struct known_entry *free_entry(struct known *known, uint32_t id)
{
	size_t i = home_of(known, id);
	while (known->at[i].is_used)
		i = (i + 1) & (known->size - 1);
	return &known->at[i];
}

static void grow(struct known *known)
{
	struct known_entry *old = known->at;
	size_t size = known->size;

	known->size = size * 2;
	known->at = entries_new(known->size);
	for (size_t i = 0; i < size; i++)
		if (old[i].is_used)
			*free_entry(known, old[i].id) = old[i];
	free(old);
}

void known_copy(struct known *known, const struct known_entry *entry)
{
	if (known->n >= known->size / 4 * 3)
		grow(known);
	known->n++;
	*free_entry(known, entry->id) = *entry;
}

struct known_entry *known_add(struct known *known, const struct connection *connection)
{
	struct known_entry entry = { .original = connection->original,
				     .ct_zone = connection->zone,
				     .id = connection->id,
				     .is_used = true };

	known_note(&entry, connection);
	known_copy(known, &entry);
	return known_find(known, connection);
}

/* Each entry behind a hole moves into it unless its home lies between the hole and itself. */
void known_remove(struct known *known, struct known_entry *entry)
{
	size_t mask = known->size - 1, hole = (size_t)(entry - known->at);

	for (size_t i = (hole + 1) & mask; known->at[i].is_used; i = (i + 1) & mask) {
		size_t home = home_of(known, known->at[i].id);
		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		known->at[hole] = known->at[i];
		hole = i;
	}
	known->at[hole] = (struct known_entry){ 0 };
	known->n--;
}

bool known_note(struct known_entry *entry, const struct connection *connection)
{
	struct known_entry before = *entry;

	if (connection->has & FIELD_STATUS)
		entry->status = connection->status;
	if (connection->has & FIELD_MARK)
		entry->mark = connection->mark;
	if (connection->has & FIELD_STATE)
		entry->state = connection->state;
	return before.status != entry->status || before.mark != entry->mark ||
	       before.state != entry->state;
}

struct known_entry *known_next(struct known *known, size_t *at)
{
	while (*at < known->size) {
		struct known_entry *entry = &known->at[(*at)++];
		if (entry->is_used)
			return entry;
	}
	return NULL;
}
