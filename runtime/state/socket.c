#include "runtime/state/socket.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>

#include "runtime/program.h"

int socket_open(int *out)
{
	autoclose int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
		return -errno;
	*out = fd;
	fd = -1;
	return 0;
}

struct nlmsghdr *request_start(void *buffer, uint16_t type, uint16_t flags, uint8_t family)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	request->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | type;
	request->nlmsg_flags = NLM_F_REQUEST | flags;
	struct nfgenmsg *head = mnl_nlmsg_put_extra_header(request, sizeof *head);
	head->nfgen_family = family;
	head->version = NFNETLINK_V0;
	return request;
}

int request_send(int fd, const void *request, size_t size)
{
	static const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	ssize_t sent;

	do
		sent = sendto(fd, request, size, 0, (const struct sockaddr *)&kernel,
			      sizeof kernel);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

long socket_receive(int fd, void *buffer, size_t size, int flags)
{
	ssize_t n;

	do
		n = recv(fd, buffer, size, flags);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

int answer_error(const struct nlmsghdr *message)
{
	const struct nlmsgerr *said = mnl_nlmsg_get_payload(message);
	return mnl_nlmsg_get_payload_len(message) < sizeof *said ? -EBADMSG : said->error;
}

const char *attribute_text(const struct nlattr *attribute)
{
	bool is_whole = mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) == 0;
	return is_whole ? mnl_attr_get_str(attribute) : "";
}

int request_ask(int fd, struct nlmsghdr *request)
{
	char answer[REQUEST_MAX + 256] __attribute__((aligned(8)));

	request->nlmsg_flags |= NLM_F_ACK;
	int error = request_send(fd, request, request->nlmsg_len);
	if (error)
		return error;
	for (;;) {
		long n = socket_receive(fd, answer, sizeof answer, 0);
		if (n < 0)
			return (int)n;
		const struct nlmsghdr *message = (const void *)answer;
		int left = (int)n;
		for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left))
			if (message->nlmsg_type == NLMSG_ERROR)
				return answer_error(message);
	}
}

int kernel_refused(const char *what, int error)
{
	switch (-error) {
	case EPERM:
	case EACCES:
		return program_fail(STATUS_SYSTEM,
				    "cannot %s: not permitted; run it as root (CAP_NET_ADMIN)",
				    what);
	case EINVAL:
	case EPROTONOSUPPORT:
	case EOPNOTSUPP:
		return program_fail(
			STATUS_SYSTEM,
			"cannot %s: this kernel has no connection tracking over netlink "
			"(module nf_conntrack_netlink, CONFIG_NF_CT_NETLINK)",
			what);
	default:
		return program_fail(STATUS_SYSTEM, "cannot %s: %s", what, strerror(-error));
	}
}
