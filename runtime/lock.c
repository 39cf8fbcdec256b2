#include "runtime/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "runtime/program.h"

static const char lock_path[] = "/run/flywall.lock";
static const char namespace_path[] = "/proc/self/ns/net";

static void say_waiting(void)
{
	program_say("another flywall-apply is at work: waiting for it");
}

/* One file for all network namespaces: each locks the byte of its own number. */
static int lock_byte(int fd)
{
	struct stat here;
	if (stat(namespace_path, &here) < 0)
		return -errno;
	struct flock lock = {
		.l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = (off_t)here.st_ino,
		.l_len = 1,
	};
	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return 0;
	if (errno != EAGAIN && errno != EACCES)
		return -errno;
	say_waiting();
	return fcntl(fd, F_OFD_SETLKW, &lock) < 0 ? -errno : 0;
}

/* In a user namespace of one's own /run belongs to somebody else, but the network namespace does
 * not. */
static int lock_namespace(void)
{
	int fd = open(namespace_path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	say_waiting();
	if (flock(fd, LOCK_EX) == 0)
		return fd;
	int error = -errno;
	close(fd);
	return error;
}

int lock_take(void)
{
	/* Nobody else may open it: who can open a file can lock it for ever. */
	int fd = open(lock_path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return lock_namespace();
	int error = lock_byte(fd);
	if (error) {
		close(fd);
		return error;
	}
	return fd;
}
