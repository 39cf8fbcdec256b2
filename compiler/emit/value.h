/* Values and keys in nft's spelling. */
#pragma once
#include <stdio.h>

#include "ir/ruleset.h"

/* An address or a network. */
void address_put(FILE *out, const struct prefix *address);

void value_put(FILE *out, enum ir_key key, const struct ir_value *value);

/* TCP flags as a list of words, `between` them; 0x0 where there are none. */
void value_put_flags(FILE *out, uint32_t flags, const char *between);

/* The parts of a concatenation. */
void value_put_parts(FILE *out, const struct ir_value *parts, const struct ir_term *terms,
		     uint32_t n);

void term_put(FILE *out, const struct ir_term *term);
void terms_put(FILE *out, const struct ir_term *terms, uint32_t n);
