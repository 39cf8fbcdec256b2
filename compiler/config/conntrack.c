#include "config/resolve.h"

#include <inttypes.h>

#include "schema/schema.h"
#include "value/value.h"

/* What the kernel takes for an entry and for a bucket, and how many entries to a bucket are too
 * many. */
enum { ENTRY_BYTES = 320, BUCKET_BYTES = 8, ENTRIES_PER_BUCKET = 8, MEBIBYTE = 1 << 20 };

static void check_buckets(struct scope *scope, const struct written_conntrack *written)
{
	if (!is_sound(scope) || !field_is_set(written->hash_size) ||
	    !field_is_set(written->buckets) || written->hash_size.value == written->buckets.value)
		return;
	struct diag *d = diag_warning(scope->diags, D_BUCKETS_DIFFER, written->buckets.at);
	diag_say(d, "buckets is %" PRIu64 ", but hash_size, which counts, is %" PRIu64,
		 written->buckets.value, written->hash_size.value);
	diag_note(d, written->hash_size.at, "hash_size is set here");
	diag_help(d, "they are two names for one setting: leave one of them out");
}

/* The smallest power of two that bears so many entries. */
static uint64_t buckets_for(uint64_t entries)
{
	uint64_t buckets = 512;
	while (buckets * ENTRIES_PER_BUCKET < entries)
		buckets *= 2;
	return buckets;
}

static void check_load(struct scope *scope, const struct conntrack *conntrack)
{
	uint64_t entries = conntrack->max_connections.value, buckets = conntrack->buckets.value;
	if (!is_sound(scope) || buckets == 0 || entries <= buckets * ENTRIES_PER_BUCKET)
		return;
	uint64_t bytes = entries * ENTRY_BYTES + buckets * BUCKET_BYTES;
	struct diag *d = diag_warning(scope->diags, D_FEW_BUCKETS, conntrack->max_connections.at);
	diag_say(d,
		 "%" PRIu64 " connections in %" PRIu64 " buckets are %" PRIu64
		 " to a bucket; the full table takes about %" PRIu64 " MiB",
		 entries, buckets, (entries + buckets - 1) / buckets,
		 (bytes + MEBIBYTE - 1) / MEBIBYTE);
	diag_note(d, conntrack->buckets.at, "the buckets are set here");
	diag_help(d, "set hash_size to %" PRIu64 " or more", buckets_for(entries));
}

static void check_log(struct scope *scope, const struct conntrack *conntrack)
{
	if (!is_sound(scope) || !field_is_set(conntrack->log_max) || conntrack->log_invalid.value)
		return;
	struct diag *d = diag_warning(scope->diags, D_LOG_MAX_ALONE, conntrack->log_max.at);
	diag_say(d, "log_max does nothing without log_invalid = true");
}

static void untracked(struct scope *scope, struct span at, const char *what, struct span off)
{
	if (!span_is_set(at))
		return;
	struct diag *d = diag_error(scope->diags, D_UNTRACKED, at);
	diag_say(d, "untracked traffic has no %s", what);
	diag_note(d, off, "connection tracking is switched off here");
}

static void check_switched_off(struct scope *scope, const struct conntrack *conntrack)
{
	struct span off = conntrack->enabled.at;
	enum helper helper = helpers_first(conntrack->helpers);
	if (conntrack->enabled.value)
		return;
	untracked(scope, conntrack->timeouts.at, "timeouts", off);
	untracked(scope, conntrack->events.at, "events", off);
	if (helper != HELPER_COUNT)
		untracked(scope, conntrack->helpers[helper].at, "helpers", off);
	if (conntrack->log_invalid.value)
		untracked(scope, conntrack->log_invalid.at, "invalid packets", off);
}

void conntrack_resolve(struct scope *scope, const struct written_conntrack *written,
		       struct conntrack *out)
{
	out->at = written->at;
	out->enabled = written->enabled;
	out->max_connections = written->max_connections;
	out->buckets = field_is_set(written->hash_size) ? written->hash_size : written->buckets;
	timeouts_resolve(&written->timeouts, false, &out->timeouts);
	helpers_merge(scope, &written->helpers, &written->nat_helpers, out->helpers);
	out->log_invalid = written->log_invalid;
	out->log_max = written->log_max;
	out->events = written->events;
	out->accounting = written->accounting;
	out->timestamps = written->timestamps;
	out->tcp_loose = written->tcp_loose;
	out->tcp_liberal = written->tcp_liberal;
	check_buckets(scope, written);
	check_load(scope, out);
	check_log(scope, out);
	check_switched_off(scope, out);
}

/* The names in track_protocols. */
static const struct {
	const char *name;
	enum track track;
} tracks[] = {
	{ "tcp", TRACK_TCP },	{ "udp", TRACK_UDP },	     { "udplite", TRACK_UDPLITE },
	{ "icmp", TRACK_ICMP }, { "ipv6-icmp", TRACK_ICMP }, { "sctp", TRACK_SCTP },
	{ "dccp", TRACK_DCCP }, { "gre", TRACK_GRE },	     { "esp", TRACK_ESP },
	{ "ah", TRACK_AH },
};

static bool find_track(const char *name, enum track *out)
{
	for (size_t i = 0; i < countof(tracks); i++) {
		if (text_is(text_of(name), tracks[i].name)) {
			*out = tracks[i].track;
			return true;
		}
	}
	return false;
}

