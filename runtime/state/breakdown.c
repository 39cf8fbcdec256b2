/* protocols, states, uplinks: the table summed up in a few rows. */
#include <stdlib.h>
#include <string.h>

#include "runtime/program.h"
#include "runtime/state/dump.h"
#include "runtime/state/filter.h"
#include "runtime/state/group.h"
#include "runtime/state/names.h"
#include "runtime/state/sheet.h"

struct breakdown {
	struct session *session;
	struct filter *filter;
	const struct group *group;
	struct tally tally;
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

/* A column for each part of the group, with these titles, and those of the sums. */
static void begin_list(const struct breakdown *breakdown, struct sheet *sheet,
		       const char *const titles[GROUP_PARTS_MAX])
{
	static const struct sheet_column sums[] = {
		{ ">CONNECTIONS", "connections" },
		{ ">UNREPLIED", "unreplied" },
		{ ">PACKETS", "packets" },
		{ ">BYTES", "bytes" },
	};
	struct sheet_column columns[GROUP_PARTS_MAX + countof(sums)];
	size_t n = 0;

	for (; n < GROUP_PARTS_MAX && breakdown->group->parts[n]; n++)
		columns[n] = (struct sheet_column){ titles[n], breakdown->group->parts[n] };
	memcpy(columns + n, sums, sizeof sums);
	sheet_list(sheet, breakdown->session->command->name, columns, n + countof(sums));
}

static void show_groups(struct breakdown *breakdown, struct sheet *sheet)
{
	const struct group *group = breakdown->group;
	autofree struct tally_row *rows = group_sorted(&breakdown->tally, weigh_connections);
	char parts[GROUP_PARTS_MAX][GROUP_PART_MAX];

	for (size_t i = 0; i < breakdown->tally.n; i++) {
		group->text(breakdown->session, &rows[i].key, parts);
		for (size_t k = 0; k < GROUP_PARTS_MAX && group->parts[k]; k++)
			sheet_text(sheet, parts[k]);
		sheet_number(sheet, rows[i].connections);
		sheet_number(sheet, rows[i].unreplied);
		sheet_number(sheet, rows[i].packets);
		sheet_number(sheet, rows[i].bytes);
	}
}

static bool read_options(struct breakdown *breakdown, char *argv[], int *status)
{
	struct session *session = breakdown->session;
	int rest;

	breakdown->filter = filter_new(session);
	struct option_group group = filter_options(breakdown->filter);
	if (!options_read(session, &group, 1, argv, &rest, status))
		return false;
	if (argv[rest]) {
		program_say("unexpected word '%s'", argv[rest]);
		*status = command_usage(session);
		return false;
	}
	*status = filter_finish(breakdown->filter);
	return *status == STATUS_DONE;
}

static int breakdown_run(struct session *session, char *argv[], const char *group,
			 const char *const titles[GROUP_PARTS_MAX])
{
	struct breakdown breakdown = { .session = session, .group = group_find(group) };
	int status;

	if (!read_options(&breakdown, argv, &status))
		return status;
	status = count(&breakdown);
	if (status == STATUS_DONE) {
		if (breakdown.group->fields & FIELD_MARK)
			names_warn(session);
		struct sheet *sheet = sheet_new(session);
		begin_list(&breakdown, sheet, titles);
		show_groups(&breakdown, sheet);
		status = sheet_close(sheet);
	}
	tally_free(&breakdown.tally);
	return status;
}

int protocols_run(struct session *session, int argc, char *argv[])
{
	static const char *const titles[] = { "PROTOCOL", "FAMILY" };
	(void)argc;
	return breakdown_run(session, argv, "protocol", titles);
}

int states_run(struct session *session, int argc, char *argv[])
{
	static const char *const titles[] = { "PROTOCOL", "STATE" };
	(void)argc;
	return breakdown_run(session, argv, "state", titles);
}

int uplinks_run(struct session *session, int argc, char *argv[])
{
	static const char *const titles[GROUP_PARTS_MAX] = { "UPLINK" };
	(void)argc;
	return breakdown_run(session, argv, "uplink", titles);
}
