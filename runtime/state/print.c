#include "runtime/state/print.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

#include "runtime/state/words.h"

static char *put_decimal(char *at, unsigned number)
{
	if (number >= 100)
		*at++ = (char)('0' + number / 100);
	if (number >= 10)
		*at++ = (char)('0' + number / 10 % 10);
	*at++ = (char)('0' + number % 10);
	return at;
}

unsigned address_text(uint8_t family, const uint8_t address[16], char text[PREFIX_TEXT_MAX])
{
	char *at = text;

	if (family != AF_INET) {
		inet_ntop(AF_INET6, address, text, PREFIX_TEXT_MAX);
		return (unsigned)strlen(text);
	}
	for (int i = 0; i < 4; i++) {
		if (i > 0)
			*at++ = '.';
		at = put_decimal(at, address[i]);
	}
	*at = 0;
	return (unsigned)(at - text);
}

static void write_protocol(struct writer *writer, uint8_t protocol)
{
	const char *name = l4_name(protocol);

	if (name)
		writer_pair_text(writer, "protocol", name);
	else
		writer_pair_number(writer, "protocol", protocol);
}

static void write_ports(struct writer *writer, const struct tuple *tuple)
{
	if (l4_has_ports(tuple->protocol)) {
		writer_pair_number(writer, "sport", tuple->source_port);
		writer_pair_number(writer, "dport", tuple->dest_port);
	} else if (tuple->protocol == IPPROTO_ICMP || tuple->protocol == IPPROTO_ICMPV6) {
		writer_pair_number(writer, "type", tuple->icmp_type);
		writer_pair_number(writer, "code", tuple->icmp_code);
		writer_pair_number(writer, "icmp_id", tuple->icmp_id);
	}
}

static void write_direction(struct writer *writer, const char *key, const struct tuple *tuple,
			    const struct traffic *traffic)
{
	char text[PREFIX_TEXT_MAX];

	writer_key(writer, key);
	writer_begin_map(writer);
	address_text(tuple->family, tuple->source, text);
	writer_pair_text(writer, "src", text);
	address_text(tuple->family, tuple->dest, text);
	writer_pair_text(writer, "dst", text);
	write_ports(writer, tuple);
	if (tuple->zone)
		writer_pair_number(writer, "ct_zone", tuple->zone);
	if (traffic) {
		writer_pair_number(writer, "packets", traffic->packets);
		writer_pair_number(writer, "bytes", traffic->bytes);
	}
	writer_end_map(writer);
}

static void write_status(struct writer *writer, uint32_t status)
{
	writer_key(writer, "status");
	writer_begin_list(writer);
	for (size_t i = 0; i < status_words_count; i++)
		if (status_words[i].is_shown && status_holds(&status_words[i], status))
			writer_text(writer, status_words[i].name);
	writer_end_list(writer);
}

/* "2026-11-21T10:00:00.123456789Z" */
static void write_time(struct writer *writer, const char *key, uint64_t nanoseconds)
{
	time_t seconds = (time_t)(nanoseconds / 1000000000);
	char text[40], whole[40];
	struct tm parts;

	if (nanoseconds == 0 || !gmtime_r(&seconds, &parts))
		return;
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(whole, sizeof whole, "%.20s.%09uZ", text, (unsigned)(nanoseconds % 1000000000));
	writer_pair_text(writer, key, whole);
}

static void write_times(struct writer *writer, const struct connection *connection)
{
	write_time(writer, "start", connection->start);
	write_time(writer, "stop", connection->stop);
	if (connection->start)
		writer_pair_number(writer, "age", connection_age(connection, clock_now()));
}

/* Numbers of the bits that are set. */
static void write_labels(struct writer *writer, const struct connection *connection)
{
	writer_key(writer, "labels");
	writer_begin_list(writer);
	for (unsigned i = 0; i < connection->labels_length * 8U; i++)
		if (connection->labels[i / 8] >> (i % 8) & 1)
			writer_number(writer, i);
	writer_end_list(writer);
}

/* What flywall reads out of the mark. A mark of other programs alone tells nothing. */
static void write_mark(struct writer *writer, const struct names *names, uint32_t mark)
{
	uint8_t from = mark_from_zone(mark), to = mark_to_zone(mark), uplink = mark_uplink(mark);
	char text[NAME_TEXT_MAX];

	writer_pair_number(writer, "mark", mark);
	if (from || to) {
		writer_pair_text(writer, "zone", names_zone(names, from, text));
		writer_pair_text(writer, "to_zone", names_zone(names, to, text));
	}
	if ((from || to) && names_policy(names, from, to))
		writer_pair_text(writer, "policy", names_policy(names, from, to));
	if (uplink)
		writer_pair_text(writer, "uplink", names_uplink(names, uplink, text));
}

static void write_head(struct writer *writer, const struct connection *connection)
{
	const char *state = state_name(connection->original.protocol, connection->state);

	if (connection->has & FIELD_ID)
		writer_pair_number(writer, "id", connection->id);
	writer_pair_text(writer, "family",
			 connection->original.family == AF_INET ? "ipv4" : "ipv6");
	write_protocol(writer, connection->original.protocol);
	if ((connection->has & FIELD_STATE) && state)
		writer_pair_text(writer, "state", state);
	if (connection->has & FIELD_TIMEOUT)
		writer_pair_number(writer, "timeout", connection->timeout);
	if (connection->has & FIELD_STATUS)
		write_status(writer, connection->status);
}

void connection_write_inside(struct writer *writer, const struct names *names,
			     const struct connection *connection)
{
	bool has_sums = connection->has & FIELD_COUNTERS;

	write_head(writer, connection);
	write_direction(writer, "original", &connection->original,
			has_sums ? &connection->sent : NULL);
	write_direction(writer, "reply", &connection->reply,
			has_sums ? &connection->answered : NULL);
	if (connection->has & FIELD_MARK)
		write_mark(writer, names, connection->mark);
	if (connection->zone)
		writer_pair_number(writer, "ct_zone", connection->zone);
	if (connection->has & FIELD_HELPER)
		writer_pair_text(writer, "helper", connection->helper);
	if (connection->has & FIELD_LABELS)
		write_labels(writer, connection);
	if (connection->has & FIELD_TIMES)
		write_times(writer, connection);
}

void connection_write(struct writer *writer, const struct names *names,
		      const struct connection *connection)
{
	writer_begin_map(writer);
	connection_write_inside(writer, names, connection);
	writer_end_map(writer);
}
