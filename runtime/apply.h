/* Putting a configuration into the kernel. */
#pragma once
#include "runtime/hold.h"

/* Compiles the files, sets the host's settings and loads the ruleset, all or nothing, and keeps it
 * as a generation. Says on standard error what failed or was skipped; returns the exit status. */
int apply_run(const struct request *request, char *const paths[]);

/* Lets the kernel check the ruleset in the file `path` ("-": standard input) in a network namespace
 * of its own; libnftables' messages go to standard error. Returns the exit status. */
int apply_check(const char *path);
