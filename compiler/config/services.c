#include "config/resolve.h"

#include <string.h>

#include "config/conditions.h"
#include "schema/fault.h"
#include "schema/read.h"
#include "schema/schema.h"
#include "value/value.h"

static bool is_open(const struct zone *zone, const char *protocol, uint16_t low, uint16_t high,
		    const struct field_prefixes *src)
{
	for (uint32_t i = 0; i < zone->services.n; i++) {
		const struct zone_service *service = &zone->services.at[i];
		if (strcmp(service->protocol, protocol) == 0 && service->port.low == low &&
		    service->port.high == high && service->src.at.start == src->at.start)
			return true;
	}
	return false;
}

/* A service and a port block may name the same; opening it once will do. */
static void open_once(struct scope *scope, struct zone *zone, const struct zone_service *opened)
{
	if (!is_open(zone, opened->protocol, opened->port.low, opened->port.high, &opened->src))
		*push(scope->arena, &zone->services) = *opened;
}

static bool is_switched_on(const struct written_service *written)
{
	return span_is_set(written->at) && written->enabled.value;
}

static void open_management(struct scope *scope, struct zone *zone,
			    const struct management_row *row, const struct written_service *written)
{
	if (!is_switched_on(written))
		return;
	for (int i = 0; i < MANAGEMENT_PORTS_MAX && row->ports[i].protocol; i++) {
		uint16_t port = row->ports[i].port;
		const struct zone_service opened = { .name = row->name,
						     .protocol = row->ports[i].protocol,
						     .port = { port, port, NOWHERE },
						     .src = written->src,
						     .at = written->at };
		open_once(scope, zone, &opened);
	}
}

static bool is_icmp(const struct service_part *part)
{
	return strcmp(part->protocol, "icmp") == 0 || strcmp(part->protocol, "ipv6-icmp") == 0;
}

/* "icmp" alone is ping here, of both versions, as in management. */
static bool is_ping(const struct service_def *def, const struct service_part *part)
{
	return (part->icmp_type && strcmp(part->icmp_type, "echo-request") == 0) ||
	       strcmp(def->name, "icmp") == 0;
}

static void open_part(struct scope *scope, struct zone *zone, const struct service_def *def,
		      const struct service_part *part, const struct written_service *written)
{
	struct zone_service opened = { .name = def->name,
				       .protocol = part->protocol,
				       .port = { part->low, part->high, NOWHERE },
				       .src = written->src,
				       .at = written->at };
	bool is_narrow = part->source_low > 0;
	if (is_ping(def, part)) {
		opened.protocol = "icmp";
	} else if (is_icmp(part) || is_narrow) {
		struct diag *d = diag_error(scope->diags, D_SERVICE_PORT, written->name.at);
		diag_say(d, "services cannot open %s: it has %s", def->name,
			 is_narrow ? "source ports" : "types of ICMP messages");
		diag_help(d, "write a policy \"%s\" \"self\" with a rule for it", zone->name);
		return;
	}
	open_once(scope, zone, &opened);
}

static void report_unknown(struct scope *scope, const struct config *config,
			   const struct field_text *name)
{
	struct diag *d = diag_error(scope->diags, D_UNKNOWN_SERVICE, name->at);
	struct name_list names = { .first = &config->services.at[0].name,
				   .stride = sizeof *config->services.at,
				   .n = config->services.n };
	diag_say(d, "no service is named %s", fault_quote(scope->arena, text_of(name->value)));
	fault_help_names(scope, d, name->value, names);
	if (!d->help)
		diag_help(d, "write port \"NUMBER\" {}, or declare it: service \"%s\" {",
			  name->value);
}

static void open_named(struct scope *scope, const struct config *config, struct zone *zone,
		       const struct written_service *written)
{
	const struct service_def *def = config_service(config, written->name.value);
	if (!def) {
		report_unknown(scope, config, &written->name);
		return;
	}
	for (uint32_t i = 0; is_switched_on(written) && i < def->parts.n; i++)
		open_part(scope, zone, def, &def->parts.at[i], written);
}

/* The label as a port or a range of them. */
static bool read_label(struct scope *scope, const struct written_port *written,
		       struct field_port *out)
{
	char first = written->name.value[0];
	if (!first || !strchr("0123456789", first)) {
		struct diag *d = diag_error(scope->diags, D_SERVICE_PORT, written->name.at);
		diag_say(d, "this block names no port");
		diag_help(d, "set port in it, or make the port its label");
		return false;
	}

	static const struct row row = { .name = "port", .kind = ROW_PORTS };
	const struct value label = { .kind = VALUE_STRING,
				     .string = text_of(written->name.value),
				     .at = written->name.at };
	return read_port(scope, &row, &label, out);
}

static bool read_ports(struct scope *scope, const struct written_port *written,
		       struct field_port *out)
{
	if (!field_is_set(written->port) && !read_label(scope, written, out))
		return false;
	if (field_is_set(written->port)) {
		out->low = out->high = (uint16_t)written->port.value;
		out->at = written->port.at;
	}
	if (!field_is_set(written->port_end) || written->port_end.value == out->low)
		return true;
	if (out->low != out->high || written->port_end.value < out->low) {
		struct diag *d = diag_error(scope->diags, D_SERVICE_PORT, written->port_end.at);
		diag_say(d, out->low != out->high ? "the label is a range already"
						  : "port_end comes before the port");
		diag_note(d, out->at, "it begins here");
		return false;
	}
	out->high = (uint16_t)written->port_end.value;
	return true;
}

static void open_port(struct scope *scope, struct zone *zone, const struct written_port *written)
{
	struct field_port port = { 0 };
	if (!written->name.value || !read_ports(scope, written, &port))
		return;
	struct zone_service opened = { .name = arena_printf(scope->arena, "port %s",
							    written->name.value),
				       .protocol = "tcp",
				       .port = port,
				       .src = written->src,
				       .at = written->at };
	if (!field_is_set(written->protocols))
		open_once(scope, zone, &opened);
	for (uint32_t i = 0; i < written->protocols.items.n; i++) {
		opened.protocol = written->protocols.items.at[i].value;
		open_once(scope, zone, &opened);
	}
}

void services_resolve(struct scope *scope, const struct config *config,
		      const struct written_zone *written, struct zone *out)
{
	for (int i = 0; i < MANAGEMENT_COUNT; i++)
		open_management(scope, out, &management_rows[i], &written->management.of[i]);
	for (uint32_t i = 0; i < written->services.named.n; i++)
		open_named(scope, config, out, &written->services.named.at[i]);
	for (uint32_t i = 0; i < written->services.ports.n; i++)
		open_port(scope, out, &written->services.ports.at[i]);
}
