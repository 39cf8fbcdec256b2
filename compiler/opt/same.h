/* Whether two rules do the same. Their remarks and places do not count. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct ir_match;
struct ir_rule;

/* Adds the rule to a hash; false where it holds something that is not compared. */
bool rule_hash(const struct ir_rule *rule, uint32_t *hash);

/* Whether two conditions are the same one. */
bool match_equal(const struct ir_match *a, const struct ir_match *b);

/* Of rules that rule_hash takes. */
bool rule_equal(const struct ir_rule *a, const struct ir_rule *b);
