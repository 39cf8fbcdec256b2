/* protocols, states, uplinks: the table summed up in a few rows. */
#include <stdlib.h>

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
		group_text(breakdown->group, breakdown->session, &rows[i].key, text);
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
			 const char *title)
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
	return breakdown_run(session, argv, "uplink", "UPLINK");
}
