#include "ir/ruleset.h"

#include <string.h>

struct ir_chain *chain_new(struct ruleset *ruleset, const char *name, struct span at)
{
	struct ir_chain *chain = arena_alloc(ruleset->arena, sizeof *chain);
	chain->name = name;
	chain->at = at;
	*push(ruleset->arena, &ruleset->chains) = chain;
	return chain;
}

struct ir_set *set_new(struct ruleset *ruleset, const char *name, struct span at)
{
	struct ir_set *set = arena_alloc(ruleset->arena, sizeof *set);
	set->name = name;
	set->at = at;
	*push(ruleset->arena, &ruleset->sets) = set;
	return set;
}

struct ir_object *object_new(struct ruleset *ruleset, enum ir_object_kind kind, const char *name,
			     struct span at)
{
	struct ir_object *object = arena_alloc(ruleset->arena, sizeof *object);
	object->kind = kind;
	object->name = name;
	object->at = at;
	*push(ruleset->arena, &ruleset->objects) = object;
	return object;
}

bool object_is_in_nft(const struct ir_object *object)
{
	return object->kind != IR_CT_TIMEOUT_OBJECT ||
	       timeout_protocol_rows[object->timeout.protocol].is_in_nft;
}

struct ir_rule *rule_new(struct ruleset *ruleset, struct ir_chain *chain, struct span at)
{
	struct ir_rule *rule = push(ruleset->arena, &chain->rules);
	rule->at = at;
	return rule;
}

struct ir_statement *statement_new(struct ruleset *ruleset, struct ir_rule *rule,
				   enum ir_statement_kind kind)
{
	struct ir_statement *statement = push(ruleset->arena, &rule->statements);
	statement->kind = kind;
	return statement;
}

static bool rule_offloads(const struct ir_rule *rule)
{
	for (uint32_t i = 0; i < rule->statements.n; i++)
		if (rule->statements.at[i].kind == IR_OFFLOAD)
			return true;
	return false;
}

void ruleset_drop_flowtables(struct ruleset *ruleset)
{
	ruleset->flowtables.n = 0;
	for (uint32_t i = 0; i < ruleset->chains.n; i++) {
		struct ir_chain *chain = ruleset->chains.at[i];
		uint32_t kept = 0;
		for (uint32_t k = 0; k < chain->rules.n; k++)
			if (!rule_offloads(&chain->rules.at[k]))
				chain->rules.at[kept++] = chain->rules.at[k];
		chain->rules.n = kept;
	}
}
