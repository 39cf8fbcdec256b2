#include "lower/conditions.h"

#include <string.h>

#include "base/text.h"
#include "lower/feature.h"
#include "lower/match.h"

/* Protocols that share their ports; no ports at all where the lists are empty. */
struct group {
	struct field_texts protocols;
	struct field_ports ports, src_ports;
};

/* One of the lists that an address may be in; all empty: any address. */
struct side {
	const struct field_prefixes *prefixes;
	const struct ipset *set;
};

/* A part of a time window that is one range of the clock. */
struct clock {
	uint32_t start, end; /* seconds of the day, both included; equal: the whole day */
	uint8_t days;	     /* as in struct time_window */
};

/* A rule's alternatives: each of these with each of those. */
struct builder {
	struct lowering *lowering;
	struct ir_chain *chain;
	const struct rule *rule;
	const struct view *view;
	VEC(struct group) groups;
	VEC(struct side) sources, destinations;
	struct clock clocks[2];
	uint32_t clocks_n;
	uint32_t added;
};

/* One combination of alternatives. */
struct variant {
	uint8_t family;
	const struct group *group;
	const struct side *source, *destination;
	const struct clock *clock;
	uint32_t dscp; /* which of the rule's */
};

/* Groups */

static bool same_ports(const struct field_ports *a, const struct field_ports *b)
{
	if (a->items.n != b->items.n)
		return false;
	for (uint32_t i = 0; i < a->items.n; i++)
		if (a->items.at[i].low != b->items.at[i].low ||
		    a->items.at[i].high != b->items.at[i].high)
			return false;
	return true;
}

static void group_add(struct builder *b, const char *protocol, const struct field_ports *ports,
		      const struct field_ports *src_ports, struct span at)
{
	struct group *group = NULL;
	for (uint32_t i = 0; i < b->groups.n && !group; i++)
		if (same_ports(&b->groups.at[i].ports, ports) &&
		    same_ports(&b->groups.at[i].src_ports, src_ports))
			group = &b->groups.at[i];
	if (!group) {
		if (!b->groups.at)
			reserve(b->lowering->arena, &b->groups, 1);
		group = push(b->lowering->arena, &b->groups);
		group->ports = *ports;
		group->src_ports = *src_ports;
		group->protocols.at = at;
		reserve(b->lowering->arena, &group->protocols.items, 1);
	}
	for (uint32_t i = 0; i < group->protocols.items.n; i++)
		if (strcmp(group->protocols.items.at[i].value, protocol) == 0)
			return;
	*push(b->lowering->arena, &group->protocols.items) = (struct field_text){ protocol, at };
}

static void port_add(struct builder *b, struct field_ports *ports, uint16_t low, uint16_t high,
		     struct span at)
{
	if (low == 0 && high == 0)
		return;
	*push(b->lowering->arena, &ports->items) = (struct field_port){ low, high, at };
	ports->at = at;
}

/* All parts of a service's protocol that have no source ports of their own share a list. */
static void service_add_protocol(struct builder *b, const struct service_use *use, uint32_t first)
{
	const struct service_part *part = &use->def->parts.at[first];
	struct field_ports ports = { .at = use->at }, src_ports = { .at = use->at };
	port_add(b, &src_ports, part->source_low, part->source_high, use->at);
	for (uint32_t i = first; i < use->def->parts.n; i++) {
		const struct service_part *other = &use->def->parts.at[i];
		if (strcmp(other->protocol, part->protocol) == 0 &&
		    other->source_low == part->source_low &&
		    other->source_high == part->source_high)
			port_add(b, &ports, other->low, other->high, use->at);
	}
	group_add(b, part->protocol, &ports, &src_ports, use->at);
}

static bool is_first_of_kind(const struct service_def *def, uint32_t index)
{
	for (uint32_t i = 0; i < index; i++)
		if (strcmp(def->parts.at[i].protocol, def->parts.at[index].protocol) == 0 &&
		    def->parts.at[i].source_low == def->parts.at[index].source_low &&
		    def->parts.at[i].source_high == def->parts.at[index].source_high)
			return false;
	return true;
}

static bool has_word(const struct field_texts *words, const char *word)
{
	for (uint32_t i = 0; i < words->items.n; i++)
		if (strcmp(words->items.at[i].value, word) == 0)
			return true;
	return false;
}

