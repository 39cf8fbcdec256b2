/* The verbs of format: "%-08.3[2]f". */
#pragma once
#include "value/functions.h"
#include "value/functions/maker.h"

/* Writes the first argument of the call with `values`, one for each further argument, in the place
 * of its verbs. False with a message where they do not fit. */
bool verbs_write(const struct call *call, const struct value *values, struct text_maker *out);
