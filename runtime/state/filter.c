#include "runtime/state/filter.h"

#include <netinet/in.h>
#include <string.h>

#include "runtime/program.h"
#include "runtime/state/names.h"
#include "runtime/state/socket.h"
#include "runtime/state/terms.h"
#include "runtime/state/words.h"

static bool match_family(const struct filter *filter, const struct connection *connection)
{
	return connection->original.family == filter->family;
}

static bool match_protocol(const struct filter *filter, const struct connection *connection)
{
	for (uint32_t i = 0; i < filter->protocols.n; i++)
		if (filter->protocols.at[i] == connection->original.protocol)
			return true;
	return false;
}

static bool prefix_holds(const struct prefix *prefix, uint8_t family, const uint8_t address[16])
{
	unsigned whole = prefix->length / 8, rest = prefix->length % 8;

	if ((prefix->family == FAMILY_IPV4) != (family == AF_INET) ||
	    memcmp(prefix->bytes, address, whole) != 0)
		return false;
	return rest == 0 || ((prefix->bytes[whole] ^ address[whole]) >> (8 - rest)) == 0;
}

static bool match_addresses(const struct filter *filter, enum filter_address which,
			    const struct tuple *tuple, const uint8_t address[16])
{
	for (uint32_t i = 0; i < filter->addresses[which].n; i++)
		if (prefix_holds(&filter->addresses[which].at[i], tuple->family, address))
			return true;
	return false;
}

static bool match_source(const struct filter *filter, const struct connection *connection)
{
	const struct tuple *tuple = &connection->original;
	return match_addresses(filter, ADDRESS_SOURCE, tuple, tuple->source);
}

static bool match_dest(const struct filter *filter, const struct connection *connection)
{
	const struct tuple *tuple = &connection->original;
	return match_addresses(filter, ADDRESS_DEST, tuple, tuple->dest);
}

static bool match_reply_source(const struct filter *filter, const struct connection *connection)
{
	const struct tuple *tuple = &connection->reply;
	return match_addresses(filter, ADDRESS_REPLY_SOURCE, tuple, tuple->source);
}

static bool match_reply_dest(const struct filter *filter, const struct connection *connection)
{
	const struct tuple *tuple = &connection->reply;
	return match_addresses(filter, ADDRESS_REPLY_DEST, tuple, tuple->dest);
}

static bool match_any_address(const struct filter *filter, const struct connection *connection)
{
	const struct tuple *original = &connection->original, *reply = &connection->reply;
	return match_addresses(filter, ADDRESS_ANY, original, original->source) ||
	       match_addresses(filter, ADDRESS_ANY, original, original->dest) ||
	       match_addresses(filter, ADDRESS_ANY, reply, reply->source) ||
	       match_addresses(filter, ADDRESS_ANY, reply, reply->dest);
}

static bool match_number(const struct filter *filter, enum filter_number which, uint32_t number)
{
	for (uint32_t i = 0; i < filter->numbers[which].n; i++)
		if (number >= filter->numbers[which].at[i].low &&
		    number <= filter->numbers[which].at[i].high)
			return true;
	return false;
}

/* A port of a protocol that has none is never one that was asked for, not even port 0. */
static bool match_port(const struct filter *filter, enum filter_number which, uint8_t protocol,
		       uint16_t port)
{
	return l4_has_ports(protocol) && match_number(filter, which, port);
}

static bool match_source_port(const struct filter *filter, const struct connection *connection)
{
	return match_port(filter, NUMBER_SOURCE_PORT, connection->original.protocol,
			  connection->original.source_port);
}

static bool match_dest_port(const struct filter *filter, const struct connection *connection)
{
	return match_port(filter, NUMBER_DEST_PORT, connection->original.protocol,
			  connection->original.dest_port);
}

static bool match_reply_source_port(const struct filter *filter,
				    const struct connection *connection)
{
	return match_port(filter, NUMBER_REPLY_SOURCE_PORT, connection->reply.protocol,
			  connection->reply.source_port);
}

