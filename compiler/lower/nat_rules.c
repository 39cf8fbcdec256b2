#include "lower/nat_rules.h"

#include <string.h>

#include "ir/name.h"
#include "lower/feature.h"
#include "lower/logging.h"
#include "lower/match.h"
#include "lower/policy.h"

struct nat_rules nat_rules_of(struct lowering *lowering, const struct nat *nat,
			      enum base_chain base)
{
	struct nat_rules r = { .lowering = lowering, .nat = nat };
	r.chain = base_chain(lowering, base);
	r.view.has_no_output = base == BASE_NAT_PRE;
	r.from = nat->from.written ? &nat->from : NULL;
	r.to = nat->to.written ? &nat->to : NULL;
	r.translate.random = nat->random.value;
	r.translate.fully_random = nat->fully_random.value;
	r.translate.persistent = nat->persistent.value;
	r.match = (struct rule){
		.protocols = nat->protocols,
		.src_ports = nat->src_ports,
		.dest_ports = nat->dest_ports,
		.src = nat->src,
		.dest = nat->dest,
		.src_sets = nat->src_sets,
		.dest_sets = nat->dest_sets,
		.invert_src = nat->invert_src,
		.invert_dest = nat->invert_dest,
		.in_interfaces = nat->in_interfaces,
		.out_interfaces = nat->out_interfaces,
		.mark = nat->mark,
		.at = nat->at,
	};
	return r;
}

void nat_forget_entrance(struct nat_rules *r)
{
	r->match.in_interfaces = (struct field_texts){ 0 };
	r->from = NULL;
}

void nat_forget_destination(struct nat_rules *r)
{
	r->match.dest = (struct field_prefixes){ .at = r->nat->at };
	r->match.dest_sets = (struct field_texts){ 0 };
	r->match.invert_dest = (struct field_bool){ 0 };
}

void nat_match_port(struct nat_rules *r, const struct nat_target *target)
{
	if (target->port_low == 0)
		return;
	r->match.dest_ports = (struct field_ports){ .at = target->at };
	*push(r->lowering->arena, &r->match.dest_ports.items) =
		(struct field_port){ target->port_low, target->port_high, target->at };
}

static void match_target(struct nat_rules *r, const struct nat_target *target)
{
	struct range rest = { target->low, target->high };
	struct prefix part;
	while (range_take(&rest, &part))
		*push(r->lowering->arena, &r->match.dest.items) =
			(struct field_prefix){ part, target->at };
}

static bool is_alike(const struct nat_target *a, const struct nat_target *b)
{
	return a->family == b->family && a->port_low == b->port_low && a->port_high == b->port_high;
}

bool nat_match_targets(struct nat_rules *r, uint32_t first)
{
	const struct nat_target *targets = r->nat->targets.at;
	for (uint32_t i = 0; i < first; i++)
		if (is_alike(&targets[i], &targets[first]))
			return false;
	r->view.family = targets[first].family;
	nat_match_port(r, &targets[first]);
	if (targets[first].family == 0)
		return true;
	nat_forget_destination(r);
	for (uint32_t i = first; i < r->nat->targets.n; i++)
		if (is_alike(&targets[i], &targets[first]))
			match_target(r, &targets[i]);
	return true;
}

const char *nat_owner(struct lowering *lowering, const struct nat *nat)
{
	return nat->name ? slug(lowering, nat->name) : "nat";
}

/* Matches */

static void match_type(struct nat_rules *r, struct ir_rule *rule, enum ir_key key, enum ir_op op,
		       const char *type)
{
	rule_match(r->lowering, rule, term_of(key), value_symbol(type));
	rule->statements.at[rule->statements.n - 1].match.op = op;
}

