/* What connection tracking says of a packet comes first, and decides most of them. */
#include "lower/state.h"

#include "base/text.h"
#include "ir/name.h"
#include "lower/feature.h"
#include "lower/flows.h"
#include "lower/logging.h"

/* Where part of a zone's traffic is untracked, errors about it find no connection and count as
 * invalid; without them path MTU discovery breaks. */
void pass_errors(struct lowering *lowering, struct ir_chain *chain)
{
	static const struct {
		enum ir_key key;
		const char *types[5];
	} rows[] = {
		{ IR_ICMP_TYPE,
		  { "destination-unreachable", "time-exceeded", "parameter-problem" } },
		{ IR_ICMPV6_TYPE,
		  { "destination-unreachable", "packet-too-big", "time-exceeded",
		    "parameter-problem" } },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		struct ir_term term = term_of(rows[i].key);
		struct ir_set *set = set_start(lowering, term, NOWHERE);
		for (size_t k = 0; rows[i].types[k]; k++)
			set_add(lowering, set, value_symbol(rows[i].types[k]), NOWHERE);
		struct ir_rule *rule = rule_start(lowering, chain, NOWHERE);
		rule_match_set(lowering, rule, term, IR_EQ, set_done(lowering, set, "icmp_errors"));
		rule_verdict(lowering, rule, IR_ACCEPT, NULL);
	}
}

static bool tracks_in_part(const struct config *config)
{
	for (uint32_t i = 0; i < config->zones.n; i++)
		if (span_is_set(config->zones.at[i].conntrack.tracks_at))
			return true;
	return has_flows(config);
}

/* Logging has a rule of its own: in one rule with the drop, what is above the limit would pass. */
static void log_invalid(struct lowering *lowering, struct ir_chain *chain)
{
	const struct conntrack *conntrack = &lowering->config->conntrack;
	struct logging logging = { .enabled = conntrack->log_invalid, .limit = conntrack->log_max };
	if (!field_is_set(logging.limit))
		logging.limit.at = conntrack->log_invalid.at;
	logging_add(lowering, rule_start(lowering, chain, conntrack->log_invalid.at), &logging,
		    "invalid", "flywall invalid: ");
}

struct ir_chain *invalid_chain(struct lowering *lowering)
{
	struct ir_chain *chain = chain_new(lowering->out, "invalid", NOWHERE);
	if (tracks_in_part(lowering->config))
		pass_errors(lowering, chain);
	if (lowering->config->conntrack.log_invalid.value)
		log_invalid(lowering, chain);
	struct ir_rule *rule = rule_start(lowering, chain, NOWHERE);
	rule_count(lowering, rule, counter_get(lowering, "invalid_dropped", NOWHERE));
	rule_verdict(lowering, rule, IR_DROP, NULL);
	return chain;
}

/* Related packets of one helper's connections outside its media_ports. */
static void narrow_media(struct lowering *lowering, struct ir_chain *chain, enum helper helper,
			 const struct helper_use *use)
{
	const struct helper_row *row = &helper_rows[helper];
	bool is_tcp = text_is(text_of(row->media), "tcp");
	struct ir_term port = term_of(is_tcp ? IR_TCP_DPORT : IR_UDP_DPORT);
	struct ir_set *set = set_start(lowering, port, use->media_ports.at);
	set->is_interval = true;
	for (uint32_t i = 0; i < use->media_ports.items.n; i++) {
		const struct field_port *range = &use->media_ports.items.at[i];
		set_add(lowering, set, value_range(range->low, range->high), range->at);
	}
	const struct ir_set *ports =
		set_done(lowering, set, name_make(lowering->arena, "media", row->name));
	const char *const types[] = { row->objects[0].type, row->media_of };
	for (size_t i = 0; i < countof(types) && types[i]; i++) {
		struct ir_rule *rule = rule_start(lowering, chain, use->media_ports.at);
		rule_match(lowering, rule, term_of(IR_CT_HELPER), value_string(types[i]));
		rule_match_set(lowering, rule, port, IR_NE, ports);
		rule_count(lowering, rule,
			   counter_get(lowering, "media_dropped", use->media_ports.at));
		rule_verdict(lowering, rule, IR_DROP, NULL);
	}
}

/* Where a related connection goes is not where its master went. */
static void mark_destination(struct lowering *lowering, struct ir_chain *chain, bool is_forward)
{
	if (lowering->config->zones.n == 0)
		return;
	struct ir_rule *rule = rule_start(lowering, chain, NOWHERE);
	if (is_forward)
		rule_verdict(lowering, rule, IR_JUMP, zone_to_chain(lowering));
	else
		statement_new(lowering->out, rule, IR_SET_MARK)->mark =
			(struct ir_mark){ .keep = ~MARK_TO };
}

static void use_helpers(const struct config *config, const struct zone *zone,
			bool used[HELPER_COUNT])
{
	const struct helper_use *uses[HELPER_COUNT];
	helpers_resolve(config, zone, uses);
	for (int helper = 0; helper < HELPER_COUNT; helper++)
		used[helper] |= uses[helper] != NULL;
}

