#include "runtime/state/stats.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "runtime/program.h"
#include "runtime/state/command.h"
#include "runtime/state/options.h"
#include "runtime/state/query.h"
#include "runtime/state/sheet.h"
#include "runtime/state/socket.h"
#include "runtime/state/writer.h"

static const struct stat_row {
	uint16_t attribute;
	const char *title, *name;
} stat_rows[STAT_COUNT] = {
	[STAT_FOUND] = { CTA_STATS_FOUND, ">FOUND", "found" },
	[STAT_INVALID] = { CTA_STATS_INVALID, ">INVALID", "invalid" },
	[STAT_IGNORE] = { CTA_STATS_IGNORE, ">IGNORE", "ignore" },
	[STAT_INSERT] = { CTA_STATS_INSERT, ">INSERT", "insert" },
	[STAT_INSERT_FAILED] = { CTA_STATS_INSERT_FAILED, ">INSERT_FAILED", "insert_failed" },
	[STAT_DROP] = { CTA_STATS_DROP, ">DROP", "drop" },
	[STAT_EARLY_DROP] = { CTA_STATS_EARLY_DROP, ">EARLY_DROP", "early_drop" },
	[STAT_ERROR] = { CTA_STATS_ERROR, ">ERROR", "error" },
	[STAT_SEARCH_RESTART] = { CTA_STATS_SEARCH_RESTART, ">SEARCH_RESTART", "search_restart" },
	[STAT_CLASH_RESOLVE] = { CTA_STATS_CLASH_RESOLVE, ">CLASH_RESOLVE", "clash_resolve" },
	[STAT_CHAIN_TOOLONG] = { CTA_STATS_CHAIN_TOOLONG, ">CHAIN_TOOLONG", "chain_toolong" },
};

const char *stat_name(enum stat stat)
{
	return stat_rows[stat].name;
}

static void add_cpu(void *context, const struct nlmsghdr *message)
{
	const struct nfgenmsg *head = mnl_nlmsg_get_payload(message);
	struct stats *stats = context;
	const struct nlattr *attribute;

	if (stats->n == CPUS_MAX)
		return;
	struct cpu_stats *cpu = &stats->cpus[stats->n++];
	cpu->cpu = ntohs(head->res_id);
	mnl_attr_for_each(attribute, message, sizeof *head)
	{
		for (size_t i = 0; i < STAT_COUNT; i++) {
			if (mnl_attr_get_type(attribute) != stat_rows[i].attribute ||
			    mnl_attr_validate(attribute, MNL_TYPE_U32) < 0)
				continue;
			cpu->at[i] = ntohl(mnl_attr_get_u32(attribute));
			stats->total.at[i] += cpu->at[i];
		}
	}
}

int stats_read(struct stats *out)
{
	char buffer[REQUEST_MAX] __attribute__((aligned(8)));

	out->n = 0;
	memset(&out->total, 0, sizeof out->total);
	struct nlmsghdr *request =
		request_start(buffer, IPCTNL_MSG_CT_GET_STATS_CPU, NLM_F_DUMP, AF_UNSPEC);
	return query_run(request, add_cpu, out);
}

struct table_size {
	uint64_t entries, most;
};

static void read_size(void *context, const struct nlmsghdr *message)
{
	struct table_size *size = context;
	const struct nlattr *attribute;

	mnl_attr_for_each(attribute, message, sizeof(struct nfgenmsg))
	{
		if (mnl_attr_validate(attribute, MNL_TYPE_U32) < 0)
			continue;
		uint32_t number = ntohl(mnl_attr_get_u32(attribute));
		if (mnl_attr_get_type(attribute) == CTA_STATS_GLOBAL_ENTRIES)
			size->entries = number;
		else if (mnl_attr_get_type(attribute) == CTA_STATS_GLOBAL_MAX_ENTRIES)
			size->most = number;
	}
}

int table_size_read(uint64_t *entries, uint64_t *most)
{
	char buffer[REQUEST_MAX] __attribute__((aligned(8)));
	struct table_size size = { 0 };

	/* The acknowledgement ends what is one message, as the end of a dump would. */
	struct nlmsghdr *request =
		request_start(buffer, IPCTNL_MSG_CT_GET_STATS, NLM_F_ACK, AF_UNSPEC);
	int error = query_run(request, read_size, &size);
	if (error)
		return error;
	*entries = size.entries;
	*most = size.most;
	return 0;
}

struct stats_options {
	unsigned long long seconds; /* 0: once */
	unsigned long long times;   /* 0: until it is stopped */
};

static bool take_watch(void *target, const struct option_row *row, const char *value)
{
	struct stats_options *options = target;

	if (!option_duration(row->name, value, &options->seconds))
		return false;
	if (options->seconds == 0)
		program_say("--%s is one second at least", row->name);
	return options->seconds > 0;
}

static bool take_times(void *target, const struct option_row *row, const char *value)
{
	struct stats_options *options = target;
	return option_number(row->name, value, UINT32_MAX, &options->times);
}

static const struct option_row option_rows[] = {
	{ "watch", "SECONDS", take_watch, "show what is added a second, every so often" },
	{ "times", "NUMBER", take_times, "with --watch: end after so many lines" },
};

