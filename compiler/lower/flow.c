#include "lower/feature.h"

#include <string.h>

#include "base/text.h"
#include "ir/name.h"
#include "lower/classify.h"
#include "lower/match.h"

/* What the kernel calls the events that each word of the configuration stands for. */
static const char *const new_events[] = { "new", "related", NULL };
static const char *const update_events[] = { "reply",  "assured", "protoinfo", "helper", "mark",
					     "seqadj", "secmark", "label",     NULL };
static const char *const destroy_events[] = { "destroy", NULL };

static const char **append(const char **end, const char *const *words)
{
	while (*words)
		*end++ = *words++;
	return end;
}

static void set_events(struct lowering *lowering, struct ir_chain *chain,
		       const struct events *events)
{
	const char **names = arena_array(lowering->arena, 16, sizeof *names), **end = names;
	if (events->new.value)
		end = append(end, new_events);
	if (events->update.value)
		end = append(end, update_events);
	if (events->destroy.value)
		end = append(end, destroy_events);
	struct ir_rule *rule = rule_start(lowering, chain, events->at);
	statement_new(lowering->out, rule, IR_SET_EVENT)->event.names = names;
}

/* A timeout object never leaves a state open: nft would fill it with a default of its own, not with
 * what the sysctls say. The content is in its name, because the kernel ignores new values for an
 * old name. */
const struct ir_object *timeout_object(struct lowering *lowering, const char *base,
				       enum timeout_protocol protocol,
				       const struct timeouts *timeouts)
{
	const struct timeouts *global = &lowering->config->conntrack.timeouts;
	uint32_t seconds[TIMEOUT_COUNT] = { 0 };
	uint64_t hash = HASH_START;
	for (int i = 0; i < TIMEOUT_COUNT; i++) {
		if (timeout_rows[i].protocol != protocol)
			continue;
		seconds[i] = timeout_rows[i].seconds;
		if (field_is_set(global->of[i]))
			seconds[i] = (uint32_t)global->of[i].value;
		if (timeouts && field_is_set(timeouts->of[i]))
			seconds[i] = (uint32_t)timeouts->of[i].value;
		hash = hash_bytes(hash, &seconds[i], sizeof seconds[i]);
	}
	const char *name = name_hashed(lowering->arena, base, hash);
	struct ir_object *object = object_find(lowering, name);
	if (object)
		return object;
	object = object_new(lowering->out, IR_CT_TIMEOUT_OBJECT, name,
			    timeouts ? timeouts->at : global->at);
	object->timeout.protocol = protocol;
	memcpy(object->timeout.seconds, seconds, sizeof seconds);
	return object;
}

bool timeouts_set_any(const struct timeouts *timeouts, enum timeout_protocol protocol)
{
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		if (timeout_rows[i].protocol == protocol && field_is_set(timeouts->of[i]))
			return true;
	return false;
}

static void set_timeout(struct lowering *lowering, struct ir_chain *chain,
			const struct ir_object *object)
{
	struct ir_rule *rule = rule_start(lowering, chain, object->at);
	statement_new(lowering->out, rule, IR_SET_TIMEOUT)->object = object;
}

static void zone_timeouts(struct lowering *lowering, struct ir_chain *chain,
			  const struct zone *zone)
{
	const struct timeouts *timeouts = &zone->conntrack.timeouts;
	for (int i = 0; i < TIMEOUT_PROTOCOL_COUNT; i++)
		if (timeouts_set_any(timeouts, (enum timeout_protocol)i))
			set_timeout(lowering, chain,
				    timeout_object(lowering,
						   zone_name(lowering,
							     timeout_protocol_rows[i].object, zone),
						   (enum timeout_protocol)i, timeouts));
}

static void mark_zone(struct lowering *lowering, struct ir_chain *chain, const struct zone *zone,
		      uint32_t field, unsigned shift)
{
	struct ir_rule *rule = rule_start(lowering, chain, zone->at);
	statement_new(lowering->out, rule, IR_SET_MARK)->mark =
		(struct ir_mark){ .keep = ~field, .set = zone->id << shift };
}

static struct ir_chain *from_chain(struct lowering *lowering, const struct zone *zone,
				   struct ir_chain *helpers)
{
	struct ir_chain *own = zone_changes_helpers(zone) ? helpers_chain(lowering, zone) : helpers;
	struct ir_chain *chain = zone_chain(lowering, "from", zone);
	mark_zone(lowering, chain, zone, MARK_FROM, MARK_FROM_SHIFT);
	zone_timeouts(lowering, chain, zone);
	if (span_is_set(zone->conntrack.events.at))
		set_events(lowering, chain, &zone->conntrack.events);
	if (own)
		rule_verdict(lowering, rule_start(lowering, chain, zone->at), IR_GOTO, own);
	return chain;
}

/* Zones change their numbers with the configuration, and a connection that nobody answers is new
 * with each packet: what an earlier configuration has put there must not stay. */
