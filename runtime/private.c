#include "runtime/private.h"

#include <errno.h>
#include <sched.h>

int network_private(void)
{
	/* Root needs no user namespace, and outside of one the kernel takes batches of any size. */
	if (unshare(CLONE_NEWNET) == 0)
		return 0;
	return unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 ? 0 : -errno;
}
