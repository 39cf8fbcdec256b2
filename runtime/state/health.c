/* health: what is about to go wrong, with its evidence and what mends it. */
#include <stdio.h>
#include <time.h>

#include "runtime/program.h"
#include "runtime/state/options.h"
#include "runtime/state/query.h"
#include "runtime/state/sheet.h"
#include "runtime/state/socket.h"
#include "runtime/state/stats.h"

/* The statuses of monitoring plugins. */
enum grade { GRADE_OK, GRADE_WARNING, GRADE_CRITICAL };

enum { WARN_PERCENT = 75, CRITICAL_PERCENT = 90, CHAIN_MAX = 8, FINDINGS_MAX = 8 };

struct finding {
	enum grade grade;
	char evidence[128], advice[96];
};

struct health {
	unsigned long long seconds; /* between the two readings */
	uint64_t entries_before, entries, most, buckets;
	struct cpu_stats before, now;
	size_t n;
	struct finding findings[FINDINGS_MAX];
};

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

static int health_read(struct health *out, struct stats *stats)
{
	const struct timespec pause = { (time_t)out->seconds, 0 };

	int error = stats_read(stats);
	if (!error)
		error = table_size_read(&out->entries_before, &out->most);
	if (!error)
		error = number_read("/proc/sys/net/netfilter/nf_conntrack_buckets", &out->buckets);
	if (error)
		return error;
	out->before = stats->total;
	nanosleep(&pause, NULL);
	error = stats_read(stats);
	out->now = stats->total;
	return error ? error : table_size_read(&out->entries, &out->most);
}

static struct finding *find(struct health *health, enum grade grade)
{
	struct finding *finding = &health->findings[health->n++];
	finding->grade = grade;
	return finding;
}

static void check_fill(struct health *health)
{
	uint64_t percent = health->most ? health->entries * 100 / health->most : 0;

	if (percent < WARN_PERCENT)
		return;
	struct finding *finding =
		find(health, percent < CRITICAL_PERCENT ? GRADE_WARNING : GRADE_CRITICAL);
	snprintf(finding->evidence, sizeof finding->evidence,
		 "the table is %llu%% full: %llu of %llu connections", (unsigned long long)percent,
		 (unsigned long long)health->entries, (unsigned long long)health->most);
	snprintf(finding->advice, sizeof finding->advice, "conntrack { max_connections = %llu }",
		 (unsigned long long)health->most * 2);
}

static void check_chains(struct health *health)
{
	if (health->buckets == 0 || health->most / health->buckets <= CHAIN_MAX)
		return;
	struct finding *finding = find(health, GRADE_WARNING);
	snprintf(finding->evidence, sizeof finding->evidence,
		 "a full table has %llu connections in a bucket, for there are %llu buckets",
		 (unsigned long long)(health->most / health->buckets),
		 (unsigned long long)health->buckets);
	snprintf(finding->advice, sizeof finding->advice, "conntrack { hash_size = %llu }",
		 (unsigned long long)health->most / 4);
}

/* What the kernel counts since it started says nothing about now; what was added since the first
 * reading does. */
static void check_losses(struct health *health)
{
	static const struct {
		enum stat stat;
		enum grade grade;
	} rows[] = {
		{ STAT_DROP, GRADE_CRITICAL },
		{ STAT_EARLY_DROP, GRADE_WARNING },
		{ STAT_INSERT_FAILED, GRADE_WARNING },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		uint32_t added =
			(uint32_t)(health->now.at[rows[i].stat] - health->before.at[rows[i].stat]);
		if (added == 0)
			continue;
		struct finding *finding = find(health, rows[i].grade);
		snprintf(finding->evidence, sizeof finding->evidence, "%s rose by %u in %llu s",
			 stat_name(rows[i].stat), added, health->seconds);
		if (rows[i].stat != STAT_INSERT_FAILED)
			snprintf(finding->advice, sizeof finding->advice,
				 "conntrack { max_connections = %llu }",
				 (unsigned long long)health->most * 2);
	}
}

static const char *const grade_names[] = { "OK", "WARNING", "CRITICAL" };

static enum grade worst_of(const struct health *health)
{
	enum grade worst = GRADE_OK;
	for (size_t i = 0; i < health->n; i++)
		if (health->findings[i].grade > worst)
			worst = health->findings[i].grade;
	return worst;
}

static void show_text(const struct health *health)
{
	printf("FLYWALL %s - %llu of %llu connections | connections=%llu;%llu;%llu;0;%llu\n",
	       grade_names[worst_of(health)], (unsigned long long)health->entries,
	       (unsigned long long)health->most, (unsigned long long)health->entries,
	       (unsigned long long)(health->most * WARN_PERCENT / 100),
	       (unsigned long long)(health->most * CRITICAL_PERCENT / 100),
	       (unsigned long long)health->most);
	for (size_t i = 0; i < health->n; i++) {
		const struct finding *finding = &health->findings[i];
		printf("%s: %s\n", grade_names[finding->grade], finding->evidence);
		if (finding->advice[0])
			printf("  %s\n", finding->advice);
	}
}

static const struct sheet_column table_columns[] = {
	{ "STATUS", "status" },
	{ ">CONNECTIONS", "connections" },
	{ ">MAXIMUM", "maximum" },
	{ ">BUCKETS", "buckets" },
};
static const struct sheet_column finding_columns[] = { { "STATUS", "status" },
						       { "EVIDENCE", "evidence" },
						       { "ADVICE", "advice" } };

static int show_data(struct session *session, const struct health *health)
{
	struct sheet *sheet = sheet_new(session);

	sheet_single(sheet, "health", table_columns, countof(table_columns));
	sheet_text(sheet, grade_names[worst_of(health)]);
	sheet_number(sheet, health->entries);
	sheet_number(sheet, health->most);
	sheet_number(sheet, health->buckets);
	sheet_list(sheet, "findings", finding_columns, countof(finding_columns));
	for (size_t i = 0; i < health->n; i++) {
		sheet_text(sheet, grade_names[health->findings[i].grade]);
		sheet_text(sheet, health->findings[i].evidence);
		sheet_text(sheet, health->findings[i].advice);
	}
	return sheet_close(sheet);
}

int health_run(struct session *session, int argc, char *argv[])
{
	struct health health = { .seconds = 1 };
	struct option_group group = { option_rows, countof(option_rows), &health, NULL };
	int rest, status;

	if (!options_read(session, &group, 1, argv, &rest, &status))
		return status;
	if (rest < argc) {
		program_say("unexpected word '%s'", argv[rest]);
		return program_usage();
	}
	int error = health_read(&health, arena_alloc(session->arena, sizeof(struct stats)));
	if (error)
		return kernel_refused("read the state of the connection table", error);
	check_fill(&health);
	check_chains(&health);
	check_losses(&health);
	if (session->format == FORMAT_TEXT)
		show_text(&health);
	status = session->format == FORMAT_TEXT ? program_finish() : show_data(session, &health);
	return status == STATUS_DONE ? (int)worst_of(&health) : status;
}
