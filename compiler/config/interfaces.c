#include "config/resolve.h"

#include <stdlib.h>
#include <string.h>

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
		if (other && strcmp(other, name->value) == 0)
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

static void add_vlan(struct scope *scope, struct written *written, const struct field_text *name,
		     const struct written_vlan *vlan)
{
	if (!vlan->id.value || !vlan->zone.value)
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
	add_member(scope, written, &m);
}

static bool says_zone(const struct written_interface *interface)
{
	bool says = field_is_set(interface->zone);
	for (uint32_t i = 0; i < interface->vlans.n; i++)
		says |= field_is_set(interface->vlans.at[i].zone);
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

void interfaces_resolve(struct scope *scope, struct written *written)
{
	for (uint32_t i = 0; i < written->interfaces.n; i++) {
		const struct written_interface *interface = &written->interfaces.at[i];
		warn_not_opened(scope, interface);
		if (!says_zone(interface) && is_sound(scope))
			note_foreign(scope, interface);
		if (!interface->name.value)
			continue;
		const struct membership m = { &interface->name, &interface->zone, { 0 } };
		if (interface->zone.value && *interface->zone.value)
			add_member(scope, written, &m);
		for (uint32_t k = 0; k < interface->vlans.n; k++)
			add_vlan(scope, written, &interface->name, &interface->vlans.at[k]);
	}
}
