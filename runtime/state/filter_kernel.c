#include <netinet/in.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "runtime/state/terms.h"
#include "runtime/state/words.h"

/* Which parts of a tuple the kernel compares (CTA_FILTER_ORIG_FLAGS): its own numbers, which no
 * header has. */
enum tuple_part {
	PART_SOURCE = 1 << 0,
	PART_DEST = 1 << 1,
	PART_PROTOCOL = 1 << 3,
	PART_SOURCE_PORT = 1 << 4,
	PART_DEST_PORT = 1 << 5,
};

/* The conditions on one direction that leave one value. */
struct side {
	const struct prefix *source, *dest;
	const uint8_t *protocol;
	const struct number_range *source_port, *dest_port;
};

/* The kernel leaves out just those IPv6 addresses that it is asked for (seen in Linux 6.18). */
static const struct prefix *single_address(const struct filter *filter, enum filter_address which)
{
	if (filter->addresses[which].n != 1)
		return NULL;
	const struct prefix *address = &filter->addresses[which].at[0];
	return address->family == FAMILY_IPV4 && prefix_is_host(address) ? address : NULL;
}

static const struct number_range *single_number(const struct filter *filter,
						enum filter_number which)
{
	if (filter->numbers[which].n != 1)
		return NULL;
	const struct number_range *range = &filter->numbers[which].at[0];
	return range->low == range->high ? range : NULL;
}

static uint32_t side_parts(const struct side *side)
{
	return (side->source ? PART_SOURCE : 0) | (side->dest ? PART_DEST : 0) |
	       (side->protocol ? PART_PROTOCOL : 0) | (side->source_port ? PART_SOURCE_PORT : 0) |
	       (side->dest_port ? PART_DEST_PORT : 0);
}

static void put_address(struct nlmsghdr *request, const struct prefix *address, uint16_t type)
{
	if (address)
		mnl_attr_put(request, type, 4, address->bytes);
}

static void put_port(struct nlmsghdr *request, const struct number_range *port, uint16_t type)
{
	if (port)
		mnl_attr_put_u16(request, type, htons((uint16_t)port->low));
}

static void put_side(struct nlmsghdr *request, const struct side *side, uint16_t type)
{
	if (side_parts(side) == 0)
		return;
	struct nlattr *tuple = mnl_attr_nest_start(request, type);
	struct nlattr *part = mnl_attr_nest_start(request, CTA_TUPLE_IP);
	put_address(request, side->source, CTA_IP_V4_SRC);
	put_address(request, side->dest, CTA_IP_V4_DST);
	mnl_attr_nest_end(request, part);
	if (side->protocol) {
		part = mnl_attr_nest_start(request, CTA_TUPLE_PROTO);
		mnl_attr_put_u8(request, CTA_PROTO_NUM, *side->protocol);
		put_port(request, side->source_port, CTA_PROTO_SRC_PORT);
		put_port(request, side->dest_port, CTA_PROTO_DST_PORT);
		mnl_attr_nest_end(request, part);
	}
	mnl_attr_nest_end(request, tuple);
}

/* The kernel compares ports where it knows the protocol. */
static void sides_of(const struct filter *filter, struct side *original, struct side *reply)
{
	*original = (struct side){ .source = single_address(filter, ADDRESS_SOURCE),
				   .dest = single_address(filter, ADDRESS_DEST) };
	*reply = (struct side){ .source = single_address(filter, ADDRESS_REPLY_SOURCE),
				.dest = single_address(filter, ADDRESS_REPLY_DEST) };
	if (filter->protocols.n != 1)
		return;
	original->protocol = filter->protocols.at;
	if (!l4_has_ports(*original->protocol))
		return;
	original->source_port = single_number(filter, NUMBER_SOURCE_PORT);
	original->dest_port = single_number(filter, NUMBER_DEST_PORT);
	reply->source_port = single_number(filter, NUMBER_REPLY_SOURCE_PORT);
	reply->dest_port = single_number(filter, NUMBER_REPLY_DEST_PORT);
	if (reply->source_port || reply->dest_port)
		reply->protocol = original->protocol;
}

