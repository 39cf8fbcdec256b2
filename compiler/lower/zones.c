/* Rules for some zones alone. */
#include "lower/feature.h"
#include "lower/match.h"

/* The interfaces of the zones. They tell a zone only where nothing else takes part of them for
 * another zone: neither addresses nor a name inside of a wildcard. */
static bool collect_interfaces(struct lowering *lowering, const struct zone_set *set,
			       struct field_texts *out)
{
	const struct config *config = lowering->config;
	out->at = set->at;
	if (!lowering->is_plain)
		return false;
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		if (!zone_set_has(set, zone->id))
			continue;
		for (uint32_t k = 0; k < zone->matches.n; k++) {
			const struct field_texts *names = &zone->matches.at[k].interfaces;
			for (uint32_t n = 0; n < names->items.n; n++)
				*push(lowering->arena, &out->items) = names->items.at[n];
		}
	}
	return out->items.n > 0;
}

static void match_marks(struct lowering *lowering, struct ir_rule *rule, const struct zone_set *set,
			uint32_t field, unsigned shift)
{
	struct ir_term term = term_mark(field);
	struct ir_set *marks = set_start(lowering, term, set->at);
	for (uint32_t i = 0; i < lowering->config->zones.n; i++) {
		const struct zone *zone = &lowering->config->zones.at[i];
		if (zone_set_has(set, zone->id))
			set_add(lowering, marks, value_mark(zone->id << shift), set->at);
	}
	if (set->is_self)
		set_add(lowering, marks, value_mark(0), set->at);
	if (marks->elements.n == 1)
		rule_match(lowering, rule, term, marks->elements.at[0].parts[0]);
	else
		rule_match_set(lowering, rule, term, IR_EQ, set_done(lowering, marks, "zones"));
}

void match_from_zones(struct lowering *lowering, struct ir_rule *rule, const struct zone_set *set)
{
	struct field_texts interfaces = { 0 };
	if (!set->is_self && collect_interfaces(lowering, set, &interfaces))
		match_interfaces(lowering, rule, IR_IIFNAME, &interfaces);
	else
		match_marks(lowering, rule, set, MARK_FROM, MARK_FROM_SHIFT);
}

void match_to_zones(struct lowering *lowering, struct ir_rule *rule, const struct zone_set *set)
{
	struct field_texts interfaces = { 0 };
	if (!set->is_self && collect_interfaces(lowering, set, &interfaces))
		match_interfaces(lowering, rule, IR_OIFNAME, &interfaces);
	else
		match_marks(lowering, rule, set, MARK_TO, MARK_TO_SHIFT);
}
