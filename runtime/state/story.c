#include "runtime/state/story.h"

#include <string.h>
#include <time.h>

#include <linux/netfilter/nf_conntrack_common.h>

#include "runtime/state/print.h"
#include "runtime/state/text.h"
#include "runtime/state/words.h"

static const char *const kind_names[EVENT_KINDS] = { "new", "update", "destroy" };

/* "12:00:01.123", of the machine's time zone. */
static char *put_clock(char *at)
{
	struct timespec now;
	struct tm parts;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &parts);
	return at + sprintf(at, "%02d:%02d:%02d.%03d", parts.tm_hour, parts.tm_min, parts.tm_sec,
			    (int)(now.tv_nsec / 1000000));
}

static char *put_padded(char *at, const char *text, unsigned width)
{
	char *end = text_put(at, text);
	while (end < at + width)
		*end++ = ' ';
	return end;
}

static char *put_protocol(char *at, const struct connection *connection)
{
	const char *name = l4_name(connection->original.protocol);
	const char *state = NULL;
	char number[8];

	snprintf(number, sizeof number, "%u", connection->original.protocol);
	at = put_padded(at, name ? name : number, 6);
	*at++ = ' ';
	if (connection->has & FIELD_STATE)
		state = state_name(connection->original.protocol, connection->state);
	if (!state)
		state = connection->status & IPS_ASSURED      ? "assured"
			: connection->status & IPS_SEEN_REPLY ? "replied"
							      : "unreplied";
	return put_padded(at, state, 11);
}

static char *put_tuples(char *at, const struct connection *connection)
{
	at = text_put_endpoint(at, &connection->original, false);
	at = text_put_endpoint(text_put(at, " > "), &connection->original, true);
	if (connection->status & IPS_SRC_NAT)
		at = text_put_endpoint(text_put(at, " as "), &connection->reply, true);
	if (connection->status & IPS_DST_NAT)
		at = text_put_endpoint(text_put(at, " to "), &connection->reply, false);
	return at;
}

static char *put_zones(char *at, struct session *session, uint32_t mark)
{
	const struct names *names = names_get(session);
	char text[NAME_TEXT_MAX];

	if (mark >> 16) {
		at = text_put(text_put(at, " "), names_zone(names, mark_from_zone(mark), text));
		at = text_put(text_put(at, " to "), names_zone(names, mark_to_zone(mark), text));
	}
	if (mark_uplink(mark))
		at = text_put(text_put(at, " by "), names_uplink(names, mark_uplink(mark), text));
	return at;
}

static char *put_sum(char *at, const char *word, const struct traffic *traffic)
{
	at = text_put_number(text_put(at, word), traffic->packets);
	at = text_put_number(text_put(at, " packets "), traffic->bytes);
	return text_put(at, " bytes");
}

/* How long it lasted, in milliseconds. */
static uint64_t duration_of(const struct connection *connection)
{
	return (connection->stop - connection->start) / 1000000;
}

static bool has_duration(const struct connection *connection)
{
	return connection->start && connection->stop >= connection->start;
}

static char *put_totals(char *at, const struct connection *connection)
{
	if (has_duration(connection))
		at += sprintf(at, ", lasted %.3fs", (double)duration_of(connection) / 1000);
	if (connection->has & FIELD_COUNTERS) {
		at = put_sum(at, ", sent ", &connection->sent);
		at = put_sum(at, ", answered ", &connection->answered);
	}
	return at;
}

static void write_text(struct session *session, const struct event *event)
{
	const struct connection *connection = event->connection;
	/* Names are at most 255 bytes each. */
	char line[2048], *at = put_clock(line);

	*at++ = ' ';
	at = put_padded(at, kind_names[event->kind], 8);
	at = put_protocol(at, connection);
	*at++ = ' ';
	at = put_tuples(at, connection);
	at = put_zones(at, session, connection->mark);
	if (event->kind == EVENT_DESTROY)
		at = put_totals(at, connection);
	if (event->is_resync)
		at = text_put(at, " (found afterwards)");
	*at++ = '\n';
	fwrite_unlocked(line, 1, (size_t)(at - line), stdout);
}

static struct writer *object_start(const struct session *session, const char *kind)
{
	struct writer *writer = writer_new(stdout, session->format);
	char text[64];
	struct timespec now;
	struct tm parts;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &parts);
	size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(text + n, sizeof text - n, ".%06ldZ", now.tv_nsec / 1000);
	writer_set_lines(writer);
	writer_begin_map(writer);
	writer_pair_text(writer, "event", kind);
	writer_pair_text(writer, "time", text);
	return writer;
}

/* JSON has a line each, YAML a document. */
static void object_end(const struct session *session, struct writer *writer)
{
	writer_end_map(writer);
	if (session->format == FORMAT_JSON)
		writer_end_line(writer);
	writer_close(writer);
	if (session->format == FORMAT_YAML)
		fputs("---\n", stdout);
}

static void write_object(struct session *session, const struct event *event)
{
	struct writer *writer = object_start(session, kind_names[event->kind]);

	if (event->is_resync) {
		writer_key(writer, "resync");
		writer_bool(writer, true);
	}
	connection_write_inside(writer, names_get(session), event->connection);
	if (event->kind == EVENT_DESTROY && has_duration(event->connection)) {
		writer_key(writer, "duration");
		writer_real(writer, (double)duration_of(event->connection) / 1000, 3);
	}
	object_end(session, writer);
}

void story_event(struct session *session, const struct event *event)
{
	if (session->format == FORMAT_TEXT)
		write_text(session, event);
	else
		write_object(session, event);
}

void story_lost(struct session *session, uint64_t lost)
{
	char clock[16];

	if (session->format == FORMAT_TEXT) {
		*put_clock(clock) = 0;
		printf("%s lost %llu events\n", clock, (unsigned long long)lost);
		return;
	}
	struct writer *writer = object_start(session, "lost");
	writer_pair_number(writer, "lost", lost);
	object_end(session, writer);
}

void story_resync(struct session *session, const uint64_t found[EVENT_KINDS])
{
	char clock[16];

	if (session->format == FORMAT_TEXT) {
		*put_clock(clock) = 0;
		printf("%s resync   %llu new, %llu updated, %llu destroyed meanwhile\n", clock,
		       (unsigned long long)found[EVENT_NEW],
		       (unsigned long long)found[EVENT_UPDATE],
		       (unsigned long long)found[EVENT_DESTROY]);
		return;
	}
	struct writer *writer = object_start(session, "resync");
	for (int i = 0; i < EVENT_KINDS; i++)
		writer_pair_number(writer, kind_names[i], found[i]);
	object_end(session, writer);
}
