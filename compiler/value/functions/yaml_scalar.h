/* What a scalar of YAML stands for. The rules are the reference's: a mixture of YAML 1.1 and 1.2.
 */
#pragma once
#include <yaml.h>

#include "value/functions.h"

/* The value of a scalar event. NULL, or what is wrong with it. Warns of words that YAML 1.1 takes
 * for booleans. */
const char *yaml_scalar_read(const struct call *call, const yaml_event_t *event, struct value *out);

/* Whether a key is "<<". */
bool yaml_scalar_merges(const yaml_event_t *event);

/* Makes a string of a key; false where it is null. */
bool yaml_key_text(const struct call *call, struct value *key);
