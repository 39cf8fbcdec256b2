/* Regular expressions. */
#pragma once
#include "value/functions.h"

/* The call's first argument with its third in the place of what `pattern` finds. */
struct value pattern_replace(struct call *call, struct text pattern);
