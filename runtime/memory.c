#include "runtime/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "runtime/program.h"

int memory_new(struct memory *out)
{
	int fd = memfd_create("flywall", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	*out = (struct memory){ .fd = fd };
	return 0;
}

int memory_map(struct memory *memory)
{
	struct stat known;
	if (fstat(memory->fd, &known) < 0)
		return -errno;
	if (known.st_size == 0)
		return 0;
	void *text = mmap(NULL, (size_t)known.st_size, PROT_READ, MAP_PRIVATE, memory->fd, 0);
	if (text == MAP_FAILED)
		return -errno;
	memory->text = text;
	memory->size = (size_t)known.st_size;
	return 0;
}

static int stream_fill(struct flywall *flywall, enum flywall_form form, int fd)
{
	autoclose int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	autofile FILE *stream = own < 0 ? NULL : fdopen(own, "w");
	if (!stream)
		return -errno;
	own = -1;
	flywall_emit(flywall, form, stream);
	return stream_flush(stream);
}

int memory_emit(struct flywall *flywall, enum flywall_form form, struct memory *out)
{
	automemory struct memory memory = MEMORY_NONE;

	int error = memory_new(&memory);
	if (error)
		return error;
	error = stream_fill(flywall, form, memory.fd);
	if (error)
		return error;
	error = memory_map(&memory);
	if (error)
		return error;
	*out = memory;
	memory = (struct memory)MEMORY_NONE;
	return 0;
}

/* Copies to the end; a pipe has no size to ask for. */
static int copy_all(int from, int to)
{
	char part[16384];

	for (;;) {
		ssize_t n = read(from, part, sizeof part);
		if (n == 0)
			return 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (write(to, part, (size_t)n) != n)
			return -ENOSPC;
	}
}

int memory_read(const char *path, struct memory *out)
{
	automemory struct memory memory = MEMORY_NONE;
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	int error = memory_new(&memory);
	if (error)
		return error;
	error = copy_all(fd, memory.fd);
	if (error)
		return error;
	error = memory_map(&memory);
	if (error)
		return error;
	*out = memory;
	memory = (struct memory)MEMORY_NONE;
	return 0;
}

void memory_close(struct memory *memory)
{
	if (memory->text)
		munmap((void *)memory->text, memory->size);
	if (memory->fd >= 0)
		close(memory->fd);
}
