#include "config/marks.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "config/condition_parts.h"
#include "config/names.h"
#include "config/reach.h"
#include "config/readers.h"
#include "config/resolve.h"
#include "schema/schema.h"
#include "value/value.h"

static void check_tracking(struct scope *scope, const struct config *config, struct span at,
			   const char *message)
{
	if (config->conntrack.enabled.value)
		return;
	struct diag *d = diag_error(scope->diags, D_UNTRACKED, at);
	diag_say(d, "%s", message);
	diag_note(d, config->conntrack.enabled.at, "tracking is switched off here");
}

void mark_report_field(struct scope *scope, struct span at, const char *what, uint32_t value)
{
	struct diag *d = diag_error(scope->diags, D_MARK_FIELD, at);
	diag_say(d, "the %s 0x%" PRIx32 " is not within bits 0 to 11", what, value);
	diag_note(d, NOWHERE,
		  "bits 0 to 11 are the user's, 12 to 15 the uplink's, 16 to 23 the zone's that a "
		  "connection goes to, 24 to 31 the zone's that it comes from");
	diag_help(d, "use a mark up to 0xfff");
}

static void resolve_mask(struct scope *scope, const struct written_mark_rule *written,
			 const struct field_text *mark, struct mark_value *out)
{
	struct mark_value mask = { .value = MARK_USER, .at = mark->at };
	if (strchr(mark->value, '/')) {
		mask.value = out->mask;
	} else if (written->mask.value) {
		mark_parse(written->mask.value, &mask);
		mask.at = written->mask.at;
	}
	out->mask = mask.value;
	if (mask.value & ~MARK_USER) {
		mark_report_field(scope, mask.at, "mask", mask.value);
	} else if (out->value & ~mask.value) {
		struct diag *d = diag_error(scope->diags, D_MARK_FIELD, mark->at);
		diag_say(d, "the mark 0x%" PRIx32 " has bits outside of its mask 0x%" PRIx32,
			 out->value, mask.value);
	}
}

static void resolve_mark(struct scope *scope, const struct written_mark_rule *written,
			 const struct field_text *mark, struct mark_value *out)
{
	mark_parse(mark->value, out);
	out->at = mark->at;
	if (out->value & ~MARK_USER)
		mark_report_field(scope, mark->at, "mark", out->value);
	else
		resolve_mask(scope, written, mark, out);
}

static bool is_told_by_interfaces(const struct zone *zone)
{
	for (uint32_t i = 0; i < zone->matches.n; i++) {
		const struct zone_match *match = &zone->matches.at[i];
		bool is_narrower = match->src.items.n > 0 || match->dst.items.n > 0 ||
				   match->sets.items.n > 0 || match->out_interfaces.items.n > 0 ||
				   match->protocols.items.n > 0 || match->macs.items.n > 0 ||
				   match->dscps.items.n > 0 || match->mark.mask != 0;
		if (match->interfaces.items.n == 0 || is_narrower)
			return false;
	}
	return true;
}

/* The mark is saved ahead of all that is put into it besides, the zones among it. */
static void check_saved_zones(struct scope *scope, const struct config *config,
			      const struct mark_rule *rule)
{
	for (uint32_t i = 0; rule->save && i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		if (!zone_set_has(&rule->from, zone->id) || is_told_by_interfaces(zone))
			continue;
		struct diag *d = diag_error(scope->diags, D_MARK_SAVE, rule->from.at);
		diag_say(d, "a mark is saved before it is known that packets come from \"%s\"",
			 zone->name);
		diag_note(d, zone->at, "more than interfaces tells this zone");
		diag_help(d, "name interfaces or networks in the mark_rule instead of the zone");
		return;
	}
}

static void check_mark_rule(struct scope *scope, const struct config *config,
			    const struct written_mark_rule *written, const struct mark_rule *rule)
{
	check_tracking(scope, config, rule->at, "only tracked connections keep a mark");
	if (!span_is_set(rule->set.at) && !rule->save && !rule->restore &&
	    !field_is_set(written->set_mark) && !field_is_set(written->conditions.mark)) {
		struct diag *d = diag_error(scope->diags, D_MARK_IDLE, rule->at);
		diag_help(d, "set set_mark, save or restore");
	}
	check_saved_zones(scope, config, rule);
	if (!rule->save || !rule->restore)
		return;
	struct diag *d = diag_error(scope->diags, D_MARK_IDLE, written->restore.at);
	diag_say(d, "save and restore undo each other");
	diag_note(d, written->save.at, "save is set here");
	diag_help(d, "write a mark_rule for each");
}

