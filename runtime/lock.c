#include "runtime/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "runtime/program.h"

static const char lock_path[] = "/run/flywall.lock";
static const char namespace_path[] = "/proc/self/ns/net";

enum { TRIES_A_SECOND = 20 };

static void say_waiting(void)
{
	program_say("another flywall-apply is at work: waiting for it");
}

static bool is_taken(int error)
{
	return error == -EAGAIN || error == -EACCES;
}

static int try_byte(int fd, const struct flock *lock, bool waits)
{
	return fcntl(fd, waits ? F_OFD_SETLKW : F_OFD_SETLK, lock) < 0 ? -errno : 0;
}

static int try_whole(int fd, const struct flock *lock, bool waits)
{
	(void)lock;
	return flock(fd, LOCK_EX | (waits ? 0 : LOCK_NB)) < 0 ? -errno : 0;
}

static int lock_patiently(int (*attempt)(int, const struct flock *, bool), int fd,
			  const struct flock *lock, int wait)
{
	int error = attempt(fd, lock, false);
	if (!is_taken(error))
		return error;
	if (wait != 0)
		say_waiting();
	if (wait < 0)
		return attempt(fd, lock, true);
	for (int64_t left = (int64_t)wait * TRIES_A_SECOND; left > 0 && is_taken(error); left--) {
		nanosleep(&(struct timespec){ 0, 1000000000 / TRIES_A_SECOND }, NULL);
		error = attempt(fd, lock, false);
	}
	return is_taken(error) ? -ETIMEDOUT : error;
}

static int locked_or_closed(int fd, int error)
{
	if (!error)
		return fd;
	close(fd);
	return error;
}

/* In a user namespace of one's own /run belongs to somebody else, but the network namespace does
 * not. */
static int lock_namespace(int wait)
{
	int fd = open(namespace_path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return locked_or_closed(fd, lock_patiently(try_whole, fd, NULL, wait));
}

int lock_take(int wait)
{
	struct stat here;
	if (stat(namespace_path, &here) < 0)
		return -errno;
	/* Nobody else may open it: who can open a file can lock it for ever. */
	int fd = open(lock_path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return lock_namespace(wait);
	/* One file for all network namespaces: each locks the byte of its own number. */
	const struct flock lock = {
		.l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = (off_t)here.st_ino,
		.l_len = 1,
	};
	return locked_or_closed(fd, lock_patiently(try_byte, fd, &lock, wait));
}

int lock_file(int folder, const char *name, int wait)
{
	int fd = openat(folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	return locked_or_closed(fd, lock_patiently(try_whole, fd, NULL, wait));
}

void lock_release(int *lock)
{
	const struct flock none = { .l_type = F_UNLCK, .l_whence = SEEK_SET };
	if (*lock < 0)
		return;
	(void)fcntl(*lock, F_OFD_SETLK, &none);
	(void)flock(*lock, LOCK_UN);
	close(*lock);
	*lock = -1;
}