static void clear_zone(struct lowering *lowering, struct ir_chain *chain, uint32_t field)
{
	struct ir_rule *rule = rule_start(lowering, chain, NOWHERE);
	statement_new(lowering->out, rule, IR_SET_MARK)->mark = (struct ir_mark){ .keep = ~field };
}

/* A chain that puts a zone's number into a field of the mark. */
static struct ir_chain *marking_chain(struct lowering *lowering, enum side side)
{
	const struct config *config = lowering->config;
	bool is_from = side == SIDE_FROM;
	const char *what = is_from ? "from" : "to";
	uint32_t field = is_from ? MARK_FROM : MARK_TO;
	struct ir_chain **targets = targets_new(lowering);
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		targets[i] = zone_chain(lowering, what, zone);
		mark_zone(lowering, targets[i], zone, field,
			  is_from ? MARK_FROM_SHIFT : MARK_TO_SHIFT);
	}
	struct ir_chain *chain =
		chain_new(lowering->out, is_from ? "zone_from" : "zone_to", NOWHERE);
	classify(lowering, chain, side, targets, what);
	clear_zone(lowering, chain, field);
	return chain;
}

struct ir_chain *zone_from_chain(struct lowering *lowering)
{
	if (!lowering->zone_from)
		lowering->zone_from = marking_chain(lowering, SIDE_FROM);
	return lowering->zone_from;
}

struct ir_chain *zone_to_chain(struct lowering *lowering)
{
	if (lowering->config->zones.n > 0 && !lowering->zone_to)
		lowering->zone_to = marking_chain(lowering, SIDE_TO);
	return lowering->zone_to;
}

/* Only what begins a connection is of interest. An ICMP error does not: it is related, but what it
 * carries is the connection that it is about. */
static void skip_known(struct lowering *lowering, struct ir_chain *chain)
{
	static const char *const known[] = { "invalid", "established", "untracked" };

	struct ir_rule *rule = rule_start(lowering, chain, NOWHERE);
	struct ir_match *match = &statement_new(lowering->out, rule, IR_MATCH)->match;
	match->terms[0] = term_of(IR_CT_STATE);
	match->terms_n = 1;
	match->bits = true;
	for (size_t i = 0; i < countof(known); i++)
		match_add(lowering, match, value_symbol(known[i]));
	rule_verdict(lowering, rule, IR_RETURN, NULL);

	rule = rule_start(lowering, chain, NOWHERE);
	rule_match(lowering, rule, term_of(IR_CT_STATE), value_symbol("related"));
	rule_match(lowering, rule, term_of(IR_CT_STATUS), value_symbol("confirmed"));
	rule_verdict(lowering, rule, IR_RETURN, NULL);
}

static uint64_t global_seconds(const struct config *config, enum timeout timeout)
{
	const struct field_number *field = &config->conntrack.timeouts.of[timeout];
	return field_is_set(*field) ? field->value : timeout_rows[timeout].seconds;
}

/* Timeouts that the kernel has no sysctl for: it never changes the first, and takes UDP's for
 * UDP-Lite. */
static bool needs_default_timeout(const struct config *config, enum timeout_protocol protocol)
{
	switch (protocol) {
	case TIMEOUT_OF_TCP:
		return global_seconds(config, TIMEOUT_TCP_SYN_SENT2) !=
		       timeout_rows[TIMEOUT_TCP_SYN_SENT2].seconds;
	case TIMEOUT_OF_UDPLITE:
		return global_seconds(config, TIMEOUT_UDPLITE_UNREPLIED) !=
			       global_seconds(config, TIMEOUT_UDP_UNREPLIED) ||
		       global_seconds(config, TIMEOUT_UDPLITE_REPLIED) !=
			       global_seconds(config, TIMEOUT_UDP_REPLIED);
	case TIMEOUT_OF_UDP:
	case TIMEOUT_OF_ICMP:
	case TIMEOUT_OF_ICMPV6:
	case TIMEOUT_OF_GRE:
	case TIMEOUT_OF_SCTP:
	case TIMEOUT_OF_GENERIC:
	case TIMEOUT_PROTOCOL_COUNT:
		break;
	}
	return false;
}

static bool needs_default_timeouts(const struct config *config)
{
	return needs_default_timeout(config, TIMEOUT_OF_TCP) ||
	       needs_default_timeout(config, TIMEOUT_OF_UDPLITE);
}

static bool filters_events(const struct events *events)
{
	return span_is_set(events->at) &&
	       !(events->new.value && events->update.value && events->destroy.value);
}

/* What a new connection gets whatever its zone. */
static void add_common(struct lowering *lowering, enum base_chain base)
{
	const struct events *events = &lowering->config->conntrack.events;
	struct ir_chain *chain = base_chain(lowering, base);
	skip_known(lowering, chain);
	if (filters_events(events))
		set_events(lowering, chain, events);
	for (int i = 0; i < TIMEOUT_PROTOCOL_COUNT; i++)
		if (needs_default_timeout(lowering->config, (enum timeout_protocol)i))
			set_timeout(lowering, chain,
				    timeout_object(lowering, timeout_protocol_rows[i].object,
						   (enum timeout_protocol)i, NULL));
}

