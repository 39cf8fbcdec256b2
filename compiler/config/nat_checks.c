#include "config/nat_checks.h"

#include "base/arena.h"
#include "config/resolve.h"
#include "schema/schema.h"
#include "value/value.h"

static const struct nat_form *form_of(const struct nat *nat)
{
	return &nat_forms[nat->type];
}

/* What a packet's headers alone decide, but this kind of rule cannot look at. */
static void check_conditions(struct scope *scope, const struct written_nat *written)
{
	const struct written_conditions *conditions = &written->conditions;
	const struct {
		struct span at;
		const char *name;
	} foreign[] = {
		{ conditions->macs.at, "src_mac" },
		{ conditions->states.at, "conn_state" },
		{ conditions->icmp_types.at, "icmp_type" },
		{ conditions->tcp_flags.at, "tcp_flags" },
		{ conditions->dscps.at, "dscp" },
		{ conditions->time_start.at, "time_start" },
		{ conditions->time_end.at, "time_end" },
		{ conditions->days.at, "days" },
	};
	for (size_t i = 0; i < countof(foreign); i++) {
		if (!span_is_set(foreign[i].at))
			continue;
		struct diag *d = diag_error(scope->diags, D_NAT_CONDITION, foreign[i].at);
		diag_say(d, "nat does not look at %s", foreign[i].name);
		diag_help(d, "tell packets by addresses, ports, interfaces, zones or a mark");
	}
}

/* Where a packet leaves is known behind routing alone, and destinations are translated ahead of it.
 */
static void check_side(struct scope *scope, const struct written_nat *written,
		       const struct nat *nat)
{
	const struct nat_form *form = form_of(nat);
	bool is_ahead = !form->is_source && !form->is_pair;
	if (is_ahead && field_is_set(nat->out_interfaces)) {
		struct diag *d = diag_error(scope->diags, D_NAT_SIDE, nat->out_interfaces.at);
		diag_say(d, "%s happens before it is known where packets leave", form->word);
		diag_help(d, "set in_interface, or from");
	}
	if (is_ahead && nat->to.written && !nat->to.is_self) {
		struct diag *d = diag_error(scope->diags, D_NAT_SIDE, nat->to.at);
		diag_say(d, "%s happens before it is known to which zone packets go", form->word);
		diag_help(d, "set dest_ip to the address that is translated");
	}
	bool is_own = nat->from.written && nat->from.is_self && nat->from.count == 0;
	if (is_own && field_is_set(nat->in_interfaces)) {
		struct diag *d = diag_error(scope->diags, D_NAT_SIDE, nat->in_interfaces.at);
		diag_say(d, "packets of this machine itself come in by no interface");
		diag_note(d, nat->from.at, "from is this machine");
		diag_help(d, "leave in_interface out, or set from to a zone");
	}
	if (form->is_source && nat->to.written && nat->to.is_self) {
		struct diag *d = diag_error(scope->diags, D_NAT_SIDE, nat->to.at);
		diag_say(d, "%s is for packets that leave this machine", form->word);
	}
	if (form->is_pair && written->to_ports.items.n > 0) {
		struct diag *d = diag_error(scope->diags, D_NAT_TARGET, written->to_ports.at);
		diag_say(d, "%s translates addresses, not ports", form->word);
	}
}

static void report_no_target(struct scope *scope, const struct nat *nat)
{
	struct diag *d = diag_error(scope->diags, D_NAT_TARGET, nat->at);
	if (nat->type == NAT_SNAT) {
		diag_say(d, "snat needs an address");
		diag_help(d, "set to_ip, or type to \"masquerade\" for the interface's address");
	} else {
		diag_say(d, "dnat needs a target");
		diag_help(d, "set to_ip = \"192.0.2.10\", or to_port where the port alone changes");
	}
}

static bool is_network(const struct nat_target *target)
{
	struct range range = { .low = target->low, .high = target->high };
	struct prefix prefix;
	return target->family != 0 && prefix_compare(&target->low, &target->high) != 0 &&
	       range_take(&range, &prefix) && range.is_empty;
}