/* Services bring their own protocols; where the rule names some too, both must agree. */
static void service_add(struct builder *b, const struct service_use *use)
{
	const struct field_texts *wanted = &b->rule->protocols;
	bool is_narrowed = wanted->items.n > 0 && b->rule->dest_ports.items.n == 0;
	for (uint32_t i = 0; i < use->def->parts.n; i++)
		if (is_first_of_kind(use->def, i) &&
		    (!is_narrowed || has_word(wanted, use->def->parts.at[i].protocol)))
			service_add_protocol(b, use, i);
}

static void collect_groups(struct builder *b)
{
	const struct rule *rule = b->rule;
	for (uint32_t i = 0; i < rule->services.n; i++)
		service_add(b, &rule->services.at[i]);
	bool has_ports = rule->dest_ports.items.n > 0 || rule->src_ports.items.n > 0;
	for (uint32_t i = 0; i < rule->protocols.items.n; i++)
		if (rule->services.n == 0 || has_ports)
			group_add(b, rule->protocols.items.at[i].value, &rule->dest_ports,
				  &rule->src_ports, rule->protocols.at);
	if (b->groups.n == 0)
		push(b->lowering->arena, &b->groups);
}

/* Addresses */

static const struct side anywhere;

static void collect_side(struct builder *b, const struct field_prefixes *prefixes,
			 const struct field_texts *sets, bool is_source)
{
	struct side side = { .prefixes = prefixes->items.n > 0 ? prefixes : NULL };
	if (side.prefixes)
		*(is_source ? push(b->lowering->arena, &b->sources)
			    : push(b->lowering->arena, &b->destinations)) = side;
	for (uint32_t i = 0; i < sets->items.n; i++) {
		side.prefixes = NULL;
		side.set = config_set(b->lowering->config, sets->items.at[i].value);
		*(is_source ? push(b->lowering->arena, &b->sources)
			    : push(b->lowering->arena, &b->destinations)) = side;
	}
}

static bool side_is_any(const struct side *side)
{
	return !side->prefixes && !side->set;
}

static bool side_has_family(struct builder *b, const struct side *side, uint8_t family)
{
	if (side->prefixes)
		return prefixes_of(side->prefixes, family) > 0;
	return set_for(b->lowering, side->set, family) != NULL;
}

/* Whether a rule of that family can match at all. What is inverted leaves out only what is listed.
 */
static bool fits(struct builder *b, const struct side *side, bool is_inverted, uint8_t family)
{
	return side_is_any(side) || is_inverted || side_has_family(b, side, family);
}

static void match_side(struct builder *b, struct ir_rule *rule, enum ir_key key,
		       const struct side *side, bool is_inverted, uint8_t family)
{
	enum ir_op op = is_inverted ? IR_NE : IR_EQ;
	if (side_is_any(side) || !side_has_family(b, side, family))
		return;
	if (side->prefixes)
		match_prefixes(b->lowering, rule, key, op, side->prefixes, family);
	else
		rule_match_set(b->lowering, rule, term_of(key), op,
			       set_for(b->lowering, side->set, family));
}

/* All lists at once: a packet must be in none of them. */
static void match_outside(struct builder *b, struct ir_rule *rule, enum ir_key key, bool is_source,
			  uint8_t family)
{
	uint32_t n = is_source ? b->sources.n : b->destinations.n;
	const struct side *sides = is_source ? b->sources.at : b->destinations.at;
	for (uint32_t i = 0; i < n; i++)
		match_side(b, rule, key, &sides[i], true, family);
}

static void match_addresses(struct builder *b, struct ir_rule *rule, const struct variant *v,
			    bool is_source)
{
	bool is_inverted = is_source ? b->rule->invert_src.value : b->rule->invert_dest.value;
	bool is_back = b->view->direction == DIRECTION_BACK;
	enum ir_key key;
	if (v->family == FAMILY_IPV4)
		key = is_source != is_back ? IR_IP_SADDR : IR_IP_DADDR;
	else
		key = is_source != is_back ? IR_IP6_SADDR : IR_IP6_DADDR;
	if (is_inverted)
		match_outside(b, rule, key, is_source, v->family);
	else
		match_side(b, rule, key, is_source ? v->source : v->destination, false, v->family);
}

/* Time */

enum { MINUTE = 60, DAY = 24 * 60 * MINUTE };

