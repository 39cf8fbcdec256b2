/* Entries of connection tracking that no packet made, and a dump of them that looks at nothing:
 * what flywall-state is measured against.
 *
 *     connections fill N [FIRST]  adds N entries, beginning with number FIRST
 *     connections drop N [FIRST]  deletes them one by one
 *     connections dump            receives all entries and throws them away; prints how many
 * datagrams
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

enum { BATCH = 64, MESSAGE_MAX = 512, CHUNK = 32768 };

struct entry {
	uint32_t number;
	uint8_t protocol, family;
	uint32_t source, dest; /* the last four bytes of addresses */
	uint16_t source_port, dest_port;
};

static _Noreturn void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* Three of ten are UDP, one is of IPv6; each source has about a hundred. */
static struct entry entry_of(uint32_t number)
{
	return (struct entry){
		.number = number,
		.protocol = number % 10 < 3 ? IPPROTO_UDP : IPPROTO_TCP,
		.family = number % 10 == 9 ? AF_INET6 : AF_INET,
		.source = UINT32_C(0x0a000000) + number / 100,
		.dest = UINT32_C(0xc0000200) + number % 200,
		.source_port = (uint16_t)(1024 + number % 60000),
		.dest_port = number % 10 < 3 ? 53 : 443,
	};
}

static void put_address(struct nlmsghdr *message, uint8_t family, int is_dest, uint32_t address)
{
	uint8_t bytes[16] = { 0x20, 0x01, 0x0d, 0xb8 };

	address = htonl(address);
	if (family == AF_INET) {
		mnl_attr_put_u32(message, is_dest ? CTA_IP_V4_DST : CTA_IP_V4_SRC, address);
		return;
	}
	memcpy(bytes + 12, &address, sizeof address);
	mnl_attr_put(message, is_dest ? CTA_IP_V6_DST : CTA_IP_V6_SRC, sizeof bytes, bytes);
}

static void put_tuple(struct nlmsghdr *message, const struct entry *entry, int is_reply)
{
	struct nlattr *tuple =
		mnl_attr_nest_start(message, is_reply ? CTA_TUPLE_REPLY : CTA_TUPLE_ORIG);
	struct nlattr *part = mnl_attr_nest_start(message, CTA_TUPLE_IP);
	put_address(message, entry->family, 0, is_reply ? entry->dest : entry->source);
	put_address(message, entry->family, 1, is_reply ? entry->source : entry->dest);
	mnl_attr_nest_end(message, part);
	part = mnl_attr_nest_start(message, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(message, CTA_PROTO_NUM, entry->protocol);
	mnl_attr_put_u16(message, CTA_PROTO_SRC_PORT,
			 htons(is_reply ? entry->dest_port : entry->source_port));
	mnl_attr_put_u16(message, CTA_PROTO_DST_PORT,
			 htons(is_reply ? entry->source_port : entry->dest_port));
	mnl_attr_nest_end(message, part);
	mnl_attr_nest_end(message, tuple);
}

static void put_state(struct nlmsghdr *message)
{
	struct nlattr *info = mnl_attr_nest_start(message, CTA_PROTOINFO);
	struct nlattr *tcp = mnl_attr_nest_start(message, CTA_PROTOINFO_TCP);
	mnl_attr_put_u8(message, CTA_PROTOINFO_TCP_STATE, TCP_CONNTRACK_ESTABLISHED);
	mnl_attr_nest_end(message, tcp);
	mnl_attr_nest_end(message, info);
}

static void put_details(struct nlmsghdr *message, const struct entry *entry)
{
	uint32_t number = entry->number;

	put_tuple(message, entry, 1);
	mnl_attr_put_u32(message, CTA_TIMEOUT, htonl(20000 + number % 1000));
	mnl_attr_put_u32(message, CTA_STATUS,
			 htonl(IPS_CONFIRMED | IPS_SEEN_REPLY | (number % 4 ? IPS_ASSURED : 0)));
	mnl_attr_put_u32(message, CTA_MARK, htonl((1 + number % 5) << 24 | (1 + number % 3) << 16));
	if (entry->protocol == IPPROTO_TCP)
		put_state(message);
}

static size_t put_entry(char *at, uint32_t number, int is_delete)
{
	struct entry entry = entry_of(number);
	struct nlmsghdr *message = mnl_nlmsg_put_header(at);

	message->nlmsg_type =
		NFNL_SUBSYS_CTNETLINK << 8 | (is_delete ? IPCTNL_MSG_CT_DELETE : IPCTNL_MSG_CT_NEW);
	message->nlmsg_flags = NLM_F_REQUEST | (is_delete ? 0 : NLM_F_CREATE | NLM_F_EXCL);
	struct nfgenmsg *head = mnl_nlmsg_put_extra_header(message, sizeof *head);
	head->nfgen_family = entry.family;
	put_tuple(message, &entry, 0);
	if (!is_delete)
		put_details(message, &entry);
	return MNL_ALIGN(message->nlmsg_len);
}

/* The kernel answers nothing but errors, and before sending returns. */
static void check_answers(int fd)
{
	char buffer[CHUNK];
	ssize_t n = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n < 0)
		fail("recv");
	const struct nlmsgerr *said = mnl_nlmsg_get_payload((const struct nlmsghdr *)buffer);
	errno = -said->error;
	fail("the kernel");
}

