/* Pieces of nft's language, for those who show rules otherwise. */
#pragma once
#include <stdio.h>

#include "ir/ruleset.h"

void nft_put_statement(FILE *out, const struct ir_statement *statement);
void nft_put_element(FILE *out, const struct ir_element *element, const struct ir_term *terms,
		     uint32_t n);
void nft_put_target(FILE *out, const struct ir_target *target);
void nft_put_terms(FILE *out, const struct ir_term *terms, uint32_t n);
void nft_put_rate(FILE *out, const struct ir_limit *limit);
