/* One entry of the kernel's connection table, decoded as far as somebody wants to know it. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct nlattr;
struct nlmsghdr;

/* What can be decoded, as bits: what the reader wants and what the kernel told. */
enum connection_field {
	FIELD_ORIGINAL = 1 << 0, /* family, protocol and the tuple of the first direction */
	FIELD_REPLY = 1 << 1,
	FIELD_STATUS = 1 << 2,
	FIELD_TIMEOUT = 1 << 3,
	FIELD_MARK = 1 << 4,
	FIELD_ID = 1 << 5,
	FIELD_ZONE = 1 << 6,  /* the ct zone of both directions; those of one are in the tuples */
	FIELD_STATE = 1 << 7, /* the state of TCP, SCTP or DCCP */
	FIELD_COUNTERS = 1 << 8,
	FIELD_TIMES = 1 << 9,
	FIELD_HELPER = 1 << 10,
	FIELD_LABELS = 1 << 11,
	FIELD_ALL = (1 << 12) - 1,
};

/* Addresses in network byte order, an IPv4 address in the first four bytes and the rest zero; ports
 * and numbers in the machine's. */
struct tuple {
	uint8_t source[16], dest[16];
	uint16_t source_port, dest_port; /* of GRE its keys */
	uint16_t icmp_id;
	uint8_t icmp_type, icmp_code;
	uint8_t protocol; /* IPPROTO_* */
	uint8_t family;	  /* AF_INET, AF_INET6 */
	uint16_t zone;	  /* a ct zone of this direction alone */
};

/* Sums of one direction. */
struct traffic {
	uint64_t packets, bytes;
};

/* Numbers that the kernel did not tell are zero. `helper` and `labels` point into the message. */
struct connection {
	uint32_t has; /* enum connection_field: asked for and told */
	uint32_t id, mark, status, timeout;
	uint16_t zone;
	uint8_t state; /* enum tcp_conntrack and its like */
	uint8_t labels_length;
	struct tuple original, reply;
	struct traffic sent, answered; /* FIELD_COUNTERS: original and reply direction */
	uint64_t start, stop;	       /* FIELD_TIMES: nanoseconds since 1970; 0: not told */
	const char *helper;	       /* NULL: none */
	const uint8_t *labels;
};

/* Decodes the `fields` of a ctnetlink message about one connection. What is malformed is taken as
 * not told. */
void connection_read(const struct nlmsghdr *message, uint32_t fields, struct connection *out);

/* Decodes a nest such as CTA_TUPLE_ORIG into `out`, which is zero before. */
void tuple_read(const struct nlattr *nest, uint8_t family, struct tuple *out);

/* The parts of the ct mark that flywall gives a meaning: numbers of zones and of the uplink; 0 is
 * this machine, or none. */
static inline uint8_t mark_from_zone(uint32_t mark)
{
	return (uint8_t)(mark >> 24);
}

static inline uint8_t mark_to_zone(uint32_t mark)
{
	return (uint8_t)(mark >> 16);
}

static inline uint8_t mark_uplink(uint32_t mark)
{
	return (mark >> 12) & 15;
}

/* Seconds since its start at `now` (nanoseconds since 1970), or until its end where it has one; 0
 * where the kernel keeps no times. */
uint64_t connection_age(const struct connection *connection, uint64_t now);

/* Both directions together. */
static inline uint64_t connection_bytes(const struct connection *connection)
{
	return connection->sent.bytes + connection->answered.bytes;
}

static inline uint64_t connection_packets(const struct connection *connection)
{
	return connection->sent.packets + connection->answered.packets;
}

/* Nanoseconds since 1970. */
uint64_t clock_now(void);
