/* What goes wrong with the connection table: findings with their evidence and what mends them. */
#pragma once
#include "base/arena.h"
#include "runtime/scope.h"
#include "runtime/state/command.h"
#include "runtime/state/counters.h"
#include "runtime/state/helper_use.h"
#include "runtime/state/stats.h"

/* The statuses of monitoring plugins. */
enum grade { GRADE_OK, GRADE_WARNING, GRADE_CRITICAL, GRADE_UNKNOWN };

enum { WARN_PERCENT = 75, CRITICAL_PERCENT = 90 };

struct finding {
	enum grade grade;
	const char *evidence;
	const char *advice; /* a piece of a configuration; NULL: none is known */
};

/* What can be read at once. */
struct health_reading {
	uint64_t entries;
	struct cpu_stats stats;
	struct counters counters; /* none where no configuration is applied */
};

/* Connections that stay far longer than their traffic needs, by the timeout that keeps them. */
enum idle { IDLE_ESTABLISHED, IDLE_SYN_SENT, IDLE_UDP, IDLE_ICMP, IDLE_COUNT };

struct health {
	struct session *session;
	unsigned long long seconds; /* between the two readings */
	uint64_t most, buckets;
	struct health_reading before, now;
	uint64_t entry_bytes;
	bool is_measured; /* entry_bytes: by the kernel */
	uint64_t connections, idle[IDLE_COUNT];
	struct helper_uses helpers;
	uint64_t expectations_made;
	VEC(struct finding) findings;
};

/* Reads the connections for `idle` and `helpers`. STATUS_*: it has said what there is to say. */
must_check int health_read_connections(struct health *health);

/* Looks for everything that is wrong. */
void health_check(struct health *health);

/* What the table takes with so many connections. */
uint64_t health_memory(const struct health *health, uint64_t entries);

/* Seconds until the table is full, going by what was added between the readings; 0: it does not
 * grow. */
uint64_t health_time_to_full(const struct health *health);
