/* Address translation: the first packet of a connection decides for all of them. */
#include <string.h>

#include "ir/name.h"
#include "lower/conditions.h"
#include "lower/feature.h"
#include "lower/limits.h"
#include "lower/logging.h"
#include "lower/match.h"
#include "lower/pairs.h"
#include "lower/policy.h"

/* A translation on its way into a chain. */
struct build {
	struct lowering *lowering;
	const struct nat *nat;
	struct ir_chain *chain;
	struct rule match;
	struct view view;
	struct ir_translate translate;
	bool no_from, no_to; /* zones do not matter here */
	bool is_dnat;	     /* only what was sent elsewhere */
	bool is_local;	     /* only what is for one of this machine's own addresses */
	bool stays;	     /* only what goes back to where it came from */
};

static struct rule conditions_of(const struct nat *nat)
{
	return (struct rule){
		.name = nat->name,
		.protocols = nat->protocols,
		.src_ports = nat->src_ports,
		.dest_ports = nat->dest_ports,
		.src = nat->src,
		.dest = nat->dest,
		.src_sets = nat->src_sets,
		.dest_sets = nat->dest_sets,
		.in_interfaces = nat->in_interfaces,
		.out_interfaces = nat->out_interfaces,
		.mark = nat->mark,
		.at = nat->at,
	};
}

static struct build build_of(struct lowering *lowering, const struct nat *nat, enum base_chain base)
{
	return (struct build){ .lowering = lowering,
			       .nat = nat,
			       .chain = base_chain(lowering, base),
			       .match = conditions_of(nat),
			       .view = { .has_no_output = base == BASE_NAT_PRE },
			       .translate = { .random = nat->random.value,
					      .fully_random = nat->fully_random.value,
					      .persistent = nat->persistent.value } };
}

static bool has_name(const struct ir_set *set, const char *name)
{
	for (uint32_t i = 0; i < set->elements.n; i++)
		if (strcmp(set->elements.at[i].parts[0].text, name) == 0)
			return true;
	return false;
}

/* Every interface with itself: connections that leave by where they came in. */
static const struct ir_set *same_interfaces(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	const struct ir_term terms[] = { term_of(IR_IIFNAME), term_of(IR_OIFNAME) };
	struct ir_set *set = set_start_terms(lowering, terms, countof(terms), NOWHERE);
	for (uint32_t i = 0; i < config->zones.n; i++)
		for (uint32_t k = 0; k < config->zones.at[i].matches.n; k++) {
			const struct field_texts *names =
				&config->zones.at[i].matches.at[k].interfaces;
			for (uint32_t n = 0; n < names->items.n; n++) {
				struct ir_value name = value_string(names->items.at[n].value);
				if (!interface_is_wildcard(name.text) && !has_name(set, name.text))
					set_add_parts(lowering, set,
						      (struct ir_value[]){ name, name }, NOWHERE);
			}
		}
	return set->elements.n > 0 ? set_done(lowering, set, "same_interface") : NULL;
}

static void match_staying(struct build *b, struct ir_rule *rule)
{
	const struct ir_term terms[] = { term_of(IR_IIFNAME), term_of(IR_OIFNAME) };
	const struct ir_set *same = same_interfaces(b->lowering);
	if (same)
		rule_match_terms(b->lowering, rule, terms, countof(terms), IR_EQ, same);
}

static void add_matches(struct build *b, struct ir_rule *rule)
{
	const struct nat *nat = b->nat;
	if (nat->from.written && !b->no_from)
		match_from_zones(b->lowering, rule, &nat->from);
	if (nat->to.written && !b->no_to)
		match_to_zones(b->lowering, rule, &nat->to);
	if (b->is_dnat)
		rule_match(b->lowering, rule, term_of(IR_CT_STATUS), value_symbol("dnat"));
	if (b->is_local)
		rule_match(b->lowering, rule, term_of(IR_FIB_DADDR_TYPE), value_symbol("local"));
	if (b->stays)
		match_staying(b, rule);
}

