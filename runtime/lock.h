/* One change at a time. */
#pragma once
#include "runtime/scope.h"

/* Takes the lock of this network namespace, so that settings and rules of two programs never mix;
 * it lasts until the descriptor is closed. Where another program has it, waits and says so. Returns
 * the descriptor, or -errno. */
must_check int lock_take(void);
