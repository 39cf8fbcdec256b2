#include "config/nats.h"

#include <string.h>

#include "base/arena.h"
#include "config/choice.h"
#include "config/logging.h"
#include "config/names.h"
#include "config/nat_checks.h"
#include "config/reach.h"
#include "config/resolve.h"
#include "schema/fault.h"
#include "schema/schema.h"
#include "value/value.h"

const struct nat_form nat_forms[] = {
	[NAT_MASQUERADE] = { "masquerade", .is_source = true, .instead = "snat" },
	[NAT_SNAT] = { "snat", .is_source = true, .takes_address = true, .needs_target = true,
		       .instead = "masquerade" },
	[NAT_DNAT] = { "dnat", .takes_address = true, .needs_target = true, .instead = "redirect" },
	[NAT_REDIRECT] = { "redirect", .instead = "dnat" },
	[NAT_ONE_TO_ONE] = { "one_to_one", .is_pair = true },
	[NAT_PREFIX] = { "prefix", .is_pair = true },
};

static enum nat_type type_of(const char *word)
{
	unsigned type = 0;
	while (strcmp(nat_forms[type].word, word) != 0)
		type++;
	return (enum nat_type)type;
}

static struct value value_of(struct scope *scope, const struct field_any *any)
{
	return any->expr ? evaluate(scope, any->expr) : *any->value;
}

/* `to` is an address where it can be read as one, else a zone. */
static void resolve_to(struct scope *scope, const struct written_nat *written,
		       struct field_text *zone, struct target_list *targets)
{
	struct nat_target target;
	*zone = written->to_zone;
	if (!field_is_set(written->to))
		return;
	struct value value = value_of(scope, &written->to);
	if (value.kind != VALUE_STRING || target_parse(value.string, &target)) {
		targets->name = "to";
		targets_read(targets, &value);
		return;
	}
	if (field_is_set(written->to_zone)) {
		struct diag *d = diag_error(scope->diags, D_REPEATED, value.at);
		diag_say(d, "the zone is set already");
		diag_note(d, written->to_zone.at, "it is set here first");
		return;
	}
	zone->value = name_intern(scope->names, value.string);
	zone->at = value.at;
}

/* The ports of to_port belong to each target that has none of its own. */
static void apply_ports(struct scope *scope, const struct written_nat *written,
			struct target_list *targets)
{
	const struct field_ports *ports = &written->to_ports;
	if (ports->items.n == 0)
		return;
	if (ports->items.n > 1) {
		struct diag *d = diag_error(scope->diags, D_NAT_TARGET, ports->items.at[1].at);
		diag_say(d, "to_port is one port or one range");
		diag_help(d, "write a nat block for each");
		return;
	}
	const struct field_port port = ports->items.at[0];
	if (targets->items.n == 0 && !field_is_set(written->targets))
		push(scope->arena, &targets->items)->at = port.at;
	for (uint32_t i = 0; i < targets->items.n; i++) {
		struct nat_target *target = &targets->items.at[i];
		if (target->port_low > 0) {
			struct diag *d = diag_error(scope->diags, D_NAT_TARGET, port.at);
			diag_say(d, "the target has a port already");
			diag_note(d, target->at, "the target is here");
			return;
		}
		target->weight = target->weight ? target->weight : 1;
		target->port_low = port.low;
		target->port_high = port.high;
	}
}

static void resolve_targets(struct scope *scope, const struct config *config,
			    const struct written_nat *written, struct nat *nat)
{
	struct target_list targets = { .scope = scope, .name = "to_ip" };
	struct field_text zone = { 0 };
	resolve_to(scope, written, &zone, &targets);
	if (field_is_set(written->targets)) {
		struct value value = value_of(scope, &written->targets);
		targets.name = "to_ip";
		targets_read(&targets, &value);
	}
	apply_ports(scope, written, &targets);
	for (uint32_t i = 0; i < targets.items.n; i++)
		*push(scope->arena, &nat->targets) = targets.items.at[i];
	if (zone.value)
		zone_set_resolve(scope, config, &zone, &nat->to);
}

/* The network that a target's range is; false where it is none. */
static bool target_network(const struct nat_target *target, struct prefix *out)
{
	struct range range = { .low = target->low, .high = target->high };
	return target->family != 0 && range_take(&range, out) && range.is_empty;
}

/* One network of a list. */
static bool single_network(struct scope *scope, const struct field_prefixes *list, const char *name,
			   struct prefix *out)
{
	if (list->items.n == 0)
		return false;
	if (list->items.n > 1) {
		struct diag *d = diag_error(scope->diags, D_NAT_PAIR, list->items.at[1].at);
		diag_say(d, "%s is one address or one network", name);
		diag_help(d, "write a nat block for each pair");
	}
	*out = list->items.at[0].value;
	return true;
}

