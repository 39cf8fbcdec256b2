/* What sets hold: in which order, and whether two hold the same. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct ir_set;

/* Puts the elements into the order in which nft lists them, so that a listing reads like what was
 * written. Words whose numbers are not known here stay as they are. */
void set_sort(struct ir_set *set);

/* Of all that makes a set: types, flags, elements and what a map has for them. Not of its name, its
 * size and its place. */
uint32_t set_hash(const struct ir_set *set);
bool set_equal(const struct ir_set *a, const struct ir_set *b);
