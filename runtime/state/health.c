/* health: what is about to go wrong, with its evidence and what mends it. */
#include "runtime/state/health.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "runtime/program.h"
#include "runtime/state/entry_size.h"
#include "runtime/state/names.h"
#include "runtime/state/options.h"
#include "runtime/state/query.h"
#include "runtime/state/sheet.h"
#include "runtime/state/socket.h"

static bool take_interval(void *target, const struct option_row *row, const char *value)
{
	struct health *health = target;

	if (!option_duration(row->name, value, &health->seconds))
		return false;
	if (health->seconds == 0)
		program_say("--%s is one second at least", row->name);
	return health->seconds > 0;
}

static const struct option_row option_rows[] = {
	{ "interval", "SECONDS", take_interval, "between the two readings (default 1)", 0 },
};

static int read_now(struct health *health, struct stats *stats, struct health_reading *out)
{
	struct session *session = health->session;

	int error = stats_read(stats);
	if (!error)
		error = table_size_read(&out->entries, &health->most);
	if (!error && names_get(session)->content)
		error = counters_read(session->arena, names_table(session), &out->counters);
	out->stats = stats->total;
	return error;
}

static int health_read(struct health *health)
{
	struct stats *stats = arena_alloc(health->session->arena, sizeof *stats);
	const struct timespec pause = { (time_t)health->seconds, 0 };

	int error = read_now(health, stats, &health->before);
	if (!error)
		error = number_read("/proc/sys/net/netfilter/nf_conntrack_buckets",
				    &health->buckets);
	if (error)
		return error;
	health->entry_bytes = entry_size(&health->is_measured);
	nanosleep(&pause, NULL);
	return read_now(health, stats, &health->now);
}

static const char *const grade_names[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

static enum grade worst_of(const struct health *health)
{
	enum grade worst = GRADE_OK;
	for (uint32_t i = 0; i < health->findings.n; i++)
		if (health->findings.at[i].grade > worst)
			worst = health->findings.at[i].grade;
	return worst;
}

static void show_advice(const char *advice)
{
	while (*advice) {
		int length = (int)strcspn(advice, "\n");
		printf("  %.*s\n", length, advice);
		advice += length + (advice[length] == '\n');
	}
}

/* The first line is for the monitoring, with its data behind the bar. */
static void show_text(const struct health *health)
{
	uint64_t most = health->most, now = health->now.entries;
	uint64_t memory = health_memory(health, now), memory_full = health_memory(health, most);
	uint64_t left = health_time_to_full(health);

	printf("FLYWALL %s - %" PRIu64 " of %" PRIu64 " connections | connections=%" PRIu64
	       ";%" PRIu64 ";%" PRIu64 ";0;%" PRIu64 " memory=%" PRIu64 "B;;;0;%" PRIu64 "\n",
	       grade_names[worst_of(health)], now, most, now, most * WARN_PERCENT / 100,
	       most * CRITICAL_PERCENT / 100, most, memory, memory_full);
	printf("memory: %" PRIu64 " kB now, %" PRIu64 " kB when full, at %" PRIu64
	       " bytes an entry (%s)\n",
	       memory >> 10, memory_full >> 10, health->entry_bytes,
	       health->is_measured ? "measured" : "an estimate");
	printf("growth: %+" PRId64 " connections in %llu s",
	       (int64_t)(now - health->before.entries), health->seconds);
	if (left)
		printf(", full in %" PRIu64 " s", left);
	putchar('\n');
	for (uint32_t i = 0; i < health->findings.n; i++) {
		const struct finding *finding = &health->findings.at[i];
		printf("%s: %s\n", grade_names[finding->grade], finding->evidence);
		if (finding->advice)
			show_advice(finding->advice);
	}
}

static void show_table(struct sheet *sheet, const struct health *health)
{
	static const struct sheet_column columns[] = {
		{ "STATUS", "status" },
		{ ">CONNECTIONS", "connections" },
		{ ">MAXIMUM", "maximum" },
		{ ">BUCKETS", "buckets" },
		{ ">MEMORY", "bytes" },
		{ ">MEMORY FULL", "bytes_when_full" },
		{ ">ENTRY", "bytes_an_entry" },
		{ "FROM", "bytes_from" },
		{ ">ADDED/S", "added_per_second" },
		{ ">FULL IN", "seconds_to_full" },
	};
	uint64_t left = health_time_to_full(health);

	sheet_single(sheet, "health", columns, countof(columns));
	sheet_text(sheet, grade_names[worst_of(health)]);
	sheet_number(sheet, health->now.entries);
	sheet_number(sheet, health->most);
	sheet_number(sheet, health->buckets);
	sheet_number(sheet, health_memory(health, health->now.entries));
	sheet_number(sheet, health_memory(health, health->most));
	sheet_number(sheet, health->entry_bytes);
	sheet_text(sheet, health->is_measured ? "measured" : "estimate");
	sheet_real(sheet, (double)(int64_t)(health->now.entries - health->before.entries) /
				  (double)health->seconds);
	if (left)
		sheet_number(sheet, left);
	else
		sheet_unknown(sheet);
}

static int show_data(const struct health *health)
{
	static const struct sheet_column columns[] = { { "STATUS", "status" },
						       { "EVIDENCE", "evidence" },
						       { "ADVICE", "advice" } };
	struct sheet *sheet = sheet_new(health->session);

	show_table(sheet, health);
	sheet_list(sheet, "findings", columns, countof(columns));
	for (uint32_t i = 0; i < health->findings.n; i++) {
		const struct finding *finding = &health->findings.at[i];
		sheet_text(sheet, grade_names[finding->grade]);
		sheet_text(sheet, finding->evidence);
		if (finding->advice)
			sheet_text(sheet, finding->advice);
		else
			sheet_unknown(sheet);
	}
	return sheet_close(sheet);
}

static int report(struct health *health)
{
	int error = health_read(health);
	if (error)
		return kernel_refused("read the state of the connection table", error);
	names_warn(health->session);
	int status = health_read_connections(health);
	if (status != STATUS_DONE)
		return status;
	health_check(health);
	if (health->session->format != FORMAT_TEXT)
		return show_data(health);
	show_text(health);
	return program_finish();
}

/* To a monitoring plugin 2 is critical, so what failed, or was called wrongly, is unknown. */
int health_run(struct session *session, int argc, char *argv[])
{
	struct health health = { .session = session, .seconds = 1 };
	struct option_group group = { option_rows, countof(option_rows), &health, NULL };
	int rest, status;

	if (!options_read(session, &group, 1, argv, &rest, &status))
		return status == STATUS_DONE ? GRADE_OK : GRADE_UNKNOWN;
	if (rest < argc) {
		program_say("unexpected word '%s'", argv[rest]);
		command_usage(session);
		return GRADE_UNKNOWN;
	}
	status = report(&health);
	return status == STATUS_DONE ? (int)worst_of(&health) : GRADE_UNKNOWN;
}
