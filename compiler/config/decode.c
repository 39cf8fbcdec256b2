#include "config/config.h"

#include <string.h>
#include <strings.h>

#include "config/bypass.h"
#include "config/countries.h"
#include "config/kept.h"
#include "config/marks.h"
#include "config/names.h"
#include "config/nats.h"
#include "config/offload.h"
#include "config/protection.h"
#include "config/reach.h"
#include "config/resolve.h"
#include "config/schedules.h"
#include "config/sets.h"
#include "config/uplinks.h"
#include "schema/schema.h"
#include "syntax/tree.h"
#include "value/value.h"

static void check_twice(struct scope *scope, const struct config *config, const struct zone *zone)
{
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *other = &config->zones.at[i];
		if (other == zone || strcasecmp(other->name, zone->name) != 0)
			continue;
		bool is_same = strcmp(other->name, zone->name) == 0;
		struct diag *d = diag_error(scope->diags, D_ZONE_TWICE, zone->name_at);
		if (is_same)
			diag_say(d, "zone \"%s\" is declared already", zone->name);
		else
			diag_say(d, "zones \"%s\" and \"%s\" differ in case alone", other->name,
				 zone->name);
		diag_note(d, other->name_at, "the first one is here");
		return;
	}
}

static enum zone_action action_of(const char *word)
{
	static const char *const words[] = {
		[ZONE_ACCEPT] = "accept",
		[ZONE_DROP] = "drop",
		[ZONE_REJECT] = "reject",
	};
	for (size_t i = 0; i < countof(words); i++)
		if (strcmp(words[i], word) == 0)
			return (enum zone_action)i;
	return ZONE_ACCEPT;
}

/* What holds for both directions needs to know where packets go, and only their sender has a MAC.
 */
static void check_senders(struct scope *scope, const struct conntrack *global,
			  const struct zone *zone)
{
	const struct zone_conntrack *own = &zone->conntrack;
	const struct span untracked =
		span_is_set(own->tracks_at) ? own->tracks_at : own->enabled.at;
	bool is_untracked = span_is_set(own->tracks_at) || !own->enabled.value;
	bool is_asked = is_untracked || zone->action != ZONE_ACCEPT;
	for (uint32_t i = 0; is_asked && global->enabled.value && i < zone->matches.n; i++) {
		const struct zone_match *match = &zone->matches.at[i];
		if (match->macs.items.n == 0)
			continue;
		struct diag *d = diag_error(scope->diags, D_SENDER_ALONE, match->macs.at);
		diag_note(d, is_untracked ? untracked : zone->action_at,
			  "this holds for packets to the zone as well");
		diag_help(d, "tell the zone by its interface or its networks");
	}
}

/* Each list of sources once: a service has several ports. */
static void check_services(struct scope *scope, const struct config *config,
			   const struct zone *zone)
{
	static const struct zone_set nowhere;
	struct zone_set here = { .count = 1, .at = zone->name_at };
	uint32_t last = 0;

	here.bits[zone->id / 64] = UINT64_C(1) << zone->id % 64;
	for (uint32_t i = 0; i < zone->services.n; i++) {
		const struct rule rule = { .src = zone->services.at[i].src };
		if (rule.src.at.start != last)
			reach_check(scope, config, &here, &nowhere, &rule);
		last = rule.src.at.start;
	}
}

static void resolve_zone(struct scope *scope, const struct written_zone *written,
			 struct config *config)
{
	/* Without a name there is a message already. */
	bool has_name = written->name.value != NULL;
	struct zone *zone = push(scope->arena, &config->zones);
	zone->name = has_name ? written->name.value : "";
	zone->name_at = written->name.at;
	zone->id = config->zones.n;
	zone->description = written->description;
	zone->action = action_of(written->action.value);
	zone->action_at = written->action.at;
	zone->at = written->at;
	if (has_name) {
		zone_name_check(scope, &written->name);
		check_twice(scope, config, zone);
	}
	matches_resolve(scope, config, written, zone);
	services_resolve(scope, config, written, zone);
	check_services(scope, config, zone);
	protection_resolve(scope, &written->protection, &zone->protection);
	zone_conntrack_resolve(scope, &written->conntrack, &config->conntrack, &zone->conntrack);
	check_senders(scope, &config->conntrack, zone);
}