/* Whether a target fits the type; reported where it does not. */
static bool check_target(struct scope *scope, const struct nat *nat,
			 const struct nat_target *target)
{
	const struct nat_form *form = form_of(nat);
	bool is_bad =
		form->takes_address ? form->is_source && target->family == 0 : target->family != 0;
	if (!is_bad)
		return true;
	struct diag *d = diag_error(scope->diags, D_NAT_TARGET, target->at);
	diag_say(d, form->takes_address ? "%s needs an address" : "%s takes no address",
		 form->word);
	diag_help(d, "set type to \"%s\"", form->instead);
	return false;
}

/* Only dnat deals connections out to several targets; snat has one for each family. */
static void check_count(struct scope *scope, const struct nat *nat)
{
	const struct nat_form *form = form_of(nat);
	const struct nat_target *targets = nat->targets.at;
	bool is_one_each = nat->type == NAT_SNAT && nat->targets.n == 2 &&
			   targets[0].family != targets[1].family;
	if (nat->type == NAT_DNAT || nat->targets.n < 2 || is_one_each)
		return;
	struct diag *d = diag_error(scope->diags, D_NAT_TARGET, targets[1].at);
	diag_say(d, "%s has one target%s", form->word,
		 nat->type == NAT_SNAT ? " of each family" : "");
	if (nat->type == NAT_SNAT)
		diag_help(d, "write a range: \"192.0.2.10-192.0.2.13\"");
}

/* Connections are dealt out by a map, whose values are of one form. */
static bool check_share(struct scope *scope, const struct nat_target *first,
			const struct nat_target *target)
{
	const struct nat_target *both[] = { first, target };
	for (size_t i = 0; i < countof(both); i++) {
		if (prefix_compare(&both[i]->low, &both[i]->high) == 0 &&
		    both[i]->port_low == both[i]->port_high)
			continue;
		struct diag *d = diag_error(scope->diags, D_NAT_TARGET, both[i]->at);
		diag_say(d, "of several targets each is one address, with one port or none");
		return false;
	}
	if ((first->port_low > 0) == (target->port_low > 0))
		return true;
	struct diag *d = diag_error(scope->diags, D_NAT_TARGET, target->at);
	diag_say(d, "either all targets have a port, or none has");
	diag_note(d, first->at, "the first target is here");
	return false;
}

/* The targets of each family share its connections. */
static void check_shares(struct scope *scope, const struct nat *nat)
{
	const struct nat_target *firsts[2] = { 0 };
	for (uint32_t i = 0; nat->type == NAT_DNAT && i < nat->targets.n; i++) {
		const struct nat_target *target = &nat->targets.at[i];
		const struct nat_target **first = &firsts[target->family == FAMILY_IPV6];
		if (*first && !check_share(scope, *first, target))
			return;
		*first = *first ? *first : target;
	}
}

static void check_targets(struct scope *scope, const struct written_nat *written,
			  const struct nat *nat)
{
	bool is_written = field_is_set(written->targets) || field_is_set(written->to) ||
			  field_is_set(written->to_ports);
	if (form_of(nat)->needs_target && nat->targets.n == 0 && (!is_written || is_sound(scope)))
		report_no_target(scope, nat);
	for (uint32_t i = 0; i < nat->targets.n; i++) {
		const struct nat_target *target = &nat->targets.at[i];
		if (!check_target(scope, nat, target) || nat->type != NAT_DNAT ||
		    !is_network(target))
			continue;
		struct diag *d = diag_error(scope->diags, D_NAT_TARGET, target->at);
		diag_say(d, "a network is no target: some of its addresses are no host's");
		diag_help(d, "write a range, or type = \"prefix\" to translate a network");
	}
	check_count(scope, nat);
	check_shares(scope, nat);
}

