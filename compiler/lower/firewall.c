#include "lower/firewall.h"

#include <string.h>

#include "ir/name.h"
#include "lower/feature.h"
#include "lower/limits.h"
#include "lower/policy.h"
#include "lower/services.h"
#include "lower/state.h"
#include "lower/untracked.h"

/* Interface names tell a pair in one look-up, and need an element for each two names. Where that is
 * too many, zones are told one by one and the pair is looked up in the mark. */
enum { NAME_PAIRS_MAX = 16384 };

/* The three ways through the machine. */
enum way { WAY_IN, WAY_FORWARD, WAY_OUT, WAY_COUNT };

struct firewall {
	struct lowering *lowering;
	const struct pairs *pairs;
	bool by_name; /* pairs are told by interface names, else by the mark */
	struct ir_set *maps[WAY_COUNT];
	struct ir_set *uplinked; /* what this machine sends out by an uplink, by the mark */
	struct outcome outcomes[WAY_COUNT];
	const struct ir_chain **shared; /* chains of policies for several pairs, by index */
};

static const char *const way_words[WAY_COUNT] = { "input", "forward", "output" };

static enum way way_of(const struct pair *pair)
{
	if (pair->from == SELF)
		return WAY_OUT;
	return pair->to == SELF ? WAY_IN : WAY_FORWARD;
}

static bool has_way(const struct firewall *f, enum way way)
{
	for (uint32_t i = 0; i < f->pairs->all.n; i++)
		if (way_of(&f->pairs->all.at[i]) == way)
			return true;
	return way != WAY_OUT;
}

/* The first interface of a zone that is at hand, counted through all its matches. */
static const struct field_text *interface_at(const struct zone *zone, uint32_t index)
{
	for (uint32_t i = 0; i < zone->matches.n; i++) {
		const struct field_texts *names = &zone->matches.at[i].interfaces;
		if (index < names->items.n)
			return &names->items.at[index];
		index -= names->items.n;
	}
	return NULL;
}

static uint32_t interfaces_of(const struct lowering *lowering, uint32_t id)
{
	uint32_t count = 0;
	while (id != SELF && interface_at(zone_of(lowering, id), count))
		count++;
	return id == SELF ? 1 : count;
}

static bool fits_by_name(const struct firewall *f)
{
	uint32_t elements = 0;
	for (uint32_t i = 0; i < f->pairs->all.n && f->lowering->is_plain; i++) {
		const struct pair *pair = &f->pairs->all.at[i];
		elements += interfaces_of(f->lowering, pair->from) *
			    interfaces_of(f->lowering, pair->to);
		if (elements > NAME_PAIRS_MAX)
			return false;
	}
	return f->lowering->is_plain;
}

/* Maps */

static uint32_t pair_mark(const struct pair *pair)
{
	return pair->from << MARK_FROM_SHIFT | pair->to << MARK_TO_SHIFT;
}

static uint32_t way_terms(const struct firewall *f, enum way way, struct ir_term terms[2])
{
	static const uint32_t masks[] = { MARK_FROM, MARK_FROM | MARK_TO, MARK_TO };
	if (!f->by_name) {
		terms[0] = term_mark(masks[way]);
		return 1;
	}
	terms[0] = term_of(way == WAY_OUT ? IR_OIFNAME : IR_IIFNAME);
	terms[1] = term_of(IR_OIFNAME);
	return way == WAY_FORWARD ? 2 : 1;
}

static struct ir_set *way_map(const struct firewall *f, enum way way)
{
	struct ir_term terms[2];
	uint32_t n = way_terms(f, way, terms);
	struct ir_set *map = set_start_terms(f->lowering, terms, n, NOWHERE);
	map->is_map = true;
	return map;
}

static void add_element(struct firewall *f, const struct pair *pair, const struct ir_value *parts,
			const struct ir_chain *chain)
{
	set_add_parts(f->lowering, f->maps[way_of(pair)], parts, chain->at)->target =
		(struct ir_target){ IR_GOTO, chain };
}