static void put_sides(const struct filter *filter, struct nlmsghdr *request)
{
	struct side original, reply;

	sides_of(filter, &original, &reply);
	if (side_parts(&original) == 0 && side_parts(&reply) == 0)
		return;
	put_side(request, &original, CTA_TUPLE_ORIG);
	put_side(request, &reply, CTA_TUPLE_REPLY);
	struct nlattr *parts = mnl_attr_nest_start(request, CTA_FILTER);
	mnl_attr_put_u32(request, CTA_FILTER_ORIG_FLAGS, side_parts(&original));
	mnl_attr_put_u32(request, CTA_FILTER_REPLY_FLAGS, side_parts(&reply));
	mnl_attr_nest_end(request, parts);
}

static void put_mark(const struct mark_term *mark, struct nlmsghdr *request)
{
	if (mark->mask == 0)
		return;
	mnl_attr_put_u32(request, CTA_MARK, htonl(mark->value));
	mnl_attr_put_u32(request, CTA_MARK_MASK, htonl(mark->mask));
}

static void put_status(const struct filter *filter, struct nlmsghdr *request)
{
	if (filter->statuses.n != 1)
		return;
	const struct status_term *term = &filter->statuses.at[0];
	if ((term->set | term->clear) == 0)
		return;
	mnl_attr_put_u32(request, CTA_STATUS, htonl(term->set));
	mnl_attr_put_u32(request, CTA_STATUS_MASK, htonl(term->set | term->clear));
}

/* The one family that can pass, as AF_*; 0: either. */
static uint8_t family_of(const struct filter *filter)
{
	if (filter->family)
		return filter->family;
	for (size_t i = 0; i < ADDRESS_COUNT; i++) {
		uint32_t ipv4 = 0, n = filter->addresses[i].n;
		for (uint32_t j = 0; j < n; j++)
			ipv4 += filter->addresses[i].at[j].family == FAMILY_IPV4;
		if (n > 0 && (ipv4 == 0 || ipv4 == n))
			return ipv4 == n ? AF_INET : AF_INET6;
	}
	return AF_UNSPEC;
}

/* Zone 0 stands for all zones. */
static void put_zone(const struct filter *filter, struct nlmsghdr *request)
{
	const struct number_range *zone = single_number(filter, NUMBER_CT_ZONE);
	if (zone && zone->low != 0)
		mnl_attr_put_u16(request, CTA_ZONE, htons((uint16_t)zone->low));
}

void filter_to_kernel(const struct filter *filter, bool is_simple, struct nlmsghdr *request)
{
	struct nfgenmsg *head = mnl_nlmsg_get_payload(request);
	struct mark_term mark;

	head->nfgen_family = family_of(filter);
	if (filter_mark(filter, &mark))
		put_mark(&mark, request);
	if (is_simple)
		return;
	put_zone(filter, request);
	put_status(filter, request);
	put_sides(filter, request);
}

/* Before Linux 6.8 a request to delete the connections of a ct zone deleted all connections. */
static bool kernel_deletes_zones(void)
{
	struct utsname kernel;
	if (uname(&kernel) < 0)
		return false;
	char *end;
	unsigned long major = strtoul(kernel.release, &end, 10);
	unsigned long minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
	return major > 6 || (major == 6 && minor >= 8);
}

static bool has_one_mark(const struct filter *filter)
{
	uint32_t most = filter->marks.n;
	for (size_t i = 0; i < NAME_COUNT; i++)
		if (filter->name_marks[i].n > most)
			most = filter->name_marks[i].n;
	return most == 1;
}

bool filter_to_bulk_delete(const struct filter *filter, struct nlmsghdr *request)
{
	const struct number_range *zone = single_number(filter, NUMBER_CT_ZONE);
	struct mark_term mark;

	if (filter->conditions == 1U << CONDITION_MARK && has_one_mark(filter) &&
	    filter_mark(filter, &mark) && mark.mask != 0) {
		put_mark(&mark, request);
		return true;
	}
	if (filter->conditions != 1U << CONDITION_CT_ZONE || !zone || zone->low == 0 ||
	    !kernel_deletes_zones())
		return false;
	put_zone(filter, request);
	return true;
}