static void resolve_zones(struct scope *scope, const struct written *written, struct config *config)
{
	/* More have been refused. */
	for (uint32_t i = 0; i < written->zones.n && i < ZONES_MAX; i++)
		resolve_zone(scope, &written->zones.at[i], config);
	zones_check_overlap(scope, config);
}

/* Nobody should take zones for a firewall that is closed. */
static void warn_no_policy(struct scope *scope, const struct config *config)
{
	if (!is_sound(scope) || config->zones.n == 0 || config->policies.n > 0)
		return;
	struct diag *d = diag_warning(scope->diags, D_NO_POLICY, config->zones.at[0].at);
	diag_say(d,
		 "without a policy flywall only manages connection tracking: nothing is filtered "
		 "between zones");
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		if (zone->services.n == 0)
			continue;
		diag_note(d, zone->services.at[0].at, "zone \"%s\" opens %s, which nothing closes",
			  zone->name, zone->services.at[0].name);
		return;
	}
}

static bool has_attribute(const struct body *body, const char *name)
{
	for (uint32_t i = 0; i < body->attributes.n; i++)
		if (strcmp(body->attributes.at[i].name, name) == 0)
			return true;
	return false;
}

static bool holds_something(const struct config *config)
{
	return config->zones.n > 0 || span_is_set(config->conntrack.at) || config->nats.n > 0 ||
	       config->sets.n > 0 || config->mark_rules.n > 0 || config->uplink_groups.n > 0 ||
	       config->notracks.n > 0 || config->flowtables.n > 0 || config->synproxies.n > 0 ||
	       config->mss_clamps.n > 0;
}

/* What is a machine's whole configuration may have no firewall in it; what else holds nothing for
 * this program is hardly the file that was meant. */
static void check_empty(struct scope *scope, const struct body *body, const struct written *written,
			const struct config *config)
{
	if (holds_something(config) || !is_sound(scope))
		return;
	struct span start = { body->at.start, body->at.start ? body->at.start + 1 : 0 };
	if (field_is_set(written->version) || written->interfaces.n > 0) {
		struct diag *d = diag_warning(scope->diags, D_NOTHING_HERE, start);
		diag_say(d, "there is neither a conntrack block nor a zone: nothing is filtered");
		return;
	}
	struct diag *d = diag_error(scope->diags, D_NOTHING, start);
	diag_help(d, "write a conntrack block or a zone");
}

struct config *config_decode(struct scope *scope, const struct body *body)
{
	struct config *config = arena_alloc(scope->arena, sizeof *config);
	struct written *written = arena_alloc(scope->arena, sizeof *written);
	schema_decode(scope, &written_table, body, written);
	/* Neither word is of any other language. */
	config->bare_ports_are_tcp =
		field_is_set(written->version) || has_attribute(body, "ip_forwarding");
	policy_labels_resolve(scope, written);
	schedules_resolve(scope, written);
	countries_resolve(scope, written);
	conntrack_resolve(scope, &written->conntrack, &config->conntrack);
	sets_resolve(scope, written, config);
	service_defs_resolve(scope, written, config);
	interfaces_resolve(scope, written);
	resolve_zones(scope, written, config);
	policies_resolve(scope, written, config);
	protections_resolve(scope, written, config);
	nats_resolve(scope, written, config);
	mark_rules_resolve(scope, written, config);
	uplinks_resolve(scope, written, config);
	notracks_resolve(scope, written, config);
	synproxies_resolve(scope, written, config);
	offload_resolve(scope, written, config);
	bypass_check(scope, config);
	kept_check(scope, config);
	warn_no_policy(scope, config);
	check_empty(scope, body, written, config);
	return config;
}