static uint8_t next_days(uint8_t days)
{
	return (uint8_t)((days << 1 | days >> 6) & 0x7f);
}

/* A window over midnight is two ranges of the clock, the second one on the next day. */
static void collect_clocks(struct builder *b)
{
	const struct time_window *time = &b->rule->time;
	if (!span_is_set(time->at) || time->start <= time->end) {
		b->clocks[b->clocks_n++] = (struct clock){ time->start, time->end, time->days };
		return;
	}
	b->clocks[b->clocks_n++] = (struct clock){ time->start, DAY, time->days };
	if (time->end > 0)
		b->clocks[b->clocks_n++] = (struct clock){ 0, time->end, next_days(time->days) };
}

static void need_days(struct builder *b)
{
	const struct ruleset *out = b->lowering->out;
	for (uint32_t i = 0; i < out->requirements.n; i++)
		if (out->requirements.at[i].need == IR_NEEDS_DAYS)
			return;
	*push(out->arena, &b->lowering->out->requirements) = (struct ir_requirement){
		.need = IR_NEEDS_DAYS, .is_optional = true, .at = b->rule->time.at
	};
}

static void match_days(struct builder *b, struct ir_rule *rule, uint8_t days)
{
	static const char *const names[] = { "Sunday",	 "Monday", "Tuesday", "Wednesday",
					     "Thursday", "Friday", "Saturday" };

	if (days == 0 || days == 0x7f)
		return;
	need_days(b);
	struct ir_set *set = set_start(b->lowering, term_of(IR_META_DAY), b->rule->time.at);
	for (size_t day = 0; day < countof(names); day++)
		if (days >> day & 1)
			set_add(b->lowering, set, value_string(names[day]), b->rule->time.at);
	if (set->elements.n == 1)
		rule_match(b->lowering, rule, term_of(IR_META_DAY), set->elements.at[0].parts[0]);
	else
		rule_match_set(b->lowering, rule, term_of(IR_META_DAY), IR_EQ,
			       set_done(b->lowering, set, "days"));
}

static void match_hours(struct builder *b, struct ir_rule *rule, enum ir_op op, uint32_t low,
			uint32_t high)
{
	rule_match(b->lowering, rule, term_of(IR_META_HOUR),
		   (struct ir_value){ .kind = IR_HOURS, .low = low, .high = high });
	rule->statements.at[rule->statements.n - 1].match.op = op;
}

/* nft counts hours in Greenwich. A range that is over midnight there it turns inside out, without
 * its two ends. So it gets the second ahead of the window and the one behind it, and both are taken
 * out again: that is right on whichever side of midnight the machine's time zone puts them. The end
 * itself is outside: a window until 18:00 is over at 18:00. */
static void match_span(struct builder *b, struct ir_rule *rule, const struct clock *clock)
{
	uint32_t before = (clock->start + DAY - 1) % DAY, end = clock->end % DAY;
	if (before < end)
		match_hours(b, rule, IR_EQ, before, end);
	else
		match_hours(b, rule, IR_NE, end, before);
	match_hours(b, rule, IR_NE, before, before);
	match_hours(b, rule, IR_NE, end, end);
}

static void match_clock(struct builder *b, struct ir_rule *rule, const struct clock *clock)
{
	if (!span_is_set(b->rule->time.at))
		return;
	match_days(b, rule, clock->days);
	if (clock->start != clock->end && clock->end - clock->start != DAY)
		match_span(b, rule, clock);
}

/* Protocols and ports */

static enum ir_key port_key(const struct group *group, bool is_source)
{
	if (group->protocols.items.n == 1) {
		const char *protocol = group->protocols.items.at[0].value;
		if (strcmp(protocol, "tcp") == 0)
			return is_source ? IR_TCP_SPORT : IR_TCP_DPORT;
		if (strcmp(protocol, "udp") == 0)
			return is_source ? IR_UDP_SPORT : IR_UDP_DPORT;
	}
	return is_source ? IR_TH_SPORT : IR_TH_DPORT;
}

static bool is_tcp(const struct group *group)
{
	return port_key(group, false) == IR_TCP_DPORT;
}