/* outside and inside, under these or the names that other types use: what packets go to becomes
 * what is written in to_ip, or what they come from becomes that. */
static void resolve_pair(struct scope *scope, const struct written_nat *written, struct nat *nat)
{
	struct prefix target = { 0 };
	const struct written_conditions *conditions = &written->conditions;
	bool has_target = nat->targets.n == 1 && target_network(&nat->targets.at[0], &target);
	bool has_outside = single_network(scope, &written->outside, "outside", &nat->outside) ||
			   single_network(scope, &conditions->dest, "dest_ip", &nat->outside);
	bool has_inside = single_network(scope, &written->inside, "inside", &nat->inside) ||
			  single_network(scope, &conditions->src, "src_ip", &nat->inside);
	if (has_target && !has_outside) {
		nat->outside = target;
		has_outside = true;
	} else if (has_target && !has_inside) {
		nat->inside = target;
		has_inside = true;
	}
	memset(&nat->targets, 0, sizeof nat->targets);
	memset(&nat->src, 0, sizeof nat->src);
	memset(&nat->dest, 0, sizeof nat->dest);
	if (has_outside && has_inside)
		return;
	struct diag *d = diag_error(scope->diags, D_NAT_PAIR, nat->at);
	diag_say(d, "%s is missing", has_inside ? "outside" : "inside");
	diag_help(d, "set inside = \"192.168.1.10\" and outside = \"203.0.113.10\"");
}

/* Services become protocols and ports; where the protocols differ in their ports, each has a
 * translation of its own. */
struct protocol_ports {
	const char *protocol;
	struct field_ports ports;
};

struct protocol_list {
	VEC(struct protocol_ports) all;
};

static struct protocol_ports *protocol_entry(struct scope *scope, struct protocol_list *list,
					     const char *protocol)
{
	for (uint32_t i = 0; i < list->all.n; i++)
		if (strcmp(list->all.at[i].protocol, protocol) == 0)
			return &list->all.at[i];
	struct protocol_ports *entry = push(scope->arena, &list->all);
	entry->protocol = protocol;
	return entry;
}

static void add_part(struct scope *scope, struct protocol_list *list, const struct service_use *use,
		     const struct service_part *part)
{
	struct protocol_ports *entry = protocol_entry(scope, list, part->protocol);
	if (part->low > 0) {
		*push(scope->arena, &entry->ports.items) =
			(struct field_port){ part->low, part->high, use->at };
		entry->ports.at = use->at;
	}
	if (part->source_low == 0)
		return;
	struct diag *d = diag_error(scope->diags, D_NAT_SERVICE, use->at);
	diag_say(d, "the service %s has source ports", use->name);
	diag_help(d, "write proto, src_port and dest_port");
}

static void collect_protocols(struct scope *scope, const struct rule *rule,
			      struct protocol_list *out)
{
	for (uint32_t i = 0; i < rule->services.n; i++) {
		const struct service_use *use = &rule->services.at[i];
		for (uint32_t k = 0; use->def && k < use->def->parts.n; k++)
			add_part(scope, out, use, &use->def->parts.at[k]);
	}
}

static bool same_ports(const struct field_ports *a, const struct field_ports *b)
{
	if (a->items.n != b->items.n)
		return false;
	for (uint32_t i = 0; i < a->items.n; i++)
		if (a->items.at[i].low != b->items.at[i].low ||
		    a->items.at[i].high != b->items.at[i].high)
			return false;
	return true;
}

static void add_protocol(struct scope *scope, struct nat *nat, const struct protocol_ports *entry)
{
	struct field_text *protocol = push(scope->arena, &nat->protocols.items);
	protocol->value = name_intern(scope->names, text_of(entry->protocol));
	protocol->at = nat->at;
	nat->protocols.at = nat->at;
	nat->dest_ports = entry->ports;
}

/* Adds the translation, once for each group of protocols with the same ports. */
static void add_nats(struct scope *scope, const struct rule *rule, const struct nat *nat,
		     struct config *config)
{
	struct protocol_list list = { 0 };
	collect_protocols(scope, rule, &list);
	if (list.all.n == 0)
		*push(scope->arena, &config->nats) = *nat;
	for (uint32_t i = 0; i < list.all.n; i++) {
		struct nat one = *nat;
		if (!list.all.at[i].protocol)
			continue;
		add_protocol(scope, &one, &list.all.at[i]);
		for (uint32_t k = i + 1; k < list.all.n; k++) {
			if (!list.all.at[k].protocol ||
			    !same_ports(&list.all.at[i].ports, &list.all.at[k].ports))
				continue;
			add_protocol(scope, &one, &list.all.at[k]);
			list.all.at[k].protocol = NULL;
		}
		*push(scope->arena, &config->nats) = one;
	}
}

