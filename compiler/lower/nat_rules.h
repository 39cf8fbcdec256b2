/* The rules of one translation in one chain: whom they match, and what becomes of an address. */
#pragma once
#include "lower/conditions.h"

struct nat_rules {
	struct lowering *lowering;
	const struct nat *nat;
	struct ir_chain *chain;
	struct rule match; /* what must hold, as of a policy's rule */
	struct view view;
	const struct zone_set *from, *to; /* NULL: whichever zone */
	struct ir_translate translate;

	bool is_ours;	    /* the connection begins on this machine */
	bool leaves;	    /* not what this machine sends to itself */
	bool is_foreign;    /* for an address of this machine, but not of the interface it came
			       in by */
	bool is_translated; /* the destination was translated already */
	bool is_quiet;	    /* log and counter have seen the connection already */
	/* The destination that the sender asked for, where `match` has the one that it gets
	 * instead. */
	const struct field_prefixes *asked;
	const struct ipset *asked_set;
	const struct field_ports *asked_ports;
	bool asked_others; /* for destinations that none of the translation's own lists has */
	const struct prefix *except; /* not for these destinations */
	const struct ir_match *way;  /* where it came in and where it leaves; NULL: anywhere */
};

/* Rules for `nat` as it is written, in a base chain of translation. */
struct nat_rules nat_rules_of(struct lowering *lowering, const struct nat *nat,
			      enum base_chain base);

/* Leaves out where packets come in, or where they were sent to. */
void nat_forget_entrance(struct nat_rules *r);
void nat_forget_destination(struct nat_rules *r);

/* Has the rules match the translated packets instead of those to be translated: at the target's
 * port, and those that go to this target or to another one with its family and port. False where
 * an earlier target is one of these. */
void nat_match_port(struct nat_rules *r, const struct nat_target *target);
bool nat_match_targets(struct nat_rules *r, uint32_t first);

/* What names the things that belong to a translation. */
const char *nat_owner(struct lowering *lowering, const struct nat *nat);

/* Adds the rules to the chain without what they do; returns the first one's index. */
uint32_t nat_rules_start(struct nat_rules *r);

/* Adds them with log, counter and r->translate. */
void nat_rules_add(struct nat_rules *r);

/* The same for each family that the translation has targets of; several targets of a family share
 * its connections. */
void nat_rules_add_targets(struct nat_rules *r);

/* nft translates ports only where a rule names their one protocol: where ports are translated, the
 * translation for each of its protocols, else as it is. Returns how many stand at `*out`. */
uint32_t nat_by_protocol(struct lowering *lowering, const struct nat *nat, const struct nat **out);

/* Whether it is for some destinations alone. */
bool nat_names_destination(const struct nat *nat);

/* Whether any target has a port. */
bool nat_changes_ports(const struct nat *nat);
