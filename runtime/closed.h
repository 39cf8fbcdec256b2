/* The ruleset for a machine that has none it can load: closed, but still within reach. */
#pragma once
#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"
#include "runtime/scope.h"

/* Writes it: nothing is let in or through but replies, loopback, what keeps addresses and routes
 * alive, ping, and the ways in that `management` (management.json) names. Where that is unreadable
 * or names no TCP port, ssh is let in from everywhere. Returns whether it is not. */
bool closed_write(struct text management, FILE *out);

/* Whether it is what the kernel has. */
bool closed_is_loaded(void);
