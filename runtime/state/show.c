#include "runtime/state/show.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter/nf_conntrack_common.h>

#include "runtime/program.h"
#include "runtime/state/columns.h"
#include "runtime/state/print.h"
#include "runtime/state/text.h"
#include "runtime/state/words.h"

struct show {
	struct session *session;
	const struct names *names;
	enum show_form form;
	uint64_t now;
	struct columns *columns; /* one of these two */
	struct writer *writer;
	bool has_zones; /* a connection with zones in its mark was shown */
};

static void put_id(struct show *show, const struct connection *connection)
{
	columns_number(show->columns, connection->id);
}

static void put_protocol(struct show *show, const struct connection *connection)
{
	char *at = columns_start(show->columns);
	uint8_t protocol = connection->original.protocol;
	const char *name = l4_name(protocol);

	at = name ? text_put(at, name) : text_put_number(at, protocol);
	if (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6) {
		*at++ = '/';
		at = text_put_number(at, connection->original.icmp_type);
	}
	columns_cell(show->columns, at);
}

/* Protocols without states have at least been answered, or not. */
static void put_state(struct show *show, const struct connection *connection)
{
	const char *state = NULL;

	if (connection->has & FIELD_STATE)
		state = state_name(connection->original.protocol, connection->state);
	if (!state)
		state = connection->status & IPS_ASSURED      ? "assured"
			: connection->status & IPS_SEEN_REPLY ? "replied"
							      : "unreplied";
	columns_text(show->columns, state);
}

static void put_expires(struct show *show, const struct connection *connection)
{
	char *at = columns_start(show->columns);
	bool is_known = connection->has & FIELD_TIMEOUT;
	columns_cell(show->columns,
		     is_known ? text_put_duration(at, connection->timeout) : text_put(at, "-"));
}

static void put_source(struct show *show, const struct connection *connection)
{
	char *at = columns_start(show->columns);
	columns_cell(show->columns, text_put_endpoint(at, &connection->original, false));
}

static void put_dest(struct show *show, const struct connection *connection)
{
	char *at = columns_start(show->columns);
	columns_cell(show->columns, text_put_endpoint(at, &connection->original, true));
}

/* "as" is the source that others see, "to" where it really goes. */
static void put_translated(struct show *show, const struct connection *connection)
{
	char *start = columns_start(show->columns), *at = start;

	if (connection->status & IPS_SRC_NAT)
		at = text_put_endpoint(text_put(at, "as "), &connection->reply, true);
	if (connection->status & IPS_DST_NAT)
		at = text_put_endpoint(text_put(at, at > start ? " to " : "to "),
				       &connection->reply, false);
	columns_cell(show->columns, at > start ? at : text_put(at, "-"));
}

static bool has_zones(struct show *show, const struct connection *connection)
{
	bool has = connection->mark >> 16;
	show->has_zones |= has;
	return has;
}

static void put_zone(struct show *show, const struct connection *connection)
{
	char text[NAME_TEXT_MAX];
	bool has = has_zones(show, connection);
	columns_text(show->columns,
		     has ? names_zone(show->names, mark_from_zone(connection->mark), text) : "-");
}

static void put_to_zone(struct show *show, const struct connection *connection)
{
	char text[NAME_TEXT_MAX];
	bool has = has_zones(show, connection);
	columns_text(show->columns,
		     has ? names_zone(show->names, mark_to_zone(connection->mark), text) : "-");
}

static void put_policy(struct show *show, const struct connection *connection)
{
	const char *policy = NULL;
	if (has_zones(show, connection))
		policy = names_policy(show->names, mark_from_zone(connection->mark),
				      mark_to_zone(connection->mark));
	columns_text(show->columns, policy ? policy : "-");
}

static void put_uplink(struct show *show, const struct connection *connection)
{
	char text[NAME_TEXT_MAX];
	uint8_t uplink = mark_uplink(connection->mark);
	columns_text(show->columns, uplink ? names_uplink(show->names, uplink, text) : "-");
}

static void put_sum(struct show *show, const struct connection *connection, uint64_t sum)
{
	if (connection->has & FIELD_COUNTERS)
		columns_number(show->columns, sum);
	else
		columns_text(show->columns, "-");
}

static void put_bytes(struct show *show, const struct connection *connection)
{
	put_sum(show, connection, connection_bytes(connection));
}

static void put_packets(struct show *show, const struct connection *connection)
{
	put_sum(show, connection, connection_packets(connection));
}

static void put_age(struct show *show, const struct connection *connection)
{
	char *at = columns_start(show->columns);
	columns_cell(show->columns,
		     connection->start
			     ? text_put_duration(at, connection_age(connection, show->now))
			     : text_put(at, "-"));
}

static void put_mark(struct show *show, const struct connection *connection)
{
	char text[16];
	snprintf(text, sizeof text, "0x%x", connection->mark);
	columns_text(show->columns, text);
}

