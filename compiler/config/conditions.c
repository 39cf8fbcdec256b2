#include "config/condition_parts.h"

#include <string.h>

#include "base/arena.h"
#include "catalog/protocols.h"
#include "config/resolve.h"
#include "schema/fault.h"
#include "schema/schema.h"

bool texts_hold(const struct field_texts *texts, const char *text)
{
	for (uint32_t i = 0; i < texts->items.n; i++)
		if (strcmp(texts->items.at[i].value, text) == 0)
			return true;
	return false;
}

void cannot_match(struct resolving *r, struct span at, struct span other, const char *why)
{
	struct diag *d = diag_error(r->scope->diags, D_NEVER_MATCHES, at);
	diag_say(d, "no packet can match this: %s", why);
	diag_note(d, other, "the other condition is here");
}

static void add_text(struct resolving *r, struct field_texts *texts, const char *text,
		     struct span at)
{
	if (!texts_hold(texts, text))
		*push(r->scope->arena, &texts->items) =
			(struct field_text){ name_intern(r->scope->names, text_of(text)), at };
}

/* Protocols */

/* "icmp" is that of both versions, as in zones; "all" is any. */
static void resolve_protocols(struct resolving *r)
{
	const struct field_texts *written = &r->written->protocols;
	struct field_texts *out = &r->out->protocols;
	*out = (struct field_texts){ .at = written->at };
	if (written->items.n > 0)
		reserve(r->scope->arena, &out->items, written->items.n);
	for (uint32_t i = 0; i < written->items.n; i++) {
		const struct field_text *item = &written->items.at[i];
		if (strcmp(item->value, "any") == 0) {
			*out = (struct field_texts){ 0 };
			return;
		}
		bool is_four = strcmp(item->value, "icmpv4") == 0;
		add_text(r, out, is_four ? "icmp" : item->value, item->at);
		if (strcmp(item->value, "icmp") == 0)
			add_text(r, out, "ipv6-icmp", item->at);
	}
}

static bool has_ports(const struct rule *rule)
{
	return rule->dest_ports.items.n > 0 || rule->src_ports.items.n > 0;
}

static struct span ports_at(const struct rule *rule)
{
	return field_is_set(rule->dest_ports) ? rule->dest_ports.at : rule->src_ports.at;
}

/* In Flywall's language it is one of TCP. Elsewhere nobody knows. */
static void resolve_bare_port(struct resolving *r)
{
	struct span at = ports_at(r->out);
	bool is_broken = field_is_set(r->written->protocols) && r->written->protocols.items.n == 0;
	if (is_broken)
		return;
	if (!r->config->bare_ports_are_tcp || field_is_set(r->written->protocols)) {
		struct diag *d = diag_error(r->scope->diags, D_PORT_PROTOCOL, at);
		diag_say(d, "a port needs its protocol");
		diag_help(d, "set proto to \"tcp\" or \"udp\", or to both: [\"tcp\", \"udp\"]");
		return;
	}
	add_text(r, &r->out->protocols, "tcp", at);
	r->out->protocols.at = at;
	struct diag *d = diag_warning(r->scope->diags, D_PORT_IS_TCP, at);
	diag_say(d, "this port has no protocol, and is taken for one of TCP");
	diag_help(d, "set proto to \"tcp\", or to both: [\"tcp\", \"udp\"]");
}

/* Ports of a protocol that has none are a slip, never a wish. */
static void check_ports(struct resolving *r)
{
	const struct rule *rule = r->out;
	if (!has_ports(rule))
		return;
	if (field_is_set(r->written->services)) {
		struct diag *d = diag_error(r->scope->diags, D_PORTS_OF_SERVICES, ports_at(rule));
		diag_say(d, "a service has its own ports");
		diag_note(d, r->written->services.at, "services are named here");
		diag_help(d, "write a rule for each, or a service block with these ports");
		return;
	}
	if (rule->protocols.items.n == 0) {
		resolve_bare_port(r);
		return;
	}
	for (uint32_t i = 0; i < rule->protocols.items.n; i++) {
		const struct field_text *protocol = &rule->protocols.items.at[i];
		if (protocol_has_ports(protocol->value))
			continue;
		struct diag *d = diag_error(r->scope->diags, D_PORT_PROTOCOL, ports_at(rule));
		diag_say(d, "%s has no ports", protocol->value);
		diag_note(d, protocol->at, "the protocol is set here");
		diag_help(d, "set proto to \"tcp\" or \"udp\", or leave the ports out");
		return;
	}
}