static void match_group(struct builder *b, struct ir_rule *rule, const struct group *group)
{
	bool is_back = b->view->direction == DIRECTION_BACK;
	bool has_ports = group->ports.items.n > 0 || group->src_ports.items.n > 0;
	bool is_implied = has_ports ? port_key(group, false) != IR_TH_DPORT
				    : b->rule->tcp_flags.mask && is_tcp(group);
	if (group->protocols.items.n > 0 && !is_implied)
		match_protocols(b->lowering, rule, &group->protocols);
	if (group->src_ports.items.n > 0)
		match_ports(b->lowering, rule, port_key(group, !is_back), &group->src_ports,
			    "ports");
	if (group->ports.items.n > 0)
		match_ports(b->lowering, rule, port_key(group, is_back), &group->ports, "ports");
}

static bool has_icmp(const struct builder *b, uint8_t family)
{
	for (uint32_t i = 0; i < b->rule->icmp_types.n; i++)
		if (b->rule->icmp_types.at[i].family == family)
			return true;
	return false;
}

static void match_icmp(struct builder *b, struct ir_rule *rule, uint8_t family)
{
	struct ir_term term = term_of(family == FAMILY_IPV4 ? IR_ICMP_TYPE : IR_ICMPV6_TYPE);
	struct ir_set *set = set_start(b->lowering, term, b->rule->at);
	for (uint32_t i = 0; i < b->rule->icmp_types.n; i++)
		if (b->rule->icmp_types.at[i].family == family)
			set_add(b->lowering, set, value_symbol(b->rule->icmp_types.at[i].word),
				b->rule->at);
	if (set->elements.n == 1)
		rule_match(b->lowering, rule, term, set->elements.at[0].parts[0]);
	else
		rule_match_set(b->lowering, rule, term, IR_EQ,
			       set_done(b->lowering, set, "icmp_types"));
}

static void match_flags(struct builder *b, struct ir_rule *rule)
{
	const struct tcp_flags *flags = &b->rule->tcp_flags;
	if (!flags->mask)
		return;
	struct ir_term term = { .key = IR_TCP_FLAGS, .masked = true, .mask = flags->mask };
	rule_match(b->lowering, rule, term,
		   (struct ir_value){ .kind = IR_FLAGS, .number = flags->set });
}

/* A packet without a connection is looked at as if it began one: it is of none that was accepted
 * before. */
static bool states_fit(const struct builder *b)
{
	const struct field_texts *states = &b->rule->states;
	return !b->view->is_stateless || states->items.n == 0 || has_word(states, "new") ||
	       has_word(states, "untracked");
}

/* Where policies are looked at, every packet is new or untracked. */
static void match_states(struct builder *b, struct ir_rule *rule)
{
	const struct field_texts *states = &b->rule->states;
	if (b->view->is_stateless || states->items.n == 0 || has_word(states, "new"))
		return;
	struct ir_match *match = &statement_new(b->lowering->out, rule, IR_MATCH)->match;
	match->terms[0] = term_of(IR_CT_STATE);
	match->terms_n = 1;
	match->bits = true;
	for (uint32_t i = 0; i < states->items.n; i++)
		match_add(b->lowering, match, value_symbol(states->items.at[i].value));
}

static void match_sides(struct builder *b, struct ir_rule *rule)
{
	bool is_back = b->view->direction == DIRECTION_BACK;
	const struct field_texts *in = is_back ? &b->rule->out_interfaces : &b->rule->in_interfaces;
	const struct field_texts *out =
		is_back ? &b->rule->in_interfaces : &b->rule->out_interfaces;
	if (in->items.n > 0 && !b->view->has_no_input)
		match_interfaces(b->lowering, rule, IR_IIFNAME, in);
	if (out->items.n > 0)
		match_interfaces(b->lowering, rule,
				 b->view->has_no_output ? IR_FIB_DADDR_OIFNAME : IR_OIFNAME, out);
}

/* Putting it together */

/* A port, something else, and what the caller adds. */
enum { STATEMENTS_USUAL = 3 };

