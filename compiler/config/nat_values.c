#include "config/nat_checks.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "config/resolve.h"
#include "schema/schema.h"
#include "value/value.h"

static bool has_ports(const char *protocol)
{
	static const char *const names[] = { "tcp", "udp", "sctp", "dccp", "udplite" };
	for (size_t i = 0; i < countof(names); i++)
		if (strcmp(names[i], protocol) == 0)
			return true;
	return false;
}

/* The first protocol without ports, or NULL. */
static const struct field_text *portless(const struct nat *nat)
{
	for (uint32_t i = 0; i < nat->protocols.items.n; i++)
		if (!has_ports(nat->protocols.items.at[i].value))
			return &nat->protocols.items.at[i];
	return NULL;
}

static uint32_t width(uint16_t low, uint16_t high)
{
	return (uint32_t)(high - low) + 1;
}

/* One range is shifted to another that is as wide; of others, the kernel takes any port. */
static void check_ranges(struct scope *scope, const struct nat *nat,
			 const struct nat_target *target)
{
	if (nat->dest_ports.items.n == 0 || target->port_low == target->port_high ||
	    nat_forms[nat->type].is_source || !is_sound(scope))
		return;
	uint32_t wanted = width(target->port_low, target->port_high), had = 0;
	for (uint32_t i = 0; i < nat->dest_ports.items.n; i++)
		had += width(nat->dest_ports.items.at[i].low, nat->dest_ports.items.at[i].high);
	if (had == wanted && nat->dest_ports.items.n == 1)
		return;
	struct diag *d = diag_warning(scope->diags, D_NAT_RANGES, target->at);
	diag_say(d, "%u ports become %u: which becomes which is the kernel's choice", had, wanted);
	diag_note(d, nat->dest_ports.at, "the ports ahead of it are here");
}

void nat_check_ports(struct scope *scope, const struct written_nat *written, const struct nat *nat)
{
	const struct field_text *other = portless(nat);
	bool has_protocol =
		nat->protocols.items.n > 0 || field_is_set(written->conditions.services);
	for (uint32_t i = 0; i < nat->targets.n; i++) {
		const struct nat_target *target = &nat->targets.at[i];
		if (target->port_low == 0)
			continue;
		if (has_protocol && !other) {
			check_ranges(scope, nat, target);
			continue;
		}
		struct diag *d = diag_error(scope->diags, D_NAT_PORTS, target->at);
		if (other) {
			diag_say(d, "%s has no ports", other->value);
			diag_note(d, other->at, "the protocol is set here");
		}
		diag_help(d, "set proto to tcp, udp, sctp, dccp or udplite");
		return;
	}
}

enum { IPV4 = 1, IPV6 = 2, BOTH = IPV4 | IPV6 };

static unsigned family_bit(uint8_t family)
{
	return family == FAMILY_IPV4 ? IPV4 : IPV6;
}

/* The families that packets may be of, as far as a list of addresses tells. */
static unsigned families_of(const struct config *config, const struct field_prefixes *list,
			    const struct field_texts *sets, const struct field_bool *inverted)
{
	unsigned families = 0;
	for (uint32_t i = 0; i < list->items.n; i++)
		families |= family_bit(list->items.at[i].value.family);
	for (uint32_t i = 0; i < sets->items.n; i++)
		families |= set_families(config_set(config, sets->items.at[i].value));
	return list->items.n + sets->items.n == 0 || inverted->value ? BOTH : families;
}

static unsigned sources_of(const struct config *config, const struct nat *nat)
{
	return families_of(config, &nat->src, &nat->src_sets, &nat->invert_src);
}

static unsigned destinations_of(const struct config *config, const struct nat *nat)
{
	return families_of(config, &nat->dest, &nat->dest_sets, &nat->invert_dest);
}

static unsigned version_of(uint8_t family)
{
	return family == FAMILY_IPV4 ? 4 : 6;
}

static void report_family(struct scope *scope, const struct config *config, const struct nat *nat,
			  const struct nat_target *target)
{
	struct diag *d = diag_error(scope->diags, D_NAT_FAMILY, target->at);
	bool is_src = destinations_of(config, nat) == BOTH;
	struct span addresses = is_src ? nat->src.at : nat->dest.at;
	struct span sets = is_src ? nat->src_sets.at : nat->dest_sets.at;
	diag_say(d, "an IPv%u packet cannot get an IPv%u address", 10 - version_of(target->family),
		 version_of(target->family));
	diag_note(d, span_is_set(addresses) ? addresses : sets,
		  "the addresses of packets are here");
}

/* What is written of one family, and left as it is. */
static void warn_left(struct scope *scope, const struct nat *nat, unsigned left)
{
	const struct field_prefixes *lists[] = { &nat->dest, &nat->src };
	const bool inverted[] = { nat->invert_dest.value, nat->invert_src.value };
	for (size_t i = 0; i < countof(lists); i++) {
		for (uint32_t k = 0; !inverted[i] && k < lists[i]->items.n; k++) {
			const struct field_prefix *item = &lists[i]->items.at[k];
			if (!(left & family_bit(item->value.family)))
				continue;
			struct diag *d = diag_warning(scope->diags, D_NAT_LEFT, item->at);
			diag_say(d, "IPv%u packets are not translated: no target is of IPv%u",
				 version_of(item->value.family), version_of(item->value.family));
			diag_note(d, nat->targets.at[0].at, "the target is here");
			return;
		}
	}
}