static void put_ct_zone(struct show *show, const struct connection *connection)
{
	uint16_t zone = connection->zone;
	if (zone == 0)
		zone = connection->original.zone ? connection->original.zone
						 : connection->reply.zone;
	columns_number(show->columns, zone);
}

static void put_helper(struct show *show, const struct connection *connection)
{
	columns_text(show->columns, connection->helper ? connection->helper : "-");
}

static void put_status(struct show *show, const struct connection *connection)
{
	char *start = columns_start(show->columns), *at = start;

	for (size_t i = 0; i < status_words_count; i++) {
		if (!status_words[i].is_shown ||
		    !status_holds(&status_words[i], connection->status))
			continue;
		if (at > start)
			*at++ = ',';
		at = text_put(at, status_words[i].name);
	}
	columns_cell(show->columns, at);
}

static const struct column {
	const char *title; /* ">": to the right */
	void (*put)(struct show *show, const struct connection *connection);
	uint32_t fields;
	bool is_wide; /* only with --wide */
} columns[] = {
	{ ">ID", put_id, FIELD_ID, true },
	{ "PROTOCOL", put_protocol, FIELD_ORIGINAL },
	{ "STATE", put_state, FIELD_ORIGINAL | FIELD_STATE | FIELD_STATUS },
	{ ">EXPIRES", put_expires, FIELD_TIMEOUT },
	{ "SOURCE", put_source, FIELD_ORIGINAL },
	{ "DESTINATION", put_dest, FIELD_ORIGINAL },
	{ "TRANSLATED", put_translated, FIELD_STATUS | FIELD_REPLY },
	{ "ZONE", put_zone, FIELD_MARK },
	{ "TO ZONE", put_to_zone, FIELD_MARK },
	{ ">BYTES", put_bytes, FIELD_COUNTERS },
	{ ">PACKETS", put_packets, FIELD_COUNTERS, true },
	{ ">AGE", put_age, FIELD_TIMES, true },
	{ "POLICY", put_policy, FIELD_MARK, true },
	{ "UPLINK", put_uplink, FIELD_MARK, true },
	{ ">MARK", put_mark, FIELD_MARK, true },
	{ ">CT ZONE", put_ct_zone, FIELD_ZONE | FIELD_ORIGINAL | FIELD_REPLY, true },
	{ "HELPER", put_helper, FIELD_HELPER, true },
	{ "STATUS", put_status, FIELD_STATUS, true },
};

static bool is_shown(const struct column *column, enum show_form form)
{
	return !column->is_wide || form == SHOW_WIDE;
}

uint32_t show_fields(const struct session *session, enum show_form form)
{
	uint32_t fields = 0;

	if (session->format != FORMAT_TEXT || form == SHOW_STREAM)
		return PRINT_FIELDS;
	for (size_t i = 0; i < countof(columns); i++)
		if (is_shown(&columns[i], form))
			fields |= columns[i].fields;
	return fields;
}

static struct columns *start_columns(enum show_form form)
{
	const char *titles[countof(columns)];
	size_t n = 0;

	for (size_t i = 0; i < countof(columns); i++)
		if (is_shown(&columns[i], form))
			titles[n++] = columns[i].title;
	return columns_new(stdout, titles, n);
}

static struct writer *start_writer(const struct show *show, const char *key)
{
	struct writer *writer;

	if (show->form == SHOW_STREAM) {
		writer = writer_new(stdout, FORMAT_JSON);
		writer_set_lines(writer);
		return writer;
	}
	writer = writer_new(stdout, show->session->format);
	writer_begin_map(writer);
	writer_key(writer, key);
	writer_begin_list(writer);
	return writer;
}

struct show *show_new(struct session *session, enum show_form form, const char *key)
{
	struct show *show = arena_alloc(session->arena, sizeof *show);

	show->session = session;
	show->names = names_get(session);
	show->form = form;
	show->now = clock_now();
	if (session->format == FORMAT_TEXT && form != SHOW_STREAM)
		show->columns = start_columns(form);
	else
		show->writer = start_writer(show, key);
	return show;
}

void show_entry(struct show *show, const struct connection *connection)
{
	if (show->columns) {
		for (size_t i = 0; i < countof(columns); i++)
			if (is_shown(&columns[i], show->form))
				columns[i].put(show, connection);
		columns_row(show->columns);
		return;
	}
	connection_write(show->writer, show->names, connection);
	has_zones(show, connection);
	if (show->form == SHOW_STREAM)
		writer_end_line(show->writer);
}

void show_close(struct show *show)
{
	if (show->columns) {
		columns_close(show->columns);
	} else {
		if (show->form != SHOW_STREAM) {
			writer_end_list(show->writer);
			writer_end_map(show->writer);
		}
		writer_close(show->writer);
	}
	if (show->has_zones)
		names_warn(show->session);
}
