#include "lower/feature.h"

#include "lower/classify.h"

static const char *const track_words[TRACK_COUNT][2] = {
	[TRACK_TCP] = { "tcp" },	 [TRACK_UDP] = { "udp" },
	[TRACK_UDPLITE] = { "udplite" }, [TRACK_ICMP] = { "icmp", "ipv6-icmp" },
	[TRACK_SCTP] = { "sctp" },	 [TRACK_DCCP] = { "dccp" },
	[TRACK_GRE] = { "gre" },	 [TRACK_ESP] = { "esp" },
	[TRACK_AH] = { "ah" },
};

static void add_notrack(struct lowering *lowering, struct ir_chain *chain, struct span at)
{
	statement_new(lowering->out, rule_start(lowering, chain, at), IR_NOTRACK);
}

/* PPTP's calls are GRE: untracked, their helper could do nothing. */
static bool needs_gre(const struct lowering *lowering, const struct zone *zone)
{
	const struct helper_use *uses[HELPER_COUNT];
	helpers_resolve(lowering->config, zone, uses);
	for (int helper = 0; helper < HELPER_COUNT; helper++)
		if (uses[helper] && helper_rows[helper].needs_gre)
			return true;
	return false;
}

static void add_tracked(struct lowering *lowering, struct ir_chain *chain, const struct zone *zone)
{
	struct span at = zone->conntrack.tracks_at;
	struct ir_set *set = set_start(lowering, term_of(IR_L4PROTO), at);
	for (int track = 0; track < TRACK_COUNT; track++) {
		bool is_tracked = zone->conntrack.tracks[track] ||
				  (track == TRACK_GRE && needs_gre(lowering, zone));
		for (int i = 0; is_tracked && i < 2 && track_words[track][i]; i++)
			set_add(lowering, set, value_symbol(track_words[track][i]), at);
	}
	struct ir_rule *rule = rule_start(lowering, chain, at);
	rule_match_set(lowering, rule, term_of(IR_L4PROTO), IR_EQ,
		       set_done(lowering, set, zone_name(lowering, "tracked", zone)));
	rule_verdict(lowering, rule, IR_RETURN, NULL);
}

static struct ir_chain *notrack_chain(struct lowering *lowering, const struct zone *zone)
{
	const struct zone_conntrack *conntrack = &zone->conntrack;
	if (conntrack->enabled.value && !span_is_set(conntrack->tracks_at))
		return NULL;

	struct ir_chain *chain = zone_chain(lowering, "notrack", zone);
	if (conntrack->enabled.value)
		add_tracked(lowering, chain, zone);
	add_notrack(lowering, chain, conntrack->at);
	return chain;
}

/* A chain of its own, so that the next rule of the base chain is looked at whatever this one finds.
 */
static void add_side(struct lowering *lowering, enum base_chain base, enum side side,
		     struct ir_chain *const *targets, const char *name)
{
	struct ir_chain *chain = chain_new(lowering->out, name, NOWHERE);
	classify(lowering, chain, side, targets, arena_printf(lowering->arena, "%s_zone", name));
	rule_verdict(lowering, rule_start(lowering, base_chain(lowering, base), NOWHERE), IR_JUMP,
		     chain);
}

/* Both directions must be left alone: the reply to an untracked packet would otherwise begin a
 * connection of its own from the other side. Packets that leave to the zone are known ahead of
 * routing by a look-up of their route, and where this machine sends them, by their output
 * interface. */
void lower_notrack(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	if (!config->conntrack.enabled.value) {
		struct span at = config->conntrack.enabled.at;
		add_notrack(lowering, base_chain(lowering, BASE_RAW_PRE), at);
		add_notrack(lowering, base_chain(lowering, BASE_RAW_OUT), at);
		return;
	}

	struct ir_chain **targets = targets_new(lowering);
	bool has_any = false;
	for (uint32_t i = 0; i < config->zones.n; i++) {
		targets[i] = notrack_chain(lowering, &config->zones.at[i]);
		has_any |= targets[i] != NULL;
	}
	if (!has_any)
		return;
	add_side(lowering, BASE_RAW_PRE, SIDE_FROM, targets, "raw_from");
	add_side(lowering, BASE_RAW_PRE, SIDE_ROUTE, targets, "raw_route");
	add_side(lowering, BASE_RAW_OUT, SIDE_TO, targets, "raw_to");
}
