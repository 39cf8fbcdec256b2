#include "opt/late.h"

#include "ir/ruleset.h"
#include "opt/fall.h"

/* The mark is written once for each rule that accepts. */
enum { RULES_MAX = 4 };

static bool marks_always(const struct ir_rule *rule)
{
	return rule->statements.n == 1 && rule->statements.at[0].kind == IR_SET_MARK;
}

static bool reads_mark(const struct ir_match *match)
{
	for (uint32_t i = 0; i < match->terms_n; i++)
		if (match->terms[i].key == IR_CT_MARK)
			return true;
	return false;
}

static bool only_decides(const struct ir_rule *rule)
{
	uint32_t last = rule->statements.n - 1;
	for (uint32_t i = 0; i < last; i++)
		if (rule->statements.at[i].kind != IR_MATCH ||
		    reads_mark(&rule->statements.at[i].match))
			return false;
	const struct ir_statement *end = &rule->statements.at[last];
	return end->kind == IR_VERDICT &&
	       (end->target.verdict == IR_ACCEPT || end->target.verdict == IR_DROP);
}

static bool may_mark_late(const struct ir_chain *chain, const struct fall *fall)
{
	if (chain->rules.n < 2 || chain->rules.n > RULES_MAX || !marks_always(&chain->rules.at[0]))
		return false;
	for (uint32_t i = 1; i < chain->rules.n; i++)
		if (!only_decides(&chain->rules.at[i]))
			return false;
	return falls_to_drop(fall, chain);
}

static void mark_accepted(struct ruleset *ruleset, struct ir_rule *rule,
			  const struct ir_statement *mark)
{
	const struct ir_statement verdict = rule->statements.at[rule->statements.n - 1];
	if (verdict.target.verdict != IR_ACCEPT)
		return;
	rule->statements.at[rule->statements.n - 1] = *mark;
	*push(ruleset->arena, &rule->statements) = verdict;
}

static void mark_chain(struct ruleset *ruleset, struct ir_chain *chain)
{
	const struct ir_statement mark = chain->rules.at[0].statements.at[0];
	for (uint32_t i = 1; i < chain->rules.n; i++) {
		mark_accepted(ruleset, &chain->rules.at[i], &mark);
		chain->rules.at[i - 1] = chain->rules.at[i];
	}
	chain->rules.n--;
}

void mark_late(struct ruleset *ruleset, const struct fall *fall)
{
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		if (may_mark_late(ruleset->chains.at[i], fall))
			mark_chain(ruleset, ruleset->chains.at[i]);
}