static void tracks_resolve(const struct field_texts *written, struct zone_conntrack *out)
{
	out->tracks_at = written->at;
	for (uint32_t i = 0; i < written->items.n; i++) {
		enum track track;
		if (find_track(written->items.at[i].value, &track))
			out->tracks[track] = true;
	}
}

/* What is set in a zone without connections. */
static void check_zone_off(struct scope *scope, const struct written_zone_conntrack *written,
			   const struct zone_conntrack *zone, struct span off)
{
	enum helper helper = helpers_first(zone->helpers);
	untracked(scope, written->timeouts.at, "timeouts", off);
	untracked(scope, written->limits.at, "limits", off);
	untracked(scope, written->events.at, "events", off);
	untracked(scope, written->tracks.at, "protocols to track", off);
	untracked(scope, written->zone_id.at, "connection table of its own", off);
	if (helper != HELPER_COUNT)
		untracked(scope, zone->helpers[helper].at, "helpers", off);
}

static void idle(struct scope *scope, const struct zone_conntrack *zone, struct span at,
		 const char *protocol)
{
	struct diag *d = diag_warning(scope->diags, D_IDLE_SETTING, at);
	diag_say(d, "the zone does not track %s", protocol);
	diag_note(d, zone->tracks_at, "track_protocols leaves it out");
}

/* Where the first timeout of a protocol is set. */
static struct span timeouts_first(const struct timeouts *timeouts, enum timeout_protocol protocol)
{
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		if (timeout_rows[i].protocol == protocol && field_is_set(timeouts->of[i]))
			return timeouts->of[i].at;
	return NOWHERE;
}

/* One warning a protocol; ICMP of both versions is one. */
static void check_idle_timeouts(struct scope *scope, const struct zone_conntrack *zone)
{
	static const struct {
		enum timeout_protocol protocol;
		enum track track;
	} rows[] = {
		{ TIMEOUT_OF_TCP, TRACK_TCP },	       { TIMEOUT_OF_UDP, TRACK_UDP },
		{ TIMEOUT_OF_UDPLITE, TRACK_UDPLITE }, { TIMEOUT_OF_ICMP, TRACK_ICMP },
		{ TIMEOUT_OF_GRE, TRACK_GRE },	       { TIMEOUT_OF_SCTP, TRACK_SCTP },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		struct span at = timeouts_first(&zone->timeouts, rows[i].protocol);
		if (span_is_set(at) && !zone->tracks[rows[i].track])
			idle(scope, zone, at, timeout_protocol_rows[rows[i].protocol].name);
	}
}

static bool tracks_object(const struct zone_conntrack *zone, const struct helper_object *object)
{
	enum track track;
	return object->type && find_track(object->protocol, &track) && zone->tracks[track];
}

static bool tracks_helper(const struct zone_conntrack *zone, enum helper helper)
{
	for (int i = 0; i < HELPER_OBJECTS_MAX; i++)
		if (tracks_object(zone, &helper_rows[helper].objects[i]))
			return true;
	return false;
}

static void check_idle_helpers(struct scope *scope, const struct zone_conntrack *zone)
{
	for (int i = 0; i < HELPER_COUNT; i++) {
		const struct helper_use *use = &zone->helpers[i];
		if (span_is_set(use->at) && use->enabled.value &&
		    !tracks_helper(zone, (enum helper)i))
			idle(scope, zone, use->at, helper_rows[i].objects[0].protocol);
	}
}

/* Lowering tracks GRE where a helper needs it, whatever the list says. */
static void tell_gre(struct scope *scope, const struct conntrack *global,
		     const struct zone_conntrack *zone)
{
	for (int i = 0; i < HELPER_COUNT; i++) {
		const struct helper_use *use = &zone->helpers[i];
		if (!span_is_set(use->at))
			use = &global->helpers[i];
		if (!helper_rows[i].needs_gre || !span_is_set(use->at) || !use->enabled.value)
			continue;
		struct diag *d = diag_info(scope->diags, D_GRE_TRACKED, zone->tracks_at);
		diag_say(d, "gre is tracked in this zone as well");
		diag_note(d, use->at, "the helper %s needs it", helper_rows[i].name);
		return;
	}
}

static void check_tracks(struct scope *scope, const struct conntrack *global,
			 const struct zone_conntrack *zone)
{
	if (!is_sound(scope) || !span_is_set(zone->tracks_at))
		return;
	check_idle_timeouts(scope, zone);
	check_idle_helpers(scope, zone);
	if (!zone->tracks[TRACK_GRE])
		tell_gre(scope, global, zone);
}

void zone_conntrack_resolve(struct scope *scope, const struct written_zone_conntrack *written,
			    const struct conntrack *global, struct zone_conntrack *out)
{
	out->at = written->at;
	out->enabled = written->enabled;
	timeouts_resolve(&written->timeouts, true, &out->timeouts);
	helpers_merge_zone(scope, &written->helpers, global->helpers, out->helpers);
	tracks_resolve(&written->tracks, out);
	out->limits = written->limits;
	out->zone_id = written->zone_id;
	out->events = written->events;

	timeouts_check_own(scope, &written->timeouts, "zone");
	limits_check(scope, &out->limits);
	if (!global->enabled.value)
		check_zone_off(scope, written, out, global->enabled.at);
	else if (!out->enabled.value)
		check_zone_off(scope, written, out, out->enabled.at);
	else
		check_tracks(scope, global, out);
}