static bool match_reply_dest_port(const struct filter *filter, const struct connection *connection)
{
	return match_port(filter, NUMBER_REPLY_DEST_PORT, connection->reply.protocol,
			  connection->reply.dest_port);
}

static bool match_icmp_type(const struct filter *filter, const struct connection *connection)
{
	uint8_t protocol = connection->original.protocol;
	return (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6) &&
	       match_number(filter, NUMBER_ICMP_TYPE, connection->original.icmp_type);
}

/* A connection has one ct zone, of both directions or of one. */
static bool match_ct_zone(const struct filter *filter, const struct connection *connection)
{
	uint16_t zone = connection->zone;
	if (zone == 0)
		zone = connection->original.zone ? connection->original.zone
						 : connection->reply.zone;
	return match_number(filter, NUMBER_CT_ZONE, zone);
}

static bool match_id(const struct filter *filter, const struct connection *connection)
{
	return match_number(filter, NUMBER_ID, connection->id);
}

int state_index(uint8_t protocol)
{
	static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_SCTP, IPPROTO_DCCP };
	for (size_t i = 0; i < countof(protocols); i++)
		if (protocols[i] == protocol)
			return (int)i;
	return -1;
}

static bool match_state(const struct filter *filter, const struct connection *connection)
{
	int index = state_index(connection->original.protocol);
	return index >= 0 && connection->state < 16 &&
	       (filter->state_bits[index] >> connection->state & 1);
}

static bool match_status(const struct filter *filter, const struct connection *connection)
{
	uint32_t status = connection->status;
	for (uint32_t i = 0; i < filter->statuses.n; i++) {
		const struct status_term *term = &filter->statuses.at[i];
		if ((status & term->set) == term->set && (status & term->clear) == 0 &&
		    (term->any == 0 || (status & term->any)))
			return true;
	}
	return false;
}

static bool mark_holds(const struct mark_term *terms, uint32_t n, uint32_t mark)
{
	for (uint32_t i = 0; i < n; i++)
		if ((mark & terms[i].mask) == terms[i].value)
			return true;
	return n == 0;
}

static bool match_mark(const struct filter *filter, const struct connection *connection)
{
	if (!mark_holds(filter->marks.at, filter->marks.n, connection->mark))
		return false;
	for (size_t i = 0; i < NAME_COUNT; i++)
		if (!mark_holds(filter->name_marks[i].at, filter->name_marks[i].n,
				connection->mark))
			return false;
	return true;
}

static bool match_helper(const struct filter *filter, const struct connection *connection)
{
	for (uint32_t i = 0; i < filter->helpers.n; i++)
		if (strcmp(filter->helpers.at[i], connection->helper) == 0)
			return true;
	return false;
}

static bool sum_holds(const struct sum_bounds *bounds, uint64_t sum)
{
	return (!bounds->has_least || sum >= bounds->least) &&
	       (!bounds->has_most || sum <= bounds->most);
}

static bool match_age(const struct filter *filter, const struct connection *connection)
{
	return connection->start != 0 &&
	       sum_holds(&filter->sums[SUM_AGE], connection_age(connection, filter->now));
}

static bool match_bytes(const struct filter *filter, const struct connection *connection)
{
	return sum_holds(&filter->sums[SUM_BYTES], connection_bytes(connection));
}

static bool match_packets(const struct filter *filter, const struct connection *connection)
{
	return sum_holds(&filter->sums[SUM_PACKETS], connection_packets(connection));
}

static bool match_timeout(const struct filter *filter, const struct connection *connection)
{
	return sum_holds(&filter->sums[SUM_TIMEOUT], connection->timeout);
}

