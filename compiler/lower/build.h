/* What the features of the lowering share: the state of one lowering, and words for building rules.
 */
#pragma once
#include "config/config.h"
#include "ir/index.h"
#include "ir/ruleset.h"

/* The table's base chains, in the order in which a packet meets them. Hooks and priorities decide
 * whether a statement has an effect at all: zones precede reassembly (-400), notrack precedes
 * connection tracking (-200), what is set on a connection follows it and precedes DNAT (-100). */
enum base_chain {
	BASE_ZONE_PRE,
	BASE_RAW_PRE,
	BASE_RAW_OUT,
	BASE_SAVE_PRE,
	BASE_SAVE_OUT,
	BASE_FLOW_PRE,
	BASE_FLOW_OUT,
	BASE_MARK_PRE,
	BASE_MARK_OUT,
	BASE_FW_IN,
	BASE_FW_FWD,
	BASE_FW_OUT,
	BASE_NAT_PRE,
	BASE_NAT_OUT,
	BASE_UPLINK_PRE,
	BASE_UPLINK_OUT,
	BASE_MSS,
	BASE_NAT_POST,
	BASE_COUNT
};

struct user_set;

struct lowering {
	struct arena *arena;
	const struct config *config;
	struct ruleset *out;
	struct index sets;    /* those of set_done */
	struct index objects; /* the ruleset's first `objects_n` */
	uint32_t objects_n;
	const struct pairs *pairs;	    /* those of pairs_of */
	struct user_set *user_sets;	    /* those of set_for */
	struct ir_chain **listed;	    /* of lists, by where they are asked */
	struct index slugs;		    /* those of slug */
	struct index owners;		    /* those of owner_text */
	struct ir_chain *bases[BASE_COUNT]; /* NULL: not needed so far */
	/* Zones are told when packets come in, ahead of address translation, and kept in the mark:
	 * something is set on connections there, or nothing but the packets' content tells. */
	bool is_early;
	/* Every zone is nothing but interfaces with whole names. */
	bool is_plain;
	struct ir_chain *zone_from, *zone_to; /* made by zone_from_chain, zone_to_chain */
	struct ir_chain *rejecting;	      /* made by rejecting_chain */
	struct ir_chain *admitted;	      /* made by admitted_chain */
	struct ir_chain *nd;		      /* made by nd_chain */
	struct ir_chain **admits;	      /* of zones, by number; made by zone_admit */
	struct ir_chain *refused;	      /* of limits; made by refused_chain */
	struct ir_set *refused_pairs;	      /* the same */
};

/* Where a connection's zones stand in the ct mark: bits 24-31 hold the zone that it comes from,
 * bits 16-23 the one that it goes to. Bits 12-15
 * hold the uplink that it is bound to, bits 0-11 are the user's. */
enum { MARK_FROM_SHIFT = 24, MARK_TO_SHIFT = 16, MARK_UPLINK_SHIFT = 12 };
#define MARK_FROM   UINT32_C(0xff000000)
#define MARK_TO	    UINT32_C(0x00ff0000)
#define MARK_UPLINK UINT32_C(0x0000f000)
#define MARK_USER   UINT32_C(0x00000fff)

/* The base chain, made when first asked for. */
struct ir_chain *base_chain(struct lowering *lowering, enum base_chain which);

/* Base chains that nothing asked for, so that an earlier configuration's go away. */
void base_chains_retire(struct lowering *lowering);

struct ir_term term_of(enum ir_key key);
struct ir_term term_mark(uint32_t mask);
struct ir_value value_symbol(const char *word);
struct ir_value value_string(const char *text);
struct ir_value value_number(uint32_t number);
struct ir_value value_mark(uint32_t mark);
struct ir_value value_range(uint32_t low, uint32_t high);
struct ir_value value_prefix(struct prefix prefix);

struct ir_rule *rule_start(struct lowering *lowering, struct ir_chain *chain, struct span at);
void rule_match(struct lowering *lowering, struct ir_rule *rule, struct ir_term term,
		struct ir_value value);
void rule_match_set(struct lowering *lowering, struct ir_rule *rule, struct ir_term term,
		    enum ir_op op, const struct ir_set *set);
void rule_vmap(struct lowering *lowering, struct ir_rule *rule, struct ir_term term,
	       const struct ir_set *map);

/* The same for concatenations. */
void rule_match_terms(struct lowering *lowering, struct ir_rule *rule, const struct ir_term *terms,
		      uint32_t n, enum ir_op op, const struct ir_set *set);
void rule_vmap_terms(struct lowering *lowering, struct ir_rule *rule, const struct ir_term *terms,
		     uint32_t n, const struct ir_set *map);

void rule_verdict(struct lowering *lowering, struct ir_rule *rule, enum ir_verdict verdict,
		  const struct ir_chain *chain);
void rule_count(struct lowering *lowering, struct ir_rule *rule, const struct ir_object *counter);

/* One more value for a match that has one term. */
void match_add(struct lowering *lowering, struct ir_match *match, struct ir_value value);

/* A rule for all but the first packet of a connection. */
void rule_confirmed(struct lowering *lowering, struct ir_chain *chain, enum ir_verdict verdict);

/* A new set or map, whose name is given by set_done. */
struct ir_set *set_start(struct lowering *lowering, struct ir_term term, struct span at);
struct ir_element *set_add(struct lowering *lowering, struct ir_set *set, struct ir_value value,
			   struct span at);

/* The same for concatenations; an element has as many values as the set has terms. */
struct ir_set *set_start_terms(struct lowering *lowering, const struct ir_term *terms, uint32_t n,
			       struct span at);
struct ir_element *set_add_parts(struct lowering *lowering, struct ir_set *set,
				 const struct ir_value *values, struct span at);

/* Names the set "<base>_<hash of its content>" and adds it to the ruleset, or returns the one that
 * is there already with the same content. Other content is another set: rules of before and after a
 * change each find their own, and none is emptied while packets look at it. */
const struct ir_set *set_done(struct lowering *lowering, struct ir_set *set, const char *base);

/* The object of that name, or NULL where there is none so far. */
struct ir_object *object_find(struct lowering *lowering, const char *name);

/* A counter of that name; it keeps counting over reloads. */
const struct ir_object *counter_get(struct lowering *lowering, const char *name, struct span at);

/* "<what>_<zone>". */
const char *zone_name(struct lowering *lowering, const char *what, const struct zone *zone);
struct ir_chain *zone_chain(struct lowering *lowering, const char *what, const struct zone *zone);
