/* Marks of the user's own: put on connections, and carried between them and their packets. */
#include "ir/name.h"
#include "lower/conditions.h"
#include "lower/feature.h"
#include "lower/policy.h"
#include "lower/raw.h"

struct build {
	struct lowering *lowering;
	const struct mark_rule *rule;
	struct ir_chain *chain;
	struct view view;
};

static void match_new(struct lowering *lowering, struct ir_rule *rule)
{
	rule_match(lowering, rule, term_of(IR_CT_STATE), value_symbol("new"));
}

/* A connection that nobody has answered is new with each packet, but marked by more than the user
 * from its first one on. */
static void match_untouched(struct lowering *lowering, struct ir_rule *rule)
{
	match_new(lowering, rule);
	rule_match(lowering, rule, term_mark(~MARK_USER), value_mark(0));
}

static void finish(struct build *b, struct ir_rule *rule)
{
	if (b->rule->from.written && !b->view.has_no_input)
		match_from_zones(b->lowering, rule, &b->rule->from);
	if (b->rule->to.written && !b->view.has_no_output)
		match_to_zones(b->lowering, rule, &b->rule->to);
}

/* Where packets enter, what zone they go to is told with a look-up of their route: the rules stand
 * in a chain of their own behind it. `word` begins the chain's name. */
static struct ir_chain *call_for_target(struct build *b, struct ir_chain *base, const char *word)
{
	struct lowering *lowering = b->lowering;
	const struct mark_rule *mark = b->rule;
	const char *name =
		name_make(lowering->arena, word,
			  owner_text(lowering, "mark", slug(lowering, mark->name), mark));
	struct ir_chain *chain = chain_new(lowering->out, name, mark->at);
	struct ir_chain *routed = chain_new(
		lowering->out, arena_printf(lowering->arena, "%s/routed", name), mark->at);
	struct ir_rule *rule = rule_start(lowering, base, mark->at);
	if (mark->from.written)
		match_from_zones(lowering, rule, &mark->from);
	rule_verdict(lowering, rule, IR_JUMP, routed);
	if (mark->to.count > 0) {
		call_for_zones(lowering, routed, SIDE_ROUTE, &mark->to, chain,
			       arena_printf(lowering->arena, "%s/to", name));
		return chain;
	}
	rule = rule_start(lowering, routed, mark->at);
	rule_match(lowering, rule, term_of(IR_FIB_DADDR_TYPE), value_symbol("local"));
	rule_verdict(lowering, rule, IR_JUMP, chain);
	return chain;
}

static struct ir_chain *chain_in(struct build *b, enum base_chain which, const char *word)
{
	struct ir_chain *base = base_chain(b->lowering, which);
	if (b->view.has_no_output && b->rule->to.written)
		return call_for_target(b, base, word);
	return base;
}

static void add_set(struct build *b)
{
	uint32_t n = conditions_lower(b->lowering, b->chain, &b->rule->match, &b->view);
	for (uint32_t i = b->chain->rules.n - n; i < b->chain->rules.n; i++) {
		struct ir_rule *rule = &b->chain->rules.at[i];
		match_new(b->lowering, rule);
		finish(b, rule);
		statement_new(b->lowering->out, rule, IR_SET_MARK)->mark =
			(struct ir_mark){ .keep = ~b->rule->set.mask, .set = b->rule->set.value };
	}
}

static void add_copy(struct build *b, enum ir_copy way)
{
	uint32_t n = conditions_lower(b->lowering, b->chain, &b->rule->match, &b->view);
	for (uint32_t i = b->chain->rules.n - n; i < b->chain->rules.n; i++) {
		struct ir_rule *rule = &b->chain->rules.at[i];
		if (way == IR_PACKET_TO_CONNECTION)
			match_untouched(b->lowering, rule);
		finish(b, rule);
		statement_new(b->lowering->out, rule, IR_COPY_MARK)->copy =
			(struct ir_copy_mark){ .way = way, .mask = MARK_USER };
	}
}

/* nft has no way to copy some bits and keep the others, so saving comes ahead of all that is put
 * into the mark besides. */
static void add_rule(struct build *b, enum base_chain saving, enum base_chain base)
{
	if (b->rule->save) {
		b->chain = chain_in(b, saving, "save");
		add_copy(b, IR_PACKET_TO_CONNECTION);
	}
	if (!b->rule->set.mask && !b->rule->restore)
		return;
	b->chain = chain_in(b, base, "mark");
	if (b->rule->set.mask)
		add_set(b);
	if (b->rule->restore)
		add_copy(b, IR_CONNECTION_TO_PACKET);
}

static bool is_for_output(const struct mark_rule *rule)
{
	return (!rule->from.written || rule->from.is_self) &&
	       (!rule->to.written || rule->to.count > 0);
}

static bool is_for_input(const struct mark_rule *rule)
{
	return !rule->from.written || rule->from.count > 0;
}

void lower_marks(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->mark_rules.n; i++) {
		const struct mark_rule *rule = &config->mark_rules.at[i];
		struct build b = { .lowering = lowering, .rule = rule };
		if (is_for_input(rule)) {
			b.view = (struct view){ .has_no_output = true };
			add_rule(&b, BASE_SAVE_PRE, BASE_MARK_PRE);
		}
		if (is_for_output(rule)) {
			b.view = (struct view){ .has_no_input = true };
			add_rule(&b, BASE_SAVE_OUT, BASE_MARK_OUT);
		}
	}
}