/* What each looks at; the cheap ones stand first. */
static const struct condition_row {
	uint32_t fields;
	bool (*match)(const struct filter *filter, const struct connection *connection);
} condition_rows[CONDITION_COUNT] = {
	[CONDITION_MARK] = { FIELD_MARK, match_mark },
	[CONDITION_FAMILY] = { FIELD_ORIGINAL, match_family },
	[CONDITION_PROTOCOL] = { FIELD_ORIGINAL, match_protocol },
	[CONDITION_SOURCE_PORT] = { FIELD_ORIGINAL, match_source_port },
	[CONDITION_DEST_PORT] = { FIELD_ORIGINAL, match_dest_port },
	[CONDITION_REPLY_SOURCE_PORT] = { FIELD_REPLY, match_reply_source_port },
	[CONDITION_REPLY_DEST_PORT] = { FIELD_REPLY, match_reply_dest_port },
	[CONDITION_ICMP_TYPE] = { FIELD_ORIGINAL, match_icmp_type },
	[CONDITION_CT_ZONE] = { FIELD_ZONE | FIELD_ORIGINAL | FIELD_REPLY, match_ct_zone },
	[CONDITION_ID] = { FIELD_ID, match_id },
	[CONDITION_STATE] = { FIELD_ORIGINAL | FIELD_STATE, match_state },
	[CONDITION_STATUS] = { FIELD_STATUS, match_status },
	[CONDITION_SOURCE] = { FIELD_ORIGINAL, match_source },
	[CONDITION_DEST] = { FIELD_ORIGINAL, match_dest },
	[CONDITION_REPLY_SOURCE] = { FIELD_REPLY, match_reply_source },
	[CONDITION_REPLY_DEST] = { FIELD_REPLY, match_reply_dest },
	[CONDITION_ANY_ADDRESS] = { FIELD_ORIGINAL | FIELD_REPLY, match_any_address },
	[CONDITION_AGE] = { FIELD_TIMES, match_age },
	[CONDITION_BYTES] = { FIELD_COUNTERS, match_bytes },
	[CONDITION_PACKETS] = { FIELD_COUNTERS, match_packets },
	[CONDITION_TIMEOUT] = { FIELD_TIMEOUT, match_timeout },
	[CONDITION_HELPER] = { FIELD_HELPER, match_helper },
};

static void need(struct filter *filter, bool is_needed, enum condition condition)
{
	if (!is_needed)
		return;
	filter->conditions |= 1U << condition;
	filter->fields |= condition_rows[condition].fields;
}

static void need_all(struct filter *filter)
{
	static const enum condition of_address[] = {
		CONDITION_SOURCE,     CONDITION_DEST,	     CONDITION_REPLY_SOURCE,
		CONDITION_REPLY_DEST, CONDITION_ANY_ADDRESS,
	};
	static const enum condition of_number[] = {
		CONDITION_SOURCE_PORT,
		CONDITION_DEST_PORT,
		CONDITION_REPLY_SOURCE_PORT,
		CONDITION_REPLY_DEST_PORT,
		CONDITION_ICMP_TYPE,
		CONDITION_CT_ZONE,
		CONDITION_ID,
	};
	static const enum condition of_sum[] = { CONDITION_AGE, CONDITION_BYTES, CONDITION_PACKETS,
						 CONDITION_TIMEOUT };

	need(filter, filter->family, CONDITION_FAMILY);
	need(filter, filter->protocols.n, CONDITION_PROTOCOL);
	need(filter, filter->states.n, CONDITION_STATE);
	need(filter, filter->statuses.n, CONDITION_STATUS);
	need(filter, filter->marks.n, CONDITION_MARK);
	need(filter, filter->helpers.n, CONDITION_HELPER);
	for (size_t i = 0; i < ADDRESS_COUNT; i++)
		need(filter, filter->addresses[i].n, of_address[i]);
	for (size_t i = 0; i < NUMBER_COUNT; i++)
		need(filter, filter->numbers[i].n, of_number[i]);
	for (size_t i = 0; i < SUM_COUNT; i++)
		need(filter, filter->sums[i].has_least || filter->sums[i].has_most, of_sum[i]);
	for (size_t i = 0; i < NAME_COUNT; i++)
		need(filter, filter->name_marks[i].n, CONDITION_MARK);
}

static void collect_states(struct filter *filter)
{
	static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_SCTP, IPPROTO_DCCP };
	uint8_t state;

	for (uint32_t i = 0; i < filter->states.n; i++)
		for (size_t j = 0; j < countof(protocols); j++)
			if (state_find(protocols[j], filter->states.at[i], &state))
				filter->state_bits[j] |= (uint16_t)(1U << state);
}

