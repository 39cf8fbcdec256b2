/* sizing: how large the connection table has to be for some traffic. */
#include <stdio.h>
#include <string.h>

#include "runtime/program.h"
#include "runtime/state/entry_size.h"
#include "runtime/state/options.h"
#include "runtime/state/sheet.h"

/* ENTRY_BYTES, not what this machine's kernel says: the table may be for another one, and
 * extensions count. */
enum { ENTRIES_A_BUCKET = 4, SMALLEST = 65536 };

struct sizing {
	unsigned long long rate, seconds;
	unsigned long long memory; /* 0: as much as it takes */
};

static uint64_t memory_of(uint64_t buckets)
{
	return buckets * (ENTRIES_A_BUCKET * ENTRY_BYTES + BUCKET_BYTES);
}

static bool take_rate(void *target, const struct option_row *row, const char *value)
{
	struct sizing *sizing = target;
	return option_number(row->name, value, 100000000, &sizing->rate);
}

static bool take_duration(void *target, const struct option_row *row, const char *value)
{
	struct sizing *sizing = target;
	return option_duration(row->name, value, &sizing->seconds);
}

static bool take_memory(void *target, const struct option_row *row, const char *value)
{
	struct sizing *sizing = target;

	if (!option_bytes(row->name, value, &sizing->memory))
		return false;
	if (sizing->memory < memory_of(1))
		program_say("--%s is one bucket of connections at least: %u bytes", row->name,
			    (unsigned)memory_of(1));
	return sizing->memory >= memory_of(1);
}

static const struct option_row option_rows[] = {
	{ "rate", "NUMBER", take_rate, "new connections a second", 0 },
	{ "duration", "DURATION", take_duration, "how long one is in the table, on average", 0 },
	{ "memory", "BYTES", take_memory, "what the table may take: 500M, 2G", 0 },
};

/* As many buckets as nf_conntrack_max can count connections. */
static const uint64_t buckets_max = (UINT32_MAX >> 1) / ENTRIES_A_BUCKET;

/* A power of two with a quarter of headroom at least, or what the kernel can count. */
static uint64_t most_for(uint64_t entries)
{
	uint64_t most = SMALLEST, limit = buckets_max * ENTRIES_A_BUCKET;
	while (most < entries + entries / 4)
		most *= 2;
	return most < limit ? most : limit;
}

static const struct sheet_column columns[] = {
	{ ">CONNECTIONS", "connections" },
	{ ">MAXIMUM", "max_connections" },
	{ ">BUCKETS", "hash_size" },
	{ ">BYTES", "bytes" },
};

static uint64_t most_in(uint64_t memory)
{
	uint64_t buckets = memory / memory_of(1);
	return (buckets < buckets_max ? buckets : buckets_max) * ENTRIES_A_BUCKET;
}

static int show(struct session *session, uint64_t entries, uint64_t most)
{
	uint64_t buckets = most / ENTRIES_A_BUCKET;

	struct sheet *sheet = sheet_new(session);
	sheet_single(sheet, "sizing", columns, countof(columns));
	sheet_number(sheet, entries);
	sheet_number(sheet, most);
	sheet_number(sheet, buckets);
	sheet_number(sheet, memory_of(buckets));
	int status = sheet_close(sheet);
	if (status != STATUS_DONE || session->format != FORMAT_TEXT)
		return status;
	printf("\nconntrack {\n  max_connections = %llu\n  hash_size       = %llu\n}\n",
	       (unsigned long long)most, (unsigned long long)buckets);
	return program_finish();
}

/* Memory alone is filled, with a fifth of it as headroom; together with the traffic it is what must
 * be enough. */
static int answer(struct session *session, const struct sizing *sizing)
{
	uint64_t entries = sizing->rate * sizing->seconds;
	uint64_t most = most_for(entries), room = most_in(sizing->memory);

	if (sizing->memory == 0)
		return show(session, entries, most);
	if (entries == 0)
		return show(session, room - room / 5, room);
	if (room < entries + entries / 4)
		return program_fail(STATUS_NO,
				    "%llu connections need %llu bytes with their headroom, more "
				    "than --memory",
				    (unsigned long long)entries,
				    (unsigned long long)memory_of(
					    (entries + entries / 4) / ENTRIES_A_BUCKET + 1));
	return show(session, entries, most < room ? most : room);
}

int sizing_run(struct session *session, int argc, char *argv[])
{
	struct sizing sizing = { 0 };
	struct option_group group = { option_rows, countof(option_rows), &sizing, NULL };
	int rest, status;

	if (!options_read(session, &group, 1, argv, &rest, &status))
		return status;
	if (rest < argc) {
		program_say("unexpected word '%s'", argv[rest]);
		return command_usage(session);
	}
	if ((sizing.rate == 0) != (sizing.seconds == 0) || (!sizing.rate && !sizing.memory)) {
		program_say("say how many connections a second begin (--rate) and how long one "
			    "lasts (--duration), or what the table may take (--memory)");
		return command_usage(session);
	}
	/* What nf_conntrack_max can hold, with the headroom. */
	if (sizing.rate * sizing.seconds > UINT32_MAX / 4)
		return program_fail(STATUS_NO, "%llu connections are more than a table can hold",
				    sizing.rate * sizing.seconds);
	return answer(session, &sizing);
}
