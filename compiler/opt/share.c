#include "opt/share.h"

#include <string.h>

#include "base/text.h"
#include "ir/content.h"
#include "ir/index.h"
#include "ir/name.h"
#include "ir/ruleset.h"
#include "opt/same.h"

/* Rules at the end of a chain that are worth a chain of their own, and in how many chains. */
enum { TAIL_RULES = 2, TAIL_CHAINS = 8 };

/* Chains by what they become. */
struct redirection {
	struct ruleset *ruleset;
	struct index to;   /* struct ir_chain, by the name of the chain that is gone */
	struct index sets; /* those of the ruleset */
};

static const struct ir_chain *redirected(const struct redirection *r, const struct ir_chain *chain)
{
	const struct ir_chain *to = chain ? index_find(&r->to, chain->name) : NULL;
	return to ? to : chain;
}

static void redirect_rule(const struct redirection *r, struct ir_rule *rule)
{
	for (uint32_t i = 0; i < rule->statements.n; i++)
		if (rule->statements.at[i].kind == IR_VERDICT)
			rule->statements.at[i].target.chain =
				redirected(r, rule->statements.at[i].target.chain);
}

/* Its name tells its content: a map of that name that is in the kernel leads to other chains. */
static void rename_map(struct redirection *r, struct ir_set *map)
{
	const char *end = strrchr(map->name, '_');
	const char *base =
		arena_printf(r->ruleset->arena, "%.*s", (int)(end - map->name), map->name);
	uint32_t hash = set_hash(map);
	do
		map->name = name_hashed(r->ruleset->arena, base, hash++);
	while (index_find(&r->sets, map->name));
	index_add(r->ruleset->arena, &r->sets, map->name, map);
}

static void redirect_map(struct redirection *r, struct ir_set *map)
{
	bool is_other = false;
	for (uint32_t i = 0; i < map->elements.n; i++) {
		struct ir_target *target = &map->elements.at[i].target;
		const struct ir_chain *to = redirected(r, target->chain);
		is_other |= to != target->chain;
		target->chain = to;
	}
	if (is_other)
		rename_map(r, map);
}

static void redirect(struct redirection *r)
{
	struct ruleset *ruleset = r->ruleset;
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		for (uint32_t k = 0; k < ruleset->chains.at[i]->rules.n; k++)
			redirect_rule(r, &ruleset->chains.at[i]->rules.at[k]);
	for (uint32_t i = 0; i < ruleset->sets.n; i++)
		index_add(ruleset->arena, &r->sets, ruleset->sets.at[i]->name, ruleset->sets.at[i]);
	for (uint32_t i = 0; i < ruleset->sets.n; i++)
		redirect_map(r, ruleset->sets.at[i]);
}

static bool is_own(const struct ir_chain *chain)
{
	return chain->hook == IR_HOOK_NONE && !chain->retired;
}

/* The names of things are too many to compare one by one: they are found by their content's hash,
 * written as a name. */
static const char *content_name(struct arena *arena, const struct ir_chain *chain, uint32_t first)
{
	uint32_t hash = HASH_START;
	for (uint32_t i = first; i < chain->rules.n; i++)
		if (!rule_hash(&chain->rules.at[i], &hash))
			return NULL;
	return arena_printf(arena, "%08x_%u", hash, chain->rules.n - first);
}

static bool same_rules(const struct ir_chain *a, uint32_t first_a, const struct ir_chain *b,
		       uint32_t first_b)
{
	if (a->rules.n - first_a != b->rules.n - first_b)
		return false;
	for (uint32_t i = 0; first_a + i < a->rules.n; i++)
		if (!rule_equal(&a->rules.at[first_a + i], &b->rules.at[first_b + i]))
			return false;
	return true;
}

void share_chains(struct ruleset *ruleset)
{
	struct redirection r = { .ruleset = ruleset };
	struct index known = { 0 };
	for (uint32_t i = 0; i < ruleset->chains.n; i++) {
		struct ir_chain *chain = ruleset->chains.at[i];
		const char *name = is_own(chain) && chain->rules.n > 0
					   ? content_name(ruleset->arena, chain, 0)
					   : NULL;
		if (!name)
			continue;
		struct ir_chain *other = index_find(&known, name);
		if (!other)
			index_add(ruleset->arena, &known, name, chain);
		else if (same_rules(other, 0, chain, 0))
			index_add(ruleset->arena, &r.to, chain->name, other);
	}
	if (r.to.n > 0)
		redirect(&r);
}

/* An end that several chains have. */
struct tail {
	const struct ir_chain *first; /* the first of them */
	uint32_t n;
	struct ir_chain *chain; /* where the end stands now */
};

static const char *tail_name(struct arena *arena, const struct ir_chain *chain)
{
	if (!is_own(chain) || chain->rules.n <= TAIL_RULES)
		return NULL;
	return content_name(arena, chain, chain->rules.n - TAIL_RULES);
}

