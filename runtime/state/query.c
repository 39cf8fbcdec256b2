#include "runtime/state/query.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include <libmnl/libmnl.h>

#include "runtime/state/socket.h"

struct query {
	void (*each)(void *context, const struct nlmsghdr *message);
	void *context;
};

/* 1: go on, 0: the end, or -errno. */
static int read_messages(const struct query *query, const void *bytes, long size)
{
	const struct nlmsghdr *message = bytes;
	int left = (int)size;

	for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
		if (message->nlmsg_type == NLMSG_DONE)
			return 0;
		if (message->nlmsg_type == NLMSG_ERROR)
			return answer_error(message);
		query->each(query->context, message);
	}
	return 1;
}

int query_run(struct nlmsghdr *request, void (*each)(void *context, const struct nlmsghdr *message),
	      void *context)
{
	char bytes[CHUNK_SIZE] __attribute__((aligned(8)));
	const struct query query = { each, context };
	autoclose int fd = -1;

	int error = socket_open(&fd);
	if (!error)
		error = request_send(fd, request, request->nlmsg_len);
	if (error)
		return error;
	do {
		long n = socket_receive(fd, bytes, sizeof bytes, 0);
		error = n < 0 ? (int)n : read_messages(&query, bytes, n);
	} while (error > 0);
	return error;
}

int number_read(const char *path, uint64_t *out)
{
	autofile FILE *file = fopen(path, "re");
	uint64_t number;

	if (!file)
		return -errno;
	if (fscanf(file, "%" SCNu64, &number) != 1)
		return -EINVAL;
	*out = number;
	return 0;
}
