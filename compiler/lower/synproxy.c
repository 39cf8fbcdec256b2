/* TCP handshakes that this machine answers for a server, so that only real clients reach it. */
#include "ir/name.h"
#include "lower/classify.h"
#include "lower/conditions.h"
#include "lower/feature.h"
#include "lower/limits.h"
#include "lower/policy.h"
#include "lower/raw.h"
#include "lower/services.h"
#include "lower/untracked.h"

enum { FIN = 0x01, SYN = 0x02, RST = 0x04, ACK = 0x10 };

static const char *name_of(struct lowering *lowering, const char *what,
			   const struct synproxy *synproxy)
{
	return name_make(
		lowering->arena, what,
		owner_text(lowering, "synproxy", slug(lowering, synproxy->name), synproxy));
}

static void match_handshake(struct lowering *lowering, struct ir_rule *rule, uint32_t wanted)
{
	const struct ir_term flags = { .key = IR_TCP_FLAGS,
				       .masked = true,
				       .mask = FIN | SYN | RST | ACK };
	rule_match(lowering, rule, flags, (struct ir_value){ .kind = IR_FLAGS, .number = wanted });
}

/* The opening segment is not tracked: the connection begins once the client has proven itself. */
static void skip_opening(struct lowering *lowering, const struct synproxy *synproxy)
{
	const struct view view = { .has_no_output = true, .is_stateless = true };
	struct ir_chain *chain =
		chain_new(lowering->out, name_of(lowering, "synproxy", synproxy), synproxy->at);
	uint32_t n = conditions_lower(lowering, chain, &synproxy->match, &view);
	for (uint32_t i = chain->rules.n - n; i < chain->rules.n; i++) {
		match_handshake(lowering, &chain->rules.at[i], SYN);
		statement_new(lowering->out, &chain->rules.at[i], IR_NOTRACK);
	}
	call_for_zones(lowering, base_chain(lowering, BASE_RAW_PRE), SIDE_FROM, &synproxy->from,
		       chain, name_of(lowering, "synproxy_from", synproxy));
}

/* Rules for a packet of the handshake that this machine itself sends. */
static uint32_t own_rules(struct lowering *lowering, struct ir_chain *chain,
			  const struct synproxy *synproxy, enum direction direction)
{
	const struct view view = { .direction = direction,
				   .has_no_input = true,
				   .is_stateless = true };
	uint32_t n = conditions_lower(lowering, chain, &synproxy->match, &view);
	for (uint32_t i = chain->rules.n - n; i < chain->rules.n; i++) {
		chain->rules.at[i].is_written = false;
		match_handshake(lowering, &chain->rules.at[i],
				direction == DIRECTION_BACK ? SYN | ACK : SYN);
	}
	return n;
}

/* The answer to the client, which belongs to nothing that is tracked. */
static void pass_answer(struct lowering *lowering, struct ir_chain *chain,
			const struct synproxy *synproxy)
{
	uint32_t n = own_rules(lowering, chain, synproxy, DIRECTION_BACK);
	for (uint32_t i = chain->rules.n - n; i < chain->rules.n; i++) {
		struct ir_rule *rule = &chain->rules.at[i];
		rule_match(lowering, rule, term_of(IR_CT_STATE), value_symbol("invalid"));
		rule_verdict(lowering, rule, IR_ACCEPT, NULL);
	}
}

/* Rules for what begins the connection to the server, under the client's address. */
static uint32_t opening_rules(struct lowering *lowering, struct ir_chain *chain,
			      const struct synproxy *synproxy)
{
	uint32_t n = own_rules(lowering, chain, synproxy, DIRECTION_FORTH);
	for (uint32_t i = chain->rules.n - n; i < chain->rules.n; i++) {
		struct ir_rule *rule = &chain->rules.at[i];
		rule_match(lowering, rule, term_of(IR_FIB_SADDR_TYPE), value_symbol("local"));
		rule->statements.at[rule->statements.n - 1].match.op = IR_NE;
	}
	return n;
}

/* Policies were asked when the client came, and those for this machine's own packets do not mean
 * it. The limits of its zone count here, where only clients that have proven themselves come. */
static void pass_opening(struct lowering *lowering, struct ir_chain *chain,
			 const struct synproxy *synproxy)
{
	const struct ir_chain *admit = zone_admit(lowering, synproxy_zone(lowering->config));
	uint32_t n = opening_rules(lowering, chain, synproxy);
	for (uint32_t i = chain->rules.n - n; i < chain->rules.n; i++)
		rule_verdict(lowering, &chain->rules.at[i], admit ? IR_GOTO : IR_ACCEPT, admit);
}

/* The interface that the client came by is not known any more: its zone is where there is one
 * alone. */
void synproxy_flow(struct lowering *lowering, struct ir_chain *chain, const struct ir_chain *from)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->synproxies.n; i++) {
		uint32_t n = opening_rules(lowering, chain, &config->synproxies.at[i]);
		for (uint32_t k = chain->rules.n - n; k < chain->rules.n; k++)
			rule_verdict(lowering, &chain->rules.at[k], IR_GOTO, from);
	}
}