static int no_such_name(const struct filter *filter, enum filter_name which, const char *text)
{
	static const char *const words[][2] = {
		[NAME_ZONE] = { "zone", "zones" },
		[NAME_TO_ZONE] = { "zone", "zones" },
		[NAME_POLICY] = { "policy", "policies" },
		[NAME_UPLINK] = { "uplink", "uplinks" },
	};
	const struct names *names = names_get(filter->session);

	if (names->error)
		return kernel_refused("look for flywall's table", names->error);
	if (!names->is_loaded)
		return program_fail(STATUS_NO, "cannot find the %s '%s': %s", words[which][0], text,
				    names->why_not);
	const char *near = names_suggest(names, words[which][1], text);
	if (near)
		return program_fail(STATUS_NO, "no %s is named '%s'; did you mean '%s'?",
				    words[which][0], text, near);
	const char *all = names_all(filter->session, words[which][1]);
	return program_fail(STATUS_NO, "no %s is named '%s'; %s%s", words[which][0], text,
			    *all ? "there are: " : "there are none", all);
}

static struct mark_term *add_term(struct filter *filter, enum filter_name which)
{
	return push(filter->session->arena, &filter->name_marks[which]);
}

static bool add_zone(struct filter *filter, const struct names *names, enum filter_name which,
		     const char *text)
{
	unsigned shift = which == NAME_ZONE ? 24 : 16;
	uint8_t zone;

	if (!names_find_zone(names, text, &zone))
		return false;
	*add_term(filter, which) =
		(struct mark_term){ (uint32_t)zone << shift, UINT32_C(0xff) << shift };
	return true;
}

static bool add_uplink(struct filter *filter, const struct names *names, const char *text)
{
	uint8_t uplink;

	if (!names_find_uplink(names, text, &uplink))
		return false;
	*add_term(filter, NAME_UPLINK) = (struct mark_term){ (uint32_t)uplink << 12, 0xf000 };
	return true;
}

/* A policy is all pairs of zones that fall under it. */
static bool add_policy(struct filter *filter, const struct names *names, const char *text)
{
	uint32_t before = filter->name_marks[NAME_POLICY].n;
	uint8_t from, to;
	size_t at = 0;

	while (names_next_pair(names, text, &at, &from, &to))
		*add_term(filter, NAME_POLICY) =
			(struct mark_term){ (uint32_t)from << 24 | (uint32_t)to << 16, 0xffff0000 };
	return filter->name_marks[NAME_POLICY].n > before;
}

static int find_names(struct filter *filter)
{
	for (unsigned i = 0; i < NAME_COUNT; i++)
		for (uint32_t j = 0; j < filter->names[i].n; j++) {
			const struct names *names = names_get(filter->session);
			const char *text = filter->names[i].at[j];
			bool is_found = i == NAME_POLICY   ? add_policy(filter, names, text)
					: i == NAME_UPLINK ? add_uplink(filter, names, text)
							   : add_zone(filter, names, i, text);
			if (!is_found)
				return no_such_name(filter, i, text);
		}
	return STATUS_DONE;
}

struct filter *filter_new(struct session *session)
{
	struct filter *filter = arena_alloc(session->arena, sizeof *filter);
	filter->session = session;
	return filter;
}

int filter_finish(struct filter *filter)
{
	int status = find_names(filter);
	if (status != STATUS_DONE)
		return status;
	status = filter_check(filter);
	if (status != STATUS_DONE)
		return status;
	filter->now = clock_now();
	collect_states(filter);
	need_all(filter);
	return STATUS_DONE;
}

bool filter_is_empty(const struct filter *filter)
{
	return filter->conditions == 0;
}

uint32_t filter_fields(const struct filter *filter)
{
	return filter->fields;
}

bool filter_match(const struct filter *filter, const struct connection *connection)
{
	if (filter->fields & ~connection->has)
		return false;
	for (uint32_t left = filter->conditions; left; left &= left - 1)
		if (!condition_rows[__builtin_ctz(left)].match(filter, connection))
			return false;
	return true;
}
