/* The features of the lowering, each in a file of its own, in the order in which lower() calls
 * them. */
#pragma once
#include "lower/build.h"

/* Decides where zones are told. */
void zones_plan(struct lowering *lowering);

/* sysctls, module parameters, modules. */
void lower_settings(struct lowering *lowering);

/* zone_id: kernel ct zones. */
void lower_ct_zones(struct lowering *lowering);

/* Lists whose addresses may not pass. */
void lower_blocklists(struct lowering *lowering);

/* enabled = false, track_protocols. */
void lower_notrack(struct lowering *lowering);

/* Floods, scans, impossible packets and senders. */
void lower_protection(struct lowering *lowering);

/* Handshakes that are answered here. */
void lower_synproxy(struct lowering *lowering);

/* What is set on a new connection: marks, timeouts, events, helpers. */
void lower_flow(struct lowering *lowering);

/* State dispatch, invalid and related packets, policies, limits, traffic inside a zone. */
void lower_filter(struct lowering *lowering);

/* Marks of the user, and uplinks: behind what is set on a connection, ahead of translation. Uplinks
 * have the last word on a packet's mark, which they share. */
void lower_marks(struct lowering *lowering);
void lower_uplinks(struct lowering *lowering);

/* Whether connections of this machine itself are dealt out to uplinks. The zone in their mark is
 * that of the uplink, whichever interface their first packet is seen to leave by. */
bool uplinks_carry_own(const struct config *config);

/* Narrows a rule to the interfaces of all uplinks, of which there is one at least; the key is one
 * of interface names. */
void match_uplinks(struct lowering *lowering, struct ir_rule *rule, enum ir_key key, enum ir_op op);

/* The size of segments. */
void lower_mss(struct lowering *lowering);

/* Address translation. */
void lower_nat(struct lowering *lowering);

/* What reports call things; after all else. */
void lower_names(struct lowering *lowering);

/* The helpers that connections of a zone get (NULL: of no zone), in `uses`; what the zone says
 * counts before what the conntrack block says. */
void helpers_resolve(const struct config *config, const struct zone *zone,
		     const struct helper_use *uses[HELPER_COUNT]);
bool zone_changes_helpers(const struct zone *zone);

/* The chain of rules that assign the helpers, or NULL where there are none. */
struct ir_chain *helpers_chain(struct lowering *lowering, const struct zone *zone);

/* Adds the assignment of helpers for the broadcasts of this machine itself. */
void helpers_broadcast(struct lowering *lowering, struct ir_chain *chain);

/* The kernel's object of a helper, made when first asked for. */
const struct ir_object *helper_object(struct lowering *lowering, enum helper helper,
				      const struct helper_object *kernel, struct span at);

/* An object with all timeouts of a protocol: those that `timeouts` sets (NULL: none), else those of
 * the conntrack block, else the kernel's own. */
const struct ir_object *timeout_object(struct lowering *lowering, const char *base,
				       enum timeout_protocol protocol,
				       const struct timeouts *timeouts);

/* Whether any of the protocol's timeouts is set. */
bool timeouts_set_any(const struct timeouts *timeouts, enum timeout_protocol protocol);

/* Chains that set the zone that a connection comes from, or goes to, in its mark, and clear it
 * where there is none; NULL where there are no zones. */
struct ir_chain *zone_from_chain(struct lowering *lowering);
struct ir_chain *zone_to_chain(struct lowering *lowering);

/* Narrows a rule to connections from, or to, zones: by interfaces where these tell them, else by
 * the mark. Those of this machine itself have no zone. */
void match_from_zones(struct lowering *lowering, struct ir_rule *rule, const struct zone_set *set);
void match_to_zones(struct lowering *lowering, struct ir_rule *rule, const struct zone_set *set);

/* The set that holds a set of the configuration for a family; NULL where it has nothing of it. */
const struct ir_set *set_for(struct lowering *lowering, const struct ipset *set, uint8_t family);

/* Accepts what IPv6 cannot do without on a link: neighbour and listener discovery. */
struct ir_chain *nd_chain(struct lowering *lowering);

/* Rules of other features in the base chains of filtering, each added where it is called: */

/* Lists that drop what could not be dropped ahead of connection tracking; ahead of the state's
 * look-up, so that they end running connections too. */
void sets_drop(struct lowering *lowering, struct ir_chain *base, bool is_forward);

/* Lists that accept or reject new connections, or log them. */
void sets_filter(struct lowering *lowering, struct ir_chain *base, bool is_forward);

/* The same for handshakes that this machine answers: what is accepted goes to `answer`. */
void sets_shielded(struct lowering *lowering, struct ir_chain *chain, bool is_forward,
		   const struct ir_chain *answer);

/* The same for untracked packets, and what looks like an answer to those that a list lets in; of
 * this machine's own answers, the latter alone. */
void sets_untracked(struct lowering *lowering, struct ir_chain *chain, bool is_forward);
void sets_answers(struct lowering *lowering, struct ir_chain *chain, bool is_forward);

/* Whether any list is looked at behind connection tracking. */
bool sets_has_late(const struct config *config);

/* Whether translated connections pass without a policy, and the rules that let them. They need the
 * zones in the mark. */
bool nat_forwards(const struct config *config);
void nat_forward(struct lowering *lowering, struct ir_chain *chain, bool is_forward);

/* Hands established connections to the flow tables. */
void offload_forward(struct lowering *lowering, struct ir_chain *forward);

/* Where all shielded connections come from one zone: has the one that this machine then opens to
 * the server go to the chain for what comes from there. */
void synproxy_flow(struct lowering *lowering, struct ir_chain *chain, const struct ir_chain *from);

/* Answers the handshakes that servers behind are spared; ahead of the state's look-up. */
void synproxy_filter(struct lowering *lowering, struct ir_chain *base);

/* Whether refused connections are counted by source, and the rules that count them. */
bool protect_counts_refused(const struct config *config);
void protect_refused(struct lowering *lowering, struct ir_chain *chain);
