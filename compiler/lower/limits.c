#include "lower/limits.h"

#include <string.h>

#include "base/text.h"
#include "ir/name.h"

/* The kernel walks a list of connections once per jiffy at about 0.4 us an entry: one list is exact
 * and cheap up to a few thousand, and costs milliseconds a new connection at 100,000. Above
 * LIST_MAX the connections are dealt out round robin to lists of about SHARD each. */
enum { LIST_MAX = 2048, SHARD = 128, SHARDS_MAX = 4096 };

/* Room for the sources of a zone. An element lives only as long as its source has a connection. */
enum { SOURCES_MIN = 65536, SOURCES_DEFAULT = 262144, SOURCES_MAX = 1048576 };

static uint32_t sources_room(const struct limiter *l)
{
	uint64_t room = SOURCES_DEFAULT;
	if (field_is_set(l->lowering->config->conntrack.max_connections))
		room = l->lowering->config->conntrack.max_connections.value;
	if (l->most > 0)
		room = l->most;
	if (room < SOURCES_MIN)
		return SOURCES_MIN;
	return room > SOURCES_MAX ? SOURCES_MAX : (uint32_t)room;
}

static const char *owned(const struct limiter *l, const char *what)
{
	return name_make(l->lowering->arena, what, l->owner);
}

static const struct ir_object *refusals(struct limiter *l, const char *what)
{
	return counter_get(l->lowering, owned(l, what), l->at);
}

static const struct ir_set *refused_pairs_set(struct lowering *lowering)
{
	enum { PAIRS_MAX = 256 * 256 };
	struct ir_set *set = set_new(lowering->out, "refused_pairs", NOWHERE);

	set->terms[0] = term_of(IR_CT_MARK);
	set->terms_n = 1;
	set->is_dynamic = true;
	set->size = PAIRS_MAX;
	lowering->refused_pairs = set;
	return set;
}

/* What limits of zones refuse, by the zones in the mark. The drop is a rule of its own: where the
 * kernel has no memory for another element, it leaves the rule that wanted it. */
static const struct ir_chain *refused_chain(struct lowering *lowering)
{
	if (lowering->refused)
		return lowering->refused;
	lowering->refused = chain_new(lowering->out, "refused", NOWHERE);
	struct ir_rule *rule = rule_start(lowering, lowering->refused, NOWHERE);
	struct ir_update *add = &statement_new(lowering->out, rule, IR_UPDATE)->update;
	add->set = refused_pairs_set(lowering);
	add->terms[0] = term_mark(MARK_FROM | MARK_TO);
	add->terms_n = 1;
	add->kind = IR_UPDATE_TALLY;
	rule_verdict(lowering, rule_start(lowering, lowering->refused, NOWHERE), IR_DROP, NULL);
	return lowering->refused;
}

static void refuse(struct limiter *l, struct ir_rule *rule, const char *what)
{
	rule_count(l->lowering, rule, refusals(l, what));
	if (l->is_zone)
		rule_verdict(l->lowering, rule, IR_GOTO, refused_chain(l->lowering));
	else
		rule_verdict(l->lowering, rule, IR_DROP, NULL);
}

/* Packets over a rate. */
static void exceed(struct limiter *l, struct ir_rule *rule, const char *what)
{
	if (l->returns)
		rule_verdict(l->lowering, rule, IR_RETURN, NULL);
	else
		refuse(l, rule, what);
}

static struct ir_set *set_find(const struct ruleset *ruleset, const char *name)
{
	for (uint32_t i = 0; i < ruleset->sets.n; i++)
		if (strcmp(ruleset->sets.at[i]->name, name) == 0)
			return ruleset->sets.at[i];
	return NULL;
}

/* A set that rules fill, named after all that decides its elements: those that are there keep the
 * limit that they were made with, so another limit needs another set. */
static struct ir_set *dynamic_set(struct limiter *l, const char *what, struct ir_term term,
				  const uint32_t parameters[4], struct span at)
{
	const char *name = name_hashed(l->lowering->arena, owned(l, what),
				       hash_bytes(HASH_START, parameters, 4 * sizeof *parameters));
	struct ir_set *set = l->is_shared ? set_find(l->lowering->out, name) : NULL;
	if (set)
		return set;
	set = set_new(l->lowering->out, name, at);
	set->terms[0] = term_of(term.key);
	set->terms_n = 1;
	set->is_dynamic = true;
	return set;
}

static struct ir_term source_term(const struct limiter *l, enum ir_key key)
{
	struct ir_term term = term_of(key);
	uint64_t bits = l->ipv6_prefix;
	if (key == IR_IP6_SADDR && bits < 128) {
		term.masked = true;
		term.address_mask.family = FAMILY_IPV6;
		term.address_mask.length = (uint8_t)bits;
	}
	return term;
}

