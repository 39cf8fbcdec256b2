#include "config/uplinks.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "config/readers.h"
#include "config/resolve.h"
#include "schema/schema.h"
#include "value/value.h"

/* Uplinks that are numbered so far; a number is taken where its place is set. */
struct numbering {
	struct scope *scope;
	struct config *config;
	struct span taken[UPLINKS_MAX + 1];
	uint32_t count;
};

static bool read_interface(struct scope *scope, const struct written_uplink *written,
			   struct uplink *uplink)
{
	const struct field_texts *interfaces = &written->interfaces;
	struct span at = span_is_set(interfaces->at) ? interfaces->at : written->at;
	if (interfaces->items.n == 1 && !strchr(interfaces->items.at[0].value, '*')) {
		uplink->interface = interfaces->items.at[0].value;
		return true;
	}
	/* What is empty or no name has its message already. */
	if (field_is_set(*interfaces) && interfaces->items.n == 0)
		return false;
	struct diag *d = diag_error(scope->diags, D_UPLINK_INTERFACE, at);
	if (interfaces->items.n == 0)
		diag_say(d, "an uplink needs its interface");
	else
		diag_say(d, interfaces->items.n > 1 ? "an uplink has one interface"
						    : "an uplink needs the exact name of its "
						      "interface");
	diag_help(d, "for example: interface = \"eth0\"");
	return false;
}

static void read_gateways(struct scope *scope, const struct written_uplink *written,
			  struct uplink *uplink)
{
	for (uint32_t i = 0; i < written->gateways.items.n; i++) {
		const struct field_prefix *item = &written->gateways.items.at[i];
		struct prefix *gateway =
			item->value.family == FAMILY_IPV4 ? &uplink->gateway4 : &uplink->gateway6;
		if (prefix_is_host(&item->value) && gateway->family == 0) {
			*gateway = item->value;
			continue;
		}
		struct diag *d = diag_error(scope->diags, D_UPLINK_GATEWAY, item->at);
		diag_say(d, gateway->family == 0 ? "a gateway is a host, not a network"
						 : "an uplink has one gateway of each family");
	}
}

/* The number that `mark` says: itself, or in its place in a mark; 0 where it is neither. */
static uint32_t number_of(const char *text)
{
	struct mark_value mark = { 0 };
	mark_parse(text, &mark);
	if (mark.value >= 1 && mark.value <= UPLINKS_MAX)
		return mark.value;
	uint32_t field = mark.value >> UPLINK_MARK_SHIFT;
	return field <= UPLINKS_MAX && field << UPLINK_MARK_SHIFT == mark.value ? field : 0;
}

static uint32_t read_number(struct numbering *numbering, const struct written_uplink *written)
{
	const struct field_text *mark = &written->mark;
	uint32_t number = number_of(mark->value);
	if (number > 0 && !span_is_set(numbering->taken[number])) {
		numbering->taken[number] = mark->at;
		return number;
	}
	struct diag *d = diag_error(numbering->scope->diags, D_UPLINK_MARK, mark->at);
	if (number > 0) {
		diag_say(d, "another uplink has the number %" PRIu32, number);
		diag_note(d, numbering->taken[number], "it is taken here");
	} else {
		diag_say(d, "%s is no uplink's number", mark->value);
		diag_note(d, NOWHERE,
			  "bits 12 to 15 of a mark are the uplink's, 16 to 31 the zones', 0 to 11 "
			  "the user's");
		diag_help(d, "write 1 to 15, or \"0x1000\" to \"0xf000\"");
	}
	return 0;
}

static void check_table(struct scope *scope, const struct field_number *table)
{
	if (!field_is_set(*table) || table->value < 253 || table->value > 255)
		return;
	struct diag *d = diag_error(scope->diags, D_UPLINK_TABLE, table->at);
	diag_say(d, "the routing table %" PRIu64 " is the system's", table->value);
	diag_help(d, "leave table out, or use another number");
}