static void go_to(struct lowering *lowering, enum base_chain base, enum ir_verdict verdict,
		  const struct ir_chain *chain)
{
	if (chain)
		rule_verdict(lowering, rule_start(lowering, base_chain(lowering, base), NOWHERE),
			     verdict, chain);
}

static bool sets_something(const struct zone *zone)
{
	for (int i = 0; i < TIMEOUT_PROTOCOL_COUNT; i++)
		if (timeouts_set_any(&zone->conntrack.timeouts, (enum timeout_protocol)i))
			return true;
	return span_is_set(zone->conntrack.events.at) || zone_changes_helpers(zone);
}

/* Whether something is set on new connections before it is known where they go. */
static bool sets_early(const struct config *config)
{
	const struct helper_use *uses[HELPER_COUNT];
	helpers_resolve(config, NULL, uses);
	for (int helper = 0; helper < HELPER_COUNT; helper++)
		if (uses[helper])
			return true;
	for (uint32_t i = 0; i < config->zones.n; i++)
		if (sets_something(&config->zones.at[i]))
			return true;
	return needs_default_timeouts(config) || filters_events(&config->conntrack.events);
}

static bool is_by_interfaces(const struct zone *zone)
{
	for (uint32_t i = 0; i < zone->matches.n; i++)
		if (!match_is_interface(&zone->matches.at[i]))
			return false;
	return true;
}

static bool is_plain(const struct zone *zone)
{
	for (uint32_t i = 0; i < zone->matches.n; i++)
		for (uint32_t k = 0; k < zone->matches.at[i].interfaces.items.n; k++)
			if (interface_is_wildcard(zone->matches.at[i].interfaces.items.at[k].value))
				return false;
	return is_by_interfaces(zone);
}

/* Whether something ahead of filtering asks for zones, which wildcards alone do not tell. */
static bool names_zones_early(const struct config *config)
{
	return config->nats.n > 0 || config->mark_rules.n > 0 || config->uplink_groups.n > 0 ||
	       protect_counts_refused(config);
}

/* A base chain more costs every packet of every connection: without need, zones are told where
 * policies are looked at, which only new connections are. */
void zones_plan(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	lowering->is_early = sets_early(config) || (config->zones.n > 0 && config->policies.n == 0);
	lowering->is_plain = true;
	for (uint32_t i = 0; i < config->zones.n; i++) {
		lowering->is_plain &= is_plain(&config->zones.at[i]);
		lowering->is_early |= !is_by_interfaces(&config->zones.at[i]);
	}
	lowering->is_early |= !lowering->is_plain && names_zones_early(config);
	lowering->is_early &= config->conntrack.enabled.value;
}

static struct ir_chain **lower_flow_pre(struct lowering *lowering, struct ir_chain *helpers)
{
	const struct config *config = lowering->config;
	add_common(lowering, BASE_FLOW_PRE);
	struct ir_chain **targets = targets_new(lowering);
	for (uint32_t i = 0; i < config->zones.n; i++)
		targets[i] = from_chain(lowering, &config->zones.at[i], helpers);
	struct ir_chain *base = base_chain(lowering, BASE_FLOW_PRE);
	classify(lowering, base, SIDE_FROM, targets, "from");
	if (config->zones.n > 0)
		clear_zone(lowering, base, MARK_FROM);
	go_to(lowering, BASE_FLOW_PRE, IR_GOTO, helpers);
	return targets;
}

/* What a synproxy opens comes from its clients' zone; `targets` NULL: nothing but the mark tells.
 */
static void add_shielded(struct lowering *lowering, struct ir_chain **targets)
{
	const struct zone *zone = synproxy_zone(lowering->config);
	if (!zone)
		return;
	struct ir_chain *chain = targets ? targets[zone->id - 1] : NULL;
	if (!chain) {
		chain = zone_chain(lowering, "shielded", zone);
		mark_zone(lowering, chain, zone, MARK_FROM, MARK_FROM_SHIFT);
	}
	synproxy_flow(lowering, base_chain(lowering, BASE_FLOW_OUT), chain);
}

void lower_flow(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	if (!config->conntrack.enabled.value || (!lowering->is_early && config->zones.n == 0))
		return;

	struct ir_chain *helpers = helpers_chain(lowering, NULL);
	struct ir_chain *zone_to = zone_to_chain(lowering);
	struct ir_chain **targets = lowering->is_early ? lower_flow_pre(lowering, helpers) : NULL;

	add_common(lowering, BASE_FLOW_OUT);
	go_to(lowering, BASE_FLOW_OUT, IR_JUMP, zone_to);
	add_shielded(lowering, targets);
	helpers_broadcast(lowering, base_chain(lowering, BASE_FLOW_OUT));
	go_to(lowering, BASE_FLOW_OUT, IR_GOTO, helpers);
}
