/* top: who has most connections, or moves most bytes. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "runtime/program.h"
#include "runtime/scope.h"
#include "runtime/state/names.h"
#include "runtime/state/screen.h"
#include "runtime/state/sheet.h"
#include "runtime/state/talkers.h"

struct top {
	struct talkers talkers;
	unsigned long long limit; /* 0: all */
	unsigned long long interval;
	bool is_once;
};

static bool take_order(void *target, const struct option_row *row, const char *value)
{
	struct top *top = target;

	for (size_t i = 0; i < ORDER_COUNT; i++)
		if (strcmp(value, talkers_orders[i]) == 0) {
			top->talkers.order = (enum talkers_order)i;
			return true;
		}
	program_say("--%s is connections, bytes or rate, not '%s'", row->name, value);
	return false;
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
	talkers_set_group(&top->talkers, group);
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
	top->talkers.group = *group_find("prefix");
	top->talkers.group.bits4 = (uint8_t)bits4;
	top->talkers.group.bits6 = (uint8_t)bits6;
	return true;
}

static bool take_limit(void *target, const struct option_row *row, const char *value)
{
	struct top *top = target;
	return option_number(row->name, value, UINT32_MAX, &top->limit);
}

static bool take_interval(void *target, const struct option_row *row, const char *value)
{
	struct top *top = target;

	if (!option_duration(row->name, value, &top->interval))
		return false;
	if (top->interval >= 1 && top->interval <= SCREEN_INTERVAL_MAX)
		return true;
	program_say("--%s is between one second and one day", row->name);
	return false;
}

static bool take_once(void *target, const struct option_row *row, const char *value)
{
	struct top *top = target;
	(void)row;
	(void)value;
	top->is_once = true;
	return true;
}

static const struct option_row option_rows[] = {
	{ "by", "WHAT", take_order, "connections (default), bytes or rate", 0 },
	{ "group", "WHAT", take_group,
	  "source (default), destination, pair, port, zone, prefix, protocol, state, uplink", 0 },
	{ "prefix", "N4/N6", take_prefix, "group sources by networks of this length (24/64)", 0 },
	{ "once", NULL, take_once, "one report, also on a terminal", 0 },
	{ "limit", "NUMBER", take_limit, "report no more than so many (default 10; 0: all)", 0 },
	{ "interval", "SECONDS", take_interval, "time between two readings (default 2)", 0 },
};

static const struct sheet_column sum_columns[] = {
	{ ">CONNECTIONS", "connections" },  { ">UNREPLIED", "unreplied" },
	{ ">PACKETS", "packets" },	    { ">BYTES", "bytes" },
	{ ">BYTES/S", "bytes_per_second" }, /* with rates alone */
};

enum { SUMS_MAX = sizeof sum_columns / sizeof *sum_columns };

/* Text has the parts of a group's name in one column, data in one each. */
static void begin_rows(const struct top *top, struct sheet *sheet)
{
	const struct talkers *talkers = &top->talkers;
	bool is_text = talkers->session->format == FORMAT_TEXT;
	struct sheet_column *columns =
		arena_array(talkers->session->arena, SUMS_MAX + GROUP_PARTS_MAX, sizeof *columns);
	size_t n = talkers_has_rates(talkers) ? SUMS_MAX : SUMS_MAX - 1;

	memcpy(columns, sum_columns, n * sizeof *columns);
	for (size_t i = 0; i < (is_text ? 1 : GROUP_PARTS_MAX) && talkers->group.parts[i]; i++)
		columns[n++] = (struct sheet_column){ "WHO", talkers->group.parts[i] };
	sheet_list(sheet, "top", columns, n);
}

static void show_who(const struct talkers *talkers, struct sheet *sheet,
		     const struct tally_key *key)
{
	char text[GROUP_TEXT_MAX], parts[GROUP_PARTS_MAX][GROUP_PART_MAX];

	if (talkers->session->format == FORMAT_TEXT) {
		group_text(&talkers->group, talkers->session, key, text);
		sheet_text(sheet, text);
		return;
	}
	talkers->group.text(talkers->session, key, parts);
	for (size_t i = 0; i < GROUP_PARTS_MAX && talkers->group.parts[i]; i++)
		sheet_text(sheet, parts[i]);
}

static void show_rows(const struct top *top, struct sheet *sheet)
{
	const struct talkers *talkers = &top->talkers;
	autofree struct talker *rows = talkers_sorted(talkers);

	begin_rows(top, sheet);
	for (size_t i = 0; i < talkers->now.tally.n && (top->limit == 0 || i < top->limit); i++) {
		const struct tally_row *sums = rows[i].sums;
		sheet_number(sheet, sums->connections);
		sheet_number(sheet, sums->unreplied);
		sheet_number(sheet, sums->packets);
		sheet_number(sheet, sums->bytes);
		if (talkers_has_rates(talkers))
			sheet_number(sheet, rows[i].rate);
		show_who(talkers, sheet, &sums->key);
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

static int read_once(struct talkers *talkers)
{
	struct dump dump = talkers_dump(talkers);
	struct dump_result result;
	return dump_or_say(&dump, &result);
}

static void warn_of_names(const struct talkers *talkers)
{
	if (talkers->group.fields & FIELD_MARK)
		names_warn(talkers->session);
}

static int show_screen(struct top *top)
{
	warn_of_names(&top->talkers);
	return screen_run(&top->talkers, (unsigned)top->interval);
}

static int show_report(struct top *top)
{
	const struct timespec pause = { (time_t)top->interval, 0 };
	bool has_rates = top->talkers.order == ORDER_RATE;

	int status = read_once(&top->talkers);
	if (status == STATUS_DONE && has_rates) {
		nanosleep(&pause, NULL);
		status = read_once(&top->talkers);
	}
	if (status != STATUS_DONE)
		return status;
	warn_of_names(&top->talkers);
	say_lost(&top->talkers.now.tally);
	struct sheet *sheet = sheet_new(top->talkers.session);
	show_rows(top, sheet);
	return sheet_close(sheet);
}

/* Keys come from standard input: without a terminal there, nobody could end the screen. */
static bool wants_screen(const struct top *top)
{
	return !top->is_once && top->talkers.session->format == FORMAT_TEXT &&
	       isatty(STDOUT_FILENO) && isatty(STDIN_FILENO);
}

int top_run(struct session *session, int argc, char *argv[])
{
	struct top top = { .talkers = { .session = session,
					.filter = filter_new(session),
					.group = *group_find("source") },
			   .limit = 10,
			   .interval = 2 };
	struct option_group groups[] = { { option_rows, countof(option_rows), &top, NULL },
					 filter_options(top.talkers.filter) };
	int rest, status;

	if (!options_read(session, groups, countof(groups), argv, &rest, &status))
		return status;
	if (rest < argc) {
		program_say("unexpected word '%s'", argv[rest]);
		return command_usage(session);
	}
	status = filter_finish(top.talkers.filter);
	if (status == STATUS_DONE)
		status = wants_screen(&top) ? show_screen(&top) : show_report(&top);
	talkers_forget(&top.talkers);
	return status;
}
