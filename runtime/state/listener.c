#include "runtime/state/listener.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/netlink.h>
#include <linux/sock_diag.h>

#include "runtime/state/socket.h"

/* 128 MB, of which only what is in use takes memory. */
enum { CHUNKS = 1024 };

struct listener {
	int fd, wake;
	pthread_t thread;
	atomic_bool is_stopped;
	sem_t filled, empty;
	struct event_chunk *chunks;
	unsigned next; /* to be handed out */
	bool is_held;  /* the one before it is in somebody's hands */
	/* The thread's own: what was lost when that was last said, and whether it goes on. */
	uint32_t drops;
	bool is_losing;
};

/* The kernel counts each message that it drops at this socket. */
static uint32_t count_drops(const struct listener *listener)
{
	uint32_t info[SK_MEMINFO_VARS] = { 0 };
	socklen_t size = sizeof info;

	getsockopt(listener->fd, SOL_SOCKET, SO_MEMINFO, info, &size);
	return info[SK_MEMINFO_DROPS];
}

static void note_loss(struct listener *listener, struct event_chunk *chunk)
{
	uint32_t drops = count_drops(listener);
	chunk->lost += drops - listener->drops;
	listener->drops = drops;
}

/* Waits, or only looks where `timeout` is 0. */
static void wait_for_more(struct listener *listener, struct event_chunk *chunk, int timeout)
{
	struct pollfd fds[] = {
		{ listener->fd, POLLIN, 0 },
		{ listener->wake, POLLIN, 0 },
		{ STDOUT_FILENO, 0, 0 }, /* POLLERR: a pipe without a reader */
	};

	if (poll(fds, 3, timeout) > 0)
		chunk->is_end = fds[1].revents || (fds[2].revents & POLLERR);
}

/* What the kernel dropped, it takes up again only when there is nothing left to receive. */
static void go_idle(struct listener *listener, struct event_chunk *chunk)
{
	if (!listener->is_losing) {
		wait_for_more(listener, chunk, -1);
		return;
	}
	note_loss(listener, chunk);
	chunk->is_resync = true;
	listener->is_losing = false;
}

static void take_failure(struct listener *listener, struct event_chunk *chunk, int error)
{
	switch (error) {
	case EAGAIN:
		go_idle(listener, chunk);
		return;
	case EINTR:
		return;
	case ENOBUFS:
		listener->is_losing = true;
		note_loss(listener, chunk);
		return;
	default:
		chunk->error = -error;
	}
}

static void receive_some(struct listener *listener, struct event_chunk *chunk)
{
	struct mmsghdr messages[EVENTS_AT_ONCE] = { 0 };
	struct iovec places[EVENTS_AT_ONCE];

	for (size_t i = 0; i < EVENTS_AT_ONCE; i++) {
		places[i] = (struct iovec){ chunk->bytes[i], EVENT_MAX };
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &places[i], .msg_iovlen = 1 };
	}
	int n = recvmmsg(listener->fd, messages, EVENTS_AT_ONCE, MSG_DONTWAIT, NULL);
	if (n < 0) {
		take_failure(listener, chunk, errno);
		return;
	}
	chunk->n = (unsigned)n;
	for (int i = 0; i < n; i++)
		chunk->sizes[i] = messages[i].msg_len;
	/* A flood must not keep us from noticing that nobody reads any more. */
	wait_for_more(listener, chunk, 0);
}

static bool has_something(const struct event_chunk *chunk)
{
	return chunk->n || chunk->lost || chunk->is_resync || chunk->is_end || chunk->error;
}

static void *receive_all(void *context)
{
	struct listener *listener = context;

	for (unsigned i = 0;; i = (i + 1) % CHUNKS) {
		struct event_chunk *chunk = &listener->chunks[i];
		while (sem_wait(&listener->empty) < 0)
			;
		memset(chunk, 0, offsetof(struct event_chunk, bytes));
		while (!has_something(chunk) && !atomic_load(&listener->is_stopped))
			receive_some(listener, chunk);
		bool is_last = chunk->is_end || chunk->error;
		sem_post(&listener->filled);
		if (is_last || atomic_load(&listener->is_stopped))
			return NULL;
	}
}