/* Services */

static void report_service(struct resolving *r, const struct field_text *name)
{
	struct diag *d = diag_error(r->scope->diags, D_UNKNOWN_SERVICE, name->at);
	struct name_list names = { .first = &r->config->services.at[0].name,
				   .stride = sizeof *r->config->services.at,
				   .n = r->config->services.n };
	diag_say(d, "no service is named %s", fault_quote(r->scope->arena, text_of(name->value)));
	fault_help_names(r->scope, d, name->value, names);
	if (!d->help)
		diag_help(d, "declare it: service \"%s\" {, or take one that --manual lists",
			  name->value);
}

static bool part_is_wanted(const struct rule *rule, const struct service_part *part)
{
	return rule->protocols.items.n == 0 || texts_hold(&rule->protocols, part->protocol);
}

/* A service is a list of protocols and ports, or of ICMP types. */
static void add_service(struct resolving *r, const struct service_def *def,
			const struct field_text *name)
{
	bool is_wanted = false, is_icmp = false;
	for (uint32_t i = 0; i < def->parts.n; i++) {
		const struct service_part *part = &def->parts.at[i];
		if (!part_is_wanted(r->out, part))
			continue;
		is_wanted = true;
		if (!part->icmp_type)
			continue;
		is_icmp = true;
		icmp_type_add(r, icmp_family(part->protocol), part->icmp_type);
	}
	if (!is_wanted)
		cannot_match(r, name->at, r->out->protocols.at,
			     arena_printf(r->scope->arena, "%s uses other protocols", name->value));
	else if (!is_icmp)
		*push(r->scope->arena, &r->out->services) =
			(struct service_use){ def->name, def, name->at };
}

static void resolve_services(struct resolving *r)
{
	const struct field_texts *written = &r->written->services;
	for (uint32_t i = 0; i < written->items.n; i++) {
		const struct field_text *name = &written->items.at[i];
		const struct service_def *def = config_service(r->config, name->value);
		if (def)
			add_service(r, def, name);
		else
			report_service(r, name);
	}
	if (r->out->services.n > 0 && r->out->icmp_types.n > 0) {
		struct diag *d = diag_error(r->scope->diags, D_SERVICE_MIX, written->at);
		diag_say(d, "types of ICMP messages and ports do not go together here");
		diag_help(d, "write a rule for the ICMP services, and one for the others");
	}
}

/* TCP flags */

static bool part_is_tcp(const struct rule *rule)
{
	for (uint32_t i = 0; i < rule->services.n; i++)
		for (uint32_t k = 0; k < rule->services.at[i].def->parts.n; k++)
			if (strcmp(rule->services.at[i].def->parts.at[k].protocol, "tcp") == 0)
				return true;
	return false;
}

/* Nothing but TCP has these flags, so nothing else may be in the rule. */
static void check_flags(struct resolving *r)
{
	struct rule *rule = r->out;
	for (uint32_t i = 0; i < rule->protocols.items.n; i++) {
		const struct field_text *protocol = &rule->protocols.items.at[i];
		if (strcmp(protocol->value, "tcp") == 0)
			continue;
		cannot_match(r, rule->tcp_flags.at, protocol->at,
			     arena_printf(r->scope->arena, "%s has no TCP flags", protocol->value));
		return;
	}
	if (field_is_set(r->written->icmp_types))
		cannot_match(r, rule->tcp_flags.at, r->written->icmp_types.at,
			     "ICMP has no TCP flags");
	else if (rule->services.n > 0 && !part_is_tcp(rule))
		cannot_match(r, rule->tcp_flags.at, r->written->services.at,
			     "the service does not use TCP");
	else
		add_text(r, &rule->protocols, "tcp", rule->tcp_flags.at);
}

