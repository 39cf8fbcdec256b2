/* The named counters of flywall's table. */
#pragma once
#include <stdint.h>

#include "runtime/scope.h"
#include "runtime/state/command.h"

struct counter {
	const char *name;
	uint64_t packets, bytes;
};

struct counters {
	const char *table;
	struct arena *arena;
	uint32_t n, cap;
	struct counter *at;
};

/* Of table inet `table`, in the arena. 0, or -errno. */
must_check int counters_read(struct arena *arena, const char *table, struct counters *out);

/* The counter, or NULL. */
const struct counter *counter_find(const struct counters *counters, const char *name);
