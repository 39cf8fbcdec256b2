/* What a zone's packets are held against before anything else, most of it ahead of connection
 * tracking, so that it costs no entry of the table. */
#include <string.h>

#include "base/text.h"
#include "catalog/bogons.h"
#include "ir/name.h"
#include "lower/classify.h"
#include "lower/feature.h"
#include "lower/logging.h"

enum { FIN = 0x01, SYN = 0x02, RST = 0x04, PSH = 0x08, ACK = 0x10, URG = 0x20 };

/* How long a source that has scanned ports is not heard, and how many are remembered. */
enum { BAN_SECONDS = 600, BAN_ROOM = 65536 };

static const struct protection *protection_of(const struct config *config, const struct zone *zone)
{
	return span_is_set(zone->protection.at) ? &zone->protection : &config->protection;
}

struct guard {
	struct lowering *lowering;
	const struct zone *zone;
	const struct protection *protection;
	struct ir_chain *chain;
};

/* Rules */

static struct ir_rule *start(struct guard *g)
{
	return rule_start(g->lowering, g->chain, g->protection->at);
}

/* All that is refused for one reason ends in a chain that says so and counts. */
static struct ir_chain *refusal(struct guard *g, const char *what)
{
	const char *owner = arena_printf(g->lowering->arena, "%s_%s", what, g->zone->name);
	struct ir_chain *chain =
		chain_new(g->lowering->out,
			  arena_printf(g->lowering->arena, "refuse/%s/%s", what, g->zone->name),
			  g->protection->at);
	if (g->protection->log.enabled.value)
		logging_add(
			g->lowering, rule_start(g->lowering, chain, g->protection->at),
			&g->protection->log, owner,
			arena_printf(g->lowering->arena, "flywall %s %s: ", g->zone->name, what));
	struct ir_rule *rule = rule_start(g->lowering, chain, g->protection->at);
	rule_count(g->lowering, rule, counter_get(g->lowering, owner, g->protection->at));
	rule_verdict(g->lowering, rule, IR_DROP, NULL);
	return chain;
}

static void go(struct guard *g, struct ir_rule *rule, const struct ir_chain *chain)
{
	rule_verdict(g->lowering, rule, IR_GOTO, chain);
}

static void match_list(struct guard *g, struct ir_rule *rule, enum ir_key key,
		       const char *const *list, const char *base)
{
	uint32_t n = 0;
	while (list[n])
		n++;
	struct prefix *prefixes = arena_array(g->lowering->arena, n, sizeof *prefixes);
	for (uint32_t i = 0; i < n; i++)
		prefix_parse(text_of(list[i]), &prefixes[i]);
	struct ir_set *set = set_start(g->lowering, term_of(key), g->protection->at);
	set->is_interval = true;
	set->prefixes = prefixes;
	set->prefixes_n = (uint32_t)prefixes_merge(prefixes, n);
	rule_match_set(g->lowering, rule, term_of(key), IR_EQ, set_done(g->lowering, set, base));
}

/* Before it has an address, a host speaks as nobody: 0.0.0.0 to ask for one (RFC 2131), :: to find
 * out whether one is free (RFC 4862). */
static void pass_nobody(struct guard *g)
{
	static const char *const nobody[] = { "0.0.0.0", "::" };
	static const enum ir_key keys[] = { IR_IP_SADDR, IR_IP6_SADDR };
	for (size_t i = 0; i < countof(nobody); i++) {
		struct prefix prefix;
		prefix_parse(text_of(nobody[i]), &prefix);
		struct ir_rule *rule = start(g);
		rule_match(g->lowering, rule, term_of(keys[i]), value_prefix(prefix));
		rule_verdict(g->lowering, rule, IR_RETURN, NULL);
	}
}

/* With several uplinks, the way back to a stranger leads over any of them. */
static void pass_strangers(struct guard *g)
{
	if (g->lowering->config->uplink_groups.n == 0)
		return;
	struct ir_rule *rule = start(g);
	match_uplinks(g->lowering, rule, IR_IIFNAME, IR_EQ);
	match_uplinks(g->lowering, rule, IR_FIB_SADDR_OIFNAME, IR_EQ);
	rule_verdict(g->lowering, rule, IR_RETURN, NULL);
}

static void add_spoofing(struct guard *g)
{
	pass_strangers(g);
	struct ir_rule *rule = start(g);
	rule_match(g->lowering, rule, term_of(IR_FIB_SADDR_IIF_OIF), value_symbol("missing"));
	go(g, rule, refusal(g, "spoofed"));
}