static void add_log(struct build *b, struct ir_rule *rule)
{
	if (b->nat->log.enabled.value)
		logging_add(b->lowering, rule, &b->nat->log, slug(b->lowering, b->nat->name),
			    arena_printf(b->lowering->arena,
					 "flywall nat %s: ", slug(b->lowering, b->nat->name)));
}

/* The rules with all that they match, without an end; returns the first one's index. */
static uint32_t start_rules(struct build *b)
{
	uint32_t n = conditions_lower(b->lowering, b->chain, &b->match, &b->view);
	for (uint32_t i = b->chain->rules.n - n; i < b->chain->rules.n; i++)
		add_matches(b, &b->chain->rules.at[i]);
	return b->chain->rules.n - n;
}

static void add_rules(struct build *b)
{
	if (logging_is_limited(&b->nat->log))
		for (uint32_t i = start_rules(b); i < b->chain->rules.n; i++)
			add_log(b, &b->chain->rules.at[i]);
	for (uint32_t i = start_rules(b); i < b->chain->rules.n; i++) {
		struct ir_rule *rule = &b->chain->rules.at[i];
		if (!logging_is_limited(&b->nat->log))
			add_log(b, rule);
		if (b->nat->counter.value)
			rule_count(b->lowering, rule,
				   counter_get(b->lowering,
					       name_make(b->lowering->arena, "counter",
							 slug(b->lowering, b->nat->counter.value)),
					       b->nat->counter.at));
		statement_new(b->lowering->out, rule, IR_TRANSLATE)->translate = b->translate;
	}
}

/* Targets */

static uint32_t targets_of(const struct nat *nat, uint8_t family)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < nat->targets.n; i++)
		count += nat->targets.at[i].family == family;
	return count;
}

static void set_target(struct build *b, const struct nat_target *target)
{
	b->translate.family = target->family;
	b->translate.low = target->low;
	b->translate.high = target->high;
	b->translate.port_low = target->port_low;
	b->translate.port_high = target->port_high;
	b->view.family = target->family;
}

static uint32_t total_weight(const struct nat *nat, uint8_t family)
{
	uint32_t total = 0;
	for (uint32_t i = 0; i < nat->targets.n; i++)
		if (nat->targets.at[i].family == family)
			total += nat->targets.at[i].weight;
	return total;
}

/* nft wants the port of the protocol that the rule matches. */
static enum ir_key port_of(const struct nat *nat)
{
	if (nat->protocols.items.n != 1)
		return IR_TH_DPORT;
	const char *protocol = nat->protocols.items.at[0].value;
	if (strcmp(protocol, "tcp") == 0)
		return IR_TCP_DPORT;
	return strcmp(protocol, "udp") == 0 ? IR_UDP_DPORT : IR_TH_DPORT;
}

/* Connections are dealt out in turn, to each target as many as it weighs. */
static void set_balance(struct build *b, uint8_t family)
{
	const struct nat *nat = b->nat;
	struct ir_term term = { .key = IR_NUMGEN_INC, .modulus = total_weight(nat, family) };
	struct ir_set *map = set_start(b->lowering, term, nat->at);
	uint32_t slot = 0;
	map->is_map = true;
	map->data[map->data_n++] = family == FAMILY_IPV4 ? IR_IP_DADDR : IR_IP6_DADDR;
	for (uint32_t i = 0; i < nat->targets.n; i++) {
		const struct nat_target *target = &nat->targets.at[i];
		if (target->family != family)
			continue;
		struct ir_element *element = set_add(
			b->lowering, map, value_range(slot, slot + target->weight - 1), target->at);
		element->data[0] = value_prefix(target->low);
		if (target->port_low) {
			map->data[1] = port_of(nat);
			map->data_n = 2;
			element->data[1] = value_number(target->port_low);
		}
		map->is_interval |= target->weight > 1;
		slot += target->weight;
	}
	b->translate.family = family;
	b->translate.map =
		set_done(b->lowering, map,
			 name_make(b->lowering->arena, "targets", slug(b->lowering, nat->name)));
	b->translate.terms[0] = term;
	b->translate.terms_n = 1;
	b->view.family = family;
}