static void resolve_uplink(struct numbering *numbering, const struct written_uplink *written,
			   bool has_tiers, struct uplink_group *group)
{
	struct scope *scope = numbering->scope;
	struct uplink *uplink = push(scope->arena, &group->uplinks);
	numbering->count++;
	uplink->name = written->name.value ? written->name.value : "";
	uplink->at = written->at;
	(void)read_interface(scope, written, uplink);
	read_gateways(scope, written, uplink);
	uplink->networks = written->networks;
	uplink->weight = (uint32_t)written->weight.value;
	uplink->tier = has_tiers ? (uint32_t)written->tier.value : 0;
	uplink->table = (uint32_t)written->table.value;
	uplink->enabled = written->enabled.value;
	check_table(scope, &written->table);
	if (written->mark.value)
		uplink->id = read_number(numbering, written);
}

static void resolve_zones(struct scope *scope, const struct config *config,
			  const struct field_texts *names, struct zone_set *out)
{
	for (uint32_t i = 0; i < names->items.n; i++) {
		struct zone_set one = { 0 };
		zone_set_resolve(scope, config, &names->items.at[i], &one);
		if (!out->written)
			*out = one;
		for (size_t k = 0; k < countof(one.bits); k++)
			out->bits[k] |= one.bits[k];
		out->is_self |= one.is_self;
		out->is_exact &= names->items.n == 1;
	}
	out->count = 0;
	for (size_t k = 0; k < countof(out->bits); k++)
		out->count += (uint32_t)__builtin_popcountll(out->bits[k]);
}

/* Uplinks that carry no new connections still answer by the way that something came. */
static void carry_nothing(struct scope *scope, const struct written_uplinks *written,
			  struct uplink_group *group)
{
	if (!field_is_set(written->src) || written->src.items.n > 0 || !is_sound(scope))
		return;
	if (group->from.written) {
		memset(&group->src, 0, sizeof group->src);
		return;
	}
	memset(&group->src, 0, sizeof group->src);
	for (uint32_t i = 0; i < group->uplinks.n; i++)
		group->uplinks.at[i].weight = 0;
	struct diag *d = diag_warning(scope->diags, D_UPLINK_IDLE, written->src.at);
	diag_say(d, "no networks: the group carries no new connections");
	diag_help(d, "leave the list out to carry those of all networks");
}

/* Somebody must take the new connections. */
static void check_carriers(struct scope *scope, const struct uplink_group *group)
{
	bool has_enabled = false, has_carrier = false;
	if (group->uplinks.n == 0) {
		struct diag *d = diag_error(scope->diags, D_UPLINK_NONE, group->at);
		diag_help(d, "write an uplink block: uplink \"fibre\" {");
		return;
	}
	for (uint32_t i = 0; i < group->uplinks.n; i++) {
		const struct uplink *uplink = &group->uplinks.at[i];
		has_enabled |= uplink->enabled;
		has_carrier |= uplink->enabled && uplink->weight > 0;
	}
	if (has_carrier || !is_sound(scope))
		return;
	struct diag *d = diag_warning(scope->diags, D_UPLINK_IDLE, group->at);
	diag_say(d, "no uplink %s: new connections go where the main table says",
		 has_enabled ? "has a weight" : "is enabled");
}

/* This machine is a zone that connections come from too. */
static void carry_own(struct scope *scope, const struct written_uplinks *written,
		      struct uplink_group *group)
{
	if (!group->from.is_self)
		return;
	if (!field_is_set(group->local))
		group->local.value = true;
	if (group->local.value)
		return;
	struct diag *d = diag_error(scope->diags, D_UPLINK_OWN, group->local.at);
	diag_note(d, written->from.at, "this machine is among the zones here");
	diag_help(d, "leave local out, or this machine");
}

