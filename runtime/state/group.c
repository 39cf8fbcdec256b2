#include "runtime/state/group.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/netfilter/nf_conntrack_common.h>

#include "runtime/program.h"
#include "runtime/state/names.h"
#include "runtime/state/print.h"
#include "runtime/state/text.h"
#include "runtime/state/words.h"

/* Words of a key: numbers in the first, addresses in two each. */
enum { KEY_NUMBERS, KEY_SOURCE, KEY_DEST = 3 };

static void key_address(struct tally_key *key, size_t at, const uint8_t address[16])
{
	memcpy(&key->words[at], address, 16);
}

static void key_source(const struct group *group, const struct connection *connection,
		       struct tally_key *out)
{
	(void)group;
	out->words[KEY_NUMBERS] = connection->original.family;
	key_address(out, KEY_SOURCE, connection->original.source);
}

/* Where the client meant to go is what the operator knows; where it was sent stands in listings. */
static void key_dest(const struct group *group, const struct connection *connection,
		     struct tally_key *out)
{
	(void)group;
	out->words[KEY_NUMBERS] = connection->original.family;
	key_address(out, KEY_DEST, connection->original.dest);
}

static void key_pair(const struct group *group, const struct connection *connection,
		     struct tally_key *out)
{
	key_source(group, connection, out);
	key_address(out, KEY_DEST, connection->original.dest);
}

static void mask_address(uint8_t address[16], unsigned bits)
{
	for (unsigned i = 0; i < 16; i++) {
		unsigned left = bits > i * 8 ? bits - i * 8 : 0;
		if (left < 8)
			address[i] &= (uint8_t)(0xff00U >> left);
	}
}

static void key_prefix(const struct group *group, const struct connection *connection,
		       struct tally_key *out)
{
	unsigned bits = connection->original.family == AF_INET ? group->bits4 : group->bits6;
	uint8_t address[16];

	memcpy(address, connection->original.source, sizeof address);
	mask_address(address, bits);
	out->words[KEY_NUMBERS] = (uint64_t)bits << 8 | connection->original.family;
	key_address(out, KEY_SOURCE, address);
}

static void key_port(const struct group *group, const struct connection *connection,
		     struct tally_key *out)
{
	const struct tuple *tuple = &connection->original;
	(void)group;
	/* The identifier of an echo is no service. */
	out->words[KEY_NUMBERS] = (uint64_t)tuple->protocol << 16 |
				  (l4_has_ports(tuple->protocol) ? tuple->dest_port : 0);
}

struct tally_key group_zones_key(uint32_t mark)
{
	return (struct tally_key){ { [KEY_NUMBERS] = mark >> 16 } };
}

static void key_zones(const struct group *group, const struct connection *connection,
		      struct tally_key *out)
{
	(void)group;
	*out = group_zones_key(connection->mark);
}

static void key_uplink(const struct group *group, const struct connection *connection,
		       struct tally_key *out)
{
	(void)group;
	out->words[KEY_NUMBERS] = mark_uplink(connection->mark);
}

static void key_protocol(const struct group *group, const struct connection *connection,
			 struct tally_key *out)
{
	(void)group;
	out->words[KEY_NUMBERS] =
		(uint64_t)connection->original.family << 8 | connection->original.protocol;
}

/* 256: no state of its own, replied to; 257: not yet. */
static void key_state(const struct group *group, const struct connection *connection,
		      struct tally_key *out)
{
	uint64_t state = connection->state;
	(void)group;
	if (!(connection->has & FIELD_STATE))
		state = connection->status & IPS_SEEN_REPLY ? 256 : 257;
	out->words[KEY_NUMBERS] = state << 8 | connection->original.protocol;
}

static uint8_t key_family(const struct tally_key *key)
{
	return (uint8_t)key->words[KEY_NUMBERS];
}

static unsigned put_key_address(const struct tally_key *key, size_t at, char *out)
{
	return address_text(key_family(key), (const uint8_t *)&key->words[at], out);
}

