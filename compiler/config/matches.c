#include "config/resolve.h"

#include <inttypes.h>
#include <string.h>

#include "config/names.h"
#include "schema/fault.h"
#include "schema/schema.h"
#include "value/value.h"

static struct diag *refuse_vlan(struct scope *scope, struct span at, const char *message)
{
	struct diag *d = diag_error(scope->diags, D_VLAN_INTERFACE, at);
	diag_say(d, "%s", message);
	return d;
}

/* A VLAN is an interface of its own to the kernel. */
static const char *vlan_interface(struct scope *scope, const struct zone_match *match,
				  const char *interface)
{
	const char *name = arena_printf(scope->arena, "%s.%" PRIu64, interface, match->vlan.value);
	if (strchr(interface, '*')) {
		struct diag *d = refuse_vlan(scope, match->vlan.at,
					     "a VLAN needs the exact name of its interface");
		diag_help(d, "write a match block for each interface");
		return NULL;
	}
	if (strlen(name) > INTERFACE_MAX) {
		struct diag *d = refuse_vlan(scope, match->vlan.at,
					     arena_printf(scope->arena,
							  "the VLAN's interface would be \"%s\", "
							  "which has more than %d bytes",
							  name, INTERFACE_MAX));
		diag_help(d, "give the VLAN's interface a shorter name, and set interface to it");
		return NULL;
	}
	return name_intern(scope->names, text_of(name));
}

static void apply_vlan(struct scope *scope, struct zone_match *match)
{
	if (!field_is_set(match->interfaces)) {
		struct diag *d = refuse_vlan(scope, match->vlan.at, "a VLAN needs its interface");
		diag_help(d, "set interface in the same block");
		return;
	}
	for (uint32_t i = 0; match->vlan.value > 0 && i < match->interfaces.items.n; i++) {
		struct field_text *interface = &match->interfaces.items.at[i];
		const char *name = vlan_interface(scope, match, interface->value);
		if (!name)
			return;
		interface->value = name;
	}
}

static bool has_protocol(const struct zone_match *match, const char *name)
{
	for (uint32_t i = 0; i < match->protocols.items.n; i++)
		if (strcmp(match->protocols.items.at[i].value, name) == 0)
			return true;
	return false;
}

/* As in track_protocols, icmp means that of both versions. */
static void widen_icmp(struct scope *scope, struct zone_match *match)
{
	if (!has_protocol(match, "icmp") || has_protocol(match, "ipv6-icmp"))
		return;
	struct field_text *added = push(scope->arena, &match->protocols.items);
	added->value = name_intern(scope->names, TEXT("ipv6-icmp"));
	added->at = match->protocols.at;
}

static bool has_condition(const struct zone_match *match)
{
	return field_is_set(match->interfaces) || field_is_set(match->out_interfaces) ||
	       field_is_set(match->src) || field_is_set(match->dst) || field_is_set(match->sets) ||
	       field_is_set(match->vlan) || field_is_set(match->protocols) ||
	       field_is_set(match->macs) || field_is_set(match->dscps) || match->mark.mask != 0;
}

static void check_sets(struct scope *scope, const struct config *config,
		       const struct field_texts *names)
{
	for (uint32_t i = 0; i < names->items.n; i++) {
		const struct field_text *name = &names->items.at[i];
		const struct ipset *set = config_set(config, name->value);
		if (!set)
			set_report_unknown(scope, config, name);
		else if (set->kind != SET_ADDRESSES)
			set_report_kind(scope, set, name->at);
	}
}

static void add_match(struct scope *scope, const struct config *config, struct zone *zone,
		      const struct zone_match *written)
{
	struct zone_match match = *written;
	if (!has_condition(&match)) {
		struct diag *d = diag_error(scope->diags, D_NO_CONDITION, match.at);
		diag_say(d, "this match block has no condition");
		diag_help(d, "set interface, src, dst, vlan, protocol or mac in it");
		return;
	}
	if (field_is_set(match.vlan))
		apply_vlan(scope, &match);
	check_sets(scope, config, &match.sets);
	widen_icmp(scope, &match);
	*push(scope->arena, &zone->matches) = match;
}

/* Which interface carries the VLAN nobody can guess, but the zone has other ways to be in it. */
static bool skip_vlan(struct scope *scope, const struct written_zone *written,
		      const struct zone_match *match)
{
	struct zone_match rest = *match;
	rest.vlan = (struct field_number){ 0 };
	bool has_others = written->matches.n > 1 || field_is_set(written->interfaces) ||
			  field_is_set(written->networks) || field_is_set(written->sets);
	if (!field_is_set(match->vlan) || has_condition(&rest) || !has_others)
		return false;
	struct diag *d = diag_warning(scope->diags, D_VLAN_SKIPPED, match->vlan.at);
	diag_help(d, "set interface in the same block");
	return true;
}

static struct zone_match match_of(const struct written_match *written)
{
	struct zone_match match = {
		.interfaces = written->interfaces,
		.out_interfaces = written->out_interfaces,
		.src = written->src,
		.dst = written->dst,
		.sets = written->sets,
		.dscps = written->dscps,
		.vlan = written->vlan,
		.protocols = written->protocols,
		.macs = written->macs,
		.at = written->at,
	};
	if (!written->mark.value)
		return match;
	mark_parse(written->mark.value, &match.mark);
	match.mark.at = written->mark.at;
	return match;
}

/* The place of the first that is written. */
static struct span own_place(const struct written_zone *written)
{
	const struct span places[] = { written->interfaces.at, written->networks.at,
				       written->sets.at, written->dst.at, written->vlan.at };
	for (size_t i = 0; i < countof(places); i++)
		if (span_is_set(places[i]))
			return places[i];
	return written->at;
}

void matches_resolve(struct scope *scope, const struct config *config,
		     const struct written_zone *written, struct zone *out)
{
	const struct zone_match own = {
		.interfaces = written->interfaces,
		.src = written->networks,
		.sets = written->sets,
		.dst = written->dst,
		.vlan = written->vlan,
		.at = own_place(written),
	};
	if (has_condition(&own)) {
		add_match(scope, config, out, &own);
	} else if (written->matches.n == 0) {
		struct diag *d = diag_warning(scope->diags, D_EMPTY_ZONE, written->at);
		diag_say(d, "nothing belongs to this zone");
		diag_help(d, "set interface or networks, or write a match block");
	}
	for (uint32_t i = 0; i < written->matches.n; i++) {
		const struct zone_match match = match_of(&written->matches.at[i]);
		if (!skip_vlan(scope, written, &match))
			add_match(scope, config, out, &match);
	}
}