static void send_all(int fd, uint32_t n, uint32_t first, int is_delete)
{
	static char buffer[BATCH * MESSAGE_MAX] __attribute__((aligned(8)));

	for (uint32_t i = 0; i < n;) {
		size_t size = 0;
		for (int k = 0; k < BATCH && i < n; k++, i++)
			size += put_entry(buffer + size, first + i, is_delete);
		if (send(fd, buffer, size, 0) < 0)
			fail("send");
		check_answers(fd);
	}
}

static int ends(const char *bytes, int left)
{
	const struct nlmsghdr *message = (const void *)bytes;

	if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
		return 1;
	const int done = NLMSG_HDRLEN + sizeof(int);
	message = (const void *)(bytes + left - done);
	return left > done && message->nlmsg_type == NLMSG_DONE &&
	       message->nlmsg_len == (uint32_t)done;
}

static void dump(int fd)
{
	static char buffer[CHUNK] __attribute__((aligned(8)));
	unsigned long datagrams = 0;
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);

	request->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	mnl_nlmsg_put_extra_header(request, sizeof(struct nfgenmsg));
	if (send(fd, request, request->nlmsg_len, 0) < 0)
		fail("send");
	for (;;) {
		ssize_t n = recv(fd, buffer, sizeof buffer, 0);
		if (n < 0)
			fail("recv");
		datagrams++;
		if (ends(buffer, (int)n))
			break;
	}
	printf("%lu\n", datagrams);
}

static double seconds(const struct timeval *time)
{
	return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

/* The memory of a child of this small process is its own; that of a large one would be counted. */
static int run(char *command[])
{
	struct timespec before, after;
	struct rusage used;
	int status;

	clock_gettime(CLOCK_MONOTONIC, &before);
	pid_t child = fork();
	if (child == 0) {
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(127);
		execvp(command[0], command);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) < 0)
		fail(command[0]);
	clock_gettime(CLOCK_MONOTONIC, &after);
	printf("%f %f %ld\n",
	       (double)(after.tv_sec - before.tv_sec) +
		       (double)(after.tv_nsec - before.tv_nsec) / 1e9,
	       seconds(&used.ru_utime) + seconds(&used.ru_stime), used.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char *argv[])
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);

	if (argc >= 3 && strcmp(argv[1], "run") == 0)
		return run(argv + 2);
	if (fd < 0 || connect(fd, (struct sockaddr *)&kernel, sizeof kernel) < 0)
		fail("netlink");
	if (argc >= 3 && (strcmp(argv[1], "fill") == 0 || strcmp(argv[1], "drop") == 0))
		send_all(fd, (uint32_t)strtoul(argv[2], NULL, 10),
			 argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 0,
			 strcmp(argv[1], "drop") == 0);
	else if (argc == 2 && strcmp(argv[1], "dump") == 0)
		dump(fd);
	else
		return 2;
	return 0;
}