static struct ir_update *update(struct limiter *l, struct ir_rule *rule, const struct ir_set *set,
				struct ir_term term)
{
	struct ir_update *update = &statement_new(l->lowering->out, rule, IR_UPDATE)->update;
	update->set = set;
	update->terms[0] = term;
	update->terms_n = 1;
	return update;
}

/* A source that found no room in the set has no limit of its own: it is refused, not let through.
 */
static struct ir_rule *without_room(struct limiter *l, const struct ir_set *set,
				    struct ir_term term)
{
	struct ir_rule *rule = rule_start(l->lowering, l->chain, set->at);
	rule_match_set(l->lowering, rule, term, IR_NE, set);
	return rule;
}

static void count_sources(struct limiter *l, enum ir_key key, const char *what,
			  const struct field_number *max)
{
	struct ir_term term = source_term(l, key);
	uint32_t parameters[4] = { (uint32_t)max->value, term.address_mask.length };
	struct ir_set *set = dynamic_set(l, what, term, parameters, max->at);
	set->size = sources_room(l);

	struct ir_rule *rule = rule_start(l->lowering, l->chain, max->at);
	struct ir_update *add = update(l, rule, set, term);
	add->kind = IR_UPDATE_COUNT;
	add->connections = (uint32_t)max->value;
	refuse(l, rule, "over_per_ip");
	refuse(l, without_room(l, set, term), "over_per_ip");
}

void limit_per_source(struct limiter *l, const struct field_number *max)
{
	count_sources(l, IR_IP_SADDR, "per_ip4", max);
	count_sources(l, IR_IP6_SADDR, "per_ip6", max);
}

static struct ir_limit over(const struct limiter *l, const struct rate *rate)
{
	uint64_t burst = l->burst ? l->burst : rate->count;
	return (struct ir_limit){ .over = true,
				  .count = (uint32_t)rate->count,
				  .seconds = rate->seconds,
				  .burst = (uint32_t)burst };
}

/* Seconds until an idle source's tokens are all there again: it may then be forgotten. */
static uint32_t refill_time(const struct ir_limit *limit)
{
	return (uint32_t)((uint64_t)limit->burst * limit->seconds / limit->count) + 2;
}

static void rate_sources(struct limiter *l, enum ir_key key, const char *what,
			 const struct field_rate *rate)
{
	struct ir_limit limit = over(l, &rate->value);
	struct ir_term term = source_term(l, key);
	uint32_t parameters[4] = { limit.count, limit.seconds, limit.burst,
				   term.address_mask.length };
	struct ir_set *set = dynamic_set(l, what, term, parameters, rate->at);
	set->size = sources_room(l);
	set->timeout = refill_time(&limit);

	struct ir_rule *rule = rule_start(l->lowering, l->chain, rate->at);
	struct ir_update *refresh = update(l, rule, set, term);
	refresh->refresh = true;
	refresh->kind = IR_UPDATE_LIMIT;
	refresh->limit = limit;
	exceed(l, rule, "over_rate_per_ip");
	exceed(l, without_room(l, set, term), "over_rate_per_ip");
}

void limit_new_per_source(struct limiter *l, const struct field_rate *rate)
{
	rate_sources(l, IR_IP_SADDR, "rate_ip4", rate);
	rate_sources(l, IR_IP6_SADDR, "rate_ip6", rate);
}

void limit_new(struct limiter *l, const struct field_rate *rate)
{
	struct ir_limit limit = over(l, &rate->value);
	uint32_t parameters[] = { limit.count, limit.seconds, limit.burst };
	const char *name = name_hashed(l->lowering->arena, owned(l, "rate"),
				       hash_bytes(HASH_START, parameters, sizeof parameters));
	struct ir_object *object = object_find(l->lowering, name);
	if (!object)
		object = object_new(l->lowering->out, IR_LIMIT_OBJECT, name, rate->at);
	object->limit = limit;

	struct ir_rule *rule = rule_start(l->lowering, l->chain, rate->at);
	statement_new(l->lowering->out, rule, IR_LIMIT)->limit.object = object;
	exceed(l, rule, "over_rate");
}

static uint32_t shards_for(uint64_t connections)
{
	uint32_t shards = 1;
	if (connections <= LIST_MAX)
		return shards;
	while (connections / shards > SHARD && shards < SHARDS_MAX)
		shards *= 2;
	return shards;
}

