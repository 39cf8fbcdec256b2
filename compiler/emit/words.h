/* nftables' words for what the ruleset holds as numbers: the same in text and in JSON. */
#pragma once
#include "ir/ruleset.h"

const char *word_hook(enum ir_hook hook);
const char *word_chain_type(enum ir_chain_type type);
const char *word_time_unit(uint32_t seconds);
const char *word_timeout_protocol(enum timeout_protocol protocol);
const char *word_verdict(enum ir_verdict verdict);

/* The address whose first bits are set, as a mask is written. */
struct prefix mask_address(const struct prefix *mask);
