#include "runtime/state/batch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "runtime/state/socket.h"
#include "runtime/state/words.h"

/* So many that all their answers fit into the socket's buffer. */
enum { BATCH = 64 };

bool target_add(void *context, const struct connection *connection)
{
	struct targets *targets = context;

	if (targets->n == targets->room) {
		size_t room = targets->room ? targets->room * 2 : 256;
		struct target *grown = reallocarray(targets->at, room, sizeof *grown);
		if (!grown)
			abort();
		targets->at = grown;
		targets->room = room;
	}
	targets->at[targets->n++] = (struct target){ .original = connection->original,
						     .zone = connection->zone,
						     .id = connection->id };
	return true;
}

void targets_free(struct targets *targets)
{
	free(targets->at);
}

static void put_addresses(struct nlmsghdr *request, const struct tuple *tuple)
{
	bool is_ipv4 = tuple->family == AF_INET;
	size_t size = is_ipv4 ? 4 : 16;

	struct nlattr *nest = mnl_attr_nest_start(request, CTA_TUPLE_IP);
	mnl_attr_put(request, is_ipv4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, size, tuple->source);
	mnl_attr_put(request, is_ipv4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, size, tuple->dest);
	mnl_attr_nest_end(request, nest);
}

static void put_protocol(struct nlmsghdr *request, const struct tuple *tuple)
{
	bool is_icmp = tuple->protocol == IPPROTO_ICMP,
	     is_icmp6 = tuple->protocol == IPPROTO_ICMPV6;

	struct nlattr *nest = mnl_attr_nest_start(request, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(request, CTA_PROTO_NUM, tuple->protocol);
	if (is_icmp || is_icmp6) {
		mnl_attr_put_u16(request, is_icmp ? CTA_PROTO_ICMP_ID : CTA_PROTO_ICMPV6_ID,
				 htons(tuple->icmp_id));
		mnl_attr_put_u8(request, is_icmp ? CTA_PROTO_ICMP_TYPE : CTA_PROTO_ICMPV6_TYPE,
				tuple->icmp_type);
		mnl_attr_put_u8(request, is_icmp ? CTA_PROTO_ICMP_CODE : CTA_PROTO_ICMPV6_CODE,
				tuple->icmp_code);
	} else if (l4_has_ports(tuple->protocol)) {
		mnl_attr_put_u16(request, CTA_PROTO_SRC_PORT, htons(tuple->source_port));
		mnl_attr_put_u16(request, CTA_PROTO_DST_PORT, htons(tuple->dest_port));
	}
	mnl_attr_nest_end(request, nest);
}

static void put_target(struct nlmsghdr *request, const struct target *target)
{
	const struct tuple *tuple = &target->original;

	struct nlattr *nest = mnl_attr_nest_start(request, CTA_TUPLE_ORIG);
	put_addresses(request, tuple);
	put_protocol(request, tuple);
	if (tuple->zone)
		mnl_attr_put_u16(request, CTA_TUPLE_ZONE, htons(tuple->zone));
	mnl_attr_nest_end(request, nest);
	if (target->zone)
		mnl_attr_put_u16(request, CTA_ZONE, htons(target->zone));
	/* Another connection that has the same addresses since then is not meant. */
	mnl_attr_put_u32(request, CTA_ID, htonl(target->id));
}

static int count_answer(const struct nlmsghdr *message, struct batch_result *result)
{
	if (message->nlmsg_type != NLMSG_ERROR)
		return 0;
	switch (-answer_error(message)) {
	case 0:
		result->done++;
		return 0;
	case ENOENT:
		result->gone++;
		return 0;
	case EBUSY:
		result->held++;
		return 0;
	default:
		return answer_error(message);
	}
}

/* The kernel has answered each request by the time that they are sent. */
static int count_answers(int fd, size_t left_over, struct batch_result *result)
{
	char buffer[CHUNK_SIZE] __attribute__((aligned(8)));

	while (left_over > 0) {
		long n = socket_receive(fd, buffer, sizeof buffer, 0);
		if (n < 0)
			return (int)n;
		const struct nlmsghdr *message = (const void *)buffer;
		int left = (int)n;
		for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
			int error = count_answer(message, result);
			if (error)
				return error;
			left_over--;
		}
	}
	return 0;
}

int batch_send(const struct targets *targets, uint16_t type,
	       void (*put)(void *context, struct nlmsghdr *request), void *context,
	       struct batch_result *out)
{
	char buffer[BATCH * REQUEST_MAX] __attribute__((aligned(8)));
	autoclose int fd = -1;
	const int yes = 1;

	*out = (struct batch_result){ 0 };
	int error = socket_open(&fd);
	if (error)
		return error;
	/* Answers without a copy of the question; where that is not known, they are longer. */
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &yes, sizeof yes);
	for (size_t done = 0; done < targets->n;) {
		size_t n = 0, size = 0;
		for (; n < BATCH && done < targets->n; n++, done++) {
			const struct target *target = &targets->at[done];
			struct nlmsghdr *request = request_start(buffer + size, type, NLM_F_ACK,
								 target->original.family);
			put_target(request, target);
			if (put)
				put(context, request);
			size += MNL_ALIGN(request->nlmsg_len);
		}
		error = request_send(fd, buffer, size);
		if (!error)
			error = count_answers(fd, n, out);
		if (error)
			return error;
	}
	return 0;
}

void batch_text(const struct batch_result *result, const char *done, char out[BATCH_TEXT_MAX])
{
	char gone[48] = "", held[80] = "";

	if (result->gone)
		snprintf(gone, sizeof gone, "; %llu gone already",
			 (unsigned long long)result->gone);
	if (result->held)
		snprintf(held, sizeof held, "; %llu left, because a flow table forwards them",
			 (unsigned long long)result->held);
	snprintf(out, BATCH_TEXT_MAX, "%.16s %llu connection%s%s%s", done,
		 (unsigned long long)result->done, result->done == 1 ? "" : "s", gone, held);
}