/* One list needs one element: any constant will do for its key. */
void limit_at_once(struct limiter *l, const struct field_number *max)
{
	uint32_t shards = shards_for(max->value);
	uint32_t parameters[4] = { (uint32_t)max->value, shards };
	struct ir_set *set = dynamic_set(l, "concurrent", term_of(IR_CT_MARK), parameters, max->at);
	set->size = shards;
	struct ir_term term = { .key = IR_NUMGEN_INC, .modulus = shards };

	struct ir_rule *rule = rule_start(l->lowering, l->chain, max->at);
	struct ir_update *add = update(l, rule, set, term);
	add->kind = IR_UPDATE_COUNT;
	add->connections = (uint32_t)((max->value + shards - 1) / shards);
	refuse(l, rule, "over_concurrent");
}

/* What the zone's protection, or that of all zones, allows of new connections. */
static const struct protection *protection_of(const struct lowering *lowering,
					      const struct zone *zone)
{
	return span_is_set(zone->protection.at) ? &zone->protection : &lowering->config->protection;
}

static bool has_limits(const struct lowering *lowering, const struct zone *zone)
{
	const struct limits *limits = &zone->conntrack.limits;
	return zone->conntrack.enabled.value &&
	       (protection_of(lowering, zone)->new_connections.value.count ||
		limits->max_per_ip.value || limits->max_concurrent.value ||
		limits->new_per_second.value.count || limits->new_per_ip.value.count);
}

static struct limiter limiter_of(struct lowering *lowering, const struct zone *zone)
{
	const struct limits *limits = &zone->conntrack.limits;
	return (struct limiter){
		.lowering = lowering,
		.chain = zone_chain(lowering, "admit", zone),
		.owner = zone->name,
		.ipv6_prefix = limits->ipv6_prefix.value,
		.burst = limits->burst.value,
		.most = limits->max_concurrent.value,
		.at = zone->at,
		.is_zone = true,
	};
}

/* Each source's own limits come first: one that is over them takes nothing from what all share. */
static struct ir_chain *admit_chain(struct lowering *lowering, const struct zone *zone)
{
	const struct limits *limits = &zone->conntrack.limits;
	struct limiter l = limiter_of(lowering, zone);
	/* A later packet of a connection that nobody has answered yet is new again. */
	rule_confirmed(lowering, l.chain, IR_ACCEPT);
	if (limits->new_per_ip.value.count)
		limit_new_per_source(&l, &limits->new_per_ip);
	if (limits->max_per_ip.value)
		limit_per_source(&l, &limits->max_per_ip);
	const struct protection *protection = protection_of(lowering, zone);
	if (protection->new_connections.value.count) {
		struct limiter flood = l;
		flood.owner = arena_printf(lowering->arena, "protect_%s", zone->name);
		flood.burst = protection->new_burst.value;
		flood.is_zone = false;
		limit_new(&flood, &protection->new_connections);
	}
	if (limits->new_per_second.value.count)
		limit_new(&l, &limits->new_per_second);
	if (limits->max_concurrent.value)
		limit_at_once(&l, &limits->max_concurrent);
	struct ir_rule *rule = rule_start(lowering, l.chain, limits->at);
	rule_count(lowering, rule, refusals(&l, "admitted"));
	rule_verdict(lowering, rule, IR_ACCEPT, NULL);
	return l.chain;
}

const struct ir_chain *zone_admit(struct lowering *lowering, const struct zone *zone)
{
	if (!zone || !has_limits(lowering, zone))
		return NULL;
	if (!lowering->admits)
		lowering->admits = arena_array(lowering->arena, lowering->config->zones.n + 1,
					       sizeof(struct ir_chain *));
	struct ir_chain **slot = &lowering->admits[zone->id];
	if (!*slot)
		*slot = admit_chain(lowering, zone);
	return *slot;
}

struct ir_set *admit_map(struct lowering *lowering)
{
	struct ir_set *map = set_start(lowering, term_of(IR_CT_MARK), NOWHERE);
	map->is_map = true;
	for (uint32_t i = 0; i < lowering->config->zones.n; i++) {
		const struct zone *zone = &lowering->config->zones.at[i];
		const struct ir_chain *chain = zone_admit(lowering, zone);
		if (chain)
			set_add(lowering, map, value_mark(zone->id << MARK_FROM_SHIFT),
				zone->conntrack.limits.at)
				->target = (struct ir_target){ IR_GOTO, chain };
	}
	return map;
}

const struct ir_chain *admitted_chain(struct lowering *lowering)
{
	if (lowering->admitted)
		return lowering->admitted;
	struct ir_set *map = admit_map(lowering);
	if (map->elements.n == 0)
		return NULL;
	lowering->admitted = chain_new(lowering->out, "admitted", NOWHERE);
	rule_vmap(lowering, rule_start(lowering, lowering->admitted, NOWHERE), term_mark(MARK_FROM),
		  set_done(lowering, map, "admit"));
	rule_verdict(lowering, rule_start(lowering, lowering->admitted, NOWHERE), IR_ACCEPT, NULL);
	return lowering->admitted;
}