static void count_tail(struct ruleset *ruleset, struct index *tails, const struct ir_chain *chain)
{
	const char *name = tail_name(ruleset->arena, chain);
	struct tail *tail = name ? index_find(tails, name) : NULL;
	if (!name)
		return;
	if (!tail) {
		tail = arena_alloc(ruleset->arena, sizeof *tail);
		tail->first = chain;
		index_add(ruleset->arena, tails, name, tail);
	}
	tail->n += same_rules(tail->first, tail->first->rules.n - TAIL_RULES, chain,
			      chain->rules.n - TAIL_RULES);
}

static void cut_tail(struct ruleset *ruleset, const struct index *tails, struct ir_chain *chain)
{
	const char *name = tail_name(ruleset->arena, chain);
	struct tail *tail = name ? index_find(tails, name) : NULL;
	if (!tail || tail->n < TAIL_CHAINS)
		return;
	uint32_t first = chain->rules.n - TAIL_RULES;
	if (!tail->chain) {
		tail->chain = chain_new(ruleset, arena_printf(ruleset->arena, "end_%.8s", name),
					chain->rules.at[first].at);
		for (uint32_t i = 0; i < TAIL_RULES; i++)
			*push(ruleset->arena, &tail->chain->rules) = chain->rules.at[first + i];
	} else if (!same_rules(tail->chain, 0, chain, first)) {
		return;
	}
	struct ir_rule *rule = &chain->rules.at[first];
	*rule = (struct ir_rule){ .at = rule->at };
	statement_new(ruleset, rule, IR_VERDICT)->target =
		(struct ir_target){ .verdict = IR_GOTO, .chain = tail->chain };
	chain->rules.n = first + 1;
}

void share_tails(struct ruleset *ruleset)
{
	struct index tails = { 0 };
	uint32_t n = ruleset->chains.n;
	for (uint32_t i = 0; i < n; i++)
		count_tail(ruleset, &tails, ruleset->chains.at[i]);
	for (uint32_t i = 0; i < n; i++)
		cut_tail(ruleset, &tails, ruleset->chains.at[i]);
}

/* What is in use, found from the base chains on. */
struct use {
	struct ruleset *ruleset;
	struct index chains, sets;
	VEC(const struct ir_chain *) pending;
};

static void use_chain(struct use *use, const struct ir_chain *chain)
{
	if (!chain || index_find(&use->chains, chain->name))
		return;
	index_add(use->ruleset->arena, &use->chains, chain->name, (void *)chain);
	*push(use->ruleset->arena, &use->pending) = chain;
}

static void use_set(struct use *use, const struct ir_set *set)
{
	if (!set || index_find(&use->sets, set->name))
		return;
	index_add(use->ruleset->arena, &use->sets, set->name, (void *)set);
	for (uint32_t i = 0; i < set->elements.n; i++)
		use_chain(use, set->elements.at[i].target.chain);
}

static void use_statement(struct use *use, const struct ir_statement *statement)
{
	switch (statement->kind) {
	case IR_MATCH:
		use_set(use, statement->match.set);
		return;
	case IR_VMAP:
		use_set(use, statement->vmap.map);
		return;
	case IR_VERDICT:
		use_chain(use, statement->target.chain);
		return;
	case IR_UPDATE:
		use_set(use, statement->update.set);
		return;
	case IR_MAP_MARK:
		use_set(use, statement->map_mark.map);
		return;
	case IR_TRANSLATE:
		use_set(use, statement->translate.map);
		return;
	case IR_REJECT:
	case IR_NOTRACK:
	case IR_COUNT:
	case IR_LIMIT:
	case IR_LOG:
	case IR_SET_MARK:
	case IR_SET_TIMEOUT:
	case IR_SET_HELPER:
	case IR_SET_EVENT:
	case IR_SET_ZONE:
	case IR_COPY_MARK:
	case IR_SET_PACKET_MARK:
	case IR_SYNPROXY:
	case IR_SET_MSS:
	case IR_OFFLOAD:
		return;
	}
}

static void find_used(struct use *use)
{
	for (uint32_t i = 0; i < use->ruleset->chains.n; i++)
		if (!is_own(use->ruleset->chains.at[i]))
			use_chain(use, use->ruleset->chains.at[i]);
	while (use->pending.n > 0) {
		const struct ir_chain *chain = use->pending.at[--use->pending.n];
		for (uint32_t i = 0; i < chain->rules.n; i++)
			for (uint32_t k = 0; k < chain->rules.at[i].statements.n; k++)
				use_statement(use, &chain->rules.at[i].statements.at[k]);
	}
}

void drop_unused(struct ruleset *ruleset)
{
	struct use use = { .ruleset = ruleset };
	uint32_t chains = 0, sets = 0;
	find_used(&use);
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		if (index_find(&use.chains, ruleset->chains.at[i]->name))
			ruleset->chains.at[chains++] = ruleset->chains.at[i];
	for (uint32_t i = 0; i < ruleset->sets.n; i++)
		if (ruleset->sets.at[i]->is_dynamic ||
		    index_find(&use.sets, ruleset->sets.at[i]->name))
			ruleset->sets.at[sets++] = ruleset->sets.at[i];
	ruleset->chains.n = chains;
	ruleset->sets.n = sets;
}
