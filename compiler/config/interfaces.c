#include "config/resolve.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "config/names.h"
#include "schema/schema.h"

/* An interface that is said to be in a zone. */
struct membership {
	const struct field_text *interface, *zone;
	struct field_number vlan;
};

static bool has_interface(const struct field_texts *interfaces, const char *name)
{
	for (uint32_t i = 0; i < interfaces->items.n; i++)
		if (strcmp(interfaces->items.at[i].value, name) == 0)
			return true;
	return false;
}

/* Whether the zone has the interface already; the other word for it then adds nothing. */
static bool is_member(const struct written_zone *zone, const struct membership *m)
{
	if (!field_is_set(m->vlan) && has_interface(&zone->interfaces, m->interface->value))
		return true;
	for (uint32_t i = 0; i < zone->matches.n; i++) {
		const struct written_match *match = &zone->matches.at[i];
		if (has_interface(&match->interfaces, m->interface->value) &&
		    match->vlan.value == m->vlan.value)
			return true;
	}
	return false;
}

static struct written_zone *zone_named(struct scope *scope, struct written *written,
				       const struct field_text *name)
{
	for (uint32_t i = 0; i < written->zones.n; i++) {
		const char *other = written->zones.at[i].name.value;
		if (other && strcasecmp(other, name->value) == 0)
			return &written->zones.at[i];
	}
	struct written_zone *zone = push(scope->arena, &written->zones);
	schema_defaults(scope, &zone_table, zone);
	zone->name = *name;
	zone->at = name->at;
	return zone;
}

static void add_member(struct scope *scope, struct written *written, const struct membership *m)
{
	struct complaint complaint = { 0 };
	const char *name = interface_read(scope, text_of(m->interface->value), &complaint);
	if (!name) {
		struct diag *d = diag_error(scope->diags, complaint.code, m->interface->at);
		diag_say(d, "%s", complaint.message);
		if (complaint.help)
			diag_help(d, "%s", complaint.help);
		return;
	}
	struct written_zone *zone = zone_named(scope, written, m->zone);
	if (is_member(zone, m))
		return;
	struct written_match *match = push(scope->arena, &zone->matches);
	match->at = match->interfaces.at = m->zone->at;
	match->vlan = m->vlan;
	*push(scope->arena, &match->interfaces.items) = (struct field_text){ name, m->zone->at };
}

enum { VLAN_LAST = 4094 };

/* Declares the zone, and puts the interface into it. */
static void add_new_zone(struct scope *scope, struct written *written,
			 const struct written_zone *zone, struct membership m)
{
	*push(scope->arena, &written->zones) = *zone;
	m.zone = &zone->name;
	if (zone->name.value)
		add_member(scope, written, &m);
}

static void add_vlan(struct scope *scope, struct written *written, const struct field_text *name,
		     const struct written_vlan *vlan)
{
	if (!vlan->id.value || (!vlan->zone.value && vlan->new_zones.n == 0))
		return;
	char *end;
	unsigned long id = strtoul(vlan->id.value, &end, 10);
	bool is_number = vlan->id.value[0] >= '0' && vlan->id.value[0] <= '9' && !*end;
	if (!is_number || id < 1 || id > VLAN_LAST) {
		struct diag *d = diag_error(scope->diags, D_VLAN_INTERFACE, vlan->id.at);
		diag_say(d, "\"%s\" is no number of a VLAN", vlan->id.value);
		diag_help(d, "they are 1 to %d", VLAN_LAST);
		return;
	}
	const struct membership m = { name, &vlan->zone, { id, vlan->id.at } };
	if (vlan->zone.value)
		add_member(scope, written, &m);
	for (uint32_t i = 0; i < vlan->new_zones.n; i++)
		add_new_zone(scope, written, &vlan->new_zones.at[i], m);
}

static bool says_zone(const struct written_interface *interface)
{
	bool says = field_is_set(interface->zone) || interface->new_zones.n > 0;
	for (uint32_t i = 0; i < interface->vlans.n; i++)
		says |= field_is_set(interface->vlans.at[i].zone) ||
			interface->vlans.at[i].new_zones.n > 0;
	return says;
}

/* The place that would open something, or NOWHERE. */
static struct span opened_at(const struct written_interface *interface)
{
	if (interface->web_ui.value)
		return interface->web_ui.at;
	for (int i = 0; i < MANAGEMENT_COUNT; i++) {
		const struct written_service *service = &interface->management.of[i];
		if (span_is_set(service->at) && service->enabled.value)
			return interface->management.at;
	}
	return NOWHERE;
}