/* The helpers that some connection may have. */
static void collect_helpers(const struct config *config, bool used[HELPER_COUNT])
{
	use_helpers(config, NULL, used);
	for (uint32_t i = 0; i < config->zones.n; i++)
		use_helpers(config, &config->zones.at[i], used);
	for (uint32_t i = 0; i < config->policies.n; i++)
		for (uint32_t k = 0; k < config->policies.at[i].rules.n; k++) {
			const char *name = config->policies.at[i].rules.at[k].helper.value;
			if (name)
				used[helper_find(name)] = true;
		}
}

/* What a connection with that helper may bring with it. */
static void accept_data(struct lowering *lowering, struct ir_chain *chain, const char *type,
			const struct helper_row *row)
{
	struct ir_rule *rule = rule_start(lowering, chain, NOWHERE);
	rule_match(lowering, rule, term_of(IR_CT_HELPER), value_string(type));
	if (row->data && !row->data_port)
		rule_match(lowering, rule, term_of(IR_L4PROTO), value_symbol(row->data));
	if (row->data_port)
		rule_match(
			lowering, rule,
			term_of(text_is(text_of(row->data), "tcp") ? IR_TCP_DPORT : IR_UDP_DPORT),
			value_range(row->data_port, UINT16_MAX));
	rule_verdict(lowering, rule, IR_ACCEPT, NULL);
}

static void accept_related(struct lowering *lowering, struct ir_chain *chain)
{
	bool used[HELPER_COUNT] = { false };
	collect_helpers(lowering->config, used);
	for (int helper = 0; helper < HELPER_COUNT; helper++) {
		const struct helper_row *row = &helper_rows[helper];
		if (!used[helper])
			continue;
		for (int i = 0; i < HELPER_OBJECTS_MAX && row->objects[i].type; i++)
			if (i == 0 || !text_is(text_of(row->objects[i].type), row->objects[0].type))
				accept_data(lowering, chain, row->objects[i].type, row);
		if (row->media_of)
			accept_data(lowering, chain, row->media_of, row);
	}
	struct ir_rule *rule = rule_start(lowering, chain, NOWHERE);
	rule_count(lowering, rule, counter_get(lowering, "related_dropped", NOWHERE));
	rule_verdict(lowering, rule, IR_DROP, NULL);
}

struct ir_chain *related_chain(struct lowering *lowering, const char *name, bool is_forward)
{
	const struct helper_use *uses[HELPER_COUNT];
	struct ir_chain *chain = chain_new(lowering->out, name, NOWHERE);
	rule_confirmed(lowering, chain, IR_ACCEPT);
	mark_destination(lowering, chain, is_forward);
	helpers_resolve(lowering->config, NULL, uses);
	for (int helper = 0; helper < HELPER_COUNT; helper++)
		if (uses[helper] && uses[helper]->media_ports.items.n > 0)
			narrow_media(lowering, chain, (enum helper)helper, uses[helper]);
	if (lowering->config->policies.n > 0)
		accept_related(lowering, chain);
	else
		rule_verdict(lowering, rule_start(lowering, chain, NOWHERE), IR_ACCEPT, NULL);
	return chain;
}

/* Resets and ICMP errors, which nothing but a refusal sends. */
static void pass_refusals(struct lowering *lowering, struct ir_chain *chain)
{
	enum { RST = 0x04 };
	const struct ir_term flags = { .key = IR_TCP_FLAGS, .masked = true, .mask = RST };
	struct ir_rule *rule = rule_start(lowering, chain, NOWHERE);
	rule_match(lowering, rule, flags, (struct ir_value){ .kind = IR_FLAGS, .number = RST });
	rule_verdict(lowering, rule, IR_ACCEPT, NULL);
	pass_errors(lowering, chain);
}

struct ir_chain *invalid_out_chain(struct lowering *lowering, const struct ir_chain *invalid)
{
	struct ir_chain *chain = chain_new(lowering->out, "invalid_out", NOWHERE);
	pass_refusals(lowering, chain);
	rule_verdict(lowering, rule_start(lowering, chain, NOWHERE), IR_GOTO, invalid);
	return chain;
}

struct ir_chain *related_out_chain(struct lowering *lowering)
{
	struct ir_chain *chain = chain_new(lowering->out, "related_out", NOWHERE);
	pass_refusals(lowering, chain);
	rule_verdict(lowering, rule_start(lowering, chain, NOWHERE), IR_GOTO,
		     related_chain(lowering, "related_own", true));
	return chain;
}

static void add_state(struct lowering *lowering, struct ir_set *map, const char *state,
		      enum ir_verdict verdict, const struct ir_chain *chain)
{
	set_add(lowering, map, value_symbol(state), NOWHERE)->target =
		(struct ir_target){ verdict, chain };
}

/* The first rule, and the shortest path: one look-up of the state. */
void dispatch_state(struct lowering *lowering, struct ir_chain *base, const char *name,
		    const struct state_chains *chains)
{
	struct ir_term state = term_of(IR_CT_STATE);
	struct ir_set *map = set_start(lowering, state, NOWHERE);
	map->is_map = true;
	add_state(lowering, map, "invalid", IR_GOTO, chains->invalid);
	add_state(lowering, map, "established", IR_ACCEPT, NULL);
	add_state(lowering, map, "related", IR_GOTO, chains->related);
	add_state(lowering, map, "untracked", chains->untracked ? IR_GOTO : IR_ACCEPT,
		  chains->untracked);
	rule_vmap(lowering, rule_start(lowering, base, NOWHERE), state,
		  set_done(lowering, map, name));
}