static void check_pair(struct scope *scope, const struct nat *nat)
{
	const struct prefix *inside = &nat->inside, *outside = &nat->outside;
	if (inside->family == 0 || outside->family == 0)
		return;
	if (inside->family != outside->family) {
		struct diag *d = diag_error(scope->diags, D_NAT_FAMILY, nat->at);
		diag_say(d, "inside is of IPv%u, and outside of IPv%u", version_of(inside->family),
			 version_of(outside->family));
	} else if (inside->length != outside->length) {
		struct diag *d = diag_error(scope->diags, D_NAT_PAIR, nat->at);
		diag_say(d, "inside has %u bits and outside %u", inside->length, outside->length);
		diag_help(d, "each address of one needs one of the other: give both one length");
	}
}

void nat_check_families(struct scope *scope, const struct config *config, const struct nat *nat)
{
	unsigned packets = sources_of(config, nat) & destinations_of(config, nat);
	unsigned targets = 0;
	check_pair(scope, nat);
	for (uint32_t i = 0; i < nat->targets.n; i++) {
		const struct nat_target *target = &nat->targets.at[i];
		if (target->family == 0)
			return;
		targets |= family_bit(target->family);
		if (packets != 0 && !(packets & family_bit(target->family)))
			report_family(scope, config, nat, target);
	}
	if (targets != 0 && is_sound(scope) && (packets & ~targets))
		warn_left(scope, nat, packets & ~targets);
}

static void add_edge(struct scope *scope, struct edges *out, const struct zone *zone,
		     const struct field_prefix *network, bool is_broadcast)
{
	struct edge *edge = push(scope->arena, &out->all);
	edge->address = is_broadcast ? prefix_last(&network->value) : network->value;
	edge->address.length = network->value.family == FAMILY_IPV4 ? 32 : 128;
	edge->zone = zone;
	edge->at = network->at;
	edge->is_broadcast = is_broadcast;
}

/* Networks of one or two addresses have hosts alone (RFC 3021, RFC 6164); IPv6 has no broadcast. */
static void add_network(struct scope *scope, struct edges *out, const struct zone *zone,
			const struct field_prefix *network)
{
	bool is_ipv4 = network->value.family == FAMILY_IPV4;
	if (network->value.length >= (is_ipv4 ? 31 : 127))
		return;
	add_edge(scope, out, zone, network, false);
	if (is_ipv4)
		add_edge(scope, out, zone, network, true);
}

static int by_address(const void *left, const void *right)
{
	const struct edge *a = left, *b = right;
	return prefix_compare(&a->address, &b->address);
}

void edges_collect(struct scope *scope, const struct config *config, struct edges *out)
{
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		for (uint32_t k = 0; k < zone->matches.n; k++) {
			const struct field_prefixes *networks = &zone->matches.at[k].src;
			for (uint32_t j = 0; j < networks->items.n; j++)
				add_network(scope, out, zone, &networks->items.at[j]);
		}
	}
	if (out->all.n > 0)
		qsort(out->all.at, out->all.n, sizeof *out->all.at, by_address);
}

static void check_edge(struct scope *scope, const struct edges *edges, const char *what,
		       const struct prefix *address, struct span at)
{
	char text[PREFIX_TEXT_MAX];
	const struct edge key = { .address = *address };
	const struct edge *edge = edges->all.n > 0 ? bsearch(&key, edges->all.at, edges->all.n,
							     sizeof *edges->all.at, by_address)
						   : NULL;
	if (!edge)
		return;
	prefix_format(address, text);
	struct diag *d = diag_error(scope->diags, D_NAT_EDGE, at);
	diag_say(d, "%s %s is a %s address of zone \"%s\", not a host's", what, text,
		 edge->is_broadcast ? "broadcast" : "network", edge->zone->name);
	diag_note(d, edge->at, "the network is here");
}

/* 127.0.0.0/8 and ::1 are this machine to itself alone. */
static const char *const loopbacks[] = { "127.0.0.0/8", "::1", NULL };

static bool is_in(const struct prefix *address, const char *const *list)
{
	struct prefix network;
	for (; *list; list++) {
		prefix_parse(text_of(*list), &network);
		if (prefix_contains(&network, address))
			return true;
	}
	return false;
}

/* No host answers there, and none sends from there. */
static void check_nobody(struct scope *scope, const struct nat *nat,
			 const struct nat_target *target)
{
	static const char *const nobody[] = { "0.0.0.0/8", "224.0.0.0/3",	"::",
					      "ff00::/8",  "::ffff:0.0.0.0/96", NULL };
	char text[PREFIX_TEXT_MAX];
	bool is_own = nat->type == NAT_DNAT && nat->from.is_self;
	prefix_format(&target->low, text);
	if (!is_in(&target->low, nobody) && (is_own || !is_in(&target->low, loopbacks)))
		return;
	struct diag *d = diag_error(scope->diags, D_NAT_EDGE, target->at);
	diag_say(d, "the target %s is no host's address", text);
	if (nat->type == NAT_DNAT && is_in(&target->low, loopbacks))
		diag_help(d, "set type to redirect: it takes this machine's own address");
}

void nat_check_edges(struct scope *scope, const struct edges *edges, const struct nat *nat)
{
	for (uint32_t i = 0; i < nat->targets.n; i++)
		if (nat->targets.at[i].family != 0)
			check_nobody(scope, nat, &nat->targets.at[i]);
	for (uint32_t i = 0; nat->type == NAT_DNAT && i < nat->targets.n; i++) {
		const struct nat_target *target = &nat->targets.at[i];
		if (target->family != 0 && prefix_compare(&target->low, &target->high) == 0)
			check_edge(scope, edges, "the target", &target->low, target->at);
	}
	if (nat->type == NAT_ONE_TO_ONE && nat->inside.family != 0 && prefix_is_host(&nat->inside))
		check_edge(scope, edges, "inside", &nat->inside, nat->at);
}
