/* Marks of the user's own: put on connections, and carried between them and their packets. */
#include "lower/conditions.h"
#include "lower/feature.h"

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

static void finish(struct build *b, struct ir_rule *rule)
{
	if (b->rule->from.written && !b->view.has_no_input)
		match_from_zones(b->lowering, rule, &b->rule->from);
	if (b->rule->to.written && !b->view.has_no_output)
		match_to_zones(b->lowering, rule, &b->rule->to);
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
			match_new(b->lowering, rule);
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
		b->chain = base_chain(b->lowering, saving);
		add_copy(b, IR_PACKET_TO_CONNECTION);
	}
	b->chain = base_chain(b->lowering, base);
	if (b->rule->set.mask)
		add_set(b);
	if (b->rule->restore)
		add_copy(b, IR_CONNECTION_TO_PACKET);
}

static bool is_for_output(const struct mark_rule *rule)
{
	return !rule->from.written || rule->from.is_self;
}

static bool is_for_input(const struct mark_rule *rule)
{
	return !rule->from.written || rule->from.count > 0;
}

/* What zones a connection goes to is told with a route's look-up: where it enters, nothing else
 * knows. */
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
