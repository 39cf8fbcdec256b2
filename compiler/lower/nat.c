/* Address translation: the first packet of a connection decides for all of them. */
#include "lower/feature.h"
#include "lower/nat_exchange.h"
#include "lower/nat_hairpin.h"
#include "lower/nat_rules.h"
#include "lower/pairs.h"

/* What comes from this machine has no interface that it came in by. */
static bool begins_here(struct nat_rules *r)
{
	if (!r->from || !r->from->is_self)
		return false;
	r->from = NULL;
	return true;
}

/* Whom this machine asks on itself is to see it as it is; only such packets leave by no side. */
static bool may_stay_here(const struct nat *nat)
{
	return nat->out_interfaces.items.n == 0 && !nat->to.written &&
	       nat->in_interfaces.items.n == 0 && (!nat->from.written || nat->from.is_self);
}

static void lower_masquerade(struct lowering *lowering, const struct nat *nat)
{
	struct nat_rules r = nat_rules_of(lowering, nat, BASE_NAT_POST);
	r.leaves = may_stay_here(nat);
	r.is_ours = begins_here(&r);
	r.translate.kind = IR_MASQUERADE;
	if (nat->targets.n > 0) {
		r.translate.port_low = nat->targets.at[0].port_low;
		r.translate.port_high = nat->targets.at[0].port_high;
	}
	nat_rules_add(&r);
}

static void lower_snat(struct lowering *lowering, const struct nat *nat)
{
	struct nat_rules r = nat_rules_of(lowering, nat, BASE_NAT_POST);
	r.leaves = may_stay_here(nat);
	r.is_ours = begins_here(&r);
	r.translate.kind = IR_SNAT;
	nat_rules_add_targets(&r);
}

static bool names_entrance(const struct nat *nat)
{
	return nat->in_interfaces.items.n > 0 || nat->from.written;
}

/* Connections of this machine's own pass no entrance. */
static void lower_local(struct lowering *lowering, const struct nat *nat, enum ir_translation kind)
{
	struct nat_rules r = nat_rules_of(lowering, nat, BASE_NAT_OUT);
	if (nat->in_interfaces.items.n > 0)
		return;
	r.from = r.to = NULL;
	r.view.has_no_input = true;
	r.translate.kind = kind;
	nat_rules_add_targets(&r);
}

static void lower_dnat(struct lowering *lowering, const struct nat *nat, enum ir_translation kind,
		       struct neighbours *neighbours)
{
	if (nat->from.is_self) {
		lower_local(lowering, nat, kind);
		return;
	}
	/* The rule for every entrance is for this one too. */
	if (!nat->hairpin.value || (names_entrance(nat) && !nat_names_destination(nat))) {
		struct nat_rules r = nat_rules_of(lowering, nat, BASE_NAT_PRE);
		r.to = NULL;
		r.translate.kind = kind;
		nat_rules_add_targets(&r);
	}
	if (nat->hairpin.value)
		lower_hairpin(lowering, nat, neighbours);
}

static void lower_one(struct lowering *lowering, const struct nat *nat,
		      struct neighbours *neighbours)
{
	switch (nat->type) {
	case NAT_MASQUERADE:
		lower_masquerade(lowering, nat);
		return;
	case NAT_SNAT:
		lower_snat(lowering, nat);
		return;
	case NAT_DNAT:
		lower_dnat(lowering, nat, IR_DNAT, neighbours);
		return;
	case NAT_REDIRECT:
		lower_dnat(lowering, nat, IR_REDIRECT, neighbours);
		return;
	case NAT_ONE_TO_ONE:
	case NAT_PREFIX:
		lower_exchange(lowering, nat, neighbours);
		return;
	}
}

/* The first policy of the pair that hides, or NULL. */
static const struct policy *masquerading(const struct pair *pair)
{
	for (uint32_t i = 0; i < pair->policies.n; i++)
		if (pair->policies.at[i]->masquerade.value)
			return pair->policies.at[i];
	return NULL;
}

/* Policies that hide what they let out: one look-up of the pair for all of them. */
static void masquerade_policies(struct lowering *lowering)
{
	const struct pairs *pairs = pairs_of(lowering);
	struct ir_term term = term_mark(MARK_FROM | MARK_TO);
	struct ir_set *set = set_start(lowering, term, NOWHERE);
	for (uint32_t i = 0; i < pairs->all.n; i++) {
		const struct pair *pair = &pairs->all.at[i];
		uint32_t mark = pair->from << MARK_FROM_SHIFT | pair->to << MARK_TO_SHIFT;
		const struct policy *policy = masquerading(pair);
		if (policy)
			set_add(lowering, set, value_mark(mark), policy->masquerade.at);
	}
	if (set->elements.n == 0)
		return;
	struct ir_rule *rule = rule_start(lowering, base_chain(lowering, BASE_NAT_POST), NOWHERE);
	rule_match_set(lowering, rule, term, IR_EQ, set_done(lowering, set, "masquerade"));
	statement_new(lowering->out, rule, IR_TRANSLATE)->translate =
		(struct ir_translate){ .kind = IR_MASQUERADE };
}

void lower_nat(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	struct neighbours neighbours = { 0 };
	if (!config->conntrack.enabled.value)
		return;
	for (uint32_t i = 0; i < config->nats.n; i++) {
		const struct nat *each;
		uint32_t n = nat_by_protocol(lowering, &config->nats.at[i], &each);
		for (uint32_t k = 0; k < n; k++)
			lower_one(lowering, &each[k], &neighbours);
	}
	masquerade_policies(lowering);
}
