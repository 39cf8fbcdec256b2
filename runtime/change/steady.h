/* A whole table, read while others may be changing nftables. */
#pragma once
#include "runtime/change/kernel.h"

/* 0, what stood, and a generation that it stood in: nothing came between, or two readings one after
 * the other are alike. -EAGAIN where the table itself goes on changing, or -errno. */
must_check int steady_view(struct kernel *kernel, struct arena *arena, const char *table,
			   struct view *out, uint32_t *generation);

/* What -errno of it means to whoever reads it. */
const char *steady_error(int error);