static void resolve_group(struct numbering *numbering, const struct written_uplinks *written,
			  const char *name)
{
	struct scope *scope = numbering->scope;
	struct uplink_group group = { .name = name, .at = written->at };
	group.src = written->src;
	group.dest = written->dest;
	group.by_source = strcmp(written->balance.value, "source") == 0;
	group.local = written->local;
	resolve_zones(scope, numbering->config, &written->from, &group.from);
	carry_own(scope, written, &group);
	for (uint32_t i = 0; i < written->uplinks.n; i++)
		resolve_uplink(numbering, &written->uplinks.at[i],
			       strcmp(written->mode.value, "both") == 0, &group);
	check_carriers(scope, &group);
	carry_nothing(scope, written, &group);
	if (is_sound(scope) && !written->sticky.value) {
		struct diag *d = diag_warning(scope->diags, D_STICKY, written->sticky.at);
		diag_note(d, NOWHERE,
			  "another uplink has another address: the connection would "
			  "break");
	}
	if (written->enabled.value)
		*push(scope->arena, &numbering->config->uplink_groups) = group;
}

static void give_number(struct numbering *numbering, struct uplink *uplink)
{
	uint32_t number = 1;
	while (number <= UPLINKS_MAX && span_is_set(numbering->taken[number]))
		number++;
	if (number > UPLINKS_MAX) {
		struct diag *d = diag_error(numbering->scope->diags, D_UPLINK_NUMBERS, uplink->at);
		diag_say(d, "there may be %d uplinks, and this is one more", UPLINKS_MAX);
		diag_note(d, NOWHERE,
			  "an uplink's number has four bits of a connection's mark, "
			  "and 0 is none");
		return;
	}
	numbering->taken[number] = uplink->at;
	uplink->id = number;
}

static void check_pair(struct scope *scope, const struct uplink *first, const struct uplink *second)
{
	if (first->interface && first->interface == second->interface) {
		struct diag *d = diag_error(scope->diags, D_UPLINK_INTERFACE, second->at);
		diag_say(d, "%s is the interface of two uplinks", second->interface);
		diag_note(d, first->at, "the other one is here");
		diag_help(d, "what comes in tells its uplink by the interface");
	}
	if (first->table == second->table) {
		struct diag *d = diag_error(scope->diags, D_UPLINK_TABLE, second->at);
		diag_say(d, "two uplinks have the routing table %" PRIu32, second->table);
		diag_note(d, first->at, "the other one is here");
	}
}

/* Numbers and tables for those that write none; then no two may have the same. */
static void finish(struct numbering *numbering)
{
	VEC(struct uplink *) all = { 0 };
	struct config *config = numbering->config;
	for (uint32_t i = 0; i < config->uplink_groups.n; i++)
		for (uint32_t k = 0; k < config->uplink_groups.at[i].uplinks.n; k++)
			*push(numbering->scope->arena, &all) =
				&config->uplink_groups.at[i].uplinks.at[k];
	for (uint32_t i = 0; i < all.n; i++) {
		if (all.at[i]->id == 0)
			give_number(numbering, all.at[i]);
		if (all.at[i]->table == 0)
			all.at[i]->table = UPLINK_TABLE_FIRST + all.at[i]->id;
	}
	/* More have been refused. */
	for (uint32_t i = 1; i < all.n && all.n <= UPLINKS_MAX; i++)
		for (uint32_t k = 0; k < i; k++)
			check_pair(numbering->scope, all.at[k], all.at[i]);
}

void uplinks_resolve(struct scope *scope, const struct written *written, struct config *config)
{
	struct numbering numbering = { .scope = scope, .config = config };
	for (uint32_t i = 0; i < written->uplink_groups.n; i++)
		resolve_group(&numbering, &written->uplink_groups.at[i],
			      written->uplink_groups.at[i].name.value);
	if (span_is_set(written->multi_wan.at))
		resolve_group(&numbering, &written->multi_wan, "multi_wan");
	finish(&numbering);
	if (numbering.count == 0 || config->conntrack.enabled.value)
		return;
	struct diag *d = diag_error(scope->diags, D_UNTRACKED,
				    written->uplink_groups.n > 0 ? written->uplink_groups.at[0].at
								 : written->multi_wan.at);
	diag_say(d, "only tracked connections stay on their uplink");
	diag_note(d, config->conntrack.enabled.at, "tracking is switched off here");
}
