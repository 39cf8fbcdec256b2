/* A file that is written as a whole or not at all. */
#pragma once
#include <stdio.h>

#include "runtime/scope.h"

/* What is written to `stream` becomes the file at output_commit. Until then it stands in a
 * temporary file beside it, so that a reader sees the old content or the new, never a part. */
struct output {
	FILE *stream;
	char *path;	 /* the file; a symbolic link is followed, not replaced */
	char *temporary; /* NULL: `path` is no regular file (a pipe, /dev/null) and is written
			    directly */
};

/* 0, or -errno. */
must_check int output_open(const char *path, struct output *out);

/* Puts the content in place and on the disk. 0, or -errno: then the old file is as it was. */
must_check int output_commit(struct output *output);

/* Gives everything back; what was not committed is gone. */
void output_close(struct output *output);

#define autooutput __attribute__((cleanup(output_close)))
