#include "lower/nat_hairpin.h"

#include "lower/match.h"
#include "lower/nat_rules.h"

static void add_interfaces(struct lowering *lowering, struct ir_set *set, struct index *known,
			   const struct field_texts *names)
{
	for (uint32_t i = 0; i < names->items.n; i++) {
		const char *name = names->items.at[i].value;
		const struct ir_value pair[] = { value_string(name), value_string(name) };
		if (interface_is_wildcard(name) || index_find(known, name))
			continue;
		index_add(lowering->arena, known, name, (void *)name);
		set_add_parts(lowering, set, pair, NOWHERE);
	}
}

/* Each interface with itself: nft cannot compare two of them. */
static const struct ir_set *same_interfaces(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	const struct ir_term terms[] = { term_of(IR_IIFNAME), term_of(IR_OIFNAME) };
	struct ir_set *set = set_start_terms(lowering, terms, countof(terms), NOWHERE);
	struct index known = { 0 };
	for (uint32_t i = 0; i < config->zones.n; i++)
		for (uint32_t k = 0; k < config->zones.at[i].matches.n; k++)
			add_interfaces(lowering, set, &known,
				       &config->zones.at[i].matches.at[k].interfaces);
	return set->elements.n > 0 ? set_done(lowering, set, "same_interface") : NULL;
}

/* Each zone with itself, in the mark. */
static const struct ir_set *same_zones(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	struct ir_set *set = set_start(lowering, term_mark(MARK_FROM | MARK_TO), NOWHERE);
	for (uint32_t i = 0; i < config->zones.n; i++) {
		uint32_t id = config->zones.at[i].id;
		set_add(lowering, set, value_mark(id << MARK_FROM_SHIFT | id << MARK_TO_SHIFT),
			NOWHERE);
	}
	return set_done(lowering, set, "same_zone");
}

/* Of interfaces that only a wildcard names, the zone tells what is beside. */
static void find_neighbours(struct lowering *lowering, struct neighbours *out)
{
	if (out->is_made)
		return;
	out->is_made = true;
	out->interfaces = same_interfaces(lowering);
	out->zones = lowering->is_plain ? NULL : same_zones(lowering);
}

static void add_way_back(struct lowering *lowering, const struct nat *nat,
			 const struct ir_match *way)
{
	for (uint32_t i = 0; i < nat->targets.n; i++) {
		struct nat_rules r = nat_rules_of(lowering, nat, BASE_NAT_POST);
		nat_forget_entrance(&r);
		r.to = NULL;
		r.translate = (struct ir_translate){ .kind = IR_MASQUERADE };
		r.is_translated = r.is_quiet = true;
		r.way = way;
		if (nat_match_targets(&r, i))
			nat_rules_add(&r);
	}
}

static void add_way_in(struct lowering *lowering, const struct nat *nat, const struct ir_set *set)
{
	struct ir_match way = { .op = IR_EQ, .set = set };
	if (!set)
		return;
	for (; way.terms_n < set->terms_n; way.terms_n++)
		way.terms[way.terms_n] = set->terms[way.terms_n];
	add_way_back(lowering, nat, &way);
}

/* Where no zones say what is beside what, everything that does not come from outside. */
static void add_way_inside(struct lowering *lowering, const struct nat *nat)
{
	struct ir_rule rule = { 0 };
	if (nat->in_interfaces.items.n == 0)
		return;
	match_interfaces(lowering, &rule, IR_IIFNAME, &nat->in_interfaces);
	rule.statements.at[0].match.op = IR_NE;
	add_way_back(lowering, nat, &rule.statements.at[0].match);
}

/* The target would answer those beside it directly, from an address that they never asked: to the
 * target, they come from this machine. */
void lower_way_back(struct lowering *lowering, const struct nat *nat, struct neighbours *neighbours)
{
	if (lowering->config->zones.n == 0) {
		add_way_inside(lowering, nat);
		return;
	}
	find_neighbours(lowering, neighbours);
	add_way_in(lowering, nat, neighbours->interfaces);
	add_way_in(lowering, nat, neighbours->zones);
}

/* The outside address is known, or it is one of this machine's on another side. */
void lower_hairpin(struct lowering *lowering, const struct nat *nat, struct neighbours *neighbours)
{
	struct nat_rules r = nat_rules_of(lowering, nat, BASE_NAT_PRE);
	nat_forget_entrance(&r);
	r.to = NULL;
	r.translate.kind = IR_DNAT;
	r.is_foreign = !nat_names_destination(nat);
	nat_rules_add_targets(&r);
	lower_way_back(lowering, nat, neighbours);
}
