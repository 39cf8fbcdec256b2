/* Files in a folder that is open: read whole, and written so that no crash leaves half of one. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/text.h"
#include "runtime/scope.h"

/* The whole file, with a NUL behind it that does not count. 0, or -errno. */
must_check int file_read(struct arena *arena, int folder, const char *name, struct text *out);

/* A file that must not be there yet, on the disk when this returns; the folder is not. 0, or
 * -errno: then there is none. */
must_check int file_create(int folder, const char *name, struct text text);

/* Puts a file in the place of the one before: written beside, synced, renamed, folder synced. 0, or
 * -errno: then the old one is there. */
must_check int file_replace(int folder, const char *name, struct text text);

/* Makes a symbolic link in the same way. */
must_check int link_replace(int folder, const char *name, const char *target);

/* Opens a folder in a folder, the latter AT_FDCWD for a path; where `makes`, makes it. The
 * descriptor, or -errno. */
must_check int folder_at(int folder, const char *name, bool makes);

/* 0, or -errno. A file system that cannot sync folders has nothing to lose by it. */
must_check int folder_sync(int folder);

/* Takes a folder away with the files and the folders in it. 0, or -errno. */
must_check int folder_remove(int folder, const char *name);
