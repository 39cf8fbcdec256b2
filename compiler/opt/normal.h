/* Rules that are nothing but conditions and a verdict, in a form that can be compared. */
#pragma once
#include "ir/ruleset.h"

/* What a rule may look at to be compared. A port is that of whatever protocol: which one, the
 * protocol says. */
enum field {
	FIELD_PROTOCOL,
	FIELD_SOURCE_PORT,
	FIELD_PORT,
	FIELD_SOURCE4,
	FIELD_SOURCE6,
	FIELD_DESTINATION4,
	FIELD_DESTINATION6,
	FIELD_IN,
	FIELD_OUT,
	FIELD_ICMP,
	FIELD_ICMP6,
	FIELD_COUNT
};

/* The values that a field may have: ranges of numbers, prefixes, or words. */
struct values {
	enum { VALUES_ANY, VALUES_RANGES, VALUES_PREFIXES, VALUES_WORDS } kind;
	uint32_t n;
	const struct range_value {
		uint16_t low, high;
	} * ranges;
	uint16_t low, high; /* the ends of all ranges together */
	const struct prefix *prefixes;
	const char *const *words;
};

/* A rule whose conditions are all known, each with a list of values that it takes. */
struct normal {
	struct values fields[FIELD_COUNT];
	uint32_t mask; /* bit `field` of those that are not any */
	bool is_pure;  /* nothing but conditions and a verdict that ends */
	struct ir_target target;
};

/* False where the rule looks at something else, or only at what is not in a list. */
bool rule_normalise(struct arena *arena, const struct ir_rule *rule, struct normal *out);

/* Whether every packet that meets `inner` meets `outer` too. */
bool normal_covers(const struct normal *outer, const struct normal *inner);

/* Whether no packet meets both. */
bool values_covered(const struct values *outer, const struct values *inner);
