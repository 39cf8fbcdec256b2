/* top: who has most connections, or moves most bytes. */
#include <stdlib.h>
#include <string.h>

#include "runtime/program.h"
#include "runtime/scope.h"
#include "runtime/state/dump.h"
#include "runtime/state/filter.h"
#include "runtime/state/group.h"
#include "runtime/state/names.h"
#include "runtime/state/sheet.h"

struct top {
	struct session *session;
	struct filter *filter;
	struct group group;
	struct tally tally;
	unsigned long long limit; /* 0: all */
};

static bool take_order(void *target, const struct option_row *row, const char *value)
{
	struct top *top = target;

	if (strcmp(value, "bytes") == 0)
		top->tally.is_by_bytes = true;
	else if (strcmp(value, "connections") == 0)
		top->tally.is_by_bytes = false;
	else
		program_say("--%s is connections or bytes, not '%s'", row->name, value);
	return strcmp(value, "bytes") == 0 || strcmp(value, "connections") == 0;
}

static bool take_group(void *target, const struct option_row *row, const char *value)
{
	const struct group *group = group_find(value);
	struct top *top = target;

	if (!group) {
		program_say(
			"--%s is source, destination, pair, port, zone, prefix, protocol, state "
			"or uplink, not '%s'",
			row->name, value);
		return false;
	}
	/* --prefix may stand before --group=prefix. */
	uint8_t bits4 = top->group.bits4, bits6 = top->group.bits6;
	top->group = *group;
	if (strcmp(group->name, "prefix") == 0 && bits6) {
		top->group.bits4 = bits4;
		top->group.bits6 = bits6;
	}
	return true;
}

/* "24/64": of IPv4 and of IPv6. */
static bool take_prefix(void *target, const struct option_row *row, const char *value)
{
	struct top *top = target;
	char *end, *last;
	unsigned long bits4 = strtoul(value, &end, 10);
	unsigned long bits6 = *end == '/' ? strtoul(end + 1, &last, 10) : 0;

	if (*value < '0' || *value > '9' || *end != '/' || end[1] < '0' || end[1] > '9' || *last ||
	    bits4 > 32 || bits6 < 1 || bits6 > 128) {
		program_say("--%s is two lengths, of IPv4 and of IPv6, such as 24/64, not '%s'",
			    row->name, value);
		return false;
	}
	top->group = *group_find("prefix");
	top->group.bits4 = (uint8_t)bits4;
	top->group.bits6 = (uint8_t)bits6;
	return true;
}

static bool take_limit(void *target, const struct option_row *row, const char *value)
{
	struct top *top = target;
	return option_number(row->name, value, UINT32_MAX, &top->limit);
}

static const struct option_row option_rows[] = {
	{ "by", "WHAT", take_order, "connections (default) or bytes", 0 },
	{ "group", "WHAT", take_group,
	  "source (default), destination, pair, port, zone, prefix, protocol, state, uplink", 0 },
	{ "prefix", "N4/N6", take_prefix, "group sources by networks of this length (24/64)", 0 },
	{ "limit", "NUMBER", take_limit, "show no more than so many (default 10; 0: all)", 0 },
};

static bool add(void *context, const struct connection *connection)
{
	struct top *top = context;
	group_add(&top->group, &top->tally, connection);
	return true;
}

static const struct sheet_column columns[] = {
	{ ">CONNECTIONS", "connections" },
	{ ">UNREPLIED", "unreplied" },
	{ ">PACKETS", "packets" },
	{ ">BYTES", "bytes" },
	{ "WHO", "who" },
};

static void show_rows(struct top *top, struct sheet *sheet)
{
	autofree struct tally_row *rows =
		group_sorted(&top->tally, top->tally.is_by_bytes ? weigh_bytes : weigh_connections);
	char text[GROUP_TEXT_MAX];

	sheet_list(sheet, "top", columns, countof(columns));
	for (size_t i = 0; i < top->tally.n && (top->limit == 0 || i < top->limit); i++) {
		sheet_number(sheet, rows[i].connections);
		sheet_number(sheet, rows[i].unreplied);
		sheet_number(sheet, rows[i].packets);
		sheet_number(sheet, rows[i].bytes);
		top->group.text(top->session, &rows[i].key, text);
		sheet_text(sheet, text);
	}
}

/* Sums are exact where no group had to be given up. */
static void say_lost(const struct tally *tally)
{
	if (tally->lost_connections > 0)
		program_say(
			"there are more groups than are kept at once; some sums may be too low, "
			"after what was first given up for the smallest (%u connections, %llu "
			"bytes at most each time)",
			tally->lost_connections, (unsigned long long)tally->lost_bytes);
}

static int top_show(struct top *top)
{
	struct dump dump = { top->filter, group_fields(&top->group), add, top };
	struct dump_result result;

	int status = dump_or_say(&dump, &result);
	if (status != STATUS_DONE)
		return status;
	say_lost(&top->tally);
	struct sheet *sheet = sheet_new(top->session);
	show_rows(top, sheet);
	return sheet_close(sheet);
}

int top_run(struct session *session, int argc, char *argv[])
{
	struct top top = { .session = session,
			   .filter = filter_new(session),
			   .group = *group_find("source"),
			   .limit = 10 };
	struct option_group groups[] = { { option_rows, countof(option_rows), &top, NULL },
					 filter_options(top.filter) };
	int rest, status;

	if (!options_read(session, groups, countof(groups), argv, &rest, &status))
		return status;
	if (rest < argc) {
		program_say("unexpected word '%s'", argv[rest]);
		return program_usage();
	}
	status = filter_finish(top.filter);
	if (status == STATUS_DONE && (top.group.fields & FIELD_MARK))
		names_warn(session);
	if (status == STATUS_DONE)
		status = top_show(&top);
	tally_free(&top.tally);
	return status;
}
