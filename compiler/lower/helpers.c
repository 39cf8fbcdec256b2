#include "lower/feature.h"

#include <string.h>

#include "lower/match.h"

bool zone_changes_helpers(const struct zone *zone)
{
	for (int helper = 0; helper < HELPER_COUNT; helper++)
		if (span_is_set(zone->conntrack.helpers[helper].at))
			return true;
	return false;
}

void helpers_resolve(const struct config *config, const struct zone *zone,
		     const struct helper_use *uses[HELPER_COUNT])
{
	for (int helper = 0; helper < HELPER_COUNT; helper++) {
		const struct helper_use *use = &config->conntrack.helpers[helper];
		if (zone && span_is_set(zone->conntrack.helpers[helper].at))
			use = &zone->conntrack.helpers[helper];
		uses[helper] = span_is_set(use->at) && use->enabled.value ? use : NULL;
	}
}

const struct ir_object *helper_object(struct lowering *lowering, enum helper helper,
				      const struct helper_object *kernel, struct span at)
{
	const char *name = arena_printf(lowering->arena, "helper_%s%s", helper_rows[helper].name,
					kernel->suffix);
	for (uint32_t i = 0; i < lowering->out->objects.n; i++)
		if (strcmp(lowering->out->objects.at[i]->name, name) == 0)
			return lowering->out->objects.at[i];

	struct ir_object *object = object_new(lowering->out, IR_CT_HELPER_OBJECT, name, at);
	object->helper.type = kernel->type;
	object->helper.protocol = kernel->protocol;
	object->helper.l3proto = helper_rows[helper].l3proto;
	return object;
}

static void assign(struct lowering *lowering, struct ir_chain *chain, enum helper helper,
		   const struct helper_use *use)
{
	const struct helper_row *row = &helper_rows[helper];
	for (int i = 0; i < HELPER_OBJECTS_MAX && row->objects[i].type; i++) {
		const struct helper_object *kernel = &row->objects[i];
		bool is_tcp = strcmp(kernel->protocol, "tcp") == 0;
		enum ir_key key = is_tcp ? IR_TCP_DPORT : IR_UDP_DPORT;
		struct ir_rule *rule = rule_start(lowering, chain, use->at);
		if (use->ports.items.n > 0 && kernel->takes_ports)
			match_ports(lowering, rule, key, &use->ports,
				    arena_printf(lowering->arena, "ports_%s", row->name));
		else
			rule_match(lowering, rule, term_of(key), value_number(kernel->port));
		statement_new(lowering->out, rule, IR_SET_HELPER)->object =
			helper_object(lowering, helper, kernel, use->at);
	}
}

struct ir_chain *helpers_chain(struct lowering *lowering, const struct zone *zone)
{
	const struct helper_use *uses[HELPER_COUNT];
	struct ir_chain *chain = NULL;
	helpers_resolve(lowering->config, zone, uses);
	for (int helper = 0; helper < HELPER_COUNT; helper++) {
		if (!uses[helper] || helper_rows[helper].broadcast)
			continue;
		if (!chain)
			chain = zone ? zone_chain(lowering, "helpers", zone)
				     : chain_new(lowering->out, "helpers", NOWHERE);
		assign(lowering, chain, (enum helper)helper, uses[helper]);
	}
	return chain;
}

void helpers_broadcast(struct lowering *lowering, struct ir_chain *chain)
{
	const struct helper_use *uses[HELPER_COUNT];
	helpers_resolve(lowering->config, NULL, uses);
	for (int helper = 0; helper < HELPER_COUNT; helper++)
		if (uses[helper] && helper_rows[helper].broadcast)
			assign(lowering, chain, (enum helper)helper, uses[helper]);
}
