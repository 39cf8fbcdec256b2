/* What the kernel counts about connection tracking as a whole. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "runtime/scope.h"

enum stat {
	STAT_FOUND,
	STAT_INVALID,
	STAT_IGNORE,
	STAT_INSERT,
	STAT_INSERT_FAILED,
	STAT_DROP,
	STAT_EARLY_DROP,
	STAT_ERROR,
	STAT_SEARCH_RESTART,
	STAT_CLASH_RESOLVE,
	STAT_CHAIN_TOOLONG,
	STAT_COUNT
};

enum { CPUS_MAX = 1024 };

struct cpu_stats {
	uint16_t cpu;
	uint64_t at[STAT_COUNT];
};

struct stats {
	size_t n;
	struct cpu_stats total;
	struct cpu_stats cpus[CPUS_MAX];
};

/* The kernel's own name of a number. */
const char *stat_name(enum stat stat);

/* 0, or -errno. */
must_check int stats_read(struct stats *out);

/* How many connections there are, and how many there may be. 0, or -errno. */
must_check int table_size_read(uint64_t *entries, uint64_t *most);
