/* Sets of the configuration, and lists of those who may not pass at all. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ir/name.h"
#include "lower/feature.h"
#include "lower/limits.h"
#include "lower/logging.h"
#include "lower/policy.h"

/* What a set of the configuration becomes, each made when first asked for: a set of the kernel for
 * each family, and the chain of a list. */
struct user_set {
	struct {
		const struct ir_set *set;
		bool is_made;
	} ipv4, ipv6;
	struct ir_chain *listed;
};

static bool has_family(const struct ipset *set, uint8_t family)
{
	for (uint32_t i = 0; i < set->prefixes_n; i++)
		if (set->prefixes[i].family == family)
			return true;
	return false;
}

static bool has_networks(const struct prefix *prefixes, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (!prefix_is_host(&prefixes[i]))
			return true;
	return false;
}

static int compare_hosts(const void *left, const void *right)
{
	return prefix_compare(left, right);
}

/* Hosts alone stay hosts: the kernel finds them by a hash, and networks by a tree. */
static uint32_t hosts_merge(struct prefix *hosts, uint32_t n)
{
	uint32_t kept = 0;
	qsort(hosts, n, sizeof *hosts, compare_hosts);
	for (uint32_t i = 0; i < n; i++)
		if (kept == 0 || prefix_compare(&hosts[kept - 1], &hosts[i]) != 0)
			hosts[kept++] = hosts[i];
	return kept;
}

/* The addresses of a family, merged: the kernel takes no overlaps. */
static uint32_t collect(struct lowering *lowering, const struct ipset *from, uint8_t family,
			struct prefix **out)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < from->prefixes_n; i++)
		n += from->prefixes[i].family == family;
	struct prefix *prefixes = arena_array(lowering->arena, n, sizeof *prefixes);
	n = 0;
	for (uint32_t i = 0; i < from->prefixes_n; i++)
		if (from->prefixes[i].family == family)
			prefixes[n++] = from->prefixes[i];
	*out = prefixes;
	return has_networks(prefixes, n) ? (uint32_t)prefixes_merge(prefixes, n)
					 : hosts_merge(prefixes, n);
}

/* What it holds changes while it is in use, so its name must not depend on that. */
static const struct ir_set *finish_dynamic(struct lowering *lowering, struct ir_set *set,
					   const struct ipset *from, const char *base)
{
	uint32_t parameters[] = { (uint32_t)from->timeout.value, (uint32_t)from->size.value,
				  set->is_interval };
	set->is_dynamic = true;
	set->timeout = (uint32_t)from->timeout.value;
	set->size = (uint32_t)from->size.value;
	set->name = name_hashed(lowering->arena, base,
				hash_bytes(HASH_START, parameters, sizeof parameters));
	*push(lowering->out->arena, &lowering->out->sets) = set;
	return set;
}

static const struct ir_set *finish(struct lowering *lowering, struct ir_set *set,
				   const struct ipset *from, const char *what)
{
	const char *base = name_make(lowering->arena, what, from->name);
	if (from->is_dynamic)
		return finish_dynamic(lowering, set, from, base);
	if (!set->is_interval && set->prefixes_n > 0)
		set->size = set->prefixes_n;
	return set_done(lowering, set, base);
}

static const struct ir_set *make_addresses(struct lowering *lowering, const struct ipset *from,
					   uint8_t family)
{
	bool is_ipv4 = family == FAMILY_IPV4;
	if (!has_family(from, family) && !from->is_dynamic)
		return NULL;
	struct prefix *prefixes;
	uint32_t n = collect(lowering, from, family, &prefixes);
	struct ir_set *set =
		set_start(lowering, term_of(is_ipv4 ? IR_IP_SADDR : IR_IP6_SADDR), from->at);
	set->prefixes = prefixes;
	set->prefixes_n = n;
	set->is_interval = has_networks(prefixes, n);
	return finish(lowering, set, from, is_ipv4 ? "set4" : "set6");
}

static struct user_set *user_set(struct lowering *lowering, const struct ipset *set)
{
	const struct config *config = lowering->config;
	if (!lowering->user_sets)
		lowering->user_sets =
			arena_array(lowering->arena, config->sets.n, sizeof(struct user_set));
	return &lowering->user_sets[set - config->sets.at];
}

const struct ir_set *set_for(struct lowering *lowering, const struct ipset *set, uint8_t family)
{
	struct user_set *known = user_set(lowering, set);
	if (family == FAMILY_IPV4) {
		if (!known->ipv4.is_made)
			known->ipv4.set = make_addresses(lowering, set, family);
		known->ipv4.is_made = true;
		return known->ipv4.set;
	}
	if (!known->ipv6.is_made)
		known->ipv6.set = make_addresses(lowering, set, family);
	known->ipv6.is_made = true;
	return known->ipv6.set;
}

/* Lists */