static void add_names(struct firewall *f, const struct pair *pair, const struct ir_chain *chain)
{
	uint32_t from_n = interfaces_of(f->lowering, pair->from);
	uint32_t to_n = interfaces_of(f->lowering, pair->to);
	for (uint32_t i = 0; i < from_n; i++)
		for (uint32_t k = 0; k < to_n; k++) {
			struct ir_value parts[2];
			uint32_t n = 0;
			if (pair->from != SELF)
				parts[n++] = value_string(
					interface_at(zone_of(f->lowering, pair->from), i)->value);
			if (pair->to != SELF)
				parts[n++] = value_string(
					interface_at(zone_of(f->lowering, pair->to), k)->value);
			add_element(f, pair, parts, chain);
		}
	if (way_of(pair) == WAY_OUT)
		set_add(f->lowering, f->uplinked, value_mark(pair_mark(pair)), chain->at)->target =
			(struct ir_target){ IR_GOTO, chain };
}

static void dispatch(struct firewall *f, enum way way, struct ir_chain *base)
{
	struct ir_term terms[2];
	uint32_t n = way_terms(f, way, terms);
	struct ir_set *map = f->maps[way];
	if (map->elements.n == 0)
		return;
	struct ir_rule *rule = rule_start(f->lowering, base, NOWHERE);
	rule_vmap_terms(f->lowering, rule, terms, n, set_done(f->lowering, map, way_words[way]));
}

/* Chains */

static const char *pair_name(struct firewall *f, const struct pair *pair)
{
	const struct zone *from = zone_of(f->lowering, pair->from);
	const struct zone *to = zone_of(f->lowering, pair->to);
	return arena_printf(f->lowering->arena, "pair/%s/%s", from ? from->name : "self",
			    to ? to->name : "self");
}

static const struct ir_chain *shared_chain(struct firewall *f, const struct policy *policy,
					   enum way way)
{
	uint32_t index = (uint32_t)(policy - f->lowering->config->policies.at);
	const struct ir_chain **slot = &f->shared[index * WAY_COUNT + way];
	if (*slot)
		return *slot;
	const char *name = arena_printf(f->lowering->arena, "policy/%s/%s", way_words[way],
					policy_owner(f->lowering, policy));
	struct ir_chain *chain = chain_new(f->lowering->out, name, policy->at);
	*slot = chain;
	struct outcome outcome = f->outcomes[way];
	if (way != WAY_OUT)
		outcome.admit = admitted_chain(f->lowering);
	policy_rules(f->lowering, chain, policy, &outcome);
	return chain;
}

static void add_policy(struct firewall *f, struct ir_chain *chain, const struct pair *pair,
		       const struct policy *policy, const struct outcome *outcome)
{
	if (policy->rules.n == 0)
		return;
	if (policy_is_plain(policy) && policy_pairs(f->lowering, policy) == 1) {
		policy_rules(f->lowering, chain, policy, outcome);
		return;
	}
	rule_verdict(f->lowering, rule_start(f->lowering, chain, policy->at), IR_JUMP,
		     shared_chain(f, policy, way_of(pair)));
}

static struct span pair_span(struct firewall *f, const struct pair *pair)
{
	if (pair->policies.n > 0)
		return pair->policies.at[0]->at;
	return zone_of(f->lowering, pair->from)->at;
}

static void mark_pair(struct firewall *f, struct ir_chain *chain, const struct pair *pair)
{
	struct ir_rule *rule = rule_start(f->lowering, chain, chain->at);
	statement_new(f->lowering->out, rule, IR_SET_MARK)->mark =
		(struct ir_mark){ .keep = ~(MARK_FROM | MARK_TO), .set = pair_mark(pair) };
}

/* Every packet in the chain has the pair in its mark. */
static const struct ir_fact *pair_fact(struct firewall *f, const struct pair *pair)
{
	struct ir_fact *fact = arena_alloc(f->lowering->arena, sizeof *fact);
	fact->term = term_mark(MARK_FROM | MARK_TO);
	fact->value = value_mark(pair_mark(pair));
	return fact;
}

static void add_pair(struct firewall *f, const struct pair *pair)
{
	enum way way = way_of(pair);
	struct ir_chain *chain =
		chain_new(f->lowering->out, pair_name(f, pair), pair_span(f, pair));
	struct outcome outcome = f->outcomes[way];
	outcome.admit = zone_admit(f->lowering, zone_of(f->lowering, pair->from));
	if (f->by_name)
		mark_pair(f, chain, pair);
	if (f->by_name || way == WAY_FORWARD)
		chain->fact = pair_fact(f, pair);
	if (way == WAY_IN)
		services_lower(f->lowering, chain, zone_of(f->lowering, pair->from), &outcome,
			       DIRECTION_FORTH);
	for (uint32_t i = 0; i < pair->policies.n; i++)
		add_policy(f, chain, pair, pair->policies.at[i], &outcome);
	policy_rest(f->lowering, chain, pair, &outcome);
	if (f->by_name) {
		add_names(f, pair, chain);
		return;
	}
	const struct ir_value mark = value_mark(pair_mark(pair));
	add_element(f, pair, &mark, chain);
}

