/* Sets of the configuration, and lists of those who may not pass at all. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ir/name.h"
#include "lower/feature.h"
#include "lower/logging.h"
#include "lower/policy.h"

/* One of the sets of the kernel that a set of the configuration becomes: it has a type of its own
 * for each family. */
struct user_set {
	const struct ir_set *set;
	bool is_made;
};

enum { USER_SET4, USER_SET6, USER_SET_KINDS };

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
	set->is_dynamic = !set->is_interval;
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

const struct ir_set *set_for(struct lowering *lowering, const struct ipset *set, uint8_t family)
{
	const struct config *config = lowering->config;
	if (!lowering->user_sets)
		lowering->user_sets =
			arena_array(lowering->arena, (size_t)config->sets.n * USER_SET_KINDS,
				    sizeof(struct user_set));
	size_t index = (size_t)(set - config->sets.at) * USER_SET_KINDS +
		       (family == FAMILY_IPV4 ? USER_SET4 : USER_SET6);
	struct user_set *known = &lowering->user_sets[index];
	if (!known->is_made) {
		known->set = make_addresses(lowering, set, family);
		known->is_made = true;
	}
	return known->set;
}

/* Lists */

struct list {
	struct lowering *lowering;
	const struct ipset *set;
	struct ir_chain *chain;
};

static void log_listed(struct list *list, struct ir_rule *rule)
{
	const char *what = arena_printf(list->lowering->arena, "flywall %s: ", list->set->name);
	logging_add(list->lowering, rule, &list->set->log, list->set->name, what);
}

static const struct ir_object *listed_counter(struct list *list)
{
	return counter_get(list->lowering,
			   name_make(list->lowering->arena, "listed", list->set->name),
			   list->set->at);
}

/* For this machine, or through it; where both, no look-up of the route is needed. */
static void match_hooks(struct list *list, struct ir_rule *rule)
{
	bool is_in = list->set->apply_to & SET_AT_INPUT;
	bool is_forward = list->set->apply_to & SET_AT_FORWARD;
	if (is_in == is_forward)
		return;
	rule_match(list->lowering, rule, term_of(IR_FIB_DADDR_TYPE), value_symbol("local"));
	rule->statements.at[rule->statements.n - 1].match.op = is_in ? IR_EQ : IR_NE;
}

static struct ir_rule *start_listed(struct list *list, enum ir_key key, const struct ir_set *set)
{
	struct ir_rule *rule = rule_start(list->lowering, list->chain, list->set->at);
	rule_match_set(list->lowering, rule, term_of(key), IR_EQ, set);
	return rule;
}

static void add_listed(struct list *list, enum ir_key key, const struct ir_set *set, bool is_early)
{
	static const struct outcome outcome = { 0 };
	struct ir_rule *rule = start_listed(list, key, set);
	if (is_early)
		match_hooks(list, rule);
	if (list->set->log.enabled.value) {
		log_listed(list, rule);
		if (logging_is_limited(&list->set->log)) {
			rule = start_listed(list, key, set);
			if (is_early)
				match_hooks(list, rule);
		}
	}
	rule_count(list->lowering, rule, listed_counter(list));
	rule_end(list->lowering, rule, list->set->action, &outcome);
}

static void add_list(struct list *list, bool is_early)
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
			add_listed(list, rows[i].source, set, is_early);
		if (set && list->set->match_destination)
			add_listed(list, rows[i].destination, set, is_early);
	}
}

static bool is_list(const struct ipset *set)
{
	return set->kind == SET_ADDRESSES && set->action != RULE_CONTINUE;
}

/* Dropped ahead of connection tracking, each packet costs a fifth of what it costs behind it. That
 * ends running connections too, also those that this machine has begun: whoever is on such a list
 * is not to be heard. */
void lower_blocklists(struct lowering *lowering)
{
	for (uint32_t i = 0; i < lowering->config->sets.n; i++) {
		const struct ipset *set = &lowering->config->sets.at[i];
		if (!is_list(set) || set->action != RULE_DROP)
			continue;
		struct list list = { lowering, set, base_chain(lowering, BASE_RAW_PRE) };
		add_list(&list, true);
	}
}

void sets_filter(struct lowering *lowering, struct ir_chain *base, bool is_forward)
{
	unsigned hook = is_forward ? SET_AT_FORWARD : SET_AT_INPUT;
	for (uint32_t i = 0; i < lowering->config->sets.n; i++) {
		const struct ipset *set = &lowering->config->sets.at[i];
		if (!is_list(set) || set->action == RULE_DROP || !(set->apply_to & hook))
			continue;
		struct list list = { lowering, set, base };
		add_list(&list, false);
	}
}
