#include "lower/feature.h"

#include "base/text.h"
#include "ir/name.h"

/* The kernel walks a list of connections once per jiffy at about 0.4 us an entry: one list is exact
 * and cheap up to a few thousand, and costs milliseconds a new connection at 100,000. Above
 * LIST_MAX the connections are dealt out round robin to lists of about SHARD each. */
enum { LIST_MAX = 2048, SHARD = 128, SHARDS_MAX = 4096 };

/* Room for the sources of a zone. An element lives only as long as its source has a connection. */
enum { SOURCES_MIN = 65536, SOURCES_DEFAULT = 262144, SOURCES_MAX = 1048576 };

struct limiter {
	struct lowering *lowering;
	const struct zone *zone;
	const struct limits *limits;
	struct ir_chain *chain;
};

static uint32_t sources_room(const struct limiter *l)
{
	uint64_t room = SOURCES_DEFAULT;
	if (field_is_set(l->lowering->config->conntrack.max_connections))
		room = l->lowering->config->conntrack.max_connections.value;
	if (l->limits->max_concurrent.value > 0)
		room = l->limits->max_concurrent.value;
	if (room < SOURCES_MIN)
		return SOURCES_MIN;
	return room > SOURCES_MAX ? SOURCES_MAX : (uint32_t)room;
}

static const struct ir_object *refusals(struct limiter *l, const char *what)
{
	return counter_get(l->lowering, zone_name(l->lowering, what, l->zone), l->zone->at);
}

static void refuse(struct limiter *l, struct ir_rule *rule, const char *what)
{
	rule_count(l->lowering, rule, refusals(l, what));
	rule_verdict(l->lowering, rule, IR_DROP, NULL);
}

/* A set that rules fill, named after all that decides its elements: those that are there keep the
 * limit that they were made with, so another limit needs another set. */
static struct ir_set *dynamic_set(struct limiter *l, const char *what, struct ir_term term,
				  const uint32_t parameters[4], struct span at)
{
	const char *name = name_hashed(l->lowering->arena, zone_name(l->lowering, what, l->zone),
				       hash_bytes(HASH_START, parameters, 4 * sizeof *parameters));
	struct ir_set *set = set_new(l->lowering->out, name, at);
	set->terms[0] = term_of(term.key);
	set->terms_n = 1;
	set->is_dynamic = true;
	return set;
}

static struct ir_term source_term(const struct limiter *l, enum ir_key key)
{
	struct ir_term term = term_of(key);
	uint64_t bits = l->limits->ipv6_prefix.value;
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
static void refuse_without_room(struct limiter *l, const struct ir_set *set, struct ir_term term,
				const char *what)
{
	struct ir_rule *rule = rule_start(l->lowering, l->chain, set->at);
	rule_match_set(l->lowering, rule, term, IR_NE, set);
	refuse(l, rule, what);
}

static void limit_per_source(struct limiter *l, enum ir_key key, const char *what)
{
	const struct field_number *max = &l->limits->max_per_ip;
	struct ir_term term = source_term(l, key);
	uint32_t parameters[4] = { (uint32_t)max->value, term.address_mask.length };
	struct ir_set *set = dynamic_set(l, what, term, parameters, max->at);
	set->size = sources_room(l);

	struct ir_rule *rule = rule_start(l->lowering, l->chain, max->at);
	struct ir_update *add = update(l, rule, set, term);
	add->kind = IR_UPDATE_COUNT;
	add->connections = (uint32_t)max->value;
	refuse(l, rule, "over_per_ip");
	refuse_without_room(l, set, term, "over_per_ip");
}

static struct ir_limit over(const struct limiter *l, const struct rate *rate)
{
	uint64_t burst = l->limits->burst.value ? l->limits->burst.value : rate->count;
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

static void limit_source_rate(struct limiter *l, enum ir_key key, const char *what)
{
	const struct field_rate *rate = &l->limits->new_per_ip;
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
	refuse(l, rule, "over_rate_per_ip");
	refuse_without_room(l, set, term, "over_rate_per_ip");
}

static void limit_rate(struct limiter *l)
{
	const struct field_rate *rate = &l->limits->new_per_second;
	struct ir_limit limit = over(l, &rate->value);
	uint32_t parameters[] = { limit.count, limit.seconds, limit.burst };
	const char *name = name_hashed(l->lowering->arena, zone_name(l->lowering, "rate", l->zone),
				       hash_bytes(HASH_START, parameters, sizeof parameters));
	struct ir_object *object = object_new(l->lowering->out, IR_LIMIT_OBJECT, name, rate->at);
	object->limit = limit;

	struct ir_rule *rule = rule_start(l->lowering, l->chain, rate->at);
	statement_new(l->lowering->out, rule, IR_LIMIT)->limit.object = object;
	refuse(l, rule, "over_rate");
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

static void limit_concurrent(struct limiter *l)
{
	const struct field_number *max = &l->limits->max_concurrent;
	uint32_t shards = shards_for(max->value);
	uint32_t parameters[4] = { (uint32_t)max->value, shards };
	struct ir_term term = term_mark(MARK_FROM);
	struct ir_set *set = dynamic_set(l, "concurrent", term, parameters, max->at);
	set->size = shards;
	if (shards > 1)
		term = (struct ir_term){ .key = IR_NUMGEN_INC, .modulus = shards };

	struct ir_rule *rule = rule_start(l->lowering, l->chain, max->at);
	struct ir_update *add = update(l, rule, set, term);
	add->kind = IR_UPDATE_COUNT;
	add->connections = (uint32_t)((max->value + shards - 1) / shards);
	refuse(l, rule, "over_concurrent");
}

static bool has_limits(const struct limits *limits)
{
	return limits->max_per_ip.value || limits->max_concurrent.value ||
	       limits->new_per_second.value.count || limits->new_per_ip.value.count;
}

/* Each source's own limits come first: one that is over them takes nothing from what all share. */
struct ir_chain *limits_chain(struct lowering *lowering, const struct zone *zone)
{
	const struct limits *limits = &zone->conntrack.limits;
	if (!zone->conntrack.enabled.value || !has_limits(limits))
		return NULL;

	struct limiter l = { lowering, zone, limits, zone_chain(lowering, "admit", zone) };
	/* A later packet of a connection that nobody has answered yet is new again. */
	rule_confirmed(lowering, l.chain, IR_ACCEPT);
	if (limits->new_per_ip.value.count) {
		limit_source_rate(&l, IR_IP_SADDR, "rate_ip4");
		limit_source_rate(&l, IR_IP6_SADDR, "rate_ip6");
	}
	if (limits->max_per_ip.value) {
		limit_per_source(&l, IR_IP_SADDR, "per_ip4");
		limit_per_source(&l, IR_IP6_SADDR, "per_ip6");
	}
	if (limits->new_per_second.value.count)
		limit_rate(&l);
	if (limits->max_concurrent.value)
		limit_concurrent(&l);
	struct ir_rule *rule = rule_start(lowering, l.chain, limits->at);
	rule_count(lowering, rule, refusals(&l, "admitted"));
	rule_verdict(lowering, rule, IR_ACCEPT, NULL);
	return l.chain;
}