static void resolve_mark_rule(struct scope *scope, const struct written_mark_rule *written,
			      struct config *config)
{
	struct mark_rule rule = { .name = written->name.value, .at = written->at };
	struct written_conditions conditions = written->conditions;
	const struct field_text *mark = &written->set_mark;
	/* As the language had it first: mark is what is set. */
	if (!field_is_set(*mark)) {
		mark = &written->conditions.mark;
		memset(&conditions.mark, 0, sizeof conditions.mark);
	}
	if (mark->value)
		resolve_mark(scope, written, mark, &rule.set);
	rule.save = written->save.value;
	rule.restore = written->restore.value;
	rule.match.at = written->at;
	conditions_resolve(scope, config, &conditions, &rule.match);
	zone_set_resolve(scope, config, &written->from, &rule.from);
	zone_set_resolve(scope, config, &written->to, &rule.to);
	check_mark_rule(scope, config, written, &rule);
	reach_check(scope, config, &rule.from, &rule.to, &rule.match);
	if (!written->disabled.value && written->enabled.value)
		*push(scope->arena, &config->mark_rules) = rule;
}

void mark_rules_resolve(struct scope *scope, const struct written *written, struct config *config)
{
	for (uint32_t i = 0; i < written->mark_rules.n; i++) {
		const struct written_mark_rule *rule = &written->mark_rules.at[i];
		if (rule->name.value && shown_name_check(scope, &rule->name, "mark_rule"))
			resolve_mark_rule(scope, rule, config);
	}
}

/* What is decided ahead of routing and tracking, and for both directions. */
static void check_notrack(struct scope *scope, const struct written_notrack *written)
{
	const struct written_conditions *conditions = &written->conditions;
	const struct {
		struct span at;
		const char *message;
	} unknown[] = {
		{ conditions->states.at, "no packet has a state before it is tracked" },
		{ conditions->out_interfaces.at,
		  "where a packet leaves is not known before it is tracked" },
		{ conditions->macs.at, "a MAC address does not tell the answers" },
		{ conditions->tcp_flags.at, "flags tell packets, not both directions of a flow" },
	};
	bool has_any = written->from.value != NULL;
	for (size_t i = 0; i < countof(unknown); i++) {
		if (!span_is_set(unknown[i].at))
			continue;
		has_any = true;
		struct diag *d = diag_error(scope->diags, D_NOTRACK, unknown[i].at);
		diag_say(d, "%s", unknown[i].message);
	}
	const struct span others[] = {
		conditions->protocols.at, conditions->dest_ports.at, conditions->src_ports.at,
		conditions->services.at,  conditions->src.at,	     conditions->dest.at,
		conditions->src_sets.at,  conditions->dest_sets.at,  conditions->in_interfaces.at,
		conditions->dscps.at,	  conditions->mark.at,	     conditions->icmp_types.at,
	};
	for (size_t i = 0; i < countof(others); i++)
		has_any |= span_is_set(others[i]);
	if (has_any)
		return;
	struct diag *d = diag_error(scope->diags, D_NO_CONDITION, written->at);
	diag_say(d, "this notrack block has no condition");
	diag_help(d, "to track nothing at all, set enabled = false in the conntrack block");
}

void notracks_resolve(struct scope *scope, const struct written *written, struct config *config)
{
	static const struct zone_set nowhere;

	for (uint32_t i = 0; i < written->notracks.n; i++) {
		const struct written_notrack *block = &written->notracks.at[i];
		struct notrack notrack = { .name = block->name.value,
					   .match = { .at = block->at },
					   .at = block->at };
		if (!block->name.value || !shown_name_check(scope, &block->name, "notrack"))
			continue;
		check_notrack(scope, block);
		conditions_resolve(scope, config, &block->conditions, &notrack.match);
		zone_set_resolve(scope, config, &block->from, &notrack.from);
		reach_check(scope, config, &notrack.from, &nowhere, &notrack.match);
		if (!block->disabled.value && block->enabled.value)
			*push(scope->arena, &config->notracks) = notrack;
	}
}

