#include "config/resolve.h"

#include <string.h>

#include "schema/read.h"
#include "schema/schema.h"
#include "value/value.h"

static void open_service(struct scope *scope, struct zone *zone, const struct service_row *row,
			 const struct written_service *written)
{
	if (!span_is_set(written->at) || !written->enabled.value)
		return;
	for (int i = 0; i < SERVICE_PORTS_MAX && row->ports[i].protocol; i++) {
		struct zone_service *service = push(scope->arena, &zone->services);
		service->name = row->name;
		service->protocol = row->ports[i].protocol;
		service->port.low = service->port.high = row->ports[i].port;
		service->at = written->at;
	}
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
	if (!field_is_set(written->port_end))
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
	struct zone_service *service = push(scope->arena, &zone->services);
	service->name = arena_printf(scope->arena, "port %s", written->name.value);
	service->protocol = written->protocol.value;
	service->port = port;
	service->at = written->at;
}

void services_resolve(struct scope *scope, const struct written_zone *written, struct zone *out)
{
	for (int i = 0; i < MANAGEMENT_COUNT; i++)
		open_service(scope, out, &management_rows[i], &written->management.of[i]);
	for (int i = 0; i < SERVICE_COUNT; i++)
		open_service(scope, out, &service_rows[i], &written->services.of[i]);
	for (uint32_t i = 0; i < written->services.ports.n; i++)
		open_port(scope, out, &written->services.ports.at[i]);
}