static int join_groups(int fd, uint32_t groups)
{
	for (int group = 1; groups; group++, groups >>= 1)
		if ((groups & 1) &&
		    setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) < 0)
			return -errno;
	return 0;
}

/* Beyond the limit of the system where we may. */
static void grow_buffer(int fd, int size)
{
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

static int open_all(struct listener *listener, uint32_t groups, int buffer)
{
	int error = socket_open(&listener->fd);
	if (error)
		return error;
	grow_buffer(listener->fd, buffer);
	listener->wake = eventfd(0, EFD_CLOEXEC);
	if (listener->wake < 0)
		return -errno;
	void *chunks = mmap(NULL, CHUNKS * sizeof *listener->chunks, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (chunks == MAP_FAILED)
		return -errno;
	listener->chunks = chunks;
	if (sem_init(&listener->filled, 0, 0) < 0 || sem_init(&listener->empty, 0, CHUNKS) < 0)
		return -errno;
	return join_groups(listener->fd, groups);
}

static void close_all(struct listener *listener)
{
	scope_close(&listener->fd);
	scope_close(&listener->wake);
	if (listener->chunks)
		munmap(listener->chunks, CHUNKS * sizeof *listener->chunks);
	free(listener);
}

static volatile sig_atomic_t is_signalled;

static void take_signal(int number)
{
	(void)number;
	is_signalled = true;
}

/* Signals come to the caller's thread alone. What it is writing is written whole; where nobody
 * reads that, a second signal ends the program at once. */
static int start_thread(struct listener *listener)
{
	struct sigaction action = { .sa_handler = take_signal,
				    .sa_flags = SA_RESTART | SA_RESETHAND };
	sigset_t all, before;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int error = pthread_create(&listener->thread, NULL, receive_all, listener);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -error;
}

int listener_start(uint32_t groups, int buffer, struct listener **out)
{
	struct listener *listener = calloc(1, sizeof *listener);
	if (!listener)
		return -ENOMEM;
	listener->fd = listener->wake = -1;
	int error = open_all(listener, groups, buffer);
	if (!error)
		error = start_thread(listener);
	if (error) {
		close_all(listener);
		return error;
	}
	*out = listener;
	return 0;
}

static void end_thread(struct listener *listener)
{
	const uint64_t one = 1;

	if (atomic_exchange(&listener->is_stopped, true))
		return;
	/* The thread waits for one of these. */
	if (write(listener->wake, &one, sizeof one) < 0)
		pthread_cancel(listener->thread);
	sem_post(&listener->empty);
	pthread_join(listener->thread, NULL);
}

/* A signal may come just ahead of the wait, so that does not last. What was received by then is
 * still handed out. */
static bool wait_filled(struct listener *listener)
{
	while (!is_signalled) {
		struct timespec end;
		clock_gettime(CLOCK_MONOTONIC, &end);
		end.tv_nsec += 250000000;
		end.tv_sec += end.tv_nsec / 1000000000;
		end.tv_nsec %= 1000000000;
		if (sem_clockwait(&listener->filled, CLOCK_MONOTONIC, &end) == 0)
			return true;
	}
	end_thread(listener);
	return sem_trywait(&listener->filled) == 0;
}

const struct event_chunk *listener_next(struct listener *listener)
{
	if (listener->is_held)
		sem_post(&listener->empty);
	listener->is_held = false;
	if (!wait_filled(listener))
		return NULL;
	const struct event_chunk *chunk = &listener->chunks[listener->next];
	listener->next = (listener->next + 1) % CHUNKS;
	listener->is_held = true;
	return chunk;
}

bool listener_is_idle(struct listener *listener)
{
	int waiting = 0;
	sem_getvalue(&listener->filled, &waiting);
	return waiting <= 0;
}

void listener_stop(struct listener *listener)
{
	end_thread(listener);
	close_all(listener);
}
