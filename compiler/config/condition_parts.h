/* What resolving conditions consists of. */
#pragma once
#include "base/diag.h"
#include "config/conditions.h"
#include "value/value.h"

/* Conditions while they are being resolved. */
struct resolving {
	struct scope *scope;
	const struct config *config;
	const struct written_conditions *written;
	struct rule *out;
};

static inline struct span first_place(struct span a, struct span b)
{
	return span_is_set(a) ? a : b;
}

bool texts_hold(const struct field_texts *texts, const char *text);

/* Reports two conditions that never hold together. */
void cannot_match(struct resolving *r, struct span at, struct span other, const char *why);

/* Sets that are named: those of addresses as such, the content of others in the lists of ports,
 * MAC addresses and interfaces, which are filled already. */
void sets_take(struct resolving *r);

/* Sources and destinations. */
void addresses_resolve(struct resolving *r);

/* Reports conditions that are of different families; all conditions are resolved, without a
 * mistake. */
void families_check(struct resolving *r);

/* Types of ICMP messages; the protocols are resolved. */
void icmp_types_resolve(struct resolving *r);

/* Adds a type unless it is there already. */
void icmp_type_add(struct resolving *r, uint8_t family, const char *word);

/* The family of "icmp" or "ipv6-icmp". */
uint8_t icmp_family(const char *protocol);
