/* Text in memory that is a file for those who want one. */
#pragma once
#include "flywall/flywall.h"
#include "runtime/scope.h"

/* `text` (not ended by a NUL) is what stands in the file `fd`, read-only; NULL where it is empty.
 */
struct memory {
	int fd;
	const char *text;
	size_t size;
};

/* An empty file, for others to write to. 0, or -errno. */
must_check int memory_new(struct memory *out);

/* Shows what was written to the file as its text. 0, or -errno. */
must_check int memory_map(struct memory *memory);

/* What a compilation emits. 0, or -errno. */
must_check int memory_emit(struct flywall *flywall, enum flywall_form form, struct memory *out);

/* A whole file. 0, or -errno. */
must_check int memory_read(const char *path, struct memory *out);

void memory_close(struct memory *memory);

#define automemory __attribute__((cleanup(memory_close)))

/* The start of a memory that holds nothing yet. */
#define MEMORY_NONE                                                                                \
	{                                                                                          \
		.fd = -1                                                                           \
	}