struct list {
	struct lowering *lowering;
	const struct ipset *set;
	bool is_early; /* ahead of connection tracking */
};

static bool translates_destinations(const struct config *config)
{
	for (uint32_t i = 0; i < config->nats.n; i++)
		if (config->nats.at[i].type != NAT_MASQUERADE &&
		    config->nats.at[i].type != NAT_SNAT)
			return true;
	return false;
}

/* Who is on a list that accepts is not dropped by one behind it. */
static bool is_behind_friends(const struct config *config, const struct ipset *set)
{
	for (const struct ipset *other = config->sets.at; other < set; other++)
		if (other->action == RULE_ACCEPT)
			return true;
	return false;
}

/* Dropped ahead of connection tracking, a packet costs a fifth of what it costs behind it. Whether
 * it is for this machine is not known there if its destination may be translated yet. */
static bool is_early(const struct config *config, const struct ipset *set)
{
	return set->action == RULE_DROP && !is_behind_friends(config, set) &&
	       (set->apply_to == (SET_AT_INPUT | SET_AT_FORWARD) ||
		!translates_destinations(config));
}

/* The types of addresses that packets for this machine have. */
static const struct ir_set *own_types(struct lowering *lowering)
{
	static const char *const types[] = { "local", "broadcast", "anycast", "multicast" };
	struct ir_set *set = set_start(lowering, term_of(IR_FIB_DADDR_TYPE), NOWHERE);
	for (size_t i = 0; i < countof(types); i++)
		set_add(lowering, set, value_symbol(types[i]), NOWHERE);
	return set_done(lowering, set, "own_types");
}

/* What no list may cut off: this machine from itself, and IPv6 from its link. */
static void spare(struct list *list, struct ir_chain *chain)
{
	struct lowering *lowering = list->lowering;
	struct ir_rule *rule = rule_start(lowering, chain, list->set->at);
	rule_match(lowering, rule, term_of(IR_IIF), value_string("lo"));
	rule_verdict(lowering, rule, IR_RETURN, NULL);
	if (set_for(lowering, list->set, FAMILY_IPV6))
		rule_verdict(lowering, rule_start(list->lowering, chain, list->set->at), IR_JUMP,
			     nd_chain(lowering));
}

/* What is for the other hook alone. */
static void spare_other(struct list *list, struct ir_chain *chain)
{
	unsigned hooks = list->set->apply_to;
	if (hooks == (SET_AT_INPUT | SET_AT_FORWARD))
		return;
	struct ir_rule *rule = rule_start(list->lowering, chain, list->set->at);
	rule_match_set(list->lowering, rule, term_of(IR_FIB_DADDR_TYPE),
		       hooks == SET_AT_INPUT ? IR_NE : IR_EQ, own_types(list->lowering));
	rule_verdict(list->lowering, rule, IR_RETURN, NULL);
}

static void add_log(struct list *list, struct ir_rule *rule)
{
	const char *what = arena_printf(list->lowering->arena, "flywall %s: ", list->set->name);
	logging_add(list->lowering, rule, &list->set->log, list->set->name, what);
}

/* What becomes of packets whose address is in the set. */
static struct ir_chain *make_listed(struct list *list)
{
	struct lowering *lowering = list->lowering;
	const struct ipset *set = list->set;
	struct outcome outcome = { 0 };
	if (set->action == RULE_ACCEPT)
		outcome.admit = admitted_chain(lowering);
	const char *name = name_make(lowering->arena, "listed", set->name);
	struct ir_chain *chain = chain_new(lowering->out, name, set->at);
	spare(list, chain);
	if (list->is_early)
		spare_other(list, chain);
	struct ir_rule *rule = rule_start(lowering, chain, set->at);
	if (set->log.enabled.value)
		add_log(list, rule);
	if (logging_is_limited(&set->log))
		rule = rule_start(lowering, chain, set->at);
	rule_count(lowering, rule, counter_get(lowering, name, set->at));
	rule_end(lowering, rule, set->action, &outcome);
	return chain;
}

/* Whether one rule does it: a jump would double what a blocked packet costs. Of IPv6, a link's own
 * messages are spared too. */
static bool is_plain(const struct list *list, enum ir_key key)
{
	return list->is_early && !list->set->log.enabled.value &&
	       list->set->apply_to == (SET_AT_INPUT | SET_AT_FORWARD) &&
	       (key == IR_IP_SADDR || key == IR_IP_DADDR);
}

static void drop_listed(struct list *list, struct ir_rule *rule)
{
	struct lowering *lowering = list->lowering;
	rule_match(lowering, rule, term_of(IR_IIF), value_string("lo"));
	rule->statements.at[rule->statements.n - 1].match.op = IR_NE;
	rule_count(lowering, rule,
		   counter_get(lowering, name_make(lowering->arena, "listed", list->set->name),
			       list->set->at));
	rule_verdict(lowering, rule, IR_DROP, NULL);
}