static bool is_tcp(const struct rule *rule)
{
	for (uint32_t i = 0; i < rule->protocols.items.n; i++)
		if (strcmp(rule->protocols.items.at[i].value, "tcp") != 0)
			return false;
	for (uint32_t i = 0; i < rule->services.n; i++) {
		const struct service_def *def = rule->services.at[i].def;
		for (uint32_t k = 0; def && k < def->parts.n; k++)
			if (strcmp(def->parts.at[k].protocol, "tcp") != 0)
				return false;
	}
	return rule->protocols.items.n > 0 || rule->services.n > 0;
}

static void check_synproxy(struct scope *scope, const struct config *config,
			   const struct written_synproxy *written, const struct rule *rule)
{
	check_tracking(scope, config, written->at, "only tracked connections are handed on");
	if (!is_tcp(rule)) {
		struct diag *d = diag_error(scope->diags, D_SYNPROXY, written->at);
		diag_say(d, "synproxy is for TCP alone");
		diag_help(d, "set proto = \"tcp\", or services of TCP alone");
	} else if (rule->dest_ports.items.n == 0 && rule->services.n == 0) {
		struct diag *d = diag_error(scope->diags, D_SYNPROXY, written->at);
		diag_say(d, "synproxy needs the servers' ports");
		diag_help(d, "set dest_port or services");
	}
}

/* Nothing else can be proxied, so the protocol need not be written; a handshake has no state yet.
 */
static void resolve_tcp(struct scope *scope, const struct config *config,
			const struct written_synproxy *written, struct rule *out)
{
	struct written_conditions conditions = written->conditions;
	if (conditions.protocols.items.n == 0 && conditions.services.items.n == 0) {
		struct field_text *tcp = push(scope->arena, &conditions.protocols.items);
		tcp->value = name_intern(scope->names, TEXT("tcp"));
		tcp->at = conditions.protocols.at = written->at;
	}
	const struct span states =
		span_is_set(conditions.states.at) ? conditions.states.at : conditions.tcp_flags.at;
	if (span_is_set(states)) {
		struct diag *d = diag_error(scope->diags, D_SYNPROXY, states);
		diag_say(d, "synproxy looks at handshakes alone");
	}
	conditions_resolve(scope, config, &conditions, out);
}

/* Picked up in the middle, a connection would never have been looked at by the proxy. */
static void check_loose(struct scope *scope, const struct config *config,
			const struct written_synproxy *written)
{
	const struct field_bool *loose = &config->conntrack.tcp_loose;
	if (!loose->value && field_is_set(*loose))
		return;
	if (field_is_set(*loose)) {
		struct diag *d = diag_error(scope->diags, D_SYNPROXY, loose->at);
		diag_say(d, "synproxy cannot work while connections are picked up in the middle");
		diag_note(d, written->at, "synproxy is here");
		diag_help(d, "set tcp_loose = false");
	} else if (is_sound(scope)) {
		struct diag *d = diag_info(scope->diags, D_SYNPROXY_LOOSE, written->at);
		diag_help(d, "write tcp_loose = false into the conntrack block to say so yourself");
	}
}

static bool ports_meet(const struct field_ports *ports, uint16_t low, uint16_t high)
{
	for (uint32_t i = 0; i < ports->items.n; i++)
		if (ports->items.at[i].low <= high && low <= ports->items.at[i].high)
			return true;
	return ports->items.n == 0;
}

