/* From what is written to the configuration: pieces that say one thing are brought together, and
 * what contradicts or does nothing is reported. */
#pragma once
#include "config/written.h"
#include "base/diag.h"
#include "value/value.h"

/* Nothing is wrong so far. What follows from a mistake needs no warning of its own. */
static inline bool is_sound(const struct scope *scope)
{
	return scope->diags->errors == 0;
}

/* Fills in the kernel's own timeouts. Those of a zone or rule (`is_own`) are only those of
 * protocols that it names. */
void timeouts_resolve(const struct written_timeouts *written, bool is_own, struct timeouts *out);

/* Reports timeouts that the kernel cannot have for one `owner`: a zone, or a rule. */
void timeouts_check_own(struct scope *scope, const struct written_timeouts *written,
			const char *owner);

/* Brings `helpers` and `nat_helpers` together. */
void helpers_merge(struct scope *scope, const struct written_helpers *helpers,
		   const struct written_helpers *nat_helpers,
		   struct helper_use out[static HELPER_COUNT]);

/* A zone's helpers; what they leave open is as for all. */
void helpers_merge_zone(struct scope *scope, const struct written_helpers *helpers,
			const struct helper_use global[static HELPER_COUNT],
			struct helper_use out[static HELPER_COUNT]);

/* The first helper that is on, or HELPER_COUNT. */
enum helper helpers_first(const struct helper_use uses[static HELPER_COUNT]);

void limits_check(struct scope *scope, const struct limits *limits);

void conntrack_resolve(struct scope *scope, const struct written_conntrack *written,
		       struct conntrack *out);

/* `global` is resolved already. */
void zone_conntrack_resolve(struct scope *scope, const struct written_zone_conntrack *written,
			    const struct conntrack *global, struct zone_conntrack *out);

/* The zone's own interfaces and networks, then its match blocks. */
void matches_resolve(struct scope *scope, const struct config *config,
		     const struct written_zone *written, struct zone *out);

/* The catalogue's services, and those of `service` blocks. */
void service_defs_resolve(struct scope *scope, const struct written *written,
			  struct config *config);

/* Zones of `interface` blocks that no zone block declares, and the interfaces of all of them. The
 * interfaces are added to `written`'s zones. */
void interfaces_resolve(struct scope *scope, struct written *written);

/* Policies whose only label is their name get their zones as labels. */
void policy_labels_resolve(struct scope *scope, struct written *written);

void policies_resolve(struct scope *scope, const struct written *written, struct config *config);

/* A policy's rules; what is written in one rule may take several. */
void rules_resolve(struct scope *scope, const struct config *config,
		   const struct written_policy *written, struct policy *out);

/* A name that no set has. */
void set_report_unknown(struct scope *scope, const struct config *config,
			const struct field_text *name);

/* The families that packets of a set may be of: bit 0 for IPv4, bit 1 for IPv6; both where it is
 * empty, filled at run time, or too large to look through. NULL: both. */
unsigned set_families(const struct ipset *set);

/* A set that holds something else than addresses. */
void set_report_kind(struct scope *scope, const struct ipset *set, struct span at);

void helper_report_unknown(struct scope *scope, const struct field_text *name);

/* Nothing that the rule or service takes is for the helper. */
void helper_report_misfit(struct scope *scope, enum helper helper, struct span at);

void services_resolve(struct scope *scope, const struct config *config,
		      const struct written_zone *written, struct zone *out);

/* Reports zones that claim the same packets. */
void zones_check_overlap(struct scope *scope, const struct config *config);
