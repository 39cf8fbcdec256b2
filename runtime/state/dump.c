#include "runtime/state/dump.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "runtime/program.h"
#include "runtime/state/filter.h"
#include "runtime/state/socket.h"

/* What was received in one go: the kernel fills a datagram with as many connections as fit. */
struct chunk {
	long size; /* or -errno */
	char bytes[CHUNK_SIZE] __attribute__((aligned(8)));
};

enum { CHUNKS = 32 };

/* Between the thread that receives (where the kernel walks its table) and the one that decodes. */
struct ring {
	int fd;
	atomic_bool is_enough; /* nobody reads any more */
	sem_t filled, empty;
	struct chunk chunks[CHUNKS];
};

enum step { STEP_ON, STEP_ENOUGH, STEP_END };

/* One reader's way through the messages. */
struct reading {
	const struct dump *dump;
	uint32_t fields;
	bool only_counts;
	int error;
	struct dump_result result;
};

static bool ends_dump(const struct nlmsghdr *message)
{
	return message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR;
}

static enum step read_end(const struct nlmsghdr *message, struct reading *reading)
{
	const int *said = mnl_nlmsg_get_payload(message);
	if (mnl_nlmsg_get_payload_len(message) >= sizeof *said)
		reading->error = *said;
	return STEP_END;
}

static enum step read_message(const struct nlmsghdr *message, struct reading *reading)
{
	struct connection connection;

	if (message->nlmsg_flags & NLM_F_DUMP_INTR)
		reading->result.was_interrupted = true;
	if (ends_dump(message))
		return read_end(message, reading);
	if (message->nlmsg_type < NLMSG_MIN_TYPE)
		return STEP_ON;
	reading->result.seen++;
	if (reading->only_counts) {
		reading->result.matched++;
		return STEP_ON;
	}
	connection_read(message, reading->fields, &connection);
	const struct dump *dump = reading->dump;
	if (dump->filter && !filter_match(dump->filter, &connection))
		return STEP_ON;
	reading->result.matched++;
	return !dump->entry || dump->entry(dump->context, &connection) ? STEP_ON : STEP_ENOUGH;
}

static enum step read_chunk(const void *bytes, long size, struct reading *reading)
{
	const struct nlmsghdr *message = bytes;
	int left = (int)size;

	if (size < 0) {
		reading->error = (int)size;
		return STEP_END;
	}
	for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
		enum step step = read_message(message, reading);
		if (step != STEP_ON)
			return step;
	}
	return STEP_ON;
}

/* The message that ends a dump stands last. Looking for it from the end first spares a walk through
 * each chunk. */
static bool chunk_is_last(const struct chunk *chunk)
{
	enum { DONE_SIZE = NLMSG_HDRLEN + sizeof(int) };
	const struct nlmsghdr *message = (const void *)chunk->bytes, *last = message;
	int left = (int)chunk->size;

	if (left < DONE_SIZE || message->nlmsg_type == NLMSG_ERROR)
		return true;
	const struct nlmsghdr *at_end = (const void *)(chunk->bytes + left - DONE_SIZE);
	if (at_end->nlmsg_type != NLMSG_DONE || at_end->nlmsg_len != DONE_SIZE)
		return false;
	for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left))
		last = message;
	return ends_dump(last);
}

static void wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore) < 0)
		;
}

/* The reader's word ends it too, should the end of a dump ever look otherwise than it does today.
 */
static long receive_patiently(const struct ring *ring, struct chunk *chunk)
{
	long n;

	do
		n = socket_receive(ring->fd, chunk->bytes, sizeof chunk->bytes, 0);
	while (n == -EAGAIN && !atomic_load(&ring->is_enough));
	return n;
}

/* Until the dump ends, or the reader has seen enough. */
static void *receive_all(void *context)
{
	struct ring *ring = context;

	for (unsigned i = 0;; i = (i + 1) % CHUNKS) {
		struct chunk *chunk = &ring->chunks[i];
		wait_for(&ring->empty);
		if (atomic_load(&ring->is_enough))
			return NULL;
		chunk->size = receive_patiently(ring, chunk);
		bool is_last = chunk->size < 0 || chunk_is_last(chunk);
		sem_post(&ring->filled);
		if (is_last)
			return NULL;
	}
}

static void read_ring(struct ring *ring, struct reading *reading)
{
	enum step step = STEP_ON;

	for (unsigned i = 0; step == STEP_ON; i = (i + 1) % CHUNKS) {
		wait_for(&ring->filled);
		step = read_chunk(ring->chunks[i].bytes, ring->chunks[i].size, reading);
		atomic_store(&ring->is_enough, step != STEP_ON);
		sem_post(&ring->empty);
	}
}

static int read_overlapped(int fd, struct reading *reading)
{
	autofree struct ring *ring = malloc(sizeof *ring);
	const struct timeval patience = { .tv_sec = 1 };
	pthread_t receiver;

	if (!ring)
		return -ENOMEM;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0)
		return -errno;
	ring->fd = fd;
	atomic_init(&ring->is_enough, false);
	if (sem_init(&ring->filled, 0, 0) < 0 || sem_init(&ring->empty, 0, CHUNKS) < 0)
		return -errno;
	int error = pthread_create(&receiver, NULL, receive_all, ring);
	if (error)
		return -error;
	read_ring(ring, reading);
	pthread_join(receiver, NULL);
	return reading->error;
}

/* Counting is less work than handing over. */
static int read_alone(int fd, struct reading *reading)
{
	char bytes[CHUNK_SIZE] __attribute__((aligned(8)));
	enum step step = STEP_ON;

	while (step == STEP_ON)
		step = read_chunk(bytes, socket_receive(fd, bytes, sizeof bytes, 0), reading);
	return reading->error;
}

static int dump_once(const struct dump *dump, bool is_simple, struct dump_result *out)
{
	char buffer[REQUEST_MAX] __attribute__((aligned(8)));
	autoclose int fd = -1;
	struct reading reading = { .dump = dump };

	reading.only_counts = !dump->entry && (!dump->filter || filter_is_empty(dump->filter));
	reading.fields = dump->fields | (dump->filter ? filter_fields(dump->filter) : 0);
	int error = socket_open(&fd);
	if (error)
		return error;
	struct nlmsghdr *request = request_start(buffer, IPCTNL_MSG_CT_GET, NLM_F_DUMP, AF_UNSPEC);
	if (dump->filter)
		filter_to_kernel(dump->filter, is_simple, request);
	error = request_send(fd, request, request->nlmsg_len);
	if (error)
		return error;
	error = reading.only_counts ? read_alone(fd, &reading) : read_overlapped(fd, &reading);
	*out = reading.result;
	return error;
}

int dump_run(const struct dump *dump, struct dump_result *out)
{
	*out = (struct dump_result){ 0 };
	int error = dump_once(dump, false, out);
	/* A kernel that knows less than this filter says so before it sends anything. */
	if ((error == -EINVAL || error == -EOPNOTSUPP) && out->seen == 0)
		error = dump_once(dump, true, out);
	return error;
}

int dump_or_say(const struct dump *dump, struct dump_result *out)
{
	int error = dump_run(dump, out);
	if (error)
		return kernel_refused("read the connection table", error);
	if (out->was_interrupted)
		program_say("the table was resized while it was read: connections may be missing "
			    "or shown twice");
	return STATUS_DONE;
}
