/* Pieces of nft's language, for those who show rules otherwise. */
#pragma once
#include <stdio.h>

#include "ir/ruleset.h"

void nft_put_statement(FILE *out, const struct ir_statement *statement);
void nft_put_rate(FILE *out, const struct ir_limit *limit);

/* One element of a set or map, with what the map has for it; `has_ranges` is what map_has_ranges
 * says of the whole. */
void nft_put_element(FILE *out, const struct ir_set *set, uint32_t index, bool has_ranges);

/* "type ..." or "typeof ...". */
void nft_put_type(FILE *out, const struct ir_set *set);
