#include "runtime/state/talkers.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime/state/terms.h"

const char *const talkers_orders[ORDER_COUNT] = {
	[ORDER_CONNECTIONS] = "connections",
	[ORDER_BYTES] = "bytes",
	[ORDER_RATE] = "rate",
};

void talkers_forget(struct talkers *talkers)
{
	tally_free(&talkers->now.tally);
	tally_free(&talkers->before.tally);
	talkers->now.time = talkers->before.time = 0;
}

void talkers_set_group(struct talkers *talkers, const struct group *group)
{
	uint8_t bits4 = talkers->group.bits4, bits6 = talkers->group.bits6;

	talkers_forget(talkers);
	talkers->group = *group;
	if (bits6) {
		talkers->group.bits4 = bits4;
		talkers->group.bits6 = bits6;
	}
}

static bool add(void *context, const struct connection *connection)
{
	struct talkers *talkers = context;
	group_add(&talkers->group, &talkers->now.tally, connection);
	return true;
}

struct dump talkers_dump(struct talkers *talkers)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	tally_free(&talkers->before.tally);
	talkers->before = talkers->now;
	talkers->now = (struct reading){
		.tally.is_by_bytes = talkers->order != ORDER_CONNECTIONS,
		.time = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec,
	};
	talkers->filter->now = clock_now();
	return (struct dump){ talkers->filter, group_fields(&talkers->group), add, talkers };
}

bool talkers_has_rates(const struct talkers *talkers)
{
	return talkers->before.time && talkers->now.time > talkers->before.time;
}

/* The bytes of connections that have ended are gone from the sum, which may have become smaller. A
 * group that the reading before gave up may have had as much as the largest of those. */
static uint64_t rate_of(const struct talkers *talkers, const struct tally_row *row)
{
	const struct tally *tally = &talkers->before.tally;
	double seconds = (double)(talkers->now.time - talkers->before.time) / 1e9;

	const struct tally_row *old = tally_find(tally, &row->key);
	uint64_t bytes = old ? old->bytes : tally->lost_bytes;
	return row->bytes > bytes ? (uint64_t)((double)(row->bytes - bytes) / seconds) : 0;
}

static uint64_t weight_of(const struct talker *talker, enum talkers_order order)
{
	switch (order) {
	case ORDER_CONNECTIONS:
		return talker->sums->connections;
	case ORDER_BYTES:
		return talker->sums->bytes;
	case ORDER_RATE:
		return talker->rate;
	case ORDER_COUNT:
		break;
	}
	return 0;
}

/* Groups that weigh the same keep an order from one reading to the next. */
static int compare(const void *left, const void *right, void *order)
{
	const struct talker *one = left, *other = right;
	uint64_t a = weight_of(one, *(const enum talkers_order *)order);
	uint64_t b = weight_of(other, *(const enum talkers_order *)order);

	if (a != b)
		return a < b ? 1 : -1;
	return memcmp(&one->sums->key, &other->sums->key, sizeof one->sums->key);
}

struct talker *talkers_sorted(const struct talkers *talkers)
{
	const struct tally *tally = &talkers->now.tally;
	struct talker *all = calloc(tally->n + 1, sizeof *all);
	enum talkers_order order = talkers->order;
	size_t n = 0;

	if (!all)
		abort();
	for (size_t i = 0; i < tally->size; i++) {
		const struct tally_row *row = &tally->rows[i];
		if (row->connections > 0)
			all[n++] = (struct talker){ row, talkers_has_rates(talkers)
								 ? rate_of(talkers, row)
								 : 0 };
	}
	qsort_r(all, n, sizeof *all, compare, &order);
	return all;
}
