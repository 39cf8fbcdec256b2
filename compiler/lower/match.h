/* Matches of what a configuration names in lists: one value is written out, several become a named
 * set. */
#pragma once
#include "lower/build.h"

/* A family that stands for "whichever". */
enum { ANY_FAMILY = 0 };

/* How many of the prefixes are of the family. */
uint32_t prefixes_of(const struct field_prefixes *prefixes, uint8_t family);

/* The prefixes of one family against an address key of that family; there is at least one. */
void match_prefixes(struct lowering *lowering, struct ir_rule *rule, enum ir_key key, enum ir_op op,
		    const struct field_prefixes *prefixes, uint8_t family);

/* Names of interfaces ("wg*" is any that begins so), protocols, MAC addresses. */
void match_interfaces(struct lowering *lowering, struct ir_rule *rule, enum ir_key key,
		      const struct field_texts *names);
void match_protocols(struct lowering *lowering, struct ir_rule *rule,
		     const struct field_texts *names);
void match_macs(struct lowering *lowering, struct ir_rule *rule, const struct field_texts *macs);

/* Ports and ranges, merged where they touch or overlap; `base` begins the name of the set. */
void match_ports(struct lowering *lowering, struct ir_rule *rule, enum ir_key key,
		 const struct field_ports *ports, const char *base);

/* The code points of one family's packets. IPv6 has them across two bytes, which nft 1.0.6 gets
 * wrong for sets: there it is one of them, so several take a rule each. */
uint32_t dscp_rules(uint8_t family, const struct field_texts *dscps);
void match_dscps(struct lowering *lowering, struct ir_rule *rule, uint8_t family,
		 const struct field_texts *dscps, uint32_t index);

/* The bits of a packet's mark. */
void match_mark(struct lowering *lowering, struct ir_rule *rule, const struct mark_value *mark);

/* Packets of the family alone; of ANY_FAMILY: nothing is added. */
void match_family(struct lowering *lowering, struct ir_rule *rule, uint8_t family);

/* Whether a wildcard of the list, or an equal name ahead of it, says the same as its entry. */
bool interface_is_covered(const struct field_texts *names, uint32_t index);
bool interface_is_wildcard(const char *name);

/* Whether the pattern is a wildcard that means the interface too. */
bool interface_means(const char *pattern, const char *name);
