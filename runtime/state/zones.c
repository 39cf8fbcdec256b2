/* zones: connections by the zones that they come from and go to, and what limits refuse. */
#include <stdlib.h>
#include <string.h>

#include "runtime/program.h"
#include "runtime/state/arrivals.h"
#include "runtime/state/counters.h"
#include "runtime/state/dump.h"
#include "runtime/state/group.h"
#include "runtime/state/names.h"
#include "runtime/state/refusals.h"
#include "runtime/state/sheet.h"
#include "runtime/state/socket.h"

/* Two readings of the connections and of our table's counters; the first of both is left out where
 * `interval` is 0. */
struct zones {
	struct session *session;
	struct filter *filter;
	const struct group *group;
	struct tally tally; /* by pairs of zones */
	struct tally begun; /* the connections between the readings */
	struct arrivals arrivals;
	struct counters before, now;
	struct tally refused_before, refused; /* packets, by pairs of zones */
	unsigned long long interval;
	double seconds; /* that have passed between the readings */
};

static bool take_interval(void *target, const struct option_row *row, const char *value)
{
	struct zones *zones = target;
	return option_duration(row->name, value, &zones->interval);
}

static const struct option_row zone_rows[] = {
	{ "interval", "SECONDS", take_interval,
	  "count new and refused connections for so long (default 1; 0: not at all)" },
};

static void add_ended(void *context, const struct connection *connection)
{
	struct zones *zones = context;
	group_add(zones->group, &zones->begun, connection);
}

static bool add(void *context, const struct connection *connection)
{
	struct zones *zones = context;

	group_add(zones->group, &zones->tally, connection);
	if (zones->interval && arrivals_has(&zones->arrivals, connection))
		group_add(zones->group, &zones->begun, connection);
	return true;
}

static int read_counters(struct zones *zones, struct counters *out, struct tally *refused)
{
	struct session *session = zones->session;
	const json_t *content = names_get(session)->content;
	const char *set = json_string_value(json_object_get(content, "refused_pairs"));

	if (!names_get(session)->is_loaded)
		return STATUS_DONE;
	int error = counters_read(session->arena, names_table(session), out);
	if (!error && set)
		error = refusals_read(names_table(session), set, refused);
	return error ? kernel_refused("read the counters of flywall's table", error) : STATUS_DONE;
}

static int wait_interval(struct zones *zones)
{
	int status = read_counters(zones, &zones->before, &zones->refused_before);
	if (status == STATUS_DONE)
		status = arrivals_begin(&zones->arrivals);
	if (status == STATUS_DONE)
		status = arrivals_wait(&zones->arrivals, zones->interval, &zones->seconds);
	return status;
}

static int read_all(struct zones *zones)
{
	struct dump dump = { zones->filter, group_fields(zones->group) | FIELD_ID, add, zones };
	struct dump_result result;

	int status = zones->interval ? wait_interval(zones) : STATUS_DONE;
	if (status == STATUS_DONE)
		status = read_counters(zones, &zones->now, &zones->refused);
	return status == STATUS_DONE ? dump_or_say(&dump, &result) : status;
}

static void show_rate(const struct zones *zones, struct sheet *sheet, uint64_t added)
{
	if (zones->interval)
		sheet_real(sheet, (double)added / zones->seconds);
	else
		sheet_unknown(sheet);
}

static void show_sums(struct sheet *sheet, const struct tally_row *sums)
{
	sheet_number(sheet, sums->connections);
	sheet_number(sheet, sums->unreplied);
	sheet_number(sheet, sums->packets);
	sheet_number(sheet, sums->bytes);
}

static uint64_t packets_of(const struct counters *counters, const char *name)
{
	const struct counter *counter = name ? counter_find(counters, name) : NULL;
	return counter ? counter->packets : 0;
}

static const char *text_at(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key));
}

/* Sums of the counters that a list of names.json gives a zone. */
struct counted {
	bool is_counted;
	uint64_t before, now;
};

static void count_more(const struct zones *zones, const char *name, struct counted *out)
{
	out->is_counted = true;
	out->before += packets_of(&zones->before, name);
	out->now += packets_of(&zones->now, name);
}

static struct counted admitted_by(const struct zones *zones, const char *zone)
{
	const json_t *list = json_object_get(names_get(zones->session)->content, "counters"), *row;
	struct counted counted = { 0 };
	size_t i;