static void call_listed(struct list *list, struct ir_rule *rule, enum ir_key key,
			const struct ir_set *set)
{
	struct user_set *known = user_set(list->lowering, list->set);
	if (!known->listed)
		known->listed = make_listed(list);
	rule_match_set(list->lowering, rule, term_of(key), IR_EQ, set);
	rule_verdict(list->lowering, rule, IR_JUMP, known->listed);
}

static void look_up(struct list *list, struct ir_chain *base, enum ir_key key,
		    const struct ir_set *set)
{
	struct ir_rule *rule = rule_start(list->lowering, base, list->set->at);
	if (!is_plain(list, key)) {
		call_listed(list, rule, key, set);
		return;
	}
	rule_match_set(list->lowering, rule, term_of(key), IR_EQ, set);
	drop_listed(list, rule);
}

/* A translated connection has two destinations, of which each hook sees one. */
static void look_up_translated(struct list *list, struct ir_chain *base, enum ir_key key,
			       const struct ir_set *set)
{
	struct ir_rule *rule = rule_start(list->lowering, base, list->set->at);
	rule_match(list->lowering, rule, term_of(IR_CT_STATUS), value_symbol("dnat"));
	call_listed(list, rule, key, set);
}

static void add_list(struct list *list, struct ir_chain *base)
{
	static const struct {
		uint8_t family;
		enum ir_key source, destination;
	} rows[] = {
		{ FAMILY_IPV4, IR_IP_SADDR, IR_IP_DADDR },
		{ FAMILY_IPV6, IR_IP6_SADDR, IR_IP6_DADDR },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		const struct ir_set *set = set_for(list->lowering, list->set, rows[i].family);
		if (set && list->set->match_source)
			look_up(list, base, rows[i].source, set);
		if (set && list->set->match_destination)
			look_up(list, base, rows[i].destination, set);
	}
}

static bool refuses_translated(const struct config *config, const struct ipset *set)
{
	return set->match_destination && translates_destinations(config) &&
	       (set->action == RULE_DROP || set->action == RULE_REJECT);
}

/* The destination that a list has not seen: ahead of tracking, what becomes of it; behind
 * translation, what was asked for. */
static void add_other_destination(struct list *list, struct ir_chain *base)
{
	static const struct {
		uint8_t family;
		enum ir_key now, asked;
	} rows[] = {
		{ FAMILY_IPV4, IR_IP_DADDR, IR_CT_ORIGINAL_IP_DADDR },
		{ FAMILY_IPV6, IR_IP6_DADDR, IR_CT_ORIGINAL_IP6_DADDR },
	};
	for (size_t i = 0; i < countof(rows); i++) {
		const struct ir_set *set = set_for(list->lowering, list->set, rows[i].family);
		if (set)
			look_up_translated(list, base, list->is_early ? rows[i].now : rows[i].asked,
					   set);
	}
}

static bool is_list(const struct ipset *set)
{
	return set->kind == SET_ADDRESSES && set->action != RULE_CONTINUE;
}

static bool has_late(const struct config *config)
{
	for (uint32_t i = 0; i < config->sets.n; i++)
		if (is_list(&config->sets.at[i]) && !is_early(config, &config->sets.at[i]))
			return true;
	return false;
}

static void add_late(struct lowering *lowering, struct ir_chain *base, unsigned hook,
		     bool refuses_alone)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->sets.n; i++) {
		const struct ipset *set = &config->sets.at[i];
		struct list list = { lowering, set, is_early(config, set) };
		if (!is_list(set) || !(set->apply_to & hook) ||
		    (refuses_alone && set->action == RULE_ACCEPT))
			continue;
		if (!list.is_early)
			add_list(&list, base);
		if (refuses_translated(config, set) && !refuses_alone)
			add_other_destination(&list, base);
	}
}

void sets_filter(struct lowering *lowering, struct ir_chain *base, bool is_forward)
{
	add_late(lowering, base, is_forward ? SET_AT_FORWARD : SET_AT_INPUT, false);
}

void sets_refuse(struct lowering *lowering, struct ir_chain *base, bool is_forward)
{
	add_late(lowering, base, is_forward ? SET_AT_FORWARD : SET_AT_INPUT, true);
}

/* That ends running connections too, also those that this machine has begun: whoever is on such a
 * list is not to be heard. Without tracking there are no states to be told ahead of the others. */
void lower_blocklists(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->sets.n; i++) {
		struct list list = { lowering, &config->sets.at[i], true };
		if (is_list(list.set) && is_early(config, list.set))
			add_list(&list, base_chain(lowering, BASE_RAW_PRE));
	}
	if (config->conntrack.enabled.value || !has_late(config))
		return;
	sets_filter(lowering, base_chain(lowering, BASE_FW_IN), false);
	sets_filter(lowering, base_chain(lowering, BASE_FW_FWD), true);
}