static void add_rule(struct builder *b, const struct variant *v)
{
	const struct rule *from = b->rule;
	bool is_back = b->view->direction == DIRECTION_BACK;
	struct ir_rule *rule = rule_start(b->lowering, b->chain, from->at);
	rule->is_written = true;
	reserve(b->lowering->arena, &rule->statements, STATEMENTS_USUAL);
	b->added++;
	match_sides(b, rule);
	if (from->macs.items.n > 0 && !is_back)
		match_macs(b->lowering, rule, &from->macs);
	match_group(b, rule, v->group);
	uint32_t before = rule->statements.n;
	if (v->family != ANY_FAMILY) {
		match_addresses(b, rule, v, true);
		match_addresses(b, rule, v, false);
		if (from->icmp_types.n > 0)
			match_icmp(b, rule, v->family);
		if (from->dscps.items.n > 0)
			match_dscps(b->lowering, rule, v->family, &from->dscps, v->dscp);
		if (rule->statements.n == before)
			match_family(b->lowering, rule, v->family);
	}
	match_flags(b, rule);
	if (from->mark.mask)
		match_mark(b->lowering, rule, &from->mark);
	match_states(b, rule);
	match_clock(b, rule, v->clock);
}

static void add_clocks(struct builder *b, struct variant *v)
{
	for (uint32_t i = 0; i < b->clocks_n; i++) {
		v->clock = &b->clocks[i];
		for (v->dscp = 0; v->dscp < dscp_rules(v->family, &b->rule->dscps); v->dscp++)
			add_rule(b, v);
	}
}

static void add_destinations(struct builder *b, struct variant *v)
{
	bool is_inverted = b->rule->invert_dest.value;
	bool is_any = b->destinations.n == 0 || is_inverted;
	for (uint32_t i = 0; i < (is_any ? 1 : b->destinations.n); i++) {
		v->destination = is_any ? &anywhere : &b->destinations.at[i];
		if (fits(b, v->destination, is_inverted, v->family))
			add_clocks(b, v);
	}
}

static void add_sources(struct builder *b, struct variant *v)
{
	bool is_inverted = b->rule->invert_src.value;
	bool is_any = b->sources.n == 0 || is_inverted;
	for (uint32_t i = 0; i < (is_any ? 1 : b->sources.n); i++) {
		v->source = is_any ? &anywhere : &b->sources.at[i];
		if (fits(b, v->source, is_inverted, v->family))
			add_destinations(b, v);
	}
}

static bool has_families(const struct builder *b)
{
	return b->sources.n > 0 || b->destinations.n > 0 || b->rule->icmp_types.n > 0 ||
	       b->rule->dscps.items.n > 0;
}

/* ICMP is of one version each. */
static bool group_fits(const struct group *group, uint8_t family)
{
	const char *other = family == FAMILY_IPV4 ? "ipv6-icmp" : "icmp";
	return family == ANY_FAMILY || group->protocols.items.n != 1 ||
	       strcmp(group->protocols.items.at[0].value, other) != 0;
}

static void add_groups(struct builder *b, uint8_t family)
{
	static const struct group any_protocol;
	bool is_icmp = b->rule->icmp_types.n > 0;
	for (uint32_t i = 0; i < (is_icmp ? 1 : b->groups.n); i++) {
		struct variant v = { .family = family,
				     .group = is_icmp ? &any_protocol : &b->groups.at[i] };
		if (group_fits(v.group, family))
			add_sources(b, &v);
	}
}

uint32_t conditions_lower(struct lowering *lowering, struct ir_chain *chain,
			  const struct rule *rule, const struct view *view)
{
	struct builder b = { lowering, chain, rule, view };
	if (!states_fit(&b))
		return 0;
	collect_groups(&b);
	collect_side(&b, &rule->src, &rule->src_sets, true);
	collect_side(&b, &rule->dest, &rule->dest_sets, false);
	collect_clocks(&b);
	if (!view->family && !has_families(&b)) {
		add_groups(&b, ANY_FAMILY);
		return b.added;
	}
	static const uint8_t families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	for (size_t i = 0; i < countof(families); i++)
		if ((!view->family || view->family == families[i]) &&
		    (rule->icmp_types.n == 0 || has_icmp(&b, families[i])))
			add_groups(&b, families[i]);
	return b.added;
}

/* A TCP segment that begins a connection is no answer. */
void return_openings(struct lowering *lowering, struct ir_chain *chain)
{
	enum { SYN = 0x02, RST_ACK = 0x14 };
	const struct ir_term term = { .key = IR_TCP_FLAGS, .masked = true, .mask = SYN | RST_ACK };
	struct ir_rule *rule = rule_start(lowering, chain, NOWHERE);
	rule_match(lowering, rule, term, (struct ir_value){ .kind = IR_FLAGS, .number = SYN });
	rule_verdict(lowering, rule, IR_RETURN, NULL);
}