	json_array_foreach(list, i, row)
	{
		const char *owner = text_at(row, "zone"), *meaning = text_at(row, "meaning");
		if (owner && meaning && strcmp(owner, zone) == 0 &&
		    strcmp(meaning, "admitted") == 0)
			count_more(zones, text_at(row, "name"), &counted);
	}
	return counted;
}

static struct counted refused_by(const struct zones *zones, const char *zone)
{
	const json_t *list = json_object_get(names_get(zones->session)->content, "limits"), *row;
	struct counted counted = { 0 };
	size_t i;

	json_array_foreach(list, i, row)
	{
		const char *owner = text_at(row, "zone");
		if (owner && strcmp(owner, zone) == 0)
			count_more(zones, text_at(row, "counter"), &counted);
	}
	return counted;
}

/* Where the zone that a pair comes from has limits, they have refused nothing of it, or something.
 * A table of an earlier release does not count by pairs. */
static struct counted refused_between(const struct zones *zones, const struct tally_key *key)
{
	const struct tally_row *before = tally_find(&zones->refused_before, key);
	const struct tally_row *now = tally_find(&zones->refused, key);
	const struct names *names = names_get(zones->session);
	const char *from = names->zones[group_from_zone(key)];
	bool has_counts = json_object_get(names->content, "refused_pairs") != NULL;

	return (struct counted){ .is_counted =
					 has_counts && from && refused_by(zones, from).is_counted,
				 .before = before ? before->packets : 0,
				 .now = now ? now->packets : 0 };
}

static void show_counted(const struct zones *zones, struct sheet *sheet,
			 const struct counted *counted)
{
	if (counted->is_counted) {
		sheet_number(sheet, counted->now);
		show_rate(zones, sheet,
			  counted->now < counted->before ? 0 : counted->now - counted->before);
	} else {
		sheet_unknown(sheet);
		sheet_unknown(sheet);
	}
}

/* The sums of all pairs that come from one zone. */
static struct tally_row sum_from(const struct tally *tally, uint8_t zone)
{
	struct tally_row sums = { 0 };

	for (size_t i = 0; i < tally->size; i++) {
		const struct tally_row *row = &tally->rows[i];
		if (row->connections == 0 || group_from_zone(&row->key) != zone)
			continue;
		sums.connections += row->connections;
		sums.unreplied += row->unreplied;
		sums.packets += row->packets;
		sums.bytes += row->bytes;
	}
	return sums;
}

static void show_zone(const struct zones *zones, struct sheet *sheet, uint8_t zone)
{
	struct tally_row sums = sum_from(&zones->tally, zone);
	struct tally_row begun = sum_from(&zones->begun, zone);
	const char *known = names_get(zones->session)->zones[zone];
	char text[NAME_TEXT_MAX];

	if (!known && sums.connections == 0 && begun.connections == 0)
		return;
	const char *name = names_zone(names_get(zones->session), zone, text);
	struct counted admitted = admitted_by(zones, name), refused = refused_by(zones, name);
	sheet_text(sheet, name);
	show_sums(sheet, &sums);
	show_rate(zones, sheet, begun.connections);
	if (admitted.is_counted)
		sheet_number(sheet, admitted.now);
	else
		sheet_unknown(sheet);
	show_counted(zones, sheet, &refused);
}

static void show_zones(const struct zones *zones, struct sheet *sheet)
{
	static const struct sheet_column columns[] = {
		{ "ZONE", "zone" },
		{ ">CONNECTIONS", "connections" },
		{ ">UNREPLIED", "unreplied" },
		{ ">PACKETS", "packets" },
		{ ">BYTES", "bytes" },
		{ ">NEW/S", "new_per_second" },
		{ ">ADMITTED", "admitted" },
		{ ">REFUSED", "refused" },
		{ ">REFUSED/S", "refused_per_second" },
	};

	sheet_list(sheet, "zones", columns, countof(columns));
	for (unsigned zone = 0; zone < NAMES_ZONES; zone++)
		show_zone(zones, sheet, (uint8_t)zone);
}

