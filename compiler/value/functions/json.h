/* Values as JSON text. */
#pragma once
#include "value/functions/maker.h"

/* Without blanks, members sorted by name, numbers exact. */
void json_write(struct scope *scope, struct text_maker *out, const struct value *value);
