/* Asking the kernel for a list over netlink, of whatever netfilter keeps. */
#pragma once
#include <stdint.h>

#include "runtime/scope.h"

struct nlmsghdr;

/* Sends `request` (a dump) and calls `each` for every message of the answer. 0, or -errno. */
must_check int query_run(struct nlmsghdr *request,
			 void (*each)(void *context, const struct nlmsghdr *message),
			 void *context);

/* The number from a file of one number, such as those of /proc/sys. 0, or -errno. */
must_check int number_read(const char *path, uint64_t *out);
