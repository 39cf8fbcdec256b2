/* sizing: how large the connection table has to be for some traffic. */
#include <stdio.h>
#include <string.h>

#include "runtime/program.h"
#include "runtime/state/options.h"
#include "runtime/state/sheet.h"

/* What an entry takes where the kernel does not tell: the specification's rule of thumb. */
enum { ENTRY_BYTES = 350, BUCKET_BYTES = 8, ENTRIES_A_BUCKET = 4, SMALLEST = 65536 };

struct sizing {
	unsigned long long rate, seconds;
};

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

static const struct option_row option_rows[] = {
	{ "rate", "NUMBER", take_rate, "new connections a second", 0 },
	{ "duration", "DURATION", take_duration, "how long one is in the table, on average", 0 },
};

/* A power of two with a quarter of headroom at least. */
static uint64_t most_for(uint64_t entries)
{
	uint64_t most = SMALLEST;
	while (most < entries + entries / 4)
		most *= 2;
	return most;
}

static const struct sheet_column columns[] = {
	{ ">CONNECTIONS", "connections" },
	{ ">MAXIMUM", "max_connections" },
	{ ">BUCKETS", "hash_size" },
	{ ">MEMORY", "bytes" },
};

static int show(struct session *session, uint64_t entries)
{
	uint64_t most = most_for(entries);
	uint64_t buckets = most / ENTRIES_A_BUCKET;

	struct sheet *sheet = sheet_new(session);
	sheet_single(sheet, "sizing", columns, countof(columns));
	sheet_number(sheet, entries);
	sheet_number(sheet, most);
	sheet_number(sheet, buckets);
	sheet_number(sheet, most * ENTRY_BYTES + buckets * BUCKET_BYTES);
	int status = sheet_close(sheet);
	if (status != STATUS_DONE || session->format != FORMAT_TEXT)
		return status;
	printf("\nconntrack {\n  max_connections = %llu\n  hash_size       = %llu\n}\n",
	       (unsigned long long)most, (unsigned long long)buckets);
	return program_finish();
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
		return program_usage();
	}
	if (sizing.rate == 0 || sizing.seconds == 0) {
		program_say("say how many connections a second begin (--rate) and how long one "
			    "lasts (--duration)");
		return program_usage();
	}
	/* What nf_conntrack_max can hold, with the headroom. */
	if (sizing.rate * sizing.seconds > UINT32_MAX / 4)
		return program_fail(STATUS_NO, "%llu connections are more than a table can hold",
				    sizing.rate * sizing.seconds);
	return show(session, sizing.rate * sizing.seconds);
}
