/* Conditions that no packet of a zone meets. */
#pragma once

struct config;
struct rule;
struct scope;
struct zone_set;

/* Reports what of a rule's conditions the zones on its sides rule out. Where a side is not written,
 * or is this machine, nothing is known of it. */
void reach_check(struct scope *scope, const struct config *config, const struct zone_set *from,
		 const struct zone_set *to, const struct rule *rule);
