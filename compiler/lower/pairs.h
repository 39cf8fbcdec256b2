/* Which policies decide between two zones. */
#pragma once
#include "lower/build.h"

/* This machine, where a zone's number stands. */
enum { SELF = 0 };

struct pair {
	uint32_t from, to; /* zones' numbers, or SELF */
	/* In the order in which their rules are tried. */
	VEC(const struct policy *) policies;
};

struct pairs {
	VEC(struct pair) all; /* those that anything is said about, by `from`, then `to` */
	uint32_t *counts;     /* of the pairs that each policy is for, in its order in the config */
};

/* The pair, or NULL where nothing is said about it. */
const struct pair *pair_find(const struct pairs *pairs, uint32_t from, uint32_t to);

/* The first policy of the pair, in their order, that writes an action; NULL: none does. */
const struct policy *pair_decider(const struct pair *pair);

/* The policy whose log and counter are for what no rule of the pair decides on, or NULL. */
const struct policy *pair_witness(const struct pair *pair);

/* Whether the zone's own action decides on the rest of what stays inside of it: there is no policy
 * at all, or none that writes an action, and the zone's refuses. */
bool pair_is_own(struct lowering *lowering, const struct pair *pair);

/* Made when first asked for. By priority; what names its zones exactly before what names many; then
 * as declared. */
const struct pairs *pairs_of(struct lowering *lowering);

/* How many pairs of zones the policy is for. */
uint32_t policy_pairs(struct lowering *lowering, const struct policy *policy);

/* The zone of that number, or NULL for SELF. */
const struct zone *zone_of(const struct lowering *lowering, uint32_t id);
