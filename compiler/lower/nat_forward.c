/* What was translated may pass without a policy: as narrowly as it was translated. */
#include "lower/feature.h"
#include "lower/limits.h"
#include "lower/match.h"
#include "lower/nat_exchange.h"
#include "lower/nat_rules.h"
#include "lower/policy.h"

static bool is_here(const struct nat *nat)
{
	return nat->type == NAT_REDIRECT;
}

bool nat_forwards(const struct config *config)
{
	for (uint32_t i = 0; i < config->nats.n; i++)
		if (config->nats.at[i].forward.value)
			return true;
	return false;
}

static void add_accepts(struct nat_rules *r)
{
	const struct outcome outcome = { .admit = admitted_chain(r->lowering) };
	for (uint32_t i = nat_rules_start(r); i < r->chain->rules.n; i++)
		rule_end(r->lowering, &r->chain->rules.at[i], RULE_ACCEPT, &outcome);
}

/* For each list that the destination which was asked for may be in. */
static void accept_asked(struct nat_rules *r, uint8_t family)
{
	const struct nat *nat = r->nat;
	r->view.family = family;
	r->asked_others = nat->invert_dest.value;
	if (r->asked_others) {
		add_accepts(r);
		return;
	}
	if (prefixes_of(&nat->dest, family) > 0) {
		r->asked = &nat->dest;
		add_accepts(r);
		r->asked = NULL;
	}
	for (uint32_t i = 0; i < nat->dest_sets.items.n; i++) {
		r->asked_set = config_set(r->lowering->config, nat->dest_sets.items.at[i].value);
		if (set_for(r->lowering, r->asked_set, family))
			add_accepts(r);
	}
	r->asked_set = NULL;
}

static void accept_translated(struct nat_rules *r)
{
	const struct nat *nat = r->nat;
	r->is_translated = true;
	r->to = NULL;
	if (nat_changes_ports(nat) && nat->dest_ports.items.n > 0)
		r->asked_ports = &nat->dest_ports;
	if (!nat_names_destination(nat))
		add_accepts(r);
	else if (r->view.family)
		accept_asked(r, r->view.family);
	else {
		accept_asked(r, FAMILY_IPV4);
		accept_asked(r, FAMILY_IPV6);
	}
}

/* Rules of the nat block for packets that are translated already. */
static struct nat_rules behind(struct lowering *lowering, struct ir_chain *chain,
			       const struct nat *nat)
{
	struct nat_rules r = nat_rules_of(lowering, nat, BASE_NAT_PRE);
	r.chain = chain;
	r.view.has_no_output = false;
	if (nat->hairpin.value)
		nat_forget_entrance(&r);
	return r;
}

static void accept_targets(struct lowering *lowering, struct ir_chain *chain, const struct nat *nat)
{
	for (uint32_t i = 0; i < nat->targets.n; i++) {
		struct nat_rules r = behind(lowering, chain, nat);
		if (nat_match_targets(&r, i))
			accept_translated(&r);
	}
}

static void accept_here(struct lowering *lowering, struct ir_chain *chain, const struct nat *nat)
{
	struct nat_rules r = behind(lowering, chain, nat);
	nat_forget_destination(&r);
	if (nat->targets.n > 0)
		nat_match_port(&r, &nat->targets.at[0]);
	accept_translated(&r);
}

static void accept_each(struct lowering *lowering, struct ir_chain *chain, const struct nat *nat)
{
	const struct nat *each;
	uint32_t n = nat_by_protocol(lowering, nat, &each);
	for (uint32_t i = 0; i < n; i++)
		if (is_here(nat))
			accept_here(lowering, chain, &each[i]);
		else
			accept_targets(lowering, chain, &each[i]);
}

static void accept_exchanged(struct lowering *lowering, struct ir_chain *chain,
			     const struct nat *nat)
{
	struct nat_rules r = exchange_inward(lowering, nat, BASE_NAT_PRE);
	const struct field_prefixes outside = r.match.dest;
	if (nat->hairpin.value)
		nat_forget_entrance(&r);
	r.chain = chain;
	r.view.has_no_output = false;
	r.match.dest = (struct field_prefixes){ .at = nat->at };
	*push(lowering->arena, &r.match.dest.items) = (struct field_prefix){ nat->inside, nat->at };
	r.is_translated = true;
	r.asked = &outside;
	add_accepts(&r);
}

void nat_forward(struct lowering *lowering, struct ir_chain *chain, bool is_forward)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->nats.n; i++) {
		const struct nat *nat = &config->nats.at[i];
		if (!nat->forward.value || nat->from.is_self || is_here(nat) == is_forward)
			continue;
		if (nat->type == NAT_ONE_TO_ONE || nat->type == NAT_PREFIX)
			accept_exchanged(lowering, chain, nat);
		else
			accept_each(lowering, chain, nat);
	}
}
