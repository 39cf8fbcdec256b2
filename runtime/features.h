/* What the kernel can do, asked before anything is changed. */
#pragma once
#include "runtime/report.h"
#include "runtime/scope.h"

/* Asks for all that the ruleset requires. What is missing and optional is taken out of the ruleset,
 * with a warning; what is missing and required is reported, and the result is false. */
must_check bool features_check(struct flywall *flywall, const struct report *report);

/* Whether the kernel takes the names of interfaces that are not there yet. */
must_check bool features_take_absent(void);
