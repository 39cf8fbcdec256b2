/* One change at a time. */
#pragma once
#include "runtime/scope.h"

/* Takes the lock of this network namespace, so that settings and rules of two programs never mix;
 * it lasts until the descriptor is closed. Where another program has it, waits that many seconds
 * (negative: as long as it takes) and says so. Returns the descriptor, or -errno; -ETIMEDOUT: the
 * other one still has it. */
must_check int lock_take(int wait);

/* The same with a file in a folder that is open; it is made where it is not there. */
must_check int lock_file(int folder, const char *name, int wait);

/* Gives it up, also where a child of this process still has the descriptor; negative: nothing. */
void lock_release(int *lock);