static void copy_conditions(const struct rule *rule, struct nat *nat)
{
	nat->in_interfaces = rule->in_interfaces;
	nat->out_interfaces = rule->out_interfaces;
	nat->protocols = rule->protocols;
	nat->src = rule->src;
	nat->dest = rule->dest;
	nat->src_sets = rule->src_sets;
	nat->dest_sets = rule->dest_sets;
	nat->invert_src = rule->invert_src;
	nat->invert_dest = rule->invert_dest;
	nat->src_ports = rule->src_ports;
	nat->dest_ports = rule->dest_ports;
	nat->mark = rule->mark;
}

static void copy_options(const struct written_nat *written, struct nat *nat)
{
	nat->random = written->random;
	nat->fully_random = written->fully_random;
	nat->persistent = written->persistent;
	nat->hairpin = written->hairpin;
	nat->forward = written->forward;
	nat->counter = written->counter;
	nat->log = written->log;
	logging_resolve(&nat->log);
	/* The kernel has one of the two: the stronger one. */
	if (nat->fully_random.value)
		nat->random.value = false;
}

static void resolve_nat(struct scope *scope, const struct edges *edges,
			const struct written_nat *written, struct config *config)
{
	struct nat nat = { .name = written->name.value, .at = written->at };
	struct rule rule = { .at = written->at };
	if (!written->type.value) {
		if (!field_is_set(written->type)) {
			struct diag *d = diag_error(scope->diags, D_NAT_TYPE, written->at);
			diag_help(d, "set type to masquerade, snat, dnat, redirect, one_to_one or "
				     "prefix");
		}
		return;
	}
	if (nat.name)
		shown_name_check(scope, &written->name, "nat");
	if (written->counter.value)
		shown_name_check(scope, &written->counter, "counter");
	nat.type = type_of(written->type.value);
	conditions_resolve(scope, config, &written->conditions, &rule);
	if (rule.macs.items.n > 0 && !field_is_set(written->conditions.macs)) {
		struct diag *d = diag_error(scope->diags, D_NAT_CONDITION, rule.macs.at);
		diag_say(d, "nat does not look at MAC addresses, which this set holds");
	}
	copy_conditions(&rule, &nat);
	copy_options(written, &nat);
	if (written->from.value)
		zone_set_resolve(scope, config, &written->from, &nat.from);
	resolve_targets(scope, config, written, &nat);
	if (nat_forms[nat.type].is_pair)
		resolve_pair(scope, written, &nat);
	nat_check(scope, config, edges, written, &nat);
	/* Between inside and outside, and of hairpins, packets come from several sides. */
	if (!nat_forms[nat.type].is_pair && !nat.hairpin.value)
		reach_check(scope, config, &nat.from, &nat.to, &rule);
	if (!written->disabled.value && written->enabled.value)
		add_nats(scope, &rule, &nat, config);
}

/* A policy that lets some of this machine's own connections out, and some not; NULL: none. */
static const struct policy *policy_of_own(const struct config *config)
{
	for (uint32_t i = 0; i < config->policies.n; i++) {
		const struct policy *policy = &config->policies.at[i];
		bool is_open = policy->rules.n == 0 && policy->action == RULE_ACCEPT;
		if (policy->from.is_self && policy->to.count > 0 && !is_open)
			return policy;
	}
	return NULL;
}

/* What this machine sends is seen to leave where it would have left untranslated. */
static void warn_own(struct scope *scope, const struct config *config)
{
	const struct policy *policy = policy_of_own(config);
	for (uint32_t i = 0; policy && is_sound(scope) && i < config->nats.n; i++) {
		const struct nat *nat = &config->nats.at[i];
		if (nat->type != NAT_DNAT || !nat->from.is_self)
			continue;
		struct diag *d = diag_warning(scope->diags, D_NAT_OWN_ZONE, nat->from.at);
		diag_note(d, policy->at, "this machine's own connections have policies, as here");
		diag_help(d, "have the policy for the zone that is asked for accept the target");
	}
}

void nats_resolve(struct scope *scope, const struct written *written, struct config *config)
{
	struct edges edges = { 0 };
	if (written->nats.n > 0)
		edges_collect(scope, config, &edges);
	for (uint32_t i = 0; i < written->nats.n && !fault_is_hopeless(scope); i++)
		resolve_nat(scope, &edges, &written->nats.at[i], config);
	warn_own(scope, config);
}
