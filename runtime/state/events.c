#include <errno.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "runtime/program.h"
#include "runtime/scope.h"
#include "runtime/state/dump.h"
#include "runtime/state/filter.h"
#include "runtime/state/known.h"
#include "runtime/state/listener.h"
#include "runtime/state/socket.h"
#include "runtime/state/story.h"

/* What the comparison after a loss reads. */
enum { COMPARED = FIELD_ALL };

struct events {
	struct session *session;
	struct filter *filter;
	struct known *known;
	bool is_wanted[EVENT_KINDS];
	uint64_t limit, shown; /* events; 0: no limit */
	unsigned long long buffer;
	uint64_t found[EVENT_KINDS]; /* by the comparison that is going on */
};

static bool take_kind(void *target, const struct option_row *row, const char *value)
{
	struct events *events = target;
	(void)value;
	events->is_wanted[row->which] = true;
	return true;
}

static bool take_limit(void *target, const struct option_row *row, const char *value)
{
	struct events *events = target;
	unsigned long long limit;

	if (!option_number(row->name, value, UINT32_MAX, &limit))
		return false;
	events->limit = limit;
	return true;
}

static bool take_buffer(void *target, const struct option_row *row, const char *value)
{
	struct events *events = target;

	if (!option_bytes(row->name, value, &events->buffer))
		return false;
	/* The kernel doubles it. */
	if (events->buffer >= 1024 && events->buffer <= INT32_MAX / 2)
		return true;
	program_say("--%s is between 1k and 1023M", row->name);
	return false;
}

static const struct option_row rows[] = {
	{ "new", NULL, take_kind, "new connections", EVENT_NEW },
	{ "update", NULL, take_kind, "changes", EVENT_UPDATE },
	{ "destroy", NULL, take_kind, "ends; without any of these three, all", EVENT_DESTROY },
	{ "limit", "NUMBER", take_limit, "end after so many events" },
	{ "buffer", "BYTES", take_buffer, "size of the kernel's buffer (default: 128M)" },
};

static bool is_full(const struct events *events)
{
	return events->limit && events->shown >= events->limit;
}

static void tell(struct events *events, enum event_kind kind, const struct connection *connection,
		 bool is_resync)
{
	struct event event = { kind, is_resync, connection };

	if (is_resync)
		events->found[kind]++;
	if (!events->is_wanted[kind] || is_full(events))
		return;
	story_event(events->session, &event);
	events->shown++;
}

/* An event tells only what has changed: where a condition is about something else, what was known
 * of the connection decides. */
static bool is_ours(const struct events *events, const struct known_entry *entry,
		    const struct connection *connection)
{
	if (entry && (filter_fields(events->filter) & ~connection->has))
		return true;
	return filter_match(events->filter, connection);
}

static void take_end(struct events *events, const struct connection *connection)
{
	struct known_entry *entry = known_find(events->known, connection);
	bool was_told = entry && entry->is_gone;

	if (!was_told && is_ours(events, entry, connection))
		tell(events, EVENT_DESTROY, connection, false);
	if (entry)
		known_remove(events->known, entry);
}

/* A new connection may have been found by a comparison before its event came. */
static void take_news(struct events *events, const struct connection *connection, bool is_new)
{
	struct known_entry *entry = known_find(events->known, connection);
	bool was_told = entry && entry->is_told && !entry->is_gone;

	if (!is_ours(events, entry, connection)) {
		if (entry)
			known_remove(events->known, entry);
		return;
	}
	if (!entry)
		entry = known_add(events->known, connection);
	known_note(entry, connection);
	entry->is_gone = false;
	entry->is_told |= is_new;
	if (!is_new || !was_told)
		tell(events, is_new ? EVENT_NEW : EVENT_UPDATE, connection, false);
}

static void take_message(struct events *events, const struct nlmsghdr *message)
{
	struct connection connection;

	connection_read(message, FIELD_ALL, &connection);
	if (NFNL_MSG_TYPE(message->nlmsg_type) == IPCTNL_MSG_CT_DELETE)
		take_end(events, &connection);
	else
		take_news(events, &connection, message->nlmsg_flags & NLM_F_CREATE);
}

static void take_chunk(struct events *events, const struct event_chunk *chunk)
{
	for (unsigned i = 0; i < chunk->n && !is_full(events); i++) {
		const struct nlmsghdr *message = (const void *)chunk->bytes[i];
		if (mnl_nlmsg_ok(message, (int)chunk->sizes[i]))
			take_message(events, message);
	}
}

/* At the start what is there is learned, and nothing told. */
static bool learn(void *context, const struct connection *connection)
{
	struct events *events = context;
	if (!known_find(events->known, connection))
		known_add(events->known, connection);
	return true;
}

