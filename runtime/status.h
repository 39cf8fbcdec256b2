/* What is in force, and whether it still is what was loaded. */
#pragma once
#include "runtime/hold.h"

/* `flywall-apply status`: exit status 1 where somebody has changed it since. */
int status_run(const struct request *request, char *const operands[]);
