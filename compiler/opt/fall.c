#include "opt/fall.h"

#include "ir/index.h"
#include "ir/ruleset.h"

/* What is known of a chain. */
struct ending {
	const struct ir_chain *chain;
	bool is_entered, comes_back; /* by a jump, or to a chain that does not drop */
};

struct way {
	const struct ending *from;
	struct ending *to;
};

struct fall {
	struct arena *arena;
	struct index endings; /* struct ending, by the chain's name */
	VEC(struct way) ways;
};

static void add_way(struct fall *fall, const struct ending *from, const struct ir_target *target)
{
	if (target->verdict != IR_JUMP && target->verdict != IR_GOTO)
		return;
	struct ending *to = index_find(&fall->endings, target->chain->name);
	to->is_entered = true;
	to->comes_back |= target->verdict == IR_JUMP;
	*push(fall->arena, &fall->ways) = (struct way){ from, to };
}

static void add_ways(struct fall *fall, const struct ending *from)
{
	const struct ir_chain *chain = from->chain;
	for (uint32_t i = 0; i < chain->rules.n; i++)
		for (uint32_t k = 0; k < chain->rules.at[i].statements.n; k++) {
			const struct ir_statement *statement = &chain->rules.at[i].statements.at[k];
			if (statement->kind == IR_VERDICT)
				add_way(fall, from, &statement->target);
			if (statement->kind != IR_VMAP)
				continue;
			const struct ir_set *map = statement->vmap.map;
			for (uint32_t e = 0; e < map->elements.n; e++)
				add_way(fall, from, &map->elements.at[e].target);
		}
}

/* The end of a chain that was gone to is the end of the base chain, where no jump is on the way. */
static bool drops(const struct ending *ending)
{
	if (ending->chain->hook != IR_HOOK_NONE)
		return ending->chain->policy_drop;
	return ending->is_entered && !ending->comes_back;
}

const struct fall *fall_find(const struct ruleset *ruleset)
{
	struct fall *fall = arena_alloc(ruleset->arena, sizeof *fall);
	fall->arena = ruleset->arena;
	for (uint32_t i = 0; i < ruleset->chains.n; i++) {
		struct ending *ending = arena_alloc(fall->arena, sizeof *ending);
		ending->chain = ruleset->chains.at[i];
		index_add(fall->arena, &fall->endings, ending->chain->name, ending);
	}
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		add_ways(fall, index_find(&fall->endings, ruleset->chains.at[i]->name));
	for (bool has_changed = true; has_changed;) {
		has_changed = false;
		for (uint32_t i = 0; i < fall->ways.n; i++) {
			struct way *way = &fall->ways.at[i];
			if (way->to->comes_back || drops(way->from))
				continue;
			way->to->comes_back = has_changed = true;
		}
	}
	return fall;
}

bool falls_to_drop(const struct fall *fall, const struct ir_chain *chain)
{
	return drops(index_find(&fall->endings, chain->name));
}