static bool compare(void *context, const struct connection *connection)
{
	struct events *events = context;
	struct known_entry *entry = known_find(events->known, connection);
	bool is_new = !entry;

	if (is_new)
		entry = known_add(events->known, connection);
	else if (known_note(entry, connection))
		tell(events, EVENT_UPDATE, connection, true);
	if (is_new)
		tell(events, EVENT_NEW, connection, true);
	entry->is_told |= is_new;
	entry->is_gone = false;
	entry->is_seen = true;
	return true;
}

/* What is left of a connection that went unheard. */
static void tell_gone(struct events *events, struct known_entry *entry)
{
	struct connection connection = {
		.has = FIELD_ORIGINAL | FIELD_ID | FIELD_ZONE | FIELD_STATUS | FIELD_MARK,
		.original = entry->original,
		.id = entry->id,
		.zone = entry->ct_zone,
		.status = entry->status,
		.mark = entry->mark,
	};
	tell(events, EVENT_DESTROY, &connection, true);
	entry->is_gone = true;
}

/* What was gone at the last comparison already has had its time: its event was lost as well. */
static struct known *without_the_gone(struct events *events)
{
	struct known *left = known_new();
	struct known_entry *entry;
	size_t at = 0;

	while ((entry = known_next(events->known, &at))) {
		if (!entry->is_seen && entry->is_gone)
			continue;
		if (!entry->is_seen)
			tell_gone(events, entry);
		entry->is_seen = false;
		known_copy(left, entry);
	}
	return left;
}

static int resync(struct events *events)
{
	struct dump dump = { events->filter, COMPARED, compare, events };
	struct dump_result result;

	memset(events->found, 0, sizeof events->found);
	int status = dump_or_say(&dump, &result);
	if (status != STATUS_DONE)
		return status;
	struct known *left = without_the_gone(events);
	known_free(events->known);
	events->known = left;
	story_resync(events->session, events->found);
	return STATUS_DONE;
}

/* A reader that has gone away ends the story, and is no failure. */
static int finish_writing(void)
{
	int error = stream_flush(stdout);
	if (error == 0 || error == -EPIPE)
		return STATUS_DONE;
	return program_finish();
}

static int follow(struct events *events, struct listener *listener)
{
	for (;;) {
		const struct event_chunk *chunk = listener_next(listener);
		if (!chunk || chunk->is_end)
			return finish_writing();
		take_chunk(events, chunk);
		if (chunk->error)
			return kernel_refused("receive events", chunk->error);
		if (chunk->lost)
			story_lost(events->session, chunk->lost);
		int status = chunk->is_resync ? resync(events) : STATUS_DONE;
		if (status != STATUS_DONE || is_full(events))
			return status == STATUS_DONE ? finish_writing() : status;
		if (listener_is_idle(listener) && stream_flush(stdout) != 0)
			return finish_writing();
	}
}

/* The events that are told, and those without which it would not be known what there is. */
static uint32_t groups_of(const struct events *events)
{
	uint32_t groups = 1 << (NFNLGRP_CONNTRACK_NEW - 1) | 1 << (NFNLGRP_CONNTRACK_DESTROY - 1);
	/* A connection may begin or cease to pass the filter when it changes. */
	if (events->is_wanted[EVENT_UPDATE] || !filter_is_empty(events->filter))
		groups |= 1 << (NFNLGRP_CONNTRACK_UPDATE - 1);
	return groups;
}

static int tell_all(struct events *events)
{
	struct dump dump = { events->filter, COMPARED, learn, events };
	struct dump_result result;
	struct listener *listener;

	int error = listener_start(groups_of(events), (int)events->buffer, &listener);
	if (error)
		return kernel_refused("listen to connection events", error);
	events->known = known_new();
	int status = dump_or_say(&dump, &result);
	if (status == STATUS_DONE)
		status = follow(events, listener);
	listener_stop(listener);
	known_free(events->known);
	return status;
}

/* Without the sysctl only connections that a rule gives events have any. */
static void warn_of_silence(void)
{
	autofile FILE *file = fopen("/proc/sys/net/netfilter/nf_conntrack_events", "re");
	if (file && getc(file) == '0')
		program_say("the kernel tells of connections with events in conntrack {} alone "
			    "(net.netfilter.nf_conntrack_events is 0)");
}

int events_run(struct session *session, int argc, char *argv[])
{
	struct events events = { .session = session,
				 .filter = filter_new(session),
				 .buffer = 128 << 20 };
	struct option_group groups[] = { { rows, countof(rows), &events, NULL },
					 filter_options(events.filter) };
	int rest, status;

	if (!options_read(session, groups, countof(groups), argv, &rest, &status))
		return status;
	if (rest < argc) {
		program_say("unexpected word '%s'", argv[rest]);
		return command_usage(session);
	}
	if (!events.is_wanted[EVENT_NEW] && !events.is_wanted[EVENT_UPDATE] &&
	    !events.is_wanted[EVENT_DESTROY])
		memset(events.is_wanted, true, sizeof events.is_wanted);
	status = filter_finish(events.filter);
	if (status != STATUS_DONE)
		return status;
	warn_of_silence();
	return tell_all(&events);
}