/* Whether both are about the same ports of the same sides. */
static bool meets_translation(const struct synproxy *synproxy, const struct nat *nat)
{
	const struct rule *match = &synproxy->match;
	bool shares_side = !nat->from.written || !synproxy->from.written;
	for (size_t i = 0; i < countof(nat->from.bits); i++)
		shares_side |= (nat->from.bits[i] & synproxy->from.bits[i]) != 0;
	if ((nat->type != NAT_DNAT && nat->type != NAT_REDIRECT) || !shares_side ||
	    (nat->protocols.items.n > 0 && !texts_hold(&nat->protocols, "tcp")))
		return false;
	for (uint32_t i = 0; i < match->dest_ports.items.n; i++)
		if (ports_meet(&nat->dest_ports, match->dest_ports.items.at[i].low,
			       match->dest_ports.items.at[i].high))
			return true;
	for (uint32_t i = 0; i < match->services.n; i++)
		for (uint32_t k = 0; k < match->services.at[i].def->parts.n; k++)
			if (ports_meet(&nat->dest_ports, match->services.at[i].def->parts.at[k].low,
				       match->services.at[i].def->parts.at[k].high))
				return true;
	return false;
}

static void warn_translated(struct scope *scope, const struct config *config,
			    const struct synproxy *synproxy)
{
	for (uint32_t i = 0; i < config->nats.n; i++) {
		if (!meets_translation(synproxy, &config->nats.at[i]))
			continue;
		struct diag *d = diag_warning(scope->diags, D_SYNPROXY_TRANSLATED, synproxy->at);
		diag_note(d, config->nats.at[i].at, "these ports are translated here");
		diag_help(d, "put the proxy on the server, or in front of this machine");
		return;
	}
}

static struct span limits_at(const struct limits *limits)
{
	const struct span places[] = { limits->max_per_ip.at, limits->max_concurrent.at,
				       limits->new_per_second.at, limits->new_per_ip.at };
	for (size_t i = 0; i < countof(places); i++)
		if (span_is_set(places[i]))
			return places[i];
	return NOWHERE;
}

static bool is_shielded(const struct config *config, const struct zone *zone)
{
	for (uint32_t i = 0; i < config->synproxies.n; i++) {
		const struct zone_set *from = &config->synproxies.at[i].from;
		if (!from->written || zone_set_has(from, zone->id))
			return true;
	}
	return false;
}

const struct zone *synproxy_zone(const struct config *config)
{
	const struct zone *found = NULL;
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		if (!is_shielded(config, zone))
			continue;
		if (found)
			return NULL;
		found = zone;
	}
	return found;
}

static void warn_limits(struct scope *scope, const struct config *config,
			const struct synproxy *synproxy)
{
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		struct span at = limits_at(&zone->conntrack.limits);
		bool is_meant = !synproxy->from.written || zone_set_has(&synproxy->from, zone->id);
		if (!is_meant || !span_is_set(at))
			continue;
		struct diag *d = diag_warning(scope->diags, D_SYNPROXY_LIMITS, at);
		diag_note(d, synproxy->at, "synproxy is here");
		diag_help(d,
			  "let all synproxy blocks name the same zone in from, or put max_per_ip, "
			  "max_connections or limit into the rule that accepts");
		return;
	}
}

void synproxies_resolve(struct scope *scope, const struct written *written, struct config *config)
{
	for (uint32_t i = 0; i < written->synproxies.n; i++) {
		const struct written_synproxy *block = &written->synproxies.at[i];
		struct synproxy synproxy = { .name = block->name.value,
					     .match = { .at = block->at },
					     .mss = block->mss,
					     .wscale = block->wscale,
					     .timestamp = block->timestamp,
					     .sack = block->sack,
					     .at = block->at };
		if (!block->name.value || !shown_name_check(scope, &block->name, "synproxy"))
			continue;
		uint32_t errors = scope->diags->errors;
		resolve_tcp(scope, config, block, &synproxy.match);
		zone_set_resolve(scope, config, &block->from, &synproxy.from);
		if (scope->diags->errors == errors)
			check_synproxy(scope, config, block, &synproxy.match);
		if (scope->diags->errors == errors)
			warn_translated(scope, config, &synproxy);
		check_loose(scope, config, block);
		if (!block->disabled.value && block->enabled.value)
			*push(scope->arena, &config->synproxies) = synproxy;
	}
	for (uint32_t i = 0; i < config->synproxies.n && !synproxy_zone(config); i++)
		warn_limits(scope, config, &config->synproxies.at[i]);
}