static void add_bogons(struct guard *g)
{
	static const struct {
		enum ir_key key;
		const char *const *list;
		const char *base;
	} rows[] = {
		{ IR_IP_SADDR, bogon_sources4, "bogon_sources4" },
		{ IR_IP6_SADDR, bogon_sources6, "bogon_sources6" },
		{ IR_IP_DADDR, bogon_destinations4, "bogon_targets4" },
		{ IR_IP6_DADDR, bogon_destinations6, "bogon_targets6" },
	};
	const struct ir_chain *refused = refusal(g, "bogon");
	for (size_t i = 0; i < countof(rows); i++) {
		struct ir_rule *rule = start(g);
		match_list(g, rule, rows[i].key, rows[i].list, rows[i].base);
		go(g, rule, refused);
	}
}

static void add_private(struct guard *g)
{
	const struct ir_chain *refused = refusal(g, "private");
	struct ir_rule *rule = start(g);
	match_list(g, rule, IR_IP_SADDR, private_networks4, "private4");
	go(g, rule, refused);
	rule = start(g);
	match_list(g, rule, IR_IP6_SADDR, private_networks6, "private6");
	go(g, rule, refused);
}

/* Combinations that no TCP sends: RFC 9293 section 3.5 has each connection begin with SYN alone,
 * and all later segments carry ACK. */
static void add_invalid(struct guard *g)
{
	static const struct {
		uint8_t mask, set;
	} rows[] = {
		{ FIN | SYN | RST | PSH | ACK | URG, 0 },
		{ FIN | SYN, FIN | SYN },
		{ SYN | RST, SYN | RST },
		{ FIN | RST, FIN | RST },
		{ FIN | ACK, FIN },
		{ PSH | ACK, PSH },
		{ ACK | URG, URG },
	};
	const struct ir_chain *refused = refusal(g, "bad_flags");
	for (size_t i = 0; i < countof(rows); i++) {
		const struct ir_term term = { .key = IR_TCP_FLAGS,
					      .masked = true,
					      .mask = rows[i].mask };
		struct ir_rule *rule = start(g);
		rule_match(g->lowering, rule, term,
			   (struct ir_value){ .kind = IR_FLAGS, .number = rows[i].set });
		go(g, rule, refused);
	}
}

static const struct ir_object *flood_limit(struct guard *g, const char *what,
					   const struct field_rate *rate,
					   const struct field_number *burst)
{
	const struct ir_limit limit = { .over = true,
					.count = (uint32_t)rate->value.count,
					.seconds = rate->value.seconds,
					.burst = (uint32_t)(burst->value ? burst->value
									 : rate->value.count) };
	return limit_get(g->lowering, zone_name(g->lowering, what, g->zone), &limit,
			 field_is_set(*rate) ? rate->at : g->protection->at);
}

static void add_syn_flood(struct guard *g)
{
	const struct ir_term flags = { .key = IR_TCP_FLAGS,
				       .masked = true,
				       .mask = FIN | SYN | RST | ACK };
	struct ir_rule *rule = start(g);
	rule_match(g->lowering, rule, flags, (struct ir_value){ .kind = IR_FLAGS, .number = SYN });
	statement_new(g->lowering->out, rule, IR_LIMIT)->limit.object =
		flood_limit(g, "syn_flood", &g->protection->syn_flood, &g->protection->syn_burst);
	go(g, rule, refusal(g, "syn_flood"));
}

/* Pings alone: errors and neighbour discovery are needed most when there is much of them. */
static void add_icmp_flood(struct guard *g)
{
	static const enum ir_key keys[] = { IR_ICMP_TYPE, IR_ICMPV6_TYPE };
	const struct ir_object *limit = flood_limit(g, "icmp_flood", &g->protection->icmp_flood,
						    &g->protection->icmp_burst);
	const struct ir_chain *refused = refusal(g, "icmp_flood");
	for (size_t i = 0; i < countof(keys); i++) {
		struct ir_rule *rule = start(g);
		rule_match(g->lowering, rule, term_of(keys[i]), value_symbol("echo-request"));
		statement_new(g->lowering->out, rule, IR_LIMIT)->limit.object = limit;
		go(g, rule, refused);
	}
}

/* Port scans */

static struct ir_set *ban_set(struct lowering *lowering, const char *name, enum ir_key key,
			      uint32_t seconds)
{
	for (uint32_t i = 0; i < lowering->out->sets.n; i++)
		if (strcmp(lowering->out->sets.at[i]->name, name) == 0)
			return lowering->out->sets.at[i];
	struct ir_set *set = set_new(lowering->out, name, NOWHERE);
	set->terms[0] = term_of(key);
	set->terms_n = 1;
	set->is_dynamic = true;
	set->size = BAN_ROOM;
	set->timeout = seconds;
	return set;
}