static bool filters_output(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->policies.n; i++)
		if (config->policies.at[i].from.is_self)
			return true;
	return false;
}

static void pass_handshakes(struct lowering *lowering, const struct synproxy *synproxy)
{
	bool is_filtered = filters_output(lowering);
	if (!is_filtered && !zone_admit(lowering, synproxy_zone(lowering->config)))
		return;
	struct ir_chain *chain = base_chain(lowering, BASE_FW_OUT);
	if (is_filtered)
		pass_answer(lowering, chain, synproxy);
	pass_opening(lowering, chain, synproxy);
}

void lower_synproxy(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->synproxies.n; i++) {
		const struct synproxy *synproxy = &config->synproxies.at[i];
		skip_opening(lowering, synproxy);
		pass_handshakes(lowering, synproxy);
		*push(lowering->out->arena, &lowering->out->requirements) =
			(struct ir_requirement){ .need = IR_NEEDS_SYNPROXY, .at = synproxy->at };
	}
}

/* Handshakes, in one of the base chains of filtering. */
struct shield {
	struct lowering *lowering;
	const char *name; /* begins those of its chains */
	bool is_forward;
	const struct ir_chain *answer; /* answers; what comes here is let through */
	struct ir_chain **policies;    /* by index, made when first asked for */
};

static struct ir_chain *shield_chain(struct shield *s, const char *what, struct span at)
{
	return chain_new(s->lowering->out, arena_printf(s->lowering->arena, "%s/%s", s->name, what),
			 at);
}

static void add_answer(struct shield *s, struct ir_chain *chain, const struct synproxy *synproxy)
{
	static const struct view view = { .is_stateless = true };
	uint32_t n = conditions_lower(s->lowering, chain, &synproxy->match, &view);
	for (uint32_t i = chain->rules.n - n; i < chain->rules.n; i++)
		statement_new(s->lowering->out, &chain->rules.at[i], IR_SYNPROXY)->synproxy =
			(struct ir_synproxy){ .mss = (uint16_t)synproxy->mss.value,
					      .wscale = (uint8_t)synproxy->wscale.value,
					      .timestamp = synproxy->timestamp.value,
					      .sack = synproxy->sack.value };
}

/* Each zone's clients are offered what its own block says. */
static const struct ir_chain *answer_chain(struct shield *s)
{
	struct lowering *lowering = s->lowering;
	const struct config *config = lowering->config;
	struct ir_chain *chain = shield_chain(s, "answer", NOWHERE);
	for (uint32_t i = 0; i < config->synproxies.n; i++) {
		const struct synproxy *synproxy = &config->synproxies.at[i];
		if (config->synproxies.n == 1) {
			add_answer(s, chain, synproxy);
			break;
		}
		struct ir_chain *answer =
			shield_chain(s, name_of(lowering, "answer", synproxy), synproxy->at);
		add_answer(s, answer, synproxy);
		call_for_zones(lowering, chain, SIDE_FROM, &synproxy->from, answer,
			       arena_printf(lowering->arena, "%s-from", answer->name));
	}
	return chain;
}

static struct outcome outcome_of(const struct shield *s)
{
	return (struct outcome){ .admit = s->answer, .stateless = s->name };
}

static const struct ir_chain *policy_chain(struct shield *s, const struct policy *policy)
{
	struct ir_chain **slot = &s->policies[policy - s->lowering->config->policies.at];
	if (*slot)
		return *slot;
	*slot = shield_chain(
		s, arena_printf(s->lowering->arena, "policy/%s", policy_owner(s->lowering, policy)),
		policy->at);
	const struct outcome outcome = outcome_of(s);
	policy_rules(s->lowering, *slot, policy, &outcome);
	return *slot;
}

/* The policies of a pair; NULL where there are none. */
static struct ir_chain *pair_chain(struct shield *s, uint32_t from, uint32_t to)
{
	struct lowering *lowering = s->lowering;
	const struct pair *pair = pair_find(pairs_of(lowering), from, to);
	const struct outcome outcome = outcome_of(s);
	if (!pair)
		return NULL;
	const struct zone *zone = zone_of(lowering, from);
	const char *name = arena_printf(lowering->arena, "pair/%s/%s", zone->name,
					to == SELF ? "self" : zone_of(lowering, to)->name);
	struct ir_chain *chain = shield_chain(s, name, zone->at);
	if (to == SELF)
		services_lower(lowering, chain, zone, &outcome, DIRECTION_FORTH);
	for (uint32_t i = 0; i < pair->policies.n; i++)
		if (pair->policies.at[i]->rules.n > 0)
			rule_verdict(lowering,
				     rule_start(lowering, chain, pair->policies.at[i]->at), IR_JUMP,
				     policy_chain(s, pair->policies.at[i]));
	policy_rest(lowering, chain, pair, &outcome);
	return chain;
}

