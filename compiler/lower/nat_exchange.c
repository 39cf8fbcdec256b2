#include "lower/nat_exchange.h"

#include <string.h>

#include "lower/feature.h"
#include "lower/nat_hairpin.h"

static struct field_prefixes one_prefix(struct lowering *lowering, const struct prefix *prefix,
					struct span at)
{
	struct field_prefixes prefixes = { .at = at };
	*push(lowering->arena, &prefixes.items) = (struct field_prefix){ *prefix, at };
	return prefixes;
}

/* The bits behind the prefix stay. */
static void translate_network(struct nat_rules *r, enum ir_key key, const struct prefix *from,
			      const struct prefix *to)
{
	struct ir_set *map = set_start(r->lowering, term_of(key), r->nat->at);
	map->is_map = true;
	map->is_interval = true;
	map->data[0] = key;
	map->data_n = 1;
	*set_add(r->lowering, map, value_prefix(*from), r->nat->at)->data = value_prefix(*to);
	r->translate.map = set_done(r->lowering, map, "network");
	r->translate.terms[0] = term_of(key);
	r->translate.terms_n = 1;
	r->translate.is_prefix = true;
}

static void translate(struct nat_rules *r, enum ir_translation kind, const struct prefix *from,
		      const struct prefix *to)
{
	bool is_ipv4 = from->family == FAMILY_IPV4;
	enum ir_key source = is_ipv4 ? IR_IP_SADDR : IR_IP6_SADDR;
	enum ir_key destination = is_ipv4 ? IR_IP_DADDR : IR_IP6_DADDR;
	r->translate.kind = kind;
	r->translate.family = from->family;
	if (prefix_is_host(from))
		r->translate.low = r->translate.high = *to;
	else
		translate_network(r, kind == IR_SNAT ? source : destination, from, to);
}

struct nat_rules exchange_inward(struct lowering *lowering, const struct nat *nat,
				 enum base_chain base)
{
	struct nat_rules r = nat_rules_of(lowering, nat, base);
	if (nat->out_interfaces.items.n > 0)
		r.match.in_interfaces = nat->out_interfaces;
	r.match.out_interfaces = (struct field_texts){ 0 };
	r.match.dest = one_prefix(lowering, &nat->outside, nat->at);
	r.view.family = nat->outside.family;
	r.from = r.to ? r.to : r.from;
	r.to = NULL;
	return r;
}

static void add_inward(struct lowering *lowering, const struct nat *nat)
{
	struct nat_rules r = exchange_inward(lowering, nat, BASE_NAT_PRE);
	if (nat->hairpin.value)
		nat_forget_entrance(&r);
	translate(&r, IR_DNAT, &nat->outside, &nat->inside);
	nat_rules_add(&r);
}

/* This machine asks for the outside address too. */
static void add_local(struct lowering *lowering, const struct nat *nat)
{
	struct nat_rules r = exchange_inward(lowering, nat, BASE_NAT_OUT);
	r.view.has_no_input = true;
	r.from = NULL;
	translate(&r, IR_DNAT, &nat->outside, &nat->inside);
	nat_rules_add(&r);
}

/* The same packets the other way round. */
static struct nat_rules outward(struct lowering *lowering, const struct nat *nat)
{
	struct nat_rules r = exchange_inward(lowering, nat, BASE_NAT_POST);
	r.match.dest = one_prefix(lowering, &nat->inside, nat->at);
	r.view.direction = DIRECTION_BACK;
	r.to = r.from;
	r.from = NULL;
	translate(&r, IR_SNAT, &nat->inside, &nat->outside);
	return r;
}

static void add_outward(struct lowering *lowering, const struct nat *nat)
{
	struct nat_rules r = outward(lowering, nat);
	bool has_outer = r.to || r.match.in_interfaces.items.n > 0;
	if (!has_outer && !prefix_is_host(&nat->inside)) {
		/* Inside hosts talk to each other as they are, unless they asked for an outside
		 * address. */
		struct nat_rules asked = r;
		asked.is_translated = asked.is_quiet = true;
		nat_rules_add(&asked);
		r.except = &nat->inside;
	}
	nat_rules_add(&r);
}

/* Those beside the host; it has its outside address already where it asks for that itself. */
static void add_way_back(struct lowering *lowering, const struct nat *nat,
			 struct neighbours *neighbours)
{
	struct nat one = *nat;
	struct nat_target hosts = { .family = nat->inside.family, .at = nat->at };
	hosts.low = nat->inside;
	hosts.high = prefix_last(&nat->inside);
	hosts.low.length = hosts.high.length;
	if (nat->out_interfaces.items.n > 0)
		one.in_interfaces = nat->out_interfaces;
	one.out_interfaces = (struct field_texts){ 0 };
	memset(&one.targets, 0, sizeof one.targets);
	*push(lowering->arena, &one.targets) = hosts;
	lower_way_back(lowering, &one, neighbours);
}

void lower_exchange(struct lowering *lowering, const struct nat *nat, struct neighbours *neighbours)
{
	add_inward(lowering, nat);
	add_local(lowering, nat);
	add_outward(lowering, nat);
	if (nat->hairpin.value)
		add_way_back(lowering, nat, neighbours);
}
