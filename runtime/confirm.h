/* Keeping a change that would be taken back otherwise. */
#pragma once
#include "runtime/hold.h"

/* `flywall-apply confirm`: exit status 1 where nothing awaits it. */
int confirm_run(const struct request *request, char *const operands[]);

/* Whether there is a terminal to ask on. */
bool confirm_can_ask(void);

/* Asks on the terminal whether to keep the change that has just been made. Anything but yes takes
 * it back: no answer in time, the end of the terminal, a signal. Returns the exit status, 1 where
 * it was taken back. */
int confirm_ask(const struct request *request);
