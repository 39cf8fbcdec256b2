/* The generations: going back to one, and listing them. */
#pragma once
#include "runtime/hold.h"

/* `flywall-apply rollback [N]`: without a number what was in force before a change that awaits its
 * confirmation, else the last confirmed generation before the one in force. 0: the host without
 * flywall. */
int rollback_run(const struct request *request, char *const operands[]);

/* `flywall-apply generations`. */
int generations_run(const struct request *request, char *const operands[]);
