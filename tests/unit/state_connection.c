#include "runtime/state/connection.h"

#include <arpa/inet.h>
#include <endian.h>
#include <netinet/in.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "check.h"

static char buffer[2048] __attribute__((aligned(8)));

static struct nlmsghdr *message_start(void)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct nfgenmsg *head = mnl_nlmsg_put_extra_header(message, sizeof *head);
	head->nfgen_family = AF_INET;
	return message;
}

static void put_tuple(struct nlmsghdr *message, uint16_t type, const char *source, uint16_t port)
{
	struct nlattr *tuple = mnl_attr_nest_start(message, type);
	struct nlattr *part = mnl_attr_nest_start(message, CTA_TUPLE_IP);
	mnl_attr_put_u32(message, CTA_IP_V4_SRC, inet_addr(source));
	mnl_attr_put_u32(message, CTA_IP_V4_DST, inet_addr("192.0.2.1"));
	mnl_attr_nest_end(message, part);
	part = mnl_attr_nest_start(message, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(message, CTA_PROTO_NUM, IPPROTO_TCP);
	mnl_attr_put_u16(message, CTA_PROTO_SRC_PORT, htons(port));
	mnl_attr_nest_end(message, part);
	mnl_attr_put_u16(message, CTA_TUPLE_ZONE, htons(9));
	mnl_attr_nest_end(message, tuple);
}

static void put_counters(struct nlmsghdr *message, uint16_t type, uint64_t packets, uint64_t bytes)
{
	struct nlattr *nest = mnl_attr_nest_start(message, type);
	mnl_attr_put_u64(message, CTA_COUNTERS_PACKETS, htobe64(packets));
	mnl_attr_put_u64(message, CTA_COUNTERS_BYTES, htobe64(bytes));
	mnl_attr_nest_end(message, nest);
}

TEST(all_that_the_kernel_tells_is_read)
{
	struct nlmsghdr *message = message_start();
	struct connection read;

	put_tuple(message, CTA_TUPLE_ORIG, "10.0.0.1", 1000);
	put_tuple(message, CTA_TUPLE_REPLY, "10.0.0.2", 2000);
	put_counters(message, CTA_COUNTERS_ORIG, 3, UINT64_C(5000000000));
	put_counters(message, CTA_COUNTERS_REPLY, 4, 6);
	mnl_attr_put_u32(message, CTA_ID, htonl(77));
	mnl_attr_put_u32(message, CTA_MARK, htonl(0x02011005));
	struct nlattr *help = mnl_attr_nest_start(message, CTA_HELP);
	mnl_attr_put_strz(message, CTA_HELP_NAME, "ftp");
	mnl_attr_nest_end(message, help);
	connection_read(message, FIELD_ALL, &read);

	check_number(read.has & (FIELD_ORIGINAL | FIELD_REPLY | FIELD_COUNTERS | FIELD_ID),
		     FIELD_ORIGINAL | FIELD_REPLY | FIELD_COUNTERS | FIELD_ID);
	check_number(read.original.family, AF_INET);
	check_number(read.original.source[3], 1);
	check_number(read.reply.source[3], 2);
	check_number(read.reply.source_port, 2000);
	check_number(read.original.zone, 9);
	check_number(connection_packets(&read), 7);
	check(connection_bytes(&read) == UINT64_C(5000000006));
	check_number(read.id, 77);
	check_number(mark_from_zone(read.mark), 2);
	check_number(mark_to_zone(read.mark), 1);
	check_number(mark_uplink(read.mark), 1);
	check_text(read.helper, "ftp");
}

TEST(what_nobody_asks_for_is_not_read)
{
	struct nlmsghdr *message = message_start();
	struct connection read;

	put_tuple(message, CTA_TUPLE_ORIG, "10.0.0.1", 1000);
	mnl_attr_put_u32(message, CTA_ID, htonl(77));
	connection_read(message, FIELD_ID, &read);
	check_number(read.has, FIELD_ID);
	check_number(read.id, 77);
	check_number(read.original.protocol, 0);
}

TEST(a_mark_and_a_zone_that_are_not_told_are_zero)
{
	struct connection read;

	connection_read(message_start(), FIELD_ALL, &read);
	check_number(read.has, FIELD_MARK | FIELD_ZONE);
	check_number(read.mark, 0);
	check(!read.helper);
}

/* Attributes that are shorter than what belongs into them, and a message cut anywhere. */
TEST(what_is_malformed_is_not_told)
{
	struct nlmsghdr *message = message_start();
	struct connection read;

	mnl_attr_put_u8(message, CTA_ID, 1);
	struct nlattr *help = mnl_attr_nest_start(message, CTA_HELP);
	mnl_attr_put(message, CTA_HELP_NAME, 3, "ftp");
	mnl_attr_nest_end(message, help);
	put_tuple(message, CTA_TUPLE_ORIG, "10.0.0.1", 1000);
	connection_read(message, FIELD_ALL, &read);
	check_number(read.id, 0);
	check(!read.helper);
	for (uint32_t length = message->nlmsg_len; length >= NLMSG_HDRLEN; length--) {
		message->nlmsg_len = length;
		connection_read(message, FIELD_ALL, &read);
	}
}

TEST(age_is_from_the_start_to_now_or_to_the_end)
{
	static const struct {
		uint64_t start, stop, now, age;
	} rows[] = {
		{ 0, 0, 100, 0 },
		{ 1, 0, 1, 0 },
		{ UINT64_C(1000000000), 0, UINT64_C(3500000000), 2 },
		{ UINT64_C(1000000000), UINT64_C(2000000000), UINT64_C(9000000000), 1 },
		{ UINT64_C(5000000000), 0, UINT64_C(1000000000), 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct connection connection = { .start = rows[i].start, .stop = rows[i].stop };
		check_number(connection_age(&connection, rows[i].now), rows[i].age);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_the_kernel_tells_is_read),
		cmocka_unit_test(what_nobody_asks_for_is_not_read),
		cmocka_unit_test(a_mark_and_a_zone_that_are_not_told_are_zero),
		cmocka_unit_test(what_is_malformed_is_not_told),
		cmocka_unit_test(age_is_from_the_start_to_now_or_to_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