static const struct ir_set *banned(struct lowering *lowering, enum ir_key key)
{
	return ban_set(lowering, key == IR_IP_SADDR ? "scanners4" : "scanners6", key, BAN_SECONDS);
}

static const enum ir_key sources[] = { IR_IP_SADDR, IR_IP6_SADDR };

static void add_scanners(struct guard *g)
{
	const struct ir_chain *refused = refusal(g, "scanner");
	for (size_t i = 0; i < countof(sources); i++) {
		struct ir_rule *rule = start(g);
		rule_match_set(g->lowering, rule, term_of(sources[i]), IR_EQ,
			       banned(g->lowering, sources[i]));
		go(g, rule, refused);
	}
}

bool protect_counts_refused(const struct config *config)
{
	for (uint32_t i = 0; i < config->zones.n; i++)
		if (protection_of(config, &config->zones.at[i])->port_scan.value)
			return true;
	return false;
}

static const struct zone_set *zone_set_of(struct lowering *lowering, const struct zone *zone)
{
	struct zone_set *set = arena_alloc(lowering->arena, sizeof *set);
	set->count = 1;
	set->bits[zone->id / 64] = UINT64_C(1) << zone->id % 64;
	set->written = zone->name;
	set->at = zone->at;
	return set;
}

/* Each refused connection costs its source a token; without one left it is not heard for a while.
 */
static void count_refused(struct lowering *lowering, struct ir_chain *chain,
			  const struct zone *zone, enum ir_key key)
{
	const struct protection *protection = protection_of(lowering->config, zone);
	uint32_t count = (uint32_t)protection->port_scan_threshold.value;
	const char *base =
		zone_name(lowering, key == IR_IP_SADDR ? "refusals4" : "refusals6", zone);
	struct ir_set *set =
		ban_set(lowering, arena_printf(lowering->arena, "%s_%u", base, count), key, 60);
	struct ir_rule *rule = rule_start(lowering, chain, protection->at);
	match_from_zones(lowering, rule, zone_set_of(lowering, zone));
	struct ir_update *update = &statement_new(lowering->out, rule, IR_UPDATE)->update;
	*update = (struct ir_update){
		.set = set,
		.refresh = true,
		.terms = { term_of(key) },
		.terms_n = 1,
		.kind = IR_UPDATE_LIMIT,
		.limit = { .over = true, .count = count, .seconds = 60, .burst = count }
	};
	update = &statement_new(lowering->out, rule, IR_UPDATE)->update;
	*update = (struct ir_update){ .set = banned(lowering, key),
				      .refresh = true,
				      .terms = { term_of(key) },
				      .terms_n = 1,
				      .kind = IR_UPDATE_ALONE };
}

void protect_refused(struct lowering *lowering, struct ir_chain *chain)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		for (size_t k = 0; protection_of(config, zone)->port_scan.value && k < 2; k++)
			count_refused(lowering, chain, zone, sources[k]);
	}
}

/* Chains */

static bool guards_early(const struct protection *p)
{
	return p->anti_spoofing.value || p->bogons.value || p->private_sources.value ||
	       p->invalid.value || p->port_scan.value || p->syn_flood.value.count ||
	       p->icmp_flood.value.count;
}

static struct ir_chain *guard_chain(struct lowering *lowering, const struct zone *zone)
{
	const struct protection *p = protection_of(lowering->config, zone);
	if (!guards_early(p))
		return NULL;
	struct guard g = { lowering, zone, p, zone_chain(lowering, "protect", zone) };
	if (p->port_scan.value)
		add_scanners(&g);
	if (p->invalid.value)
		add_invalid(&g);
	if (p->syn_flood.value.count)
		add_syn_flood(&g);
	if (p->icmp_flood.value.count)
		add_icmp_flood(&g);
	if (p->bogons.value || p->private_sources.value || p->anti_spoofing.value)
		pass_nobody(&g);
	if (p->bogons.value)
		add_bogons(&g);
	if (p->private_sources.value)
		add_private(&g);
	if (p->anti_spoofing.value)
		add_spoofing(&g);
	return g.chain;
}

void lower_protection(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	struct ir_chain **targets = targets_new(lowering);
	bool has_any = false;
	for (uint32_t i = 0; i < config->zones.n; i++) {
		targets[i] = guard_chain(lowering, &config->zones.at[i]);
		has_any |= targets[i] != NULL;
	}
	if (!has_any)
		return;
	struct ir_chain *chain = chain_new(lowering->out, "protect", NOWHERE);
	classify(lowering, chain, SIDE_FROM, targets, "protected");
	rule_verdict(lowering, rule_start(lowering, base_chain(lowering, BASE_RAW_PRE), NOWHERE),
		     IR_JUMP, chain);
}
