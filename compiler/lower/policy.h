/* Policies as chains: their rules in order, then what becomes of the rest. */
#pragma once
#include "lower/build.h"
#include "lower/pairs.h"

/* Where what is decided on goes on. */
struct outcome {
	/* NULL: accepted at once; else the chain of the limits that new connections meet first. */
	const struct ir_chain *admit;
	/* Where what no rule accepts ends: this chain, or NULL for the base chain's own drop. */
	const struct ir_chain *refuse;
	/* The same for what is told so; NULL: the chain that does no more than that. */
	const struct ir_chain *reject;
	/* Begins the names of chains for packets that are looked at before there is a connection;
	 * NULL for all others. */
	const char *stateless;
};

/* The rules of a policy, added to the chain. */
void policy_rules(struct lowering *lowering, struct ir_chain *chain, const struct policy *policy,
		  const struct outcome *outcome);

/* Whether the rules can stand in another chain: none of them returns. */
bool policy_is_plain(const struct policy *policy);

/* What becomes of packets that no rule of the pair's policies decides on. */
void policy_rest(struct lowering *lowering, struct ir_chain *chain, const struct pair *pair,
		 const struct outcome *outcome);

/* A name for things of the kernel that belong to something with that name: short, valid, and
 * another one for another name. */
const char *slug(struct lowering *lowering, const char *name);

/* `text`, with a number behind it where another holder of that kind has it already: blocks may have
 * the same name. */
const char *owner_text(struct lowering *lowering, const char *kind, const char *text,
		       const void *holder);

/* Names what belongs to the policy. */
const char *policy_owner(struct lowering *lowering, const struct policy *policy);

/* The verdict of an action that ends a packet's way. */
void rule_end(struct lowering *lowering, struct ir_rule *rule, enum rule_action action,
	      const struct outcome *outcome);

/* Refuses packets and tells their sender; made when first asked for. */
struct ir_chain *rejecting_chain(struct lowering *lowering);
