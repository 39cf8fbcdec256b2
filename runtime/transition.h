/* Carrying out a job: the host has all of it afterwards, or is as it was. */
#pragma once
#include "runtime/job.h"

/* Settings, routing, ruleset; then what is not wanted any more gets its old value back. Says what
 * failed and returns the exit status. Signals are held from here on: a change that has begun is
 * finished or taken back, whatever key is pressed. */
must_check int transition_run(struct job *job);

/* What is in force stands in the directory too: nothing was interrupted. */
void transition_end(const struct hold *hold);

/* Makes a generation, 0 for the host without flywall, the one that is in force, and the one that
 * boots unless `is_boot`. */
must_check int transition_restore(const struct hold *hold, uint32_t number, bool is_boot);