static void match_others(struct nat_rules *r, struct ir_rule *rule, enum ir_key key)
{
	struct lowering *lowering = r->lowering;
	const struct nat *nat = r->nat;
	uint8_t family = r->view.family;
	if (prefixes_of(&nat->dest, family) > 0)
		match_prefixes(lowering, rule, key, IR_NE, &nat->dest, family);
	for (uint32_t i = 0; i < nat->dest_sets.items.n; i++) {
		const struct ipset *set =
			config_set(lowering->config, nat->dest_sets.items.at[i].value);
		if (set_for(lowering, set, family))
			rule_match_set(lowering, rule, term_of(key), IR_NE,
				       set_for(lowering, set, family));
	}
}

static void match_asked(struct nat_rules *r, struct ir_rule *rule)
{
	uint8_t family = r->view.family;
	enum ir_key key =
		family == FAMILY_IPV4 ? IR_CT_ORIGINAL_IP_DADDR : IR_CT_ORIGINAL_IP6_DADDR;
	if (r->asked)
		match_prefixes(r->lowering, rule, key, IR_EQ, r->asked, family);
	if (r->asked_set)
		rule_match_set(r->lowering, rule, term_of(key), IR_EQ,
			       set_for(r->lowering, r->asked_set, family));
	if (r->asked_others)
		match_others(r, rule, key);
	if (r->asked_ports)
		match_ports(r->lowering, rule, IR_CT_ORIGINAL_PROTO_DST, r->asked_ports, "ports");
}

static void match_except(struct nat_rules *r, struct ir_rule *rule)
{
	bool is_ipv4 = r->except->family == FAMILY_IPV4;
	rule_match(r->lowering, rule, term_of(is_ipv4 ? IR_IP_DADDR : IR_IP6_DADDR),
		   value_prefix(*r->except));
	rule->statements.at[rule->statements.n - 1].match.op = IR_NE;
}

static void add_matches(struct nat_rules *r, struct ir_rule *rule)
{
	if (r->from)
		match_from_zones(r->lowering, rule, r->from);
	if (r->to)
		match_to_zones(r->lowering, rule, r->to);
	if (r->leaves) {
		rule_match(r->lowering, rule, term_of(IR_OIFNAME), value_string("lo"));
		rule->statements.at[rule->statements.n - 1].match.op = IR_NE;
	}
	if (r->is_ours)
		match_type(r, rule, IR_FIB_SADDR_TYPE, IR_EQ, "local");
	if (r->is_foreign) {
		match_type(r, rule, IR_FIB_DADDR_TYPE, IR_EQ, "local");
		match_type(r, rule, IR_FIB_DADDR_IIF_TYPE, IR_NE, "local");
	}
	if (r->is_translated)
		match_type(r, rule, IR_CT_STATUS, IR_EQ, "dnat");
	match_asked(r, rule);
	if (r->except)
		match_except(r, rule);
	if (r->way)
		statement_new(r->lowering->out, rule, IR_MATCH)->match = *r->way;
}

uint32_t nat_rules_start(struct nat_rules *r)
{
	uint32_t n = conditions_lower(r->lowering, r->chain, &r->match, &r->view);
	for (uint32_t i = r->chain->rules.n - n; i < r->chain->rules.n; i++) {
		r->chain->rules.at[i].comment = r->nat->name;
		add_matches(r, &r->chain->rules.at[i]);
	}
	return r->chain->rules.n - n;
}

/* What they do */

static void add_log(struct nat_rules *r, struct ir_rule *rule)
{
	const char *owner = nat_owner(r->lowering, r->nat);
	if (r->nat->log.enabled.value && !r->is_quiet)
		logging_add(r->lowering, rule, &r->nat->log, owner,
			    arena_printf(r->lowering->arena, "flywall nat %s: ", owner));
}

static void add_counter(struct nat_rules *r, struct ir_rule *rule)
{
	struct lowering *lowering = r->lowering;
	const struct field_text *counter = &r->nat->counter;
	if (counter->value && !r->is_quiet)
		rule_count(lowering, rule,
			   counter_get(lowering,
				       name_make(lowering->arena, "counter",
						 slug(lowering, counter->value)),
				       counter->at));
}