/* Base chains */

static void accept_loopback(struct lowering *lowering, struct ir_chain *base, enum ir_key key)
{
	struct ir_rule *rule = rule_start(lowering, base, NOWHERE);
	rule_match(lowering, rule, term_of(key), value_string("lo"));
	rule_verdict(lowering, rule, IR_ACCEPT, NULL);
}

static void tell_zones(struct firewall *f, struct ir_chain *base, bool is_forward)
{
	struct lowering *lowering = f->lowering;
	if (lowering->config->zones.n == 0)
		return;
	if (!lowering->is_early)
		rule_verdict(lowering, rule_start(lowering, base, NOWHERE), IR_JUMP,
			     zone_from_chain(lowering));
	if (is_forward)
		rule_verdict(lowering, rule_start(lowering, base, NOWHERE), IR_JUMP,
			     zone_to_chain(lowering));
}

/* What such a list lets in is marked and limited as what a policy lets in. */
static bool has_accept_list(const struct config *config)
{
	for (uint32_t i = 0; i < config->sets.n; i++)
		if (config->sets.at[i].action == RULE_ACCEPT)
			return true;
	return false;
}

static void refuse_rest(struct firewall *f, enum way way, struct ir_chain *base)
{
	const struct ir_chain *refuse = f->outcomes[way].refuse;
	base->policy_drop = true;
	if (refuse)
		rule_verdict(f->lowering, rule_start(f->lowering, base, NOWHERE), IR_GOTO, refuse);
}

/* A connection that this machine refuses itself never was, and the answer comes by the loopback. */
static const struct ir_chain *related_in(struct firewall *f)
{
	const struct ir_chain *related = related_chain(f->lowering, "related_in", false);
	if (!has_way(f, WAY_OUT))
		return related;
	struct ir_chain *chain = chain_new(f->lowering->out, "related_here", NOWHERE);
	accept_loopback(f->lowering, chain, IR_IIFNAME);
	rule_verdict(f->lowering, rule_start(f->lowering, chain, NOWHERE), IR_GOTO, related);
	return chain;
}

static void build_in(struct firewall *f, const struct ir_chain *invalid)
{
	struct lowering *lowering = f->lowering;
	struct ir_chain *base = base_chain(lowering, BASE_FW_IN);
	struct state_chains chains = { .invalid = invalid };
	chains.related = related_in(f);
	chains.untracked = untracked_in(lowering, f->pairs);
	sets_drop(lowering, base, false);
	synproxy_filter(lowering, base);
	dispatch_state(lowering, base, "state_in", &chains);
	accept_loopback(lowering, base, IR_IIFNAME);
	bool forwards = nat_forwards(lowering->config);
	if (!f->by_name || forwards || has_accept_list(lowering->config))
		tell_zones(f, base, false);
	sets_filter(lowering, base, false);
	if (forwards)
		nat_forward(lowering, base, false);
	services_addresses(lowering, base);
	dispatch(f, WAY_IN, base);
	refuse_rest(f, WAY_IN, base);
}

static void build_forward(struct firewall *f, const struct ir_chain *invalid)
{
	struct lowering *lowering = f->lowering;
	struct ir_chain *base = base_chain(lowering, BASE_FW_FWD);
	struct state_chains chains = { .invalid = invalid };
	chains.related = related_chain(lowering, "related_fwd", true);
	chains.untracked = untracked_forward(lowering, f->pairs);
	sets_drop(lowering, base, true);
	offload_forward(lowering, base);
	synproxy_filter(lowering, base);
	dispatch_state(lowering, base, "state_fwd", &chains);
	bool forwards = nat_forwards(lowering->config);
	if (!f->by_name || forwards || has_accept_list(lowering->config))
		tell_zones(f, base, true);
	sets_filter(lowering, base, true);
	if (forwards)
		nat_forward(lowering, base, true);
	dispatch(f, WAY_FORWARD, base);
	refuse_rest(f, WAY_FORWARD, base);
}

static bool redirects_own(const struct config *config)
{
	for (uint32_t i = 0; i < config->nats.n; i++)
		if (config->nats.at[i].from.is_self && config->nats.at[i].type == NAT_REDIRECT)
			return true;
	return false;
}