/* Each family on its own; a target without an address is for both. */
static void add_targets(struct build *b)
{
	static const uint8_t families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	if (b->nat->targets.n == 0)
		add_rules(b);
	for (uint32_t i = 0; i < b->nat->targets.n; i++)
		if (b->nat->targets.at[i].family == 0) {
			set_target(b, &b->nat->targets.at[i]);
			add_rules(b);
			return;
		}
	for (size_t i = 0; i < countof(families); i++) {
		uint32_t n = targets_of(b->nat, families[i]);
		for (uint32_t k = 0; n == 1 && k < b->nat->targets.n; k++)
			if (b->nat->targets.at[k].family == families[i])
				set_target(b, &b->nat->targets.at[k]);
		if (n > 1)
			set_balance(b, families[i]);
		if (n > 0)
			add_rules(b);
		b->translate.map = NULL;
	}
}

/* Instead of what was asked for, where it goes to now. */
static void match_target(struct build *b, const struct nat_target *target)
{
	struct field_prefixes *dest = &b->match.dest;
	struct span at = target->at;
	*dest = (struct field_prefixes){ .at = at };
	b->match.dest_sets = (struct field_texts){ 0 };
	b->view.family = target->family;
	struct range rest = { target->low, target->high, .is_empty = target->family == 0 };
	struct prefix part;
	while (range_take(&rest, &part))
		*push(b->lowering->arena, &dest->items) = (struct field_prefix){ part, at };
	if (target->port_low) {
		b->match.dest_ports = (struct field_ports){ .at = at };
		*push(b->lowering->arena, &b->match.dest_ports.items) =
			(struct field_port){ target->port_low, target->port_high, at };
	}
}

/* Kinds */

static void lower_masquerade(struct lowering *lowering, const struct nat *nat)
{
	struct build b = build_of(lowering, nat, BASE_NAT_POST);
	b.translate.kind = IR_MASQUERADE;
	if (nat->targets.n > 0) {
		b.translate.port_low = nat->targets.at[0].port_low;
		b.translate.port_high = nat->targets.at[0].port_high;
	}
	add_rules(&b);
}

static void lower_snat(struct lowering *lowering, const struct nat *nat)
{
	struct build b = build_of(lowering, nat, BASE_NAT_POST);
	b.translate.kind = IR_SNAT;
	add_targets(&b);
}

static void forget_entrance(struct build *b)
{
	b->match.in_interfaces = (struct field_texts){ 0 };
	b->no_from = true;
}

static bool is_anywhere(const struct nat *nat)
{
	return nat->dest.items.n == 0 && nat->dest_sets.items.n == 0;
}

/* Those beside the target reach it by the outside address too. Their packets must come from this
 * machine, or the target would answer them directly, from an address that they never asked. */
static void lower_hairpin(struct lowering *lowering, const struct nat *nat)
{
	struct build entrance = build_of(lowering, nat, BASE_NAT_PRE);
	entrance.translate.kind = IR_DNAT;
	entrance.no_to = true;
	entrance.is_local = is_anywhere(nat);
	forget_entrance(&entrance);
	add_targets(&entrance);

	struct build back = build_of(lowering, nat, BASE_NAT_POST);
	forget_entrance(&back);
	back.no_to = true;
	back.is_dnat = true;
	back.stays = true;
	back.translate = (struct ir_translate){ .kind = IR_MASQUERADE };
	for (uint32_t i = 0; i < nat->targets.n; i++) {
		struct build one = back;
		match_target(&one, &nat->targets.at[i]);
		add_rules(&one);
	}
}

static void lower_dnat(struct lowering *lowering, const struct nat *nat, enum ir_translation kind)
{
	struct build b = build_of(lowering, nat, BASE_NAT_PRE);
	b.translate.kind = kind;
	b.no_to = true;
	/* What hairpin adds is for every entrance. */
	if (nat->hairpin.value)
		lower_hairpin(lowering, nat);
	else
		add_targets(&b);
	if (!nat->from.is_self)
		return;
	b = build_of(lowering, nat, BASE_NAT_OUT);
	b.translate.kind = kind;
	b.no_to = b.no_from = true;
	b.view.has_no_input = true;
	add_targets(&b);
}

