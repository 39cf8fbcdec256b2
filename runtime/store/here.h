/* Where and when something holds: in one network namespace, until the machine restarts. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "runtime/scope.h"

struct here {
	char boot[40]; /* the kernel's identifier of this start */
	uint64_t network;
};

/* 0, or -errno. */
must_check int here_read(struct here *out);

bool here_is_boot(const struct here *a, const struct here *b);
bool here_equal(const struct here *a, const struct here *b);

/* Milliseconds since the machine started, those asleep included. */
int64_t boot_milliseconds(void);