static void text_source(struct session *session, const struct tally_key *key,
			char out[GROUP_PARTS_MAX][GROUP_PART_MAX])
{
	(void)session;
	put_key_address(key, KEY_SOURCE, out[0]);
}

static void text_dest(struct session *session, const struct tally_key *key,
		      char out[GROUP_PARTS_MAX][GROUP_PART_MAX])
{
	(void)session;
	put_key_address(key, KEY_DEST, out[0]);
}

static void text_pair(struct session *session, const struct tally_key *key,
		      char out[GROUP_PARTS_MAX][GROUP_PART_MAX])
{
	(void)session;
	put_key_address(key, KEY_SOURCE, out[0]);
	put_key_address(key, KEY_DEST, out[1]);
}

static void text_prefix(struct session *session, const struct tally_key *key,
			char out[GROUP_PARTS_MAX][GROUP_PART_MAX])
{
	(void)session;
	unsigned n = put_key_address(key, KEY_SOURCE, out[0]);
	snprintf(out[0] + n, GROUP_PART_MAX - n, "/%u", (unsigned)(key->words[KEY_NUMBERS] >> 8));
}

static void protocol_text(uint8_t protocol, char out[GROUP_PART_MAX])
{
	const char *name = l4_name(protocol);
	if (name)
		snprintf(out, GROUP_PART_MAX, "%s", name);
	else
		snprintf(out, GROUP_PART_MAX, "%u", protocol);
}

static void text_port(struct session *session, const struct tally_key *key,
		      char out[GROUP_PARTS_MAX][GROUP_PART_MAX])
{
	uint8_t protocol = (uint8_t)(key->words[KEY_NUMBERS] >> 16);
	char name[GROUP_PART_MAX];
	(void)session;

	protocol_text(protocol, name);
	if (l4_has_ports(protocol))
		snprintf(out[0], GROUP_PART_MAX, "%.20s/%u", name,
			 (uint16_t)key->words[KEY_NUMBERS]);
	else
		snprintf(out[0], GROUP_PART_MAX, "%.20s", name);
}

uint8_t group_from_zone(const struct tally_key *key)
{
	return (uint8_t)(key->words[KEY_NUMBERS] >> 8);
}

uint8_t group_to_zone(const struct tally_key *key)
{
	return (uint8_t)key->words[KEY_NUMBERS];
}

static void text_zones(struct session *session, const struct tally_key *key,
		       char out[GROUP_PARTS_MAX][GROUP_PART_MAX])
{
	const struct names *names = names_get(session);
	char from[NAME_TEXT_MAX], to[NAME_TEXT_MAX];

	snprintf(out[0], GROUP_PART_MAX, "%s", names_zone(names, group_from_zone(key), from));
	snprintf(out[1], GROUP_PART_MAX, "%s", names_zone(names, group_to_zone(key), to));
}

static void text_uplink(struct session *session, const struct tally_key *key,
			char out[GROUP_PARTS_MAX][GROUP_PART_MAX])
{
	uint8_t uplink = (uint8_t)key->words[KEY_NUMBERS];
	char text[NAME_TEXT_MAX];

	snprintf(out[0], GROUP_PART_MAX, "%s",
		 uplink ? names_uplink(names_get(session), uplink, text) : "none");
}

static void text_protocol(struct session *session, const struct tally_key *key,
			  char out[GROUP_PARTS_MAX][GROUP_PART_MAX])
{
	(void)session;

	protocol_text((uint8_t)key->words[KEY_NUMBERS], out[0]);
	snprintf(out[1], GROUP_PART_MAX, "%s",
		 key->words[KEY_NUMBERS] >> 8 == AF_INET ? "ipv4" : "ipv6");
}

static void text_state(struct session *session, const struct tally_key *key,
		       char out[GROUP_PARTS_MAX][GROUP_PART_MAX])
{
	uint8_t protocol = (uint8_t)key->words[KEY_NUMBERS];
	uint64_t state = key->words[KEY_NUMBERS] >> 8;
	const char *word = state > 255 ? NULL : state_name(protocol, (uint8_t)state);
	(void)session;

	protocol_text(protocol, out[0]);
	if (word || state > 255)
		snprintf(out[1], GROUP_PART_MAX, "%s",
			 word		? word
			 : state == 256 ? "replied"
					: "unreplied");
	else
		snprintf(out[1], GROUP_PART_MAX, "state %u", (unsigned)state);
}

