#include "runtime/state/connection.h"

#include <arpa/inet.h>
#include <endian.h>
#include <string.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

/* Attributes of one nest, by type; those beyond are skipped. */
enum { TYPES_MAX = 32 };
struct attributes {
	const struct nlattr *at[TYPES_MAX];
};

static void collect(const void *start, int left, struct attributes *out)
{
	const struct nlattr *attribute = start;

	*out = (struct attributes){ 0 };
	while (mnl_attr_ok(attribute, left)) {
		unsigned type = attribute->nla_type & NLA_TYPE_MASK;
		if (type < TYPES_MAX)
			out->at[type] = attribute;
		left -= (int)MNL_ALIGN(attribute->nla_len);
		attribute = (const void *)((const char *)attribute + MNL_ALIGN(attribute->nla_len));
	}
}

static void collect_nest(const struct nlattr *nest, struct attributes *out)
{
	collect(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest), out);
}

static bool has(const struct nlattr *attribute, size_t size)
{
	return attribute && mnl_attr_get_payload_len(attribute) >= size;
}

static uint8_t get8(const struct nlattr *attribute)
{
	return has(attribute, 1) ? *(const uint8_t *)mnl_attr_get_payload(attribute) : 0;
}

static uint16_t get16(const struct nlattr *attribute)
{
	uint16_t value = 0;
	if (has(attribute, sizeof value))
		memcpy(&value, mnl_attr_get_payload(attribute), sizeof value);
	return ntohs(value);
}

static uint32_t get32(const struct nlattr *attribute)
{
	uint32_t value = 0;
	if (has(attribute, sizeof value))
		memcpy(&value, mnl_attr_get_payload(attribute), sizeof value);
	return ntohl(value);
}

static uint64_t get64(const struct nlattr *attribute)
{
	uint64_t value = 0;
	if (has(attribute, sizeof value))
		memcpy(&value, mnl_attr_get_payload(attribute), sizeof value);
	return be64toh(value);
}

static void get_address(const struct nlattr *attribute, size_t size, uint8_t out[16])
{
	if (has(attribute, size))
		memcpy(out, mnl_attr_get_payload(attribute), size);
}

/* The nests of a tuple are read for every connection, so they are walked, not collected. */
static void read_address(const struct nlattr *attribute, struct tuple *out)
{
	switch (attribute->nla_type & NLA_TYPE_MASK) {
	case CTA_IP_V4_SRC:
		get_address(attribute, 4, out->source);
		break;
	case CTA_IP_V4_DST:
		get_address(attribute, 4, out->dest);
		break;
	case CTA_IP_V6_SRC:
		get_address(attribute, 16, out->source);
		break;
	case CTA_IP_V6_DST:
		get_address(attribute, 16, out->dest);
		break;
	}
}

static void read_protocol(const struct nlattr *attribute, struct tuple *out)
{
	switch (attribute->nla_type & NLA_TYPE_MASK) {
	case CTA_PROTO_NUM:
		out->protocol = get8(attribute);
		break;
	case CTA_PROTO_SRC_PORT:
		out->source_port = get16(attribute);
		break;
	case CTA_PROTO_DST_PORT:
		out->dest_port = get16(attribute);
		break;
	case CTA_PROTO_ICMP_ID:
	case CTA_PROTO_ICMPV6_ID:
		out->icmp_id = get16(attribute);
		break;
	case CTA_PROTO_ICMP_TYPE:
	case CTA_PROTO_ICMPV6_TYPE:
		out->icmp_type = get8(attribute);
		break;
	case CTA_PROTO_ICMP_CODE:
	case CTA_PROTO_ICMPV6_CODE:
		out->icmp_code = get8(attribute);
		break;
	}
}

void tuple_read(const struct nlattr *nest, uint8_t family, struct tuple *out)
{
	const struct nlattr *part, *attribute;

	out->family = family;
	mnl_attr_for_each_nested(part, nest)
	{
		switch (part->nla_type & NLA_TYPE_MASK) {
		case CTA_TUPLE_IP:
			mnl_attr_for_each_nested(attribute, part) read_address(attribute, out);
			break;
		case CTA_TUPLE_PROTO:
			mnl_attr_for_each_nested(attribute, part) read_protocol(attribute, out);
			break;
		case CTA_TUPLE_ZONE:
			out->zone = get16(part);
			break;
		}
	}
}

static void read_counters(const struct nlattr *nest, struct traffic *out)
{
	struct attributes parts;
	collect_nest(nest, &parts);
	out->packets = get64(parts.at[CTA_COUNTERS_PACKETS]);
	out->bytes = get64(parts.at[CTA_COUNTERS_BYTES]);
}