static bool is_family_match(const struct ir_statement *statement)
{
	return statement->kind == IR_MATCH && statement->match.terms[0].key == IR_NFPROTO;
}

/* To look at an address, nft matches its family itself right there, and lists no match of it that
 * stands ahead. */
static void leave_family(struct nat_rules *r, struct ir_rule *rule)
{
	const struct ir_translate *to = &r->translate;
	bool looks = to->map && !to->is_port_map && r->nat->persistent.value;
	for (uint32_t i = 0; looks && i + 1 < rule->statements.n; i++) {
		if (!is_family_match(&rule->statements.at[i]))
			continue;
		memmove(&rule->statements.at[i], &rule->statements.at[i + 1],
			(rule->statements.n - i - 1) * sizeof *rule->statements.at);
		rule->statements.n--;
		return;
	}
}

void nat_rules_add(struct nat_rules *r)
{
	bool logs_apart = logging_is_limited(&r->nat->log) && !r->is_quiet;
	for (uint32_t i = logs_apart ? nat_rules_start(r) : r->chain->rules.n;
	     i < r->chain->rules.n; i++)
		add_log(r, &r->chain->rules.at[i]);
	for (uint32_t i = nat_rules_start(r); i < r->chain->rules.n; i++) {
		struct ir_rule *rule = &r->chain->rules.at[i];
		if (!r->nat->log.enabled.value && !r->nat->counter.value)
			leave_family(r, rule);
		if (!logs_apart)
			add_log(r, rule);
		add_counter(r, rule);
		statement_new(r->lowering->out, rule, IR_TRANSLATE)->translate = r->translate;
	}
}

/* Targets */

/* nft wants the port of the protocol that the rule matches. */
static enum ir_key port_key(const struct nat *nat)
{
	const char *protocol = nat->protocols.items.n == 1 ? nat->protocols.items.at[0].value : "";
	if (strcmp(protocol, "tcp") == 0)
		return IR_TCP_DPORT;
	return strcmp(protocol, "udp") == 0 ? IR_UDP_DPORT : IR_TH_DPORT;
}

static bool shifts_ports(const struct nat *nat, const struct nat_target *target)
{
	const struct field_ports *asked = &nat->dest_ports;
	return target->port_low < target->port_high && asked->items.n == 1 &&
	       asked->items.at[0].low != target->port_low &&
	       asked->items.at[0].high - asked->items.at[0].low ==
		       target->port_high - target->port_low &&
	       !nat->random.value && !nat->fully_random.value;
}

/* Of a range, the kernel would take any port. */
static void map_ports(struct nat_rules *r, const struct nat_target *target)
{
	struct lowering *lowering = r->lowering;
	struct ir_term term = term_of(port_key(r->nat));
	struct ir_set *map = set_start(lowering, term, target->at);
	const struct field_port *asked = &r->nat->dest_ports.items.at[0];
	uint32_t n = (uint32_t)(asked->high - asked->low) + 1;
	map->is_map = true;
	map->data[map->data_n++] = term.key;
	for (uint32_t i = 0; i < n; i++) {
		struct ir_value port = value_number(asked->low + i);
		set_add(lowering, map, port, target->at)->data[0] =
			value_number(target->port_low + i);
	}
	const char *owner = nat_owner(lowering, r->nat);
	r->translate.map = set_done(lowering, map, name_make(lowering->arena, "ports", owner));
	r->translate.terms[0] = term;
	r->translate.terms_n = 1;
	r->translate.is_port_map = true;
}

static void set_target(struct nat_rules *r, const struct nat_target *target)
{
	r->translate.family = target->family;
	r->translate.low = target->low;
	r->translate.high = target->high;
	r->view.family = target->family;
	if (shifts_ports(r->nat, target)) {
		map_ports(r, target);
		return;
	}
	r->translate.port_low = target->port_low;
	r->translate.port_high = target->port_high;
}

