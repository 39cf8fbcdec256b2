#include "config/nats.h"

#include <string.h>

#include "schema/fault.h"
#include "schema/read.h"
#include "schema/schema.h"
#include "value/value.h"

/* A number of up to five digits that is a port. */
static bool parse_port(struct text text, uint16_t *out)
{
	uint32_t port = 0;
	if (text.n == 0 || text.n > 5)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] < '0' || text.s[i] > '9')
			return false;
		port = port * 10 + (uint32_t)(text.s[i] - '0');
	}
	if (port == 0 || port > UINT16_MAX)
		return false;
	*out = (uint16_t)port;
	return true;
}

/* "80" or "80-90"; a range that goes down is none. */
static bool parse_ports(struct text text, struct nat_target *out)
{
	const char *hyphen = text.n ? memchr(text.s, '-', text.n) : NULL;
	size_t n = hyphen ? (size_t)(hyphen - text.s) : text.n;
	if (!parse_port((struct text){ text.s, n }, &out->port_low))
		return false;
	out->port_high = out->port_low;
	return !hyphen ||
	       (parse_port((struct text){ hyphen + 1, text.n - n - 1 }, &out->port_high) &&
		out->port_high >= out->port_low);
}

static bool parse_addresses(struct text text, struct nat_target *out)
{
	struct range range;
	if (range_parse(text, &range) == RANGE_OK) {
		out->low = range.low;
		out->high = range.high;
	} else if (prefix_parse(text, &out->low) == PREFIX_OK) {
		out->high = prefix_last(&out->low);
		out->low.length = out->high.length;
	} else {
		return false;
	}
	out->family = out->low.family;
	return true;
}

/* Splits "[address]:ports" and, where there is one colon alone, "address:ports". */
static bool split_ports(struct text text, struct text *address, struct text *ports)
{
	const char *close = text.n > 0 && text.s[0] == '[' ? memchr(text.s, ']', text.n) : NULL;
	const char *colon = text.n > 0 ? memchr(text.s, ':', text.n) : NULL;
	*address = text;
	*ports = (struct text){ 0 };
	if (close) {
		*address = (struct text){ text.s + 1, (size_t)(close - text.s - 1) };
		*ports = (struct text){ close + 1, text.n - address->n - 2 };
		if (ports->n == 0)
			return true;
		ports->n--;
		return *ports->s++ == ':' && ports->n > 0;
	}
	if (!colon || memchr(colon + 1, ':', text.n - (size_t)(colon + 1 - text.s)))
		return true;
	address->n = (size_t)(colon - text.s);
	*ports = (struct text){ colon + 1, text.n - address->n - 1 };
	return ports->n > 0;
}

bool target_parse(struct text text, struct nat_target *out)
{
	struct nat_target target = { .weight = 1 };
	struct text address, ports;
	if (!split_ports(text, &address, &ports))
		return false;
	if (ports.n > 0 && !parse_ports(ports, &target))
		return false;
	if (address.n > 0 && !parse_addresses(address, &target))
		return false;
	if (address.n == 0 && ports.n == 0)
		return false;
	*out = target;
	return true;
}

static void read_one(struct target_list *list, struct text text, struct span at)
{
	struct nat_target target;
	if (target_parse(text, &target)) {
		target.at = at;
		*push(list->scope->arena, &list->items) = target;
		return;
	}
	struct diag *d = diag_error(list->scope->diags, D_NAT_TARGET, at);
	diag_say(d, "%s is no target", fault_quote(list->scope->arena, text));
	diag_help(d, "write \"192.0.2.10\", \"192.0.2.10:8080\", \"[2001:db8::10]:8080\" or a "
		     "range \"192.0.2.10-192.0.2.20\"");
}

/* The rows of an object that is a target, read one by one. */
static const struct row address_row = { .name = "address",
					.kind = ROW_TEXT,
					.example = "\"192.0.2.10\"" };
static const struct row port_row = { .name = "port", .kind = ROW_PORTS, .example = "8080" };
static const struct row weight_row = {
	.name = "weight", .kind = ROW_NUMBER, .low = 1, .high = TARGET_WEIGHT_MAX, .example = "3"
};

static bool read_address(struct target_list *list, const struct member *member,
			 struct nat_target *out)
{
	const char *text;
	struct nat_target address;
	if (!read_text(list->scope, &address_row, &member->value, &text))
		return false;
	if (!target_parse(text_of(text), &address)) {
		read_one(list, text_of(text), member->value.at);
		return false;
	}
	out->family = address.family;
	out->low = address.low;
	out->high = address.high;
	if (address.port_low > 0) {
		out->port_low = address.port_low;
		out->port_high = address.port_high;
	}
	return true;
}

static bool read_member(struct target_list *list, const struct member *member,
			struct nat_target *out)
{
	struct field_port port;
	uint64_t weight;
	if (strcmp(member->name, "address") == 0 || strcmp(member->name, "ip") == 0)
		return read_address(list, member, out);
	if (strcmp(member->name, "port") == 0) {
		if (!read_port(list->scope, &port_row, &member->value, &port))
			return false;
		out->port_low = port.low;
		out->port_high = port.high;
		return true;
	}
	if (strcmp(member->name, "weight") == 0) {
		if (!read_number(list->scope, &weight_row, &member->value, &weight))
			return false;
		out->weight = (uint32_t)weight;
		return true;
	}
	struct diag *d = diag_error(list->scope->diags, D_UNKNOWN_ATTRIBUTE, member->name_at);
	diag_say(d, "a target has no attribute %s",
		 fault_quote(list->scope->arena, text_of(member->name)));
	diag_help(d, "there are: address, port, weight");
	return false;
}

static void read_object(struct target_list *list, const struct value *value)
{
	struct nat_target target = { .weight = 1, .at = value->at };
	for (uint32_t i = 0; i < value->count; i++)
		if (!read_member(list, &value->members[i], &target))
			return;
	if (target.family == 0 && target.port_low == 0) {
		struct diag *d = diag_error(list->scope->diags, D_NAT_TARGET, value->at);
		diag_say(d, "this target has neither address nor port");
		diag_help(d, "write { address = \"192.0.2.10\", weight = 2 }");
		return;
	}
	*push(list->scope->arena, &list->items) = target;
}

static void read_value(struct target_list *list, const struct value *value)
{
	const struct row row = { .name = list->name, .kind = ROW_TEXT };
	const char *text;
	if (value->kind == VALUE_OBJECT)
		read_object(list, value);
	else if (read_text(list->scope, &row, value, &text))
		read_one(list, text_of(text), value->at);
}

void targets_read(struct target_list *list, const struct value *value)
{
	if (value->kind != VALUE_TUPLE) {
		read_value(list, value);
		return;
	}
	if (value->count == 0) {
		struct diag *d = diag_error(list->scope->diags, D_EMPTY_LIST, value->at);
		diag_say(d, "%s must not be empty", list->name);
		diag_help(d, "leave it out, or put something in");
	}
	for (uint32_t i = 0; i < value->count; i++)
		read_value(list, &value->items[i]);
}
