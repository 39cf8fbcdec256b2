/* What the features of the lowering share: the state of one lowering, and words for building rules.
 */
#pragma once
#include "config/config.h"
#include "ir/ruleset.h"

/* The table's base chains, in the order in which a packet meets them. Hooks and priorities decide
 * whether a statement has an effect at all: zones precede reassembly (-400), notrack precedes
 * connection tracking (-200), what is set on a connection follows it and precedes DNAT (-100). */
enum base_chain {
	BASE_ZONE_PRE,
	BASE_RAW_PRE,
	BASE_RAW_OUT,
	BASE_FLOW_PRE,
	BASE_FLOW_OUT,
	BASE_FW_IN,
	BASE_FW_FWD,
	BASE_COUNT
};

struct lowering {
	struct arena *arena;
	const struct config *config;
	struct ruleset *out;
	struct ir_chain *bases[BASE_COUNT]; /* NULL: not needed so far */
	struct ir_chain *zone_to;	    /* made by zone_to_chain */
	struct ir_chain *rejected;	    /* made by refuse_inside */
};

/* Where a connection's zones stand in the ct mark: bits 24-31 hold the zone that it comes from,
 * bits 16-23 the one that it goes to. Bits 0-15 belong to others. */
enum { MARK_FROM_SHIFT = 24, MARK_TO_SHIFT = 16 };
#define MARK_FROM UINT32_C(0xff000000)
#define MARK_TO	  UINT32_C(0x00ff0000)

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

struct ir_rule *rule_start(struct lowering *lowering, struct ir_chain *chain, struct span at);
void rule_match(struct lowering *lowering, struct ir_rule *rule, struct ir_term term,
		struct ir_value value);
void rule_match_set(struct lowering *lowering, struct ir_rule *rule, struct ir_term term,
		    enum ir_op op, const struct ir_set *set);
void rule_vmap(struct lowering *lowering, struct ir_rule *rule, struct ir_term term,
	       const struct ir_set *map);
void rule_verdict(struct lowering *lowering, struct ir_rule *rule, enum ir_verdict verdict,
		  const struct ir_chain *chain);
void rule_count(struct lowering *lowering, struct ir_rule *rule, const struct ir_object *counter);

/* A rule for all but the first packet of a connection. */
void rule_confirmed(struct lowering *lowering, struct ir_chain *chain, enum ir_verdict verdict);

/* A new set or map, whose name is given by set_done. */
struct ir_set *set_start(struct lowering *lowering, struct ir_term term, struct span at);
struct ir_element *set_add(struct lowering *lowering, struct ir_set *set, struct ir_value value,
			   struct span at);

/* Names the set "<base>_<hash of its content>" and adds it to the ruleset, or returns the one that
 * is there already with the same content. Other content is another set: rules of before and after a
 * change each find their own, and none is emptied while packets look at it. */
const struct ir_set *set_done(struct lowering *lowering, struct ir_set *set, const char *base);

/* A counter of that name; it keeps counting over reloads. */
const struct ir_object *counter_get(struct lowering *lowering, const char *name, struct span at);

/* "<what>_<zone>". */
const char *zone_name(struct lowering *lowering, const char *what, const struct zone *zone);
struct ir_chain *zone_chain(struct lowering *lowering, const char *what, const struct zone *zone);