enum { FIELDS_STATE = FIELD_ORIGINAL | FIELD_STATE | FIELD_STATUS };

/* clang-format off */
static const struct group groups[] = {
	{ "source", FIELD_ORIGINAL, key_source, text_source, { "who" }, NULL, 0, 0 },
	{ "destination", FIELD_ORIGINAL, key_dest, text_dest, { "who" }, NULL, 0, 0 },
	{ "pair", FIELD_ORIGINAL, key_pair, text_pair, { "source", "destination" }, " > ", 0, 0 },
	{ "port", FIELD_ORIGINAL, key_port, text_port, { "who" }, NULL, 0, 0 },
	{ "zone", FIELD_MARK, key_zones, text_zones, { "from", "to" }, " > ", 0, 0 },
	{ "prefix", FIELD_ORIGINAL, key_prefix, text_prefix, { "who" }, NULL, 24, 64 },
	{ "protocol", FIELD_ORIGINAL, key_protocol, text_protocol, { "protocol", "family" }, " ", 0, 0 },
	{ "state", FIELDS_STATE, key_state, text_state, { "protocol", "state" }, " ", 0, 0 },
	{ "uplink", FIELD_MARK, key_uplink, text_uplink, { "uplink" }, NULL, 0, 0 },
};
/* clang-format on */

const struct group *group_find(const char *name)
{
	for (size_t i = 0; i < countof(groups); i++)
		if (strcmp(groups[i].name, name) == 0)
			return &groups[i];
	return NULL;
}

const struct group *group_after(const char *name)
{
	size_t next = (size_t)(group_find(name) - groups) + 1;
	return &groups[next < countof(groups) ? next : 0];
}

void group_text(const struct group *group, struct session *session, const struct tally_key *key,
		char out[GROUP_TEXT_MAX])
{
	char parts[GROUP_PARTS_MAX][GROUP_PART_MAX];

	group->text(session, key, parts);
	if (group->parts[1])
		snprintf(out, GROUP_TEXT_MAX, "%s%s%s", parts[0], group->between, parts[1]);
	else
		snprintf(out, GROUP_TEXT_MAX, "%s", parts[0]);
}

void group_add(const struct group *group, struct tally *tally, const struct connection *connection)
{
	struct tally_key key = { 0 };

	group->key(group, connection, &key);
	struct tally_row *row = tally_get(tally, &key);
	row->connections++;
	row->unreplied += !(connection->status & IPS_SEEN_REPLY);
	row->bytes += connection_bytes(connection);
	row->packets += connection_packets(connection);
}

uint32_t group_fields(const struct group *group)
{
	return group->fields | FIELD_STATUS | FIELD_COUNTERS;
}

uint64_t weigh_connections(const struct tally_row *row)
{
	return row->connections;
}

/* Groups that weigh the same keep an order from one report to the next. */
static int compare_rows(const void *left, const void *right, void *weight)
{
	uint64_t (*const *weigh)(const struct tally_row *row) = weight;
	uint64_t a = (*weigh)(left), b = (*weigh)(right);

	if (a != b)
		return a < b ? 1 : -1;
	return memcmp(left, right, sizeof(struct tally_key));
}

struct tally_row *group_sorted(const struct tally *tally,
			       uint64_t (*weight)(const struct tally_row *row))
{
	struct tally_row *rows = calloc(tally->n + 1, sizeof *rows);
	size_t n = 0;

	if (!rows)
		abort();
	for (size_t i = 0; i < tally->size; i++)
		if (tally->rows[i].connections > 0)
			rows[n++] = tally->rows[i];
	qsort_r(rows, n, sizeof *rows, compare_rows, &weight);
	return rows;
}