/* Each protocol's state is one number, two nests deep. */
static void read_state(const struct nlattr *nest, struct connection *out)
{
	static const uint16_t state_types[] = {
		[CTA_PROTOINFO_TCP] = CTA_PROTOINFO_TCP_STATE,
		[CTA_PROTOINFO_DCCP] = CTA_PROTOINFO_DCCP_STATE,
		[CTA_PROTOINFO_SCTP] = CTA_PROTOINFO_SCTP_STATE,
	};
	struct attributes parts, inner;

	collect_nest(nest, &parts);
	for (unsigned i = CTA_PROTOINFO_TCP; i <= CTA_PROTOINFO_SCTP; i++) {
		if (!parts.at[i])
			continue;
		collect_nest(parts.at[i], &inner);
		if (!has(inner.at[state_types[i]], 1))
			continue;
		out->state = get8(inner.at[state_types[i]]);
		out->has |= FIELD_STATE;
	}
}

static void read_times(const struct nlattr *nest, struct connection *out)
{
	struct attributes parts;
	collect_nest(nest, &parts);
	out->start = get64(parts.at[CTA_TIMESTAMP_START]);
	out->stop = get64(parts.at[CTA_TIMESTAMP_STOP]);
}

static void read_helper(const struct nlattr *nest, struct connection *out)
{
	struct attributes parts;
	collect_nest(nest, &parts);
	const struct nlattr *name = parts.at[CTA_HELP_NAME];
	if (!has(name, 1) ||
	    memchr(mnl_attr_get_payload(name), 0, mnl_attr_get_payload_len(name)) == NULL)
		return;
	out->helper = mnl_attr_get_payload(name);
	out->has |= FIELD_HELPER;
}

/* Which field an attribute of a connection is part of. */
static const uint32_t attribute_fields[TYPES_MAX] = {
	[CTA_TUPLE_ORIG] = FIELD_ORIGINAL,
	[CTA_TUPLE_REPLY] = FIELD_REPLY,
	[CTA_STATUS] = FIELD_STATUS,
	[CTA_PROTOINFO] = FIELD_STATE,
	[CTA_HELP] = FIELD_HELPER,
	[CTA_TIMEOUT] = FIELD_TIMEOUT,
	[CTA_MARK] = FIELD_MARK,
	[CTA_COUNTERS_ORIG] = FIELD_COUNTERS,
	[CTA_COUNTERS_REPLY] = FIELD_COUNTERS,
	[CTA_ID] = FIELD_ID,
	[CTA_ZONE] = FIELD_ZONE,
	[CTA_TIMESTAMP] = FIELD_TIMES,
	[CTA_LABELS] = FIELD_LABELS,
};

/* FIELD_STATE and FIELD_HELPER are told where the nest holds one. */
static void read_attribute(const struct nlattr *attribute, uint8_t family, struct connection *out)
{
	switch (attribute->nla_type & NLA_TYPE_MASK) {
	case CTA_TUPLE_ORIG:
		tuple_read(attribute, family, &out->original);
		break;
	case CTA_TUPLE_REPLY:
		tuple_read(attribute, family, &out->reply);
		break;
	case CTA_STATUS:
		out->status = get32(attribute);
		break;
	case CTA_PROTOINFO:
		read_state(attribute, out);
		return;
	case CTA_HELP:
		read_helper(attribute, out);
		return;
	case CTA_TIMEOUT:
		out->timeout = get32(attribute);
		break;
	case CTA_MARK:
		out->mark = get32(attribute);
		break;
	case CTA_COUNTERS_ORIG:
		read_counters(attribute, &out->sent);
		break;
	case CTA_COUNTERS_REPLY:
		read_counters(attribute, &out->answered);
		break;
	case CTA_ID:
		out->id = get32(attribute);
		break;
	case CTA_ZONE:
		out->zone = get16(attribute);
		break;
	case CTA_TIMESTAMP:
		read_times(attribute, out);
		break;
	case CTA_LABELS:
		out->labels = mnl_attr_get_payload(attribute);
		out->labels_length = (uint8_t)mnl_attr_get_payload_len(attribute);
		break;
	}
	out->has |= attribute_fields[attribute->nla_type & NLA_TYPE_MASK];
}

void connection_read(const struct nlmsghdr *message, uint32_t fields, struct connection *out)
{
	const struct nfgenmsg *head = mnl_nlmsg_get_payload(message);
	const struct nlattr *attribute;

	/* Where they are zero, the kernel says so by silence. */
	*out = (struct connection){ .has = fields & (FIELD_MARK | FIELD_ZONE) };
	if (mnl_nlmsg_get_payload_len(message) < sizeof *head)
		return;
	mnl_attr_for_each(attribute, message, sizeof *head)
	{
		unsigned type = attribute->nla_type & NLA_TYPE_MASK;
		if (type < TYPES_MAX && (attribute_fields[type] & fields))
			read_attribute(attribute, head->nfgen_family, out);
	}
}

uint64_t connection_age(const struct connection *connection, uint64_t now)
{
	uint64_t end = connection->stop ? connection->stop : now;
	if (connection->start == 0 || end < connection->start)
		return 0;
	return (end - connection->start) / 1000000000;
}

uint64_t clock_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
