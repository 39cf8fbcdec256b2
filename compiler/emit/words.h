/* nftables' words for what the ruleset holds as numbers: the same in text and in JSON. */
#pragma once
#include <stdbool.h>

#include "ir/ruleset.h"

const char *word_hook(enum ir_hook hook);
const char *word_chain_type(enum ir_chain_type type);
const char *word_time_unit(uint32_t seconds);
const char *word_verdict(enum ir_verdict verdict);
const char *word_translation(enum ir_translation translation);

/* The address whose first bits are set, as a mask is written. */
struct prefix mask_address(const struct address_mask *mask);

/* A code point's name (RFC 2474 and later), or NULL. */
const char *word_dscp(uint32_t number);

enum { TCP_FLAGS_COUNT = 8 };
const char *word_tcp_flag(unsigned bit);

/* "08:00", with seconds where there are some. */
enum { HOUR_TEXT_MAX = 16 };
void hour_format(uint32_t second, char text[HOUR_TEXT_MAX]);

/* Types that a set can only be given by `typeof`. */
bool set_needs_typeof(const struct ir_set *set);

/* Whether a map gives ranges or networks, not single values. */
bool map_has_ranges(const struct ir_set *map);
