#include "runtime/state/tally.h"

#include <stdlib.h>
#include <string.h>

enum { SIZE_FIRST = 1024, SIZE_LAST = 262144 };

static size_t key_hash(const struct tally_key *key)
{
	uint64_t hash = 0x9e3779b97f4a7c15;
	for (size_t i = 0; i < sizeof key->words / sizeof key->words[0]; i++) {
		hash = (hash ^ key->words[i]) * 0xff51afd7ed558ccd;
		hash ^= hash >> 32;
	}
	return (size_t)hash;
}

/* Where the key stands, or the free place where it would. */
static struct tally_row *place_of(const struct tally *tally, const struct tally_key *key)
{
	size_t mask = tally->size - 1;

	for (size_t i = key_hash(key) & mask;; i = (i + 1) & mask)
		if (tally->rows[i].connections == 0 ||
		    memcmp(&tally->rows[i].key, key, sizeof *key) == 0)
			return &tally->rows[i];
}

static uint64_t weight_of(const struct tally *tally, const struct tally_row *row)
{
	return tally->is_by_bytes ? row->bytes : row->connections;
}

static void grow(struct tally *tally)
{
	struct tally old = *tally;

	tally->size = old.size ? old.size * 2 : SIZE_FIRST;
	tally->rows = calloc(tally->size, sizeof *tally->rows);
	if (!tally->rows)
		abort();
	for (size_t i = 0; i < old.size; i++)
		if (old.rows[i].connections > 0)
			*place_of(tally, &old.rows[i].key) = old.rows[i];
	free(old.rows);
}

/* Each row behind a hole moves into it unless its home lies between the hole and itself. */
static void close_hole(struct tally *tally, size_t hole)
{
	size_t mask = tally->size - 1;

	for (size_t i = (hole + 1) & mask; tally->rows[i].connections > 0; i = (i + 1) & mask) {
		size_t home = key_hash(&tally->rows[i].key) & mask;
		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		tally->rows[hole] = tally->rows[i];
		hole = i;
	}
	tally->rows[hole] = (struct tally_row){ 0 };
}

/* How much the group had is kept. */
static void give_up(struct tally *tally, size_t index)
{
	const struct tally_row *row = &tally->rows[index];

	if (row->bytes > tally->lost_bytes)
		tally->lost_bytes = row->bytes;
	if (row->connections > tally->lost_connections)
		tally->lost_connections = row->connections;
	tally->n--;
	close_hole(tally, index);
}

/* Gives up what weighs no more than `least`, in place: a second table of this size would be most of
 * the memory that a report takes. */
static void prune(struct tally *tally, uint64_t least)
{
	for (size_t i = 0; i < tally->size; i++)
		while (tally->rows[i].connections > 0 && weight_of(tally, &tally->rows[i]) <= least)
			give_up(tally, i);
}

static int compare_weights(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
	return (a > b) - (a < b);
}

/* The median weight of a sample: about half of the groups weigh more, or all weigh the same. */
static uint64_t median_weight(const struct tally *tally)
{
	enum { SAMPLE = 4096 };
	uint64_t weights[SAMPLE];
	size_t n = 0;

	for (size_t i = 0; i < tally->size && n < SAMPLE; i++)
		if (tally->rows[i].connections > 0)
			weights[n++] = weight_of(tally, &tally->rows[i]);
	qsort(weights, n, sizeof weights[0], compare_weights);
	return weights[n / 2];
}

static void make_room(struct tally *tally)
{
	if (tally->size < SIZE_LAST)
		grow(tally);
	else
		prune(tally, median_weight(tally));
}

struct tally_row *tally_get(struct tally *tally, const struct tally_key *key)
{
	if (tally->n >= tally->size / 4 * 3)
		make_room(tally);
	struct tally_row *row = place_of(tally, key);
	if (row->connections == 0) {
		row->key = *key;
		tally->n++;
	}
	return row;
}

const struct tally_row *tally_find(const struct tally *tally, const struct tally_key *key)
{
	if (tally->size == 0)
		return NULL;
	const struct tally_row *row = place_of(tally, key);
	return row->connections ? row : NULL;
}

void tally_free(struct tally *tally)
{
	free(tally->rows);
	*tally = (struct tally){ 0 };
}
