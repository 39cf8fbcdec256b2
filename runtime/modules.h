/* Kernel modules, where the kernel has any. */
#pragma once
#include <stddef.h>

/* Loads those of the `n` modules that are not in the kernel. It does not fail: a kernel may have
 * them built in, load them by itself, or have no modprobe; what is really missing shows when the
 * ruleset is checked. */
void modules_load(const char *const *names, size_t n);
