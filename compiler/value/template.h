/* The text of templates that hold text alone. */
#pragma once
#include "value/value.h"

struct expr_template;

/* The string of a template, or poison where it holds a sequence, which is reported. */
struct value template_evaluate(struct scope *scope, const struct expr_template *template);