/* What this machine asks itself instead of somebody else is seen to leave, though it never does. */
static void accept_redirected(struct lowering *lowering, struct ir_chain *base)
{
	if (!redirects_own(lowering->config))
		return;
	struct ir_rule *rule = rule_start(lowering, base, NOWHERE);
	rule_match(lowering, rule, term_of(IR_CT_STATUS), value_symbol("dnat"));
	rule_match(lowering, rule, term_of(IR_FIB_DADDR_TYPE), value_symbol("local"));
	rule_verdict(lowering, rule, IR_ACCEPT, NULL);
}

/* The interface that such a packet is seen to leave by is not the one that it does leave by. */
static void dispatch_uplinked(struct firewall *f, struct ir_chain *base)
{
	struct lowering *lowering = f->lowering;
	const struct ir_chain *refuse = f->outcomes[WAY_OUT].refuse;
	struct ir_term term = term_mark(MARK_TO);
	if (!f->by_name || !uplinks_carry_own(lowering->config))
		return;
	struct ir_chain *chain = chain_new(lowering->out, "output_uplinks", NOWHERE);
	rule_vmap(lowering, rule_start(lowering, chain, NOWHERE), term,
		  set_done(lowering, f->uplinked, "output_uplinks"));
	rule_verdict(lowering, rule_start(lowering, chain, NOWHERE), refuse ? IR_GOTO : IR_DROP,
		     refuse);
	struct ir_rule *rule = rule_start(lowering, base, NOWHERE);
	rule_match(lowering, rule, term_mark(MARK_UPLINK), value_mark(0));
	rule->statements.at[rule->statements.n - 1].match.op = IR_NE;
	rule_verdict(lowering, rule, IR_GOTO, chain);
}

static void build_out(struct firewall *f, const struct ir_chain *invalid)
{
	struct lowering *lowering = f->lowering;
	struct ir_chain *base = base_chain(lowering, BASE_FW_OUT);
	struct state_chains chains = { .invalid = invalid_out_chain(lowering, invalid) };
	chains.related = related_out_chain(lowering);
	chains.untracked = untracked_out(lowering, f->pairs);
	dispatch_state(lowering, base, "state_out", &chains);
	accept_loopback(lowering, base, IR_OIFNAME);
	accept_redirected(lowering, base);
	dispatch_uplinked(f, base);
	dispatch(f, WAY_OUT, base);
	refuse_rest(f, WAY_OUT, base);
}

/* Where refusals are counted by source, they end in a chain of their own; else NULL. */
static const struct ir_chain *refused_chain(struct lowering *lowering, const char *name,
					    enum rule_action action)
{
	static const struct outcome outcome;
	if (!protect_counts_refused(lowering->config))
		return NULL;
	struct ir_chain *chain = chain_new(lowering->out, name, NOWHERE);
	protect_refused(lowering, chain);
	struct ir_rule *rule = rule_start(lowering, chain, NOWHERE);
	rule_count(lowering, rule, counter_get(lowering, "refused_input", NOWHERE));
	rule_end(lowering, rule, action, &outcome);
	return chain;
}

static void plan_outcomes(struct firewall *f)
{
	for (int way = 0; way < WAY_COUNT; way++)
		f->maps[way] = way_map(f, (enum way)way);
	f->uplinked = set_start(f->lowering, term_mark(MARK_TO), NOWHERE);
	f->uplinked->is_map = true;
	struct outcome *in = &f->outcomes[WAY_IN];
	in->refuse = refused_chain(f->lowering, "refused_input", RULE_DROP);
	in->reject = refused_chain(f->lowering, "rejected_input", RULE_REJECT);
}

void lower_firewall(struct lowering *lowering)
{
	struct firewall f = { .lowering = lowering, .pairs = pairs_of(lowering) };
	f.shared = arena_array(lowering->arena, (size_t)lowering->config->policies.n * WAY_COUNT,
			       sizeof(struct ir_chain *));
	f.by_name = fits_by_name(&f);
	plan_outcomes(&f);
	const struct ir_chain *invalid = invalid_chain(lowering);
	for (uint32_t i = 0; i < f.pairs->all.n; i++)
		add_pair(&f, &f.pairs->all.at[i]);
	build_in(&f, invalid);
	build_forward(&f, invalid);
	if (has_way(&f, WAY_OUT))
		build_out(&f, invalid);
}
