/* protocols, states, zones, uplinks: the table summed up in a few rows. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime/program.h"
#include "runtime/state/counters.h"
#include "runtime/state/dump.h"
#include "runtime/state/filter.h"
#include "runtime/state/group.h"
#include "runtime/state/names.h"
#include "runtime/state/sheet.h"
#include "runtime/state/socket.h"

struct breakdown {
	struct session *session;
	struct filter *filter;
	const struct group *group;
	struct tally tally;
	unsigned long long
		seconds; /* zones: between two readings of the counters; 0: one reading */
};

static bool take_interval(void *target, const struct option_row *row, const char *value)
{
	struct breakdown *breakdown = target;
	return option_duration(row->name, value, &breakdown->seconds);
}

static const struct option_row zone_rows[] = {
	{ "interval", "SECONDS", take_interval,
	  "count new and refused connections for so long (default 1; 0: not at all)" },
};

static bool add(void *context, const struct connection *connection)
{
	struct breakdown *breakdown = context;
	group_add(breakdown->group, &breakdown->tally, connection);
	return true;
}

static int count(struct breakdown *breakdown)
{
	struct dump dump = { breakdown->filter, group_fields(breakdown->group), add, breakdown };
	struct dump_result result;

	return dump_or_say(&dump, &result);
}

static void show_groups(struct breakdown *breakdown, struct sheet *sheet, const char *title)
{
	const struct sheet_column columns[] = {
		{ title, breakdown->group->name },
		{ ">CONNECTIONS", "connections" },
		{ ">UNREPLIED", "unreplied" },
		{ ">PACKETS", "packets" },
		{ ">BYTES", "bytes" },
	};
	autofree struct tally_row *rows = group_sorted(&breakdown->tally, weigh_connections);
	char text[GROUP_TEXT_MAX];

	sheet_list(sheet, breakdown->session->command->name, columns, countof(columns));
	for (size_t i = 0; i < breakdown->tally.n; i++) {
		breakdown->group->text(breakdown->session, &rows[i].key, text);
		sheet_text(sheet, text);
		sheet_number(sheet, rows[i].connections);
		sheet_number(sheet, rows[i].unreplied);
		sheet_number(sheet, rows[i].packets);
		sheet_number(sheet, rows[i].bytes);
	}
}

static bool read_options(struct breakdown *breakdown, char *argv[], int *status)
{
	struct session *session = breakdown->session;
	bool is_zones = strcmp(breakdown->group->name, "zone") == 0;
	int rest;

	breakdown->filter = filter_new(session);
	struct option_group groups[] = { filter_options(breakdown->filter),
					 { zone_rows, countof(zone_rows), breakdown, NULL } };
	if (!options_read(session, groups, is_zones ? 2 : 1, argv, &rest, status))
		return false;
	if (argv[rest]) {
		program_say("unexpected word '%s'", argv[rest]);
		*status = program_usage();
		return false;
	}
	*status = filter_finish(breakdown->filter);
	return *status == STATUS_DONE;
}

static int breakdown_run(struct session *session, char *argv[], const char *group,
			 const char *title)
{
	struct breakdown breakdown = { .session = session, .group = group_find(group) };
	int status;

	if (!read_options(&breakdown, argv, &status))
		return status;
	status = count(&breakdown);
	if (status == STATUS_DONE) {
		struct sheet *sheet = sheet_new(session);
		show_groups(&breakdown, sheet, title);
		status = sheet_close(sheet);
	}
	tally_free(&breakdown.tally);
	return status;
}

int protocols_run(struct session *session, int argc, char *argv[])
{
	(void)argc;
	return breakdown_run(session, argv, "protocol", "PROTOCOL");
}

int states_run(struct session *session, int argc, char *argv[])
{
	(void)argc;
	return breakdown_run(session, argv, "state", "STATE");
}

int uplinks_run(struct session *session, int argc, char *argv[])
{
	(void)argc;
	names_warn(session);
	return breakdown_run(session, argv, "uplink", "UPLINK");
}

