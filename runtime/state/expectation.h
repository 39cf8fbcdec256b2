/* The connections that helpers expect. */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "runtime/scope.h"
#include "runtime/state/connection.h"

/* `mask` says which part of the source counts; the destination counts whole. */
struct expectation {
	const char *helper; /* of the connection that it belongs to; NULL: not told */
	struct tuple tuple, mask, master;
	uint32_t timeout;
};

struct expectations {
	struct arena *arena;
	VEC(struct expectation) all;
};

/* Those that there are now, in the arena. 0, or -errno. */
must_check int expectations_read(struct arena *arena, struct expectations *out);

/* How many the kernel has made in this network namespace, ever. 0, or -errno. */
must_check int expectations_made(uint64_t *out);
