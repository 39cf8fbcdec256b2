#include "config/protection.h"

#include <string.h>

#include "config/logging.h"
#include "config/names.h"
#include "config/resolve.h"
#include "schema/fault.h"
#include "schema/schema.h"
#include "value/value.h"

const char *protection_interface_read(struct scope *scope, struct text text,
				      struct complaint *complaint)
{
	if (text_is(text, "*"))
		return name_intern(scope->names, text);
	return interface_read(scope, text, complaint);
}

/* A rate or a burst alone switches the limit on. */
static bool flood_is_on(const struct written_flood *flood)
{
	if (field_is_set(flood->enabled))
		return flood->enabled.value;
	return field_is_set(flood->rate) || field_is_set(flood->burst);
}

static void resolve_flood(struct scope *scope, const struct written_flood *written,
			  struct field_rate *rate, struct field_number *burst)
{
	struct span idle = field_is_set(written->rate) ? written->rate.at : written->burst.at;
	if (!flood_is_on(written)) {
		if (!span_is_set(idle) || !is_sound(scope))
			return;
		struct diag *d = diag_warning(scope->diags, D_PROTECTION_IDLE, idle);
		diag_say(d, "this rate does nothing");
		diag_note(d, written->enabled.at, "its limit is switched off here");
		return;
	}
	*rate = written->rate;
	*burst = written->burst;
	if (!field_is_set(written->burst))
		burst->value = 2 * written->rate.value.count;
}

void protection_resolve(struct scope *scope, const struct written_protection *written,
			struct protection *out)
{
	*out = (struct protection){ .at = written->at };
	if (!span_is_set(written->at) || !written->enabled.value)
		return;
	out->anti_spoofing = written->anti_spoofing;
	out->bogons = written->bogons;
	out->private_sources = written->private_sources;
	out->invalid = written->invalid;
	out->port_scan = written->port_scan;
	out->port_scan.value |=
		field_is_set(written->port_scan_threshold) && !field_is_set(written->port_scan);
	out->port_scan_threshold = written->port_scan_threshold;
	resolve_flood(scope, &written->syn_flood, &out->syn_flood, &out->syn_burst);
	resolve_flood(scope, &written->icmp_flood, &out->icmp_flood, &out->icmp_burst);
	resolve_flood(scope, &written->new_connections, &out->new_connections, &out->new_burst);
	out->log = written->log;
	logging_resolve(&out->log);
}

static bool covers(const char *pattern, const char *interface)
{
	size_t n = strcspn(pattern, "*");
	return pattern[n] == '*' ? strncmp(pattern, interface, n) == 0
				 : strcmp(pattern, interface) == 0;
}

static bool zone_has_interface(const struct zone *zone, const char *interface)
{
	for (uint32_t i = 0; i < zone->matches.n; i++) {
		const struct field_texts *interfaces = &zone->matches.at[i].interfaces;
		for (uint32_t k = 0; k < interfaces->items.n; k++)
			if (covers(interfaces->items.at[k].value, interface))
				return true;
	}
	return false;
}

static bool is_taken(struct scope *scope, const struct protection *protection, struct span at)
{
	if (!span_is_set(protection->at))
		return false;
	struct diag *d = diag_error(scope->diags, D_PROTECTION_TWICE, at);
	diag_note(d, protection->at, "the other one is here");
	return true;
}

static void protect_zones(struct scope *scope, const struct field_text *interface,
			  const struct protection *protection, struct config *config)
{
	bool is_found = false;
	for (uint32_t i = 0; i < config->zones.n; i++) {
		struct zone *zone = &config->zones.at[i];
		if (!zone_has_interface(zone, interface->value))
			continue;
		is_found = true;
		/* Two interfaces of one block may lie in one zone. */
		if (zone->protection.at.start != protection->at.start &&
		    !is_taken(scope, &zone->protection, interface->at))
			zone->protection = *protection;
	}
	if (is_found)
		return;
	struct diag *d = diag_error(scope->diags, D_PROTECTION_NOWHERE, interface->at);
	diag_say(d, "%s is in no zone", fault_quote(scope->arena, text_of(interface->value)));
	diag_help(d, "name an interface of a zone, or write protection into the zone");
}

static bool is_for_all(const struct field_texts *interfaces)
{
	for (uint32_t i = 0; i < interfaces->items.n; i++)
		if (strcmp(interfaces->items.at[i].value, "*") == 0)
			return true;
	return interfaces->items.n == 0;
}

static void resolve_block(struct scope *scope, const struct written_protection *written,
			  struct config *config)
{
	struct protection protection;
	protection_resolve(scope, written, &protection);
	if (is_for_all(&written->interfaces)) {
		if (!is_taken(scope, &config->protection, written->at))
			config->protection = protection;
		return;
	}
	for (uint32_t i = 0; i < written->interfaces.items.n; i++)
		protect_zones(scope, &written->interfaces.items.at[i], &protection, config);
}

/* What counts connections finds none where nothing is tracked. */
static void check_tracking(struct scope *scope, const struct config *config,
			   const struct protection *protection)
{
	bool counts_new = protection->new_connections.value.count > 0;
	if (config->conntrack.enabled.value || (!counts_new && !protection->port_scan.value))
		return;
	struct span at = counts_new ? protection->new_connections.at : protection->port_scan.at;
	struct diag *d =
		diag_error(scope->diags, D_UNTRACKED, span_is_set(at) ? at : protection->at);
	diag_say(d, counts_new ? "untracked traffic has no new connections that could be counted"
			       : "untracked traffic has no refused connections that tell a scan");
	diag_note(d, config->conntrack.enabled.at, "tracking is switched off here");
}

void protections_resolve(struct scope *scope, const struct written *written, struct config *config)
{
	if (span_is_set(written->global_protection.at))
		protection_resolve(scope, &written->global_protection, &config->protection);
	for (uint32_t i = 0; i < written->protections.n; i++)
		resolve_block(scope, &written->protections.at[i], config);
	check_tracking(scope, config, &config->protection);
	for (uint32_t i = 0; i < config->zones.n; i++)
		check_tracking(scope, config, &config->zones.at[i].protection);
}