/* Two readings of our table's counters and the time between them. */
struct readings {
	const json_t *names;
	struct counters before, now;
	double seconds; /* 0: there is one reading */
};

static uint64_t packets_of(const struct counters *counters, const char *name)
{
	const struct counter *counter = name ? counter_find(counters, name) : NULL;
	return counter ? counter->packets : 0;
}

static void show_rate(struct sheet *sheet, const struct readings *readings, const char *name)
{
	if (readings->seconds > 0)
		sheet_real(sheet, (double)(packets_of(&readings->now, name) -
					   packets_of(&readings->before, name)) /
					  readings->seconds);
	else
		sheet_unknown(sheet);
}

static const char *text_at(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key));
}

static void show_admitted(struct sheet *sheet, const struct readings *readings)
{
	static const struct sheet_column columns[] = {
		{ "ZONE", "zone" },
		{ ">ADMITTED", "admitted" },
		{ ">NEW/S", "new_per_second" },
	};
	size_t i;
	const json_t *row;

	sheet_list(sheet, "admitted", columns, countof(columns));
	json_array_foreach(json_object_get(readings->names, "counters"), i, row)
	{
		const char *zone = text_at(row, "zone"), *meaning = text_at(row, "meaning");
		const char *name = text_at(row, "name");
		if (!zone || !meaning || strcmp(meaning, "admitted") != 0)
			continue;
		sheet_text(sheet, zone);
		sheet_number(sheet, packets_of(&readings->now, name));
		show_rate(sheet, readings, name);
	}
}

static void show_limits(struct sheet *sheet, const struct readings *readings)
{
	static const struct sheet_column columns[] = {
		{ "ZONE", "zone" },
		{ "LIMIT", "limit" },
		{ ">VALUE", "value" },
		{ ">REFUSED", "refused" },
		{ ">REFUSED/S", "refused_per_second" },
	};
	size_t i;
	const json_t *row;

	sheet_list(sheet, "limits", columns, countof(columns));
	json_array_foreach(json_object_get(readings->names, "limits"), i, row)
	{
		const char *zone = text_at(row, "zone"), *limit = text_at(row, "limit");
		const char *value = text_at(row, "value"), *name = text_at(row, "counter");
		sheet_text(sheet, zone ? zone : "-");
		sheet_text(sheet, limit ? limit : "-");
		sheet_text(sheet, value ? value : "-");
		sheet_number(sheet, packets_of(&readings->now, name));
		show_rate(sheet, readings, name);
	}
}

static int read_counters(struct breakdown *breakdown, struct readings *out)
{
	struct arena *arena = breakdown->session->arena;
	const struct timespec pause = { (time_t)breakdown->seconds, 0 };
	const char *table = names_table(breakdown->session);
	struct timespec begin, end;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	int error = counters_read(arena, table, &out->now);
	if (error || breakdown->seconds == 0)
		return error;
	out->before = out->now;
	nanosleep(&pause, NULL);
	error = counters_read(arena, table, &out->now);
	clock_gettime(CLOCK_MONOTONIC, &end);
	out->seconds =
		(double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
	return error;
}

static int show_zones(struct breakdown *breakdown)
{
	struct session *session = breakdown->session;
	struct readings readings = { .names = names_get(session)->content };

	int error = readings.names ? read_counters(breakdown, &readings) : 0;
	if (error)
		return kernel_refused("read the counters of flywall's table", error);
	int status = count(breakdown);
	if (status != STATUS_DONE)
		return status;
	struct sheet *sheet = sheet_new(session);
	show_groups(breakdown, sheet, "ZONES");
	if (readings.names) {
		show_admitted(sheet, &readings);
		show_limits(sheet, &readings);
	}
	return sheet_close(sheet);
}

int zones_run(struct session *session, int argc, char *argv[])
{
	struct breakdown breakdown = { .session = session,
				       .group = group_find("zone"),
				       .seconds = 1 };
	int status;

	(void)argc;
	if (!read_options(&breakdown, argv, &status))
		return status;
	names_warn(session);
	status = show_zones(&breakdown);
	tally_free(&breakdown.tally);
	return status;
}