static void set_prefix_map(struct build *b, const struct prefix *from, const struct prefix *to,
			   bool is_source)
{
	bool is_ipv4 = from->family == FAMILY_IPV4;
	enum ir_key source = is_ipv4 ? IR_IP_SADDR : IR_IP6_SADDR;
	enum ir_key destination = is_ipv4 ? IR_IP_DADDR : IR_IP6_DADDR;
	struct ir_term term = term_of(is_source ? source : destination);
	struct ir_set *map = set_start(b->lowering, term, b->nat->at);
	map->is_map = true;
	map->is_interval = true;
	map->data[0] = term.key;
	map->data_n = 1;
	set_add(b->lowering, map, value_prefix(*from), b->nat->at)->data[0] = value_prefix(*to);
	b->translate.map = set_done(b->lowering, map, is_source ? "inside" : "outside");
	b->translate.terms[0] = term;
	b->translate.terms_n = 1;
	b->translate.is_prefix = true;
}

/* Addresses that stand for each other, one by one. */
static void set_exchange(struct build *b, const struct prefix *from, const struct prefix *to,
			 bool is_source)
{
	struct field_prefixes *side = is_source ? &b->match.src : &b->match.dest;
	*side = (struct field_prefixes){ .at = b->nat->at };
	*push(b->lowering->arena, &side->items) = (struct field_prefix){ *from, b->nat->at };
	b->translate.kind = is_source ? IR_SNAT : IR_DNAT;
	b->translate.family = from->family;
	b->view.family = from->family;
	if (prefix_is_host(from)) {
		b->translate.low = b->translate.high = *to;
		return;
	}
	set_prefix_map(b, from, to, is_source);
}

/* One interface or zone is named, the outer one, whichever word was used for it. */
static void lower_exchange(struct lowering *lowering, const struct nat *nat)
{
	const struct field_texts *outer =
		nat->out_interfaces.items.n > 0 ? &nat->out_interfaces : &nat->in_interfaces;
	struct build in = build_of(lowering, nat, BASE_NAT_PRE);
	in.match.in_interfaces = *outer;
	in.match.out_interfaces = (struct field_texts){ 0 };
	in.no_to = true;
	set_exchange(&in, &nat->outside, &nat->inside, false);
	add_rules(&in);

	struct build out = build_of(lowering, nat, BASE_NAT_POST);
	out.match.out_interfaces = *outer;
	out.match.in_interfaces = (struct field_texts){ 0 };
	out.no_from = true;
	set_exchange(&out, &nat->inside, &nat->outside, true);
	add_rules(&out);
}

static void lower_one(struct lowering *lowering, const struct nat *nat)
{
	switch (nat->type) {
	case NAT_MASQUERADE:
		lower_masquerade(lowering, nat);
		return;
	case NAT_SNAT:
		lower_snat(lowering, nat);
		return;
	case NAT_DNAT:
		lower_dnat(lowering, nat, IR_DNAT);
		return;
	case NAT_REDIRECT:
		lower_dnat(lowering, nat, IR_REDIRECT);
		return;
	case NAT_ONE_TO_ONE:
	case NAT_PREFIX:
		lower_exchange(lowering, nat);
		return;
	}
}

static bool changes_ports(const struct nat *nat)
{
	for (uint32_t i = 0; i < nat->targets.n; i++)
		if (nat->targets.at[i].port_low > 0)
			return true;
	return false;
}

/* nft translates ports only where the rule names their one protocol. */
static void lower_each(struct lowering *lowering, const struct nat *nat)
{
	if (nat->protocols.items.n < 2 || !changes_ports(nat)) {
		lower_one(lowering, nat);
		return;
	}
	for (uint32_t i = 0; i < nat->protocols.items.n; i++) {
		struct nat *one = arena_alloc(lowering->arena, sizeof *one);
		*one = *nat;
		one->protocols = (struct field_texts){ .at = nat->protocols.at };
		*push(lowering->arena, &one->protocols.items) = nat->protocols.items.at[i];
		lower_one(lowering, one);
	}
}

