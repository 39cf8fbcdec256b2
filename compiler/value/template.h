/* Templates: text with values and directives in it. */
#pragma once
#include "value/value.h"

struct expr_template;

/* The string of a template, or poison with a message. One that is a single interpolation and
 * nothing else has its value. */
struct value template_evaluate(struct scope *scope, const struct expr_template *template);