static void check_options(struct scope *scope, const struct written_nat *written,
			  const struct nat *nat)
{
	const struct {
		struct span at;
		const char *name, *types;
		bool is_for;
	} options[] = {
		{ nat->hairpin.at, "hairpin", "dnat and one_to_one",
		  nat->type == NAT_DNAT || nat->type == NAT_ONE_TO_ONE },
		{ nat->forward.at, "forward", "dnat, redirect, one_to_one and prefix",
		  !form_of(nat)->is_source },
		{ nat->random.at, "random", "the other types", !form_of(nat)->is_pair },
		{ nat->fully_random.at, "fully_random", "the other types", !form_of(nat)->is_pair },
		{ nat->persistent.at, "persistent", "the other types", !form_of(nat)->is_pair },
		{ written->inside.at, "inside", "one_to_one and prefix", form_of(nat)->is_pair },
		{ written->outside.at, "outside", "one_to_one and prefix", form_of(nat)->is_pair },
	};
	for (size_t i = 0; i < countof(options); i++) {
		if (!span_is_set(options[i].at) || options[i].is_for)
			continue;
		struct diag *d = diag_error(scope->diags, D_NAT_OPTION, options[i].at);
		diag_say(d, "%s has no %s", form_of(nat)->word, options[i].name);
		diag_note(d, NOWHERE, "it belongs to %s", options[i].types);
	}
}

/* Pairs name both addresses, and a hairpin needs one that hosts inside ask for. */
static void check_inverted(struct scope *scope, const struct nat *nat)
{
	const struct {
		const struct field_bool *field;
		const char *name, *feature;
		bool is_foreign;
	} options[] = {
		{ &nat->invert_src, "invert_src", form_of(nat)->word, form_of(nat)->is_pair },
		{ &nat->invert_dest, "invert_dest", form_of(nat)->word, form_of(nat)->is_pair },
		{ &nat->invert_dest, "invert_dest", "hairpin",
		  nat->hairpin.value && nat->type == NAT_DNAT },
	};
	for (size_t i = 0; i < countof(options); i++) {
		if (!options[i].field->value || !options[i].is_foreign)
			continue;
		struct diag *d = diag_error(scope->diags, D_NAT_OPTION, options[i].field->at);
		diag_say(d, "%s does not go with %s", options[i].name, options[i].feature);
		diag_help(d, "name the addresses that it is for");
	}
}

/* What is sent to another port of the same address never comes back by the way it came. */
static void check_hairpin(struct scope *scope, const struct nat *nat)
{
	if (!nat->hairpin.value || nat->type != NAT_DNAT || nat->targets.n == 0 ||
	    nat->targets.at[0].family != 0)
		return;
	struct diag *d = diag_error(scope->diags, D_NAT_OPTION, nat->hairpin.at);
	diag_say(d, "hairpin needs a target with an address");
}

/* Both written, the stronger one counts. */
static void check_random(struct scope *scope, const struct written_nat *written)
{
	if (!is_sound(scope) || !written->random.value || !written->fully_random.value ||
	    !field_is_set(written->random))
		return;
	struct diag *d = diag_warning(scope->diags, D_NAT_RANDOM, written->random.at);
	diag_note(d, written->fully_random.at, "fully_random is set here");
}

static void check_tracking(struct scope *scope, const struct config *config, const struct nat *nat)
{
	if (config->conntrack.enabled.value)
		return;
	struct diag *d = diag_error(scope->diags, D_UNTRACKED, nat->at);
	diag_say(d, "addresses are translated for tracked connections alone");
	diag_note(d, config->conntrack.enabled.at, "tracking is switched off here");
}

void nat_check(struct scope *scope, const struct config *config, const struct edges *edges,
	       const struct written_nat *written, const struct nat *nat)
{
	check_tracking(scope, config, nat);
	check_conditions(scope, written);
	check_side(scope, written, nat);
	check_targets(scope, written, nat);
	check_options(scope, written, nat);
	check_inverted(scope, nat);
	check_hairpin(scope, nat);
	check_random(scope, written);
	nat_check_ports(scope, written, nat);
	nat_check_families(scope, config, nat);
	nat_check_edges(scope, edges, nat);
}
