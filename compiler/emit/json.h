/* Pieces of a ruleset as libnftables JSON. Each function gives a new reference. */
#pragma once
#include <jansson.h>

#include "ir/ruleset.h"

json_t *value_to_json(enum ir_key key, const struct ir_value *value);
json_t *terms_to_json(const struct ir_term *terms, uint32_t n);
json_t *parts_to_json(const struct ir_value *parts, const struct ir_term *terms, uint32_t n);
json_t *target_to_json(const struct ir_target *target);
json_t *limit_to_json(const struct ir_limit *limit);
json_t *statement_to_json(const struct ir_statement *statement);

/* An address, or a network as {"prefix": ...}. */
json_t *prefix_to_json(const struct prefix *prefix);
json_t *address_to_json(const struct prefix *address);

/* All elements of a set or map, written out. */
json_t *elements_to_json(const struct ir_set *set);

/* {"range": [first, last]}, or the first alone where they are equal. */
json_t *range_to_json(json_t *first, json_t *last);

/* Whether JSON can declare the set. It has no `typeof`, and what a map gives is one plain value;
 * what cannot be declared is written out where it is looked up. */
bool set_is_declared(const struct ir_set *set);
