#include "config/bypass.h"

#include "config/condition_parts.h"
#include "config/resolve.h"
#include "schema/schema.h"

struct option {
	struct span at; /* NOWHERE: not written */
	const char *what;
};

/* A zone of the set where not one of them is tracked; else NULL. */
static const struct zone *untracked_zone(const struct config *config, const struct zone_set *set)
{
	const struct zone *found = NULL;
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		if (!zone_set_has(set, zone->id))
			continue;
		if (zone->conntrack.enabled.value)
			return NULL;
		found = zone;
	}
	return set->is_self ? NULL : found;
}

/* Packets are untracked where one of their ends is. */
static const struct zone *untracked_end(const struct config *config, const struct zone_set *from,
					const struct zone_set *to)
{
	const struct zone *zone = untracked_zone(config, from);
	return zone ? zone : untracked_zone(config, to);
}

static void report(struct scope *scope, const struct option *option, const struct zone *zone)
{
	struct diag *d = diag_error(scope->diags, D_UNTRACKED, option->at);
	diag_say(d, "untracked traffic has no %s", option->what);
	diag_note(d, zone->conntrack.enabled.at, "zone \"%s\" is not tracked", zone->name);
}

static void report_first(struct scope *scope, const struct option *options, size_t n,
			 const struct zone *zone)
{
	for (size_t i = 0; i < n; i++)
		if (span_is_set(options[i].at)) {
			report(scope, &options[i], zone);
			return;
		}
}

static void warn_silent(struct scope *scope, struct span log, struct span counter, struct span why)
{
	if (!span_is_set(log) && !span_is_set(counter))
		return;
	struct diag *d =
		diag_warning(scope->diags, D_UNTRACKED_SILENT, span_is_set(log) ? log : counter);
	diag_say(d, "what is untracked is %s by no rule", span_is_set(log) ? "logged" : "counted");
	diag_note(d, why, "it is left untracked here");
}

/* The helper of the rule's service came along with it. */
static struct span helper_at(const struct rule *rule)
{
	bool is_services =
		rule->services.n == 1 && rule->helper.at.start == rule->services.at[0].at.start;
	return rule->helper.value && !is_services ? rule->helper.at : NOWHERE;
}

static void check_rule(struct scope *scope, const struct rule *rule, const struct zone *zone)
{
	const struct option options[] = {
		{ rule->limit.at, "limits" },
		{ rule->limit_per_ip.at, "limits" },
		{ rule->max_connections.at, "limits" },
		{ rule->max_per_ip.at, "limits" },
		{ helper_at(rule), "helpers" },
		{ rule->timeouts ? rule->timeouts->at : NOWHERE, "timeouts" },
		{ rule->set_mark.at, "marks" },
	};
	if (zone) {
		report_first(scope, options, countof(options), zone);
		warn_silent(scope, rule->log.at, rule->counter.at, zone->conntrack.enabled.at);
	} else if (rule->action == RULE_NOTRACK) {
		warn_silent(scope, rule->log.at, rule->counter.at, rule->action_at);
	}
}

static void warn_bare(struct scope *scope, struct span at, struct span translation)
{
	struct diag *d = diag_warning(scope->diags, D_UNTRACKED_BARE, at);
	diag_note(d, translation, "the connections beside it are translated here");
	diag_help(d, "have it tracked, or name the addresses that need no translation");
}

static void check_policy(struct scope *scope, const struct config *config,
			 const struct policy *policy)
{
	const struct zone *zone = untracked_end(config, &policy->from, &policy->to);
	for (uint32_t i = 0; i < policy->rules.n; i++)
		check_rule(scope, &policy->rules.at[i], zone);
	for (uint32_t i = 0; policy->masquerade.value && i < policy->rules.n; i++)
		if (policy->rules.at[i].action == RULE_NOTRACK)
			warn_bare(scope, policy->rules.at[i].action_at, policy->masquerade.at);
	if (!zone)
		return;
	const struct option masquerade = { policy->masquerade.at, "translation" };
	if (policy->masquerade.value)
		report(scope, &masquerade, zone);
	warn_silent(scope, policy->log.at, policy->counter.at, zone->conntrack.enabled.at);
}

static void check_ends(struct scope *scope, const struct config *config,
		       const struct zone_set *from, const struct zone_set *to, const char *what)
{
	const struct zone *zone = untracked_zone(config, from);
	const struct option option = { zone ? from->at : to->at, what };
	if (!zone)
		zone = untracked_zone(config, to);
	if (zone)
		report(scope, &option, zone);
}

/* Whoever names addresses has thought of where they lead. */
static bool names_addresses(const struct rule *match)
{
	return match->src.items.n + match->src_sets.items.n + match->dest.items.n +
		       match->dest_sets.items.n >
	       0;
}

static bool zones_meet(const struct zone_set *a, const struct zone_set *b)
{
	bool meet = !a->written || !b->written || (a->is_self && b->is_self);
	for (size_t i = 0; i < countof(a->bits); i++)
		meet |= (a->bits[i] & b->bits[i]) != 0;
	return meet;
}

static bool protocols_meet(const struct rule *match, const struct nat *nat)
{
	bool meet = nat->protocols.items.n == 0 ||
		    (match->protocols.items.n == 0 && match->services.n == 0);
	for (uint32_t i = 0; i < match->protocols.items.n; i++)
		meet |= texts_hold(&nat->protocols, match->protocols.items.at[i].value);
	return meet;
}

/* Where packets are to get another source; NOWHERE: nowhere. */
static struct span translation_of(const struct config *config, const struct notrack *notrack)
{
	for (uint32_t i = 0; i < config->nats.n; i++) {
		const struct nat *nat = &config->nats.at[i];
		if ((nat->type == NAT_MASQUERADE || nat->type == NAT_SNAT) &&
		    zones_meet(&notrack->from, &nat->from) &&
		    protocols_meet(&notrack->match, nat) && nat->dest_ports.items.n == 0)
			return nat->at;
	}
	for (uint32_t i = 0; i < config->policies.n; i++)
		if (config->policies.at[i].masquerade.value &&
		    zones_meet(&notrack->from, &config->policies.at[i].from))
			return config->policies.at[i].masquerade.at;
	return NOWHERE;
}

static void check_notrack(struct scope *scope, const struct config *config,
			  const struct notrack *notrack)
{
	const struct span at = translation_of(config, notrack);
	if (span_is_set(at) && is_sound(scope) && !names_addresses(&notrack->match))
		warn_bare(scope, notrack->at, at);
}

void bypass_check(struct scope *scope, const struct config *config)
{
	if (!config->conntrack.enabled.value)
		return;
	for (uint32_t i = 0; i < config->policies.n; i++)
		check_policy(scope, config, &config->policies.at[i]);
	for (uint32_t i = 0; i < config->nats.n; i++)
		check_ends(scope, config, &config->nats.at[i].from, &config->nats.at[i].to,
			   "translation");
	for (uint32_t i = 0; i < config->mark_rules.n; i++)
		check_ends(scope, config, &config->mark_rules.at[i].from,
			   &config->mark_rules.at[i].to, "marks");
	for (uint32_t i = 0; i < config->notracks.n; i++)
		check_notrack(scope, config, &config->notracks.at[i]);
}
