/* A network namespace of one's own. */
#pragma once
#include "runtime/scope.h"

/* Moves this process into a new, empty network namespace in which it may do everything. 0, or
 * -errno. */
must_check int network_private(void);
