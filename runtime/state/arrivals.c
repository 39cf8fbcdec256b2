#include "runtime/state/arrivals.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "runtime/program.h"
#include "runtime/state/dump.h"
#include "runtime/state/socket.h"

/* A second's worth of very many ends. */
enum { BUFFER_SIZE = 64 << 20, EVENT_MAX = 2048 };

static const uint64_t second = 1000000000;

static uint64_t monotonic_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * second + (uint64_t)now.tv_nsec;
}

static int listen_to_ends(struct arrivals *arrivals)
{
	const int size = BUFFER_SIZE, group = NFNLGRP_CONNTRACK_DESTROY;

	int error = socket_open(&arrivals->fd);
	if (error)
		return error;
	/* Beyond the limit of the system where we may. */
	if (setsockopt(arrivals->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0)
		setsockopt(arrivals->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	if (setsockopt(arrivals->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) < 0)
		return -errno;
	return 0;
}

/* One that comes back with the ID that it had is new. */
static void take_end(struct arrivals *arrivals, const struct nlmsghdr *message)
{
	struct connection connection;

	connection_read(message, FIELD_ALL, &connection);
	if (ids_remove(&arrivals->before, connection.id) || !arrivals->is_running)
		return;
	if (filter_match(arrivals->filter, &connection))
		arrivals->ended(arrivals->context, &connection);
}

/* What waits at the socket. 0, or -errno. */
static int take_waiting(struct arrivals *arrivals)
{
	char bytes[EVENT_MAX] __attribute__((aligned(8)));

	for (;;) {
		long n = socket_receive(arrivals->fd, bytes, sizeof bytes, MSG_DONTWAIT);
		if (n == -EAGAIN)
			return 0;
		if (n == -ENOBUFS) {
			arrivals->has_lost = true;
			continue;
		}
		if (n < 0)
			return (int)n;
		const struct nlmsghdr *message = (const void *)bytes;
		if (mnl_nlmsg_ok(message, (int)n))
			take_end(arrivals, message);
	}
}

static int say_refused(int error)
{
	return error ? kernel_refused("listen to connection events", error) : STATUS_DONE;
}

static bool note(void *context, const struct connection *connection)
{
	ids_add(context, connection->id);
	return true;
}

int arrivals_begin(struct arrivals *arrivals)
{
	struct dump dump = { NULL, FIELD_ID, note, &arrivals->before };
	struct dump_result result;

	int status = say_refused(listen_to_ends(arrivals));
	if (status != STATUS_DONE)
		return status;
	arrivals->start = monotonic_now();
	status = dump_or_say(&dump, &result);
	if (status != STATUS_DONE)
		return status;
	/* What ended on the way may have been there long before the reader came by. */
	status = say_refused(take_waiting(arrivals));
	arrivals->is_running = true;
	return status;
}

static int wait_until(struct arrivals *arrivals, uint64_t end)
{
	struct pollfd fd = { arrivals->fd, POLLIN, 0 };

	for (uint64_t now = monotonic_now(); now < end; now = monotonic_now()) {
		uint64_t left = (end - now) / 1000000 + 1;
		if (poll(&fd, 1, left > 60000 ? 60000 : (int)left) <= 0)
			continue;
		int error = take_waiting(arrivals);
		if (error)
			return error;
	}
	return 0;
}

/* Nothing comes any more, so that what waits is the rest. */
static int take_rest(struct arrivals *arrivals)
{
	const int group = NFNLGRP_CONNTRACK_DESTROY;

	if (setsockopt(arrivals->fd, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, &group, sizeof group) <
	    0)
		return -errno;
	return take_waiting(arrivals);
}

int arrivals_wait(struct arrivals *arrivals, uint64_t seconds, double *passed)
{
	int error = wait_until(arrivals, arrivals->start + seconds * second);
	uint64_t now = monotonic_now();

	if (!error)
		error = take_rest(arrivals);
	if (!error && arrivals->has_lost)
		program_say("the kernel told of the end of more connections than could be taken: "
			    "more have begun than is shown");
	*passed = (double)(now - arrivals->start) / (double)second;
	return say_refused(error);
}

bool arrivals_has(const struct arrivals *arrivals, const struct connection *connection)
{
	return !ids_has(&arrivals->before, connection->id);
}

void arrivals_end(struct arrivals *arrivals)
{
	scope_close(&arrivals->fd);
	ids_free(&arrivals->before);
}