/* Whoever is to manage this machine should not find it closed without a word. */
static void warn_not_opened(struct scope *scope, const struct written_interface *interface)
{
	struct span at = opened_at(interface);
	if (!span_is_set(at))
		return;
	struct diag *d = diag_warning(scope->diags, D_INTERFACE_OPENS, at);
	diag_say(d, "an interface opens nothing by itself");
	diag_help(d, "write management { web = true } in the interface's zone");
}

static void note_foreign(struct scope *scope, const struct written_interface *interface)
{
	struct diag *d = scope->strict ? diag_error(scope->diags, D_FOREIGN, interface->at)
				       : diag_info(scope->diags, D_FOREIGN, interface->at);
	diag_say(d, "interface is for other programs%s", scope->strict ? "" : " and is skipped");
}

/* Names that stand where a zone is meant. */
struct mentions {
	struct arena *arena;
	VEC(const char *) names;
};

static void mention(struct mentions *mentions, const struct field_text *name)
{
	if (name->value)
		*push(mentions->arena, &mentions->names) = name->value;
}

static int by_text(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void collect_mentions(const struct written *written, struct mentions *out)
{
	for (uint32_t i = 0; i < written->policies.n; i++)
		for (int k = 0; k < POLICY_LABELS; k++)
			mention(out, &written->policies.at[i].labels[k]);
	for (uint32_t i = 0; i < written->nats.n; i++) {
		mention(out, &written->nats.at[i].from);
		mention(out, &written->nats.at[i].to_zone);
	}
	for (uint32_t i = 0; i < written->mark_rules.n; i++) {
		mention(out, &written->mark_rules.at[i].from);
		mention(out, &written->mark_rules.at[i].to);
	}
	for (uint32_t i = 0; i < written->notracks.n; i++)
		mention(out, &written->notracks.at[i].from);
	if (out->names.n > 0)
		qsort(out->names.at, out->names.n, sizeof *out->names.at, by_text);
}

static bool is_mentioned(const struct mentions *mentions, const char *name)
{
	return mentions->names.n > 0 && bsearch(&name, mentions->names.at, mentions->names.n,
						sizeof *mentions->names.at, by_text);
}

static bool is_in_a_zone(const struct written *written, const char *name)
{
	for (uint32_t i = 0; i < written->zones.n; i++) {
		const struct written_zone *zone = &written->zones.at[i];
		const struct membership m = { .interface = &(struct field_text){ name, NOWHERE } };
		if (is_member(zone, &m) ||
		    (zone->name.value && strcasecmp(zone->name.value, name) == 0))
			return true;
	}
	return false;
}

/* An interface in no zone is a zone by its own name, where something is said of it. */
static void add_implicit(struct scope *scope, struct written *written,
			 const struct mentions *mentions)
{
	for (uint32_t i = 0; i < written->interfaces.n; i++) {
		const struct written_interface *interface = &written->interfaces.at[i];
		if (!interface->name.value || says_zone(interface))
			continue;
		if (is_mentioned(mentions, interface->name.value) &&
		    !is_in_a_zone(written, interface->name.value)) {
			const struct membership m = { &interface->name, &interface->name, { 0 } };
			add_member(scope, written, &m);
		} else if (is_sound(scope)) {
			note_foreign(scope, interface);
		}
	}
}

static void add_members(struct scope *scope, struct written *written,
			const struct written_interface *interface)
{
	const struct membership m = { &interface->name, &interface->zone, { 0 } };
	if (interface->zone.value && *interface->zone.value)
		add_member(scope, written, &m);
	for (uint32_t i = 0; i < interface->new_zones.n; i++)
		add_new_zone(scope, written, &interface->new_zones.at[i], m);
	for (uint32_t i = 0; i < interface->vlans.n; i++)
		add_vlan(scope, written, &interface->name, &interface->vlans.at[i]);
}

/* Those of zone blocks have been counted before. */
static void check_count(struct scope *scope, const struct written *written, uint32_t declared)
{
	if (written->zones.n <= ZONES_MAX || declared > ZONES_MAX)
		return;
	struct diag *d =
		diag_error(scope->diags, D_TOO_MANY_BLOCKS, written->zones.at[ZONES_MAX].at);
	diag_say(d, "there may be %d zones, and this is one more", ZONES_MAX);
	diag_note(d, NOWHERE,
		  "a zone's number has eight bits of a connection's mark, and 0 is no zone");
}

void interfaces_resolve(struct scope *scope, struct written *written)
{
	struct mentions mentions = { .arena = scope->arena };
	uint32_t declared = written->zones.n;
	for (uint32_t i = 0; i < written->interfaces.n; i++) {
		const struct written_interface *interface = &written->interfaces.at[i];
		warn_not_opened(scope, interface);
		if (interface->name.value)
			add_members(scope, written, interface);
	}
	collect_mentions(written, &mentions);
	add_implicit(scope, written, &mentions);
	check_count(scope, written, declared);
}