/* Handshakes that come from the zone; NULL where policies let none through. */
static struct ir_chain *from_chain(struct shield *s, const struct zone *zone)
{
	struct lowering *lowering = s->lowering;
	if (!s->is_forward)
		return pair_chain(s, zone->id, SELF);
	struct ir_chain **targets = targets_new(lowering);
	bool has_any = false;
	for (uint32_t i = 0; i < lowering->config->zones.n; i++) {
		targets[i] = pair_chain(s, zone->id, lowering->config->zones.at[i].id);
		has_any |= targets[i] != NULL;
	}
	if (!has_any)
		return NULL;
	struct ir_chain *chain =
		shield_chain(s, arena_printf(lowering->arena, "from/%s", zone->name), zone->at);
	classify(lowering, chain, SIDE_TO, targets, "shield_to");
	return chain;
}

static bool is_shielded(const struct config *config, const struct zone *zone)
{
	for (uint32_t i = 0; i < config->synproxies.n; i++) {
		const struct zone_set *from = &config->synproxies.at[i].from;
		if (!from->written || zone_set_has(from, zone->id))
			return zone_is_tracked(config, zone);
	}
	return false;
}

/* Once a handshake has been answered it is too late to refuse: the kernel opens the connection to
 * the server by itself, and forwards no packet for it that policies would see. So they are asked
 * about the opening segment. A zone's limits do not see it either; the rules' do. */
static const struct ir_chain *policies_chain(struct shield *s)
{
	const struct config *config = s->lowering->config;
	if (config->policies.n == 0 && !sets_has_late(config))
		return s->answer;
	struct ir_chain *chain = shield_chain(s, "zones", NOWHERE);
	sets_shielded(s->lowering, chain, s->is_forward, s->answer);
	if (config->policies.n == 0) {
		rule_verdict(s->lowering, rule_start(s->lowering, chain, NOWHERE), IR_GOTO,
			     s->answer);
		return chain;
	}
	struct ir_chain **targets = targets_new(s->lowering);
	for (uint32_t i = 0; i < config->zones.n; i++)
		if (is_shielded(config, &config->zones.at[i]))
			targets[i] = from_chain(s, &config->zones.at[i]);
	classify(s->lowering, chain, SIDE_FROM, targets, "shield_from");
	return chain;
}

static void match_state(struct shield *s, struct ir_rule *rule, const char *state)
{
	rule_match(s->lowering, rule, term_of(IR_CT_STATE), value_symbol(state));
}

/* The acknowledgement of what was never tracked is invalid to tracking. Only those that an answer
 * was sent to can write one that counts, so policies need not be asked again. */
static void add_handshakes(struct shield *s, struct ir_chain *chain)
{
	const struct view view = { .is_stateless = true };
	const struct config *config = s->lowering->config;
	const struct ir_chain *policies = policies_chain(s);
	for (uint32_t i = 0; i < config->synproxies.n; i++) {
		const struct rule *match = &config->synproxies.at[i].match;
		uint32_t n = conditions_lower(s->lowering, chain, match, &view);
		for (uint32_t k = chain->rules.n - n; k < chain->rules.n; k++) {
			/* Blocks of several zones may say the same. */
			chain->rules.at[k].is_written = false;
			match_handshake(s->lowering, &chain->rules.at[k], SYN);
			match_state(s, &chain->rules.at[k], "untracked");
			rule_verdict(s->lowering, &chain->rules.at[k], IR_GOTO, policies);
		}
	}
	struct ir_rule *rule = rule_start(s->lowering, chain, NOWHERE);
	match_state(s, rule, "invalid");
	rule_verdict(s->lowering, rule, IR_GOTO, s->answer);
}

/* Both packets of a handshake come ahead of the look-up of the state, at the cost of one rule for
 * all others. */
void synproxy_filter(struct lowering *lowering, struct ir_chain *base)
{
	static const char *const states[] = { "invalid", "untracked" };
	const struct config *config = lowering->config;
	bool is_forward = base->hook == IR_FORWARD;
	if (config->synproxies.n == 0)
		return;
	struct shield s = { .lowering = lowering,
			    .name = is_forward ? "shield_fwd" : "shield_in",
			    .is_forward = is_forward };
	s.policies = arena_array(lowering->arena, config->policies.n, sizeof(struct ir_chain *));
	s.answer = answer_chain(&s);
	struct ir_chain *chain = chain_new(lowering->out, s.name, NOWHERE);
	add_handshakes(&s, chain);
	struct ir_rule *rule = rule_start(lowering, base, NOWHERE);
	struct ir_match *match = &statement_new(lowering->out, rule, IR_MATCH)->match;
	match->terms[0] = term_of(IR_CT_STATE);
	match->terms_n = 1;
	match->bits = true;
	for (size_t i = 0; i < countof(states); i++)
		match_add(lowering, match, value_symbol(states[i]));
	rule_verdict(lowering, rule, IR_JUMP, chain);
}
