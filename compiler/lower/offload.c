/* Connections that the kernel forwards past the ruleset. */
#include <string.h>

#include "ir/name.h"
#include "lower/feature.h"
#include "lower/match.h"
#include "lower/policy.h"

static bool has_device(const struct ir_flowtable *table, const char *name)
{
	for (uint32_t i = 0; i < table->devices.n; i++)
		if (strcmp(table->devices.at[i], name) == 0)
			return true;
	return false;
}

/* In the order in which nft lists them. */
static void add_device(struct lowering *lowering, struct ir_flowtable *table, const char *name)
{
	if (interface_is_wildcard(name) || has_device(table, name))
		return;
	uint32_t at = table->devices.n;
	push(lowering->out->arena, &table->devices);
	for (; at > 0 && strcmp(table->devices.at[at - 1], name) > 0; at--)
		table->devices.at[at] = table->devices.at[at - 1];
	table->devices.at[at] = name;
}

static void add_devices(struct lowering *lowering, struct ir_flowtable *table,
			const struct field_texts *names)
{
	for (uint32_t i = 0; i < names->items.n; i++)
		add_device(lowering, table, names->items.at[i].value);
}

static struct ir_flowtable *make(struct lowering *lowering, const struct flowtable *from)
{
	const struct config *config = lowering->config;
	struct ir_flowtable *table = arena_alloc(lowering->arena, sizeof *table);
	table->name = name_make(lowering->arena, "flow", slug(lowering, from->name));
	table->priority = (int)from->priority.value;
	table->is_hardware = from->hardware.value;
	table->has_counter = from->counter.value;
	table->at = from->at;
	add_devices(lowering, table, &from->devices);
	for (uint32_t i = 0; from->devices.items.n == 0 && i < config->zones.n; i++)
		for (uint32_t k = 0; k < config->zones.at[i].matches.n; k++)
			add_devices(lowering, table, &config->zones.at[i].matches.at[k].interfaces);
	*push(lowering->out->arena, &lowering->out->flowtables) = table;
	*push(lowering->out->arena, &lowering->out->requirements) = (struct ir_requirement){
		.need = IR_NEEDS_FLOWTABLE,
		.is_optional = from->offload == OFFLOAD_IF_AVAILABLE,
		.at = from->at,
	};
	return table;
}

/* The kernel takes only what has seen packets both ways, whatever the rule says: it costs the
 * others nothing but the look. */
void offload_forward(struct lowering *lowering, struct ir_chain *forward)
{
	static const char *const protocols[] = { "tcp", "udp" };
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->flowtables.n; i++) {
		const struct flowtable *from = &config->flowtables.at[i];
		const struct ir_flowtable *table = make(lowering, from);
		struct ir_term term = term_of(IR_L4PROTO);
		struct ir_set *set = set_start(lowering, term, from->at);
		for (size_t k = 0; k < countof(protocols); k++)
			set_add(lowering, set, value_symbol(protocols[k]), from->at);
		struct ir_rule *rule = rule_start(lowering, forward, from->at);
		rule_match(lowering, rule, term_of(IR_CT_STATE), value_symbol("established"));
		rule_match_set(lowering, rule, term, IR_EQ, set_done(lowering, set, "offloaded"));
		statement_new(lowering->out, rule, IR_OFFLOAD)->flowtable = table;
	}
}
