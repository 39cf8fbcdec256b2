/* Putting a compiled configuration into the kernel. */
#pragma once

struct flywall;

/* Sets the host's settings and loads the ruleset, both or neither. Says on standard error what
 * failed or was skipped; returns the exit status. */
int apply(struct flywall *flywall);

/* Says on standard output what apply would do, and changes nothing. */
int apply_preview(struct flywall *flywall);

/* Lets the kernel check the ruleset in the file `path` ("-": standard input) in a network namespace
 * of its own; libnftables' messages go to standard error. Returns the exit status. */
int apply_check(const char *path);