/* In turn, or by the source, so that a host keeps its target. */
static struct ir_term share_term(const struct nat *nat, uint8_t family, uint32_t shares)
{
	enum ir_key key = IR_NUMGEN_INC;
	if (nat->persistent.value)
		key = family == FAMILY_IPV4 ? IR_JHASH_IP_SADDR : IR_JHASH_IP6_SADDR;
	return (struct ir_term){ .key = key, .modulus = shares };
}

static bool targets_have_ports(const struct nat *nat, uint8_t family)
{
	for (uint32_t i = 0; i < nat->targets.n; i++)
		if (nat->targets.at[i].family == family && nat->targets.at[i].port_low)
			return true;
	return false;
}

/* Connections are dealt out to each target as often as it weighs. */
static void set_shares(struct nat_rules *r, uint8_t family, uint32_t shares)
{
	struct lowering *lowering = r->lowering;
	struct ir_term term = share_term(r->nat, family, shares);
	struct ir_set *map = set_start(lowering, term, r->nat->at);
	uint32_t share = 0;
	map->is_map = true;
	map->data[map->data_n++] = family == FAMILY_IPV4 ? IR_IP_DADDR : IR_IP6_DADDR;
	if (targets_have_ports(r->nat, family))
		map->data[map->data_n++] = port_key(r->nat);
	for (uint32_t i = 0; i < r->nat->targets.n; i++) {
		const struct nat_target *target = &r->nat->targets.at[i];
		if (target->family != family)
			continue;
		struct ir_value value = value_range(share, share + target->weight - 1);
		struct ir_element *element = set_add(lowering, map, value, target->at);
		element->data[0] = value_prefix(target->low);
		if (target->port_low)
			element->data[1] = value_number(target->port_low);
		map->is_interval |= target->weight > 1;
		share += target->weight;
	}
	const char *owner = nat_owner(lowering, r->nat);
	r->translate.family = family;
	r->translate.map = set_done(lowering, map, name_make(lowering->arena, "targets", owner));
	r->translate.terms[0] = term;
	r->translate.terms_n = 1;
	r->translate.persistent = false;
	r->view.family = family;
}

static void add_family(struct nat_rules *r, uint8_t family)
{
	struct nat_rules one = *r;
	uint32_t count = 0, shares = 0;
	for (uint32_t i = 0; i < r->nat->targets.n; i++) {
		const struct nat_target *target = &r->nat->targets.at[i];
		if (target->family != family)
			continue;
		set_target(&one, target);
		shares += target->weight;
		count++;
	}
	if (count > 1) {
		one.translate = r->translate;
		set_shares(&one, family, shares);
	}
	if (count > 0)
		nat_rules_add(&one);
}

/* A target without an address is for both families, and the only one. */
void nat_rules_add_targets(struct nat_rules *r)
{
	const struct nat *nat = r->nat;
	if (nat->targets.n == 0 || nat->targets.at[0].family == 0) {
		if (nat->targets.n > 0)
			set_target(r, &nat->targets.at[0]);
		nat_rules_add(r);
		return;
	}
	add_family(r, FAMILY_IPV4);
	add_family(r, FAMILY_IPV6);
}

bool nat_names_destination(const struct nat *nat)
{
	return nat->dest.items.n > 0 || nat->dest_sets.items.n > 0;
}

bool nat_changes_ports(const struct nat *nat)
{
	for (uint32_t i = 0; i < nat->targets.n; i++)
		if (nat->targets.at[i].port_low > 0)
			return true;
	return false;
}

uint32_t nat_by_protocol(struct lowering *lowering, const struct nat *nat, const struct nat **out)
{
	uint32_t n = nat->protocols.items.n;
	*out = nat;
	if (n < 2 || !nat_changes_ports(nat))
		return 1;
	struct nat *each = arena_array(lowering->arena, n, sizeof *each);
	for (uint32_t i = 0; i < n; i++) {
		each[i] = *nat;
		each[i].protocols = (struct field_texts){ .at = nat->protocols.at };
		*push(lowering->arena, &each[i].protocols.items) = nat->protocols.items.at[i];
	}
	*out = each;
	return n;
}
