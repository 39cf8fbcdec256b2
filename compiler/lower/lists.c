/* Sets that decide by themselves: lists of those who may not pass, or may whatever policies say. */
#include "base/text.h"
#include "ir/name.h"
#include "lower/conditions.h"
#include "lower/feature.h"
#include "lower/limits.h"
#include "lower/logging.h"
#include "lower/policy.h"

/* What is on a list that accepts ends differently by where it is asked. */
enum listed_kind {
	LISTED,
	LISTED_UNTRACKED,
	LISTED_SHIELD_IN,
	LISTED_SHIELD_FORWARD,
	LISTED_KINDS
};

struct list {
	struct lowering *lowering;
	const struct ipset *set;
	bool is_early; /* ahead of connection tracking */
	enum listed_kind kind;
	const struct ir_chain *answer; /* where handshakes are answered; NULL elsewhere */
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

static const char *listed_name(const struct list *list)
{
	static const char *const words[LISTED_KINDS] = { "listed", "listed_untracked",
							 "listed_shield_in", "listed_shield_fwd" };
	return name_make(list->lowering->arena, words[list->kind], list->set->name);
}

static struct ir_chain **listed_slot(const struct list *list)
{
	struct lowering *lowering = list->lowering;
	const struct config *config = lowering->config;
	if (!lowering->listed)
		lowering->listed =
			arena_array(lowering->arena, (size_t)config->sets.n * LISTED_KINDS,
				    sizeof(struct ir_chain *));
	return &lowering->listed[(size_t)(list->set - config->sets.at) * LISTED_KINDS + list->kind];
}

/* What becomes of packets whose address is in the set. */
static struct ir_chain *make_listed(struct list *list)
{
	struct lowering *lowering = list->lowering;
	const struct ipset *set = list->set;
	struct outcome outcome = { .admit = list->answer };
	if (set->action == RULE_ACCEPT && list->kind == LISTED)
		outcome.admit = admitted_chain(lowering);
	struct ir_chain *chain = chain_new(lowering->out, listed_name(list), set->at);
	spare(list, chain);
	if (list->is_early)
		spare_other(list, chain);
	struct ir_rule *rule = rule_start(lowering, chain, set->at);
	if (set->log.enabled.value)
		add_log(list, rule);
	if (logging_is_limited(&set->log))
		rule = rule_start(lowering, chain, set->at);
	rule_count(lowering, rule,
		   counter_get(lowering, name_make(lowering->arena, "listed", set->name), set->at));
	rule_end(lowering, rule, set->action, &outcome);
	return chain;
}

static struct ir_chain *listed_chain(struct list *list)
{
	if (list->set->action != RULE_ACCEPT)
		list->kind = LISTED;
	struct ir_chain **slot = listed_slot(list);
	if (!*slot)
		*slot = make_listed(list);
	return *slot;
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

static void look_up(struct list *list, struct ir_chain *base, enum ir_key key,
		    const struct ir_set *set)
{
	struct ir_rule *rule = rule_start(list->lowering, base, list->set->at);
	rule_match_set(list->lowering, rule, term_of(key), IR_EQ, set);
	if (is_plain(list, key))
		drop_listed(list, rule);
	else
		rule_verdict(list->lowering, rule, IR_JUMP, listed_chain(list));
}

/* A translated connection has two destinations, of which each hook sees one. */
static void look_up_translated(struct list *list, struct ir_chain *base, enum ir_key key,
			       const struct ir_set *set)
{
	struct ir_rule *rule = rule_start(list->lowering, base, list->set->at);
	rule_match(list->lowering, rule, term_of(IR_CT_STATUS), value_symbol("dnat"));
	rule_match_set(list->lowering, rule, term_of(key), IR_EQ, set);
	rule_verdict(list->lowering, rule, IR_JUMP, listed_chain(list));
}

static const struct address_row {
	uint8_t family;
	enum ir_key source, destination;
} address_rows[] = {
	{ FAMILY_IPV4, IR_IP_SADDR, IR_IP_DADDR },
	{ FAMILY_IPV6, IR_IP6_SADDR, IR_IP6_DADDR },
};

static void add_list(struct list *list, struct ir_chain *base)
{
	for (size_t i = 0; i < countof(address_rows); i++) {
		const struct address_row *row = &address_rows[i];
		const struct ir_set *set = set_for(list->lowering, list->set, row->family);
		if (set && list->set->match_source)
			look_up(list, base, row->source, set);
		if (set && list->set->match_destination)
			look_up(list, base, row->destination, set);
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

/* Lists behind connection tracking, each in its turn. */

struct late {
	struct lowering *lowering;
	struct ir_chain *chain;
	unsigned hook;
};

static bool is_late(const struct late *late, const struct ipset *set)
{
	return is_list(set) && !is_early(late->lowering->config, set) &&
	       (set->apply_to & late->hook);
}

static struct late late_for(struct lowering *lowering, struct ir_chain *chain, bool is_forward)
{
	return (struct late){ lowering, chain, is_forward ? SET_AT_FORWARD : SET_AT_INPUT };
}

static void match_listed(const struct late *late, const struct ipset *set, enum ir_key key,
			 const struct ir_set *addresses, enum ir_verdict verdict)
{
	struct ir_rule *rule = rule_start(late->lowering, late->chain, set->at);
	rule_match_set(late->lowering, rule, term_of(key), IR_EQ, addresses);
	rule_verdict(late->lowering, rule, verdict, NULL);
}

/* Packets that the list is for, or the other way round those that answer them. */
static void decide_listed(const struct late *late, const struct ipset *set, bool is_back,
			  enum ir_verdict verdict)
{
	for (size_t i = 0; i < countof(address_rows); i++) {
		const struct address_row *row = &address_rows[i];
		const struct ir_set *addresses = set_for(late->lowering, set, row->family);
		if (addresses && (is_back ? set->match_destination : set->match_source))
			match_listed(late, set, row->source, addresses, verdict);
		if (addresses && (is_back ? set->match_source : set->match_destination))
			match_listed(late, set, row->destination, addresses, verdict);
	}
}

/* Who is on a list that decides on him is none of those behind it. */
static void pass_decided(const struct late *late, const struct ipset *from,
			 const struct ipset *until)
{
	for (const struct ipset *set = from; set < until; set++)
		if (is_late(late, set) &&
		    (set->action == RULE_ACCEPT || set->action == RULE_REJECT))
			decide_listed(late, set, false, IR_RETURN);
}

void sets_drop(struct lowering *lowering, struct ir_chain *base, bool is_forward)
{
	const struct config *config = lowering->config;
	struct late late = late_for(lowering, NULL, is_forward);
	const struct ipset *from = config->sets.at;
	for (uint32_t i = 0; i < config->sets.n; i++) {
		struct list list = { .lowering = lowering, .set = &config->sets.at[i] };
		if (list.set->action != RULE_DROP || !is_late(&late, list.set))
			continue;
		if (!late.chain) {
			late.chain = chain_new(lowering->out,
					       is_forward ? "blocked_fwd" : "blocked_in", NOWHERE);
			rule_verdict(lowering, rule_start(lowering, base, NOWHERE), IR_JUMP,
				     late.chain);
		}
		pass_decided(&late, from, list.set);
		from = list.set;
		add_list(&list, late.chain);
		if (refuses_translated(config, list.set))
			add_other_destination(&list, late.chain);
	}
}

static void add_late(const struct late *late, const struct list *like)
{
	const struct config *config = late->lowering->config;
	for (uint32_t i = 0; i < config->sets.n; i++) {
		struct list list = *like;
		list.lowering = late->lowering;
		list.set = &config->sets.at[i];
		if (is_late(late, list.set) && list.set->action != RULE_DROP)
			add_list(&list, late->chain);
	}
}

void sets_filter(struct lowering *lowering, struct ir_chain *base, bool is_forward)
{
	const struct config *config = lowering->config;
	const struct late late = late_for(lowering, base, is_forward);
	for (uint32_t i = 0; i < config->sets.n; i++) {
		const struct ipset *set = &config->sets.at[i];
		struct list list = { .lowering = lowering,
				     .set = set,
				     .is_early = is_early(config, set) };
		if (!is_list(set) || !(set->apply_to & late.hook) ||
		    (set->action == RULE_DROP && !list.is_early))
			continue;
		if (!list.is_early)
			add_list(&list, base);
		if (refuses_translated(config, set))
			add_other_destination(&list, base);
	}
}

void sets_shielded(struct lowering *lowering, struct ir_chain *chain, bool is_forward,
		   const struct ir_chain *answer)
{
	const struct late late = late_for(lowering, chain, is_forward);
	const struct list like = { .kind = is_forward ? LISTED_SHIELD_FORWARD : LISTED_SHIELD_IN,
				   .answer = answer };
	add_late(&late, &like);
}

static bool accepts(const struct late *late)
{
	const struct config *config = late->lowering->config;
	for (uint32_t i = 0; i < config->sets.n; i++)
		if (is_late(late, &config->sets.at[i]) && config->sets.at[i].action == RULE_ACCEPT)
			return true;
	return false;
}

void sets_answers(struct lowering *lowering, struct ir_chain *chain, bool is_forward)
{
	const struct config *config = lowering->config;
	struct late late = late_for(lowering, chain, is_forward);
	if (!accepts(&late))
		return;
	late.chain = chain_new(lowering->out,
			       arena_printf(lowering->arena, "answers_%s", chain->name), NOWHERE);
	rule_verdict(lowering, rule_start(lowering, chain, NOWHERE), IR_JUMP, late.chain);
	return_openings(lowering, late.chain);
	for (uint32_t i = 0; i < config->sets.n; i++)
		if (is_late(&late, &config->sets.at[i]) && config->sets.at[i].action == RULE_ACCEPT)
			decide_listed(&late, &config->sets.at[i], true, IR_ACCEPT);
}

void sets_untracked(struct lowering *lowering, struct ir_chain *chain, bool is_forward)
{
	const struct late late = late_for(lowering, chain, is_forward);
	add_late(&late, &(struct list){ .kind = LISTED_UNTRACKED });
	if (is_forward)
		sets_answers(lowering, chain, true);
}

bool sets_has_late(const struct config *config)
{
	for (uint32_t i = 0; i < config->sets.n; i++)
		if (is_list(&config->sets.at[i]) && !is_early(config, &config->sets.at[i]))
			return true;
	return false;
}

/* That ends running connections too, also those that this machine has begun: whoever is on such a
 * list is not to be heard. Without tracking there are no states to be told ahead of the others. */
void lower_blocklists(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->sets.n; i++) {
		struct list list = { .lowering = lowering,
				     .set = &config->sets.at[i],
				     .is_early = true };
		if (is_list(list.set) && is_early(config, list.set))
			add_list(&list, base_chain(lowering, BASE_RAW_PRE));
	}
	if (config->conntrack.enabled.value || !sets_has_late(config))
		return;
	static const enum base_chain bases[] = { BASE_FW_IN, BASE_FW_FWD };
	for (size_t i = 0; i < countof(bases); i++) {
		sets_drop(lowering, base_chain(lowering, bases[i]), i == 1);
		sets_filter(lowering, base_chain(lowering, bases[i]), i == 1);
	}
}