/* Policies that hide what they let out: one look-up of the pair for all of them. */
static void masquerade_policies(struct lowering *lowering)
{
	const struct pairs *pairs = pairs_of(lowering);
	struct ir_term term = term_mark(MARK_FROM | MARK_TO);
	struct ir_set *set = set_start(lowering, term, NOWHERE);
	for (uint32_t i = 0; i < pairs->all.n; i++) {
		const struct pair *pair = &pairs->all.at[i];
		for (uint32_t k = 0; k < pair->policies.n; k++) {
			const struct policy *policy = pair->policies.at[k];
			if (!policy->masquerade.value)
				continue;
			set_add(lowering, set,
				value_mark(pair->from << MARK_FROM_SHIFT |
					   pair->to << MARK_TO_SHIFT),
				policy->masquerade.at);
			break;
		}
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
	if (!config->conntrack.enabled.value)
		return;
	for (uint32_t i = 0; i < config->nats.n; i++)
		lower_each(lowering, &config->nats.at[i]);
	masquerade_policies(lowering);
}

/* Forwarding of what was translated */

bool nat_forwards(const struct config *config)
{
	for (uint32_t i = 0; i < config->nats.n; i++)
		if (config->nats.at[i].forward.value)
			return true;
	return false;
}

/* As narrow as the translation itself: who came in by its conditions and now goes to its target. */
static void forward_target(struct lowering *lowering, struct ir_chain *forward,
			   const struct nat *nat, const struct nat_target *target)
{
	const struct outcome outcome = { .admit = admitted_chain(lowering) };
	struct build b = build_of(lowering, nat, BASE_NAT_PRE);
	b.chain = forward;
	b.view.has_no_output = false;
	b.is_dnat = true;
	b.no_to = true;
	if (nat->hairpin.value)
		forget_entrance(&b);
	match_target(&b, target);
	for (uint32_t i = start_rules(&b); i < forward->rules.n; i++)
		rule_end(lowering, &forward->rules.at[i], RULE_ACCEPT, &outcome);
}

static struct prefix first_of(const struct prefix *prefix)
{
	struct prefix first = *prefix;
	first.length = prefix->family == FAMILY_IPV4 ? 32 : 128;
	return first;
}

/* What was redirected is for this machine now, whatever it was for. */
static void accept_redirected(struct lowering *lowering, struct ir_chain *in, const struct nat *nat)
{
	const struct outcome outcome = { .admit = admitted_chain(lowering) };
	struct nat_target here = { .at = nat->at };
	struct build b = build_of(lowering, nat, BASE_NAT_PRE);
	b.chain = in;
	b.is_dnat = true;
	b.no_to = true;
	if (nat->targets.n > 0)
		here = nat->targets.at[0];
	match_target(&b, &here);
	for (uint32_t i = start_rules(&b); i < in->rules.n; i++)
		rule_end(lowering, &in->rules.at[i], RULE_ACCEPT, &outcome);
}

static void forward_targets(struct lowering *lowering, struct ir_chain *forward,
			    const struct nat *nat)
{
	for (uint32_t i = 0; i < nat->targets.n; i++)
		if (nat->targets.at[i].family)
			forward_target(lowering, forward, nat, &nat->targets.at[i]);
	if (nat->type == NAT_ONE_TO_ONE || nat->type == NAT_PREFIX)
		forward_target(lowering, forward, nat,
			       &(struct nat_target){ .family = nat->inside.family,
						     .low = first_of(&nat->inside),
						     .high = prefix_last(&nat->inside) });
}

void nat_forward(struct lowering *lowering, struct ir_chain *chain, bool is_forward)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->nats.n; i++) {
		const struct nat *nat = &config->nats.at[i];
		if (!nat->forward.value || (nat->type == NAT_REDIRECT) == is_forward)
			continue;
		if (is_forward)
			forward_targets(lowering, chain, nat);
		else
			accept_redirected(lowering, chain, nat);
	}
}