static void show_pair(const struct zones *zones, struct sheet *sheet, const struct tally_key *key)
{
	static const struct tally_row none = { 0 };
	const struct tally_row *sums = tally_find(&zones->tally, key);
	const struct tally_row *begun = tally_find(&zones->begun, key);
	char parts[GROUP_PARTS_MAX][GROUP_PART_MAX];

	zones->group->text(zones->session, key, parts);
	sheet_text(sheet, parts[0]);
	sheet_text(sheet, parts[1]);
	show_sums(sheet, sums ? sums : &none);
	show_rate(zones, sheet, begun ? begun->connections : 0);
	struct counted refused = refused_between(zones, key);
	show_counted(zones, sheet, &refused);
}

/* Pairs that have connections, then those whose connections have all come and gone, and those that
 * were refused all of them. */
static void show_pairs(const struct zones *zones, struct sheet *sheet)
{
	static const struct sheet_column columns[] = {
		{ "FROM", "from" },
		{ "TO", "to" },
		{ ">CONNECTIONS", "connections" },
		{ ">UNREPLIED", "unreplied" },
		{ ">PACKETS", "packets" },
		{ ">BYTES", "bytes" },
		{ ">NEW/S", "new_per_second" },
		{ ">REFUSED", "refused" },
		{ ">REFUSED/S", "refused_per_second" },
	};
	autofree struct tally_row *rows = group_sorted(&zones->tally, weigh_connections);
	autofree struct tally_row *begun = group_sorted(&zones->begun, weigh_connections);
	autofree struct tally_row *refused = group_sorted(&zones->refused, weigh_connections);

	sheet_list(sheet, "pairs", columns, countof(columns));
	for (size_t i = 0; i < zones->tally.n; i++)
		show_pair(zones, sheet, &rows[i].key);
	for (size_t i = 0; i < zones->begun.n; i++)
		if (!tally_find(&zones->tally, &begun[i].key))
			show_pair(zones, sheet, &begun[i].key);
	for (size_t i = 0; i < zones->refused.n; i++)
		if (!tally_find(&zones->tally, &refused[i].key) &&
		    !tally_find(&zones->begun, &refused[i].key))
			show_pair(zones, sheet, &refused[i].key);
}

static void show_limits(const struct zones *zones, struct sheet *sheet)
{
	static const struct sheet_column columns[] = {
		{ "ZONE", "zone" },
		{ "LIMIT", "limit" },
		{ ">VALUE", "value" },
		{ ">REFUSED", "refused" },
		{ ">REFUSED/S", "refused_per_second" },
	};
	const json_t *list = json_object_get(names_get(zones->session)->content, "limits"), *row;
	size_t i;

	sheet_list(sheet, "limits", columns, countof(columns));
	json_array_foreach(list, i, row)
	{
		const char *zone = text_at(row, "zone"), *limit = text_at(row, "limit");
		const char *value = text_at(row, "value");
		struct counted refused = { 0 };
		count_more(zones, text_at(row, "counter"), &refused);
		sheet_text(sheet, zone ? zone : "-");
		sheet_text(sheet, limit ? limit : "-");
		sheet_text(sheet, value ? value : "-");
		show_counted(zones, sheet, &refused);
	}
}

static int show_report(const struct zones *zones)
{
	names_warn(zones->session);
	struct sheet *sheet = sheet_new(zones->session);
	show_zones(zones, sheet);
	show_pairs(zones, sheet);
	if (names_get(zones->session)->is_loaded)
		show_limits(zones, sheet);
	return sheet_close(sheet);
}

int zones_run(struct session *session, int argc, char *argv[])
{
	struct zones zones = { .session = session,
			       .filter = filter_new(session),
			       .group = group_find("zone"),
			       .interval = 1 };
	struct option_group groups[] = { { zone_rows, countof(zone_rows), &zones, NULL },
					 filter_options(zones.filter) };
	int rest, status;

	if (!options_read(session, groups, countof(groups), argv, &rest, &status))
		return status;
	if (rest < argc) {
		program_say("unexpected word '%s'", argv[rest]);
		return command_usage(session);
	}
	status = filter_finish(zones.filter);
	if (status != STATUS_DONE)
		return status;
	zones.arrivals = (struct arrivals){ zones.filter, add_ended, &zones, .fd = -1 };
	status = read_all(&zones);
	if (status == STATUS_DONE)
		status = show_report(&zones);
	arrivals_end(&zones.arrivals);
	tally_free(&zones.tally);
	tally_free(&zones.begun);
	tally_free(&zones.refused_before);
	tally_free(&zones.refused);
	return status;
}