static void resolve_flags(struct resolving *r)
{
	const struct field_texts *written = &r->written->tcp_flags;
	const char *joined = NULL;
	for (uint32_t i = 0; i < written->items.n; i++)
		joined = joined ? arena_printf(r->scope->arena, "%s,%s", joined,
					       written->items.at[i].value)
				: written->items.at[i].value;
	if (!joined)
		return;
	struct complaint complaint = { 0 };
	const char *flags = tcp_flags_read(r->scope, text_of(joined), &complaint);
	if (!flags) {
		struct diag *d = diag_error(r->scope->diags, complaint.code, written->at);
		diag_say(d, "%s", complaint.message);
		diag_help(d, "%s", complaint.help);
		return;
	}
	tcp_flags_parse(flags, &r->out->tcp_flags);
	r->out->tcp_flags.at = written->at;
	check_flags(r);
}

/* Time */

static void resolve_clock(struct resolving *r, struct time_window *time)
{
	const struct field_text *start = &r->written->time_start, *end = &r->written->time_end;
	bool has_start = field_is_set(*start), has_end = field_is_set(*end);
	if (has_start != has_end) {
		struct diag *d =
			diag_error(r->scope->diags, D_HALF_TIME, has_start ? start->at : end->at);
		diag_say(d, "%s needs %s", has_start ? "time_start" : "time_end",
			 has_start ? "time_end" : "time_start");
		diag_help(d, "the whole day is \"00:00\" to \"24:00\"");
		return;
	}
	if (!start->value || !end->value)
		return;
	time->start = clock_parse(start->value);
	time->end = clock_parse(end->value);
	if (time->start != time->end || strncmp(end->value, "24", 2) == 0)
		return;
	struct diag *d = diag_error(r->scope->diags, D_HALF_TIME, end->at);
	diag_say(d, "the time ends when it begins");
	diag_note(d, start->at, "it begins here");
	diag_help(d, "leave both out, or write \"00:00\" and \"24:00\" for the whole day");
}

static void resolve_time(struct resolving *r)
{
	const struct written_conditions *written = r->written;
	struct time_window *time = &r->out->time;
	time->at = first_place(first_place(written->time_start.at, written->time_end.at),
			       written->days.at);
	resolve_clock(r, time);
	for (uint32_t i = 0; i < written->days.items.n; i++)
		time->days |= day_parse(written->days.items.at[i].value);
}

/* States */

/* What belongs to a connection passed before any rule is looked at. */
static void warn_passed(struct resolving *r)
{
	for (uint32_t i = 0; i < r->out->states.items.n; i++) {
		const struct field_text *state = &r->out->states.items.at[i];
		if (strcmp(state->value, "established") != 0 &&
		    strcmp(state->value, "related") != 0)
			continue;
		struct diag *d = diag_warning(r->scope->diags, D_PASSED_BEFORE, state->at);
		diag_say(d, "no rule sees %s packets: they pass ahead of all rules", state->value);
		return;
	}
}

static void resolve_states(struct resolving *r)
{
	const struct field_texts *written = &r->written->states;
	r->out->states = (struct field_texts){ .at = written->at };
	for (uint32_t i = 0; i < written->items.n; i++) {
		const char *list = written->items.at[i].value;
		struct text state;
		while (state_take(&list, &state))
			add_text(r, &r->out->states, text_copy(r->scope->arena, state),
				 written->items.at[i].at);
	}
	warn_passed(r);
}

void conditions_resolve(struct scope *scope, const struct config *config,
			const struct written_conditions *written, struct rule *out)
{
	struct resolving r = { scope, config, written, out };
	uint32_t errors = scope->diags->errors;
	out->dest_ports = written->dest_ports;
	out->src_ports = written->src_ports;
	out->macs = written->macs;
	out->in_interfaces = written->in_interfaces;
	out->out_interfaces = written->out_interfaces;
	out->dscps = written->dscps;
	sets_take(&r);
	resolve_protocols(&r);
	check_ports(&r);
	icmp_types_resolve(&r);
	resolve_services(&r);
	addresses_resolve(&r);
	resolve_flags(&r);
	resolve_time(&r);
	resolve_states(&r);
	if (written->mark.value) {
		mark_parse(written->mark.value, &out->mark);
		out->mark.at = written->mark.at;
	}
	if (scope->diags->errors == errors)
		families_check(&r);
}