static void make_columns(struct sheet_column columns[STAT_COUNT + 1])
{
	columns[0] = (struct sheet_column){ "CPU", "cpu" };
	for (size_t i = 0; i < STAT_COUNT; i++)
		columns[i + 1] = (struct sheet_column){ stat_rows[i].title, stat_rows[i].name };
}

static void show_numbers(struct sheet *sheet, const struct cpu_stats *stats)
{
	for (size_t i = 0; i < STAT_COUNT; i++)
		sheet_number(sheet, stats->at[i]);
}

static const struct sheet_column size_columns[] = { { ">CONNECTIONS", "connections" },
						    { ">MAXIMUM", "maximum" } };

static int show_once(struct session *session, const struct stats *stats)
{
	struct sheet_column columns[STAT_COUNT + 1];
	uint64_t entries, most;

	int error = table_size_read(&entries, &most);
	if (error)
		return kernel_refused("read the number of connections", error);
	make_columns(columns);
	struct sheet *sheet = sheet_new(session);
	sheet_list(sheet, "cpus", columns, countof(columns));
	for (size_t i = 0; i < stats->n; i++) {
		sheet_number(sheet, stats->cpus[i].cpu);
		show_numbers(sheet, &stats->cpus[i]);
	}
	if (session->format == FORMAT_TEXT) {
		sheet_text(sheet, "all");
		show_numbers(sheet, &stats->total);
	} else {
		sheet_single(sheet, "total", columns + 1, STAT_COUNT);
		show_numbers(sheet, &stats->total);
	}
	sheet_single(sheet, "table", size_columns, countof(size_columns));
	sheet_number(sheet, entries);
	sheet_number(sheet, most);
	return sheet_close(sheet);
}

static double now_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The kernel's numbers have 32 bits and begin again. */
static double rate_of(uint64_t before, uint64_t now, double seconds)
{
	return (double)(uint32_t)(now - before) / seconds;
}

/* One look of --watch. */
struct look {
	uint64_t connections, maximum;
	double rates[STAT_COUNT];
};

static void show_look_text(const struct look *look, bool is_first)
{
	if (is_first)
		printf("%14s", "connections");
	for (size_t i = 0; is_first && i < STAT_COUNT; i++)
		printf(" %14s", stat_rows[i].name);
	printf("%s%14llu", is_first ? "\n" : "", (unsigned long long)look->connections);
	for (size_t i = 0; i < STAT_COUNT; i++)
		printf(" %14.1f", look->rates[i]);
	putchar('\n');
}

static void show_look_line(const struct look *look)
{
	struct writer *writer = writer_new(stdout, FORMAT_JSON);

	writer_set_lines(writer);
	writer_begin_map(writer);
	writer_pair_number(writer, "connections", look->connections);
	writer_pair_number(writer, "maximum", look->maximum);
	for (size_t i = 0; i < STAT_COUNT; i++) {
		writer_key(writer, stat_rows[i].name);
		writer_real(writer, look->rates[i], 1);
	}
	writer_end_map(writer);
	writer_end_line(writer);
	writer_close(writer);
}

static int look_again(struct stats *stats, double *when, struct look *out)
{
	const struct cpu_stats old = stats->total;
	double before = *when;

	int error = stats_read(stats);
	if (!error)
		error = table_size_read(&out->connections, &out->maximum);
	if (error)
		return error;
	*when = now_seconds();
	for (size_t i = 0; i < STAT_COUNT; i++)
		out->rates[i] = rate_of(old.at[i], stats->total.at[i], *when - before);
	return 0;
}

static int watch(struct session *session, const struct stats_options *options, struct stats *stats)
{
	const struct timespec pause = { (time_t)options->seconds, 0 };
	double when = now_seconds();
	int status = STATUS_DONE;
	struct look look;

	for (unsigned long long i = 0; status == STATUS_DONE; i++) {
		if (options->times && i == options->times)
			return STATUS_DONE;
		nanosleep(&pause, NULL);
		int error = look_again(stats, &when, &look);
		if (error)
			return kernel_refused("read the statistics", error);
		if (session->format == FORMAT_JSON)
			show_look_line(&look);
		else
			show_look_text(&look, i == 0);
		status = program_finish();
	}
	return status;
}

static int check_options(const struct session *session, const struct stats_options *options)
{
	if (options->times && !options->seconds)
		program_say("--times says how often --watch shows numbers; there is no --watch");
	else if (options->seconds && session->format == FORMAT_YAML)
		program_say("--watch shows text or JSON, one line at a time, not YAML");
	else
		return STATUS_DONE;
	return command_usage(session);
}

int stats_run(struct session *session, int argc, char *argv[])
{
	struct stats_options options = { 0 };
	struct option_group group = { option_rows, countof(option_rows), &options, NULL };
	int rest, status;

	if (!options_read(session, &group, 1, argv, &rest, &status))
		return status;
	if (rest < argc) {
		program_say("unexpected word '%s'", argv[rest]);
		return command_usage(session);
	}
	status = check_options(session, &options);
	if (status != STATUS_DONE)
		return status;
	struct stats *stats = arena_alloc(session->arena, sizeof *stats);
	int error = stats_read(stats);
	if (error)
		return kernel_refused("read the statistics", error);
	return options.seconds ? watch(session, &options, stats) : show_once(session, stats);
}
