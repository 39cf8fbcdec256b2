#include "config/sets.h"

#include "config/names.h"
#include "schema/fault.h"
#include "schema/read.h"
#include "schema/schema.h"
#include "value/number.h"
#include "value/value.h"

/* Rows as which entries are read one by one. */
static const struct row address_row = { .name = "entries",
					.kind = ROW_PREFIXES,
					.example = "\"192.0.2.0/24\"" };
static const struct row port_row = { .name = "entries", .kind = ROW_PORTS, .example = "8443" };
static const struct row word_rows[] = {
	[SET_MACS] = { .name = "entries", .kind = ROW_TEXTS, .read = mac_read },
	[SET_INTERFACES] = { .name = "entries", .kind = ROW_TEXTS, .read = interface_read },
};

static bool check_family(struct set_reading *reading, const struct prefix *prefix, struct text text,
			 struct span at)
{
	if (reading->family == 0 || prefix->family == reading->family)
		return true;
	struct scope *scope = reading->scope;
	struct diag *d = diag_error(scope->diags, D_SET_ENTRY, at);
	diag_say(d, "%s is an IPv%u address, and the set holds those of IPv%u",
		 fault_quote(scope->arena, text), prefix->family, reading->family);
	diag_note(d, reading->written->type.at, "its type is set here");
	diag_help(d, "leave type out: a set may hold both");
	return false;
}

static bool add_range(struct set_reading *reading, struct range *range, struct text text,
		      struct span at)
{
	struct prefix prefix;
	if (!check_family(reading, &range->low, text, at))
		return false;
	while (range_take(range, &prefix))
		*push(reading->scope->arena, &reading->prefixes) = prefix;
	return true;
}

static bool add_address(struct set_reading *reading, struct text text, struct span at)
{
	struct scope *scope = reading->scope;
	struct prefix prefix;
	struct range range;
	if (prefix_parse(text, &prefix) == PREFIX_OK) {
		if (!check_family(reading, &prefix, text, at))
			return false;
		*push(scope->arena, &reading->prefixes) = prefix;
		return true;
	}
	switch (range_parse(text, &range)) {
	case RANGE_OK:
		return add_range(reading, &range, text, at);
	case RANGE_REVERSED: {
		struct diag *d = diag_error(scope->diags, D_SET_ENTRY, at);
		diag_say(d, "the range %s goes down", fault_quote(scope->arena, text));
		diag_help(d, "the lower address comes first");
		return false;
	}
	case RANGE_NOT_ONE:
		break;
	}
	const struct value value = { .kind = VALUE_STRING, .string = text, .at = at };
	return read_prefix(scope, &address_row, &value, &prefix);
}

static bool add_ports(struct set_reading *reading, const struct value *value)
{
	struct field_port port;
	if (!read_port(reading->scope, &port_row, value, &port))
		return false;
	*push(reading->scope->arena, &reading->set->ports) = port;
	return true;
}

static bool add_word(struct set_reading *reading, const struct value *value)
{
	const char *word;
	if (!read_text(reading->scope, &word_rows[reading->set->kind], value, &word))
		return false;
	*push(reading->scope->arena, &reading->set->words) = word;
	return true;
}

bool set_add_entry(struct set_reading *reading, struct text text, struct span at)
{
	const struct value value = { .kind = VALUE_STRING, .string = text, .at = at };
	reading->entries++;
	switch (reading->set->kind) {
	case SET_ADDRESSES:
		return add_address(reading, text, at);
	case SET_PORTS:
		return add_ports(reading, &value);
	case SET_MACS:
	case SET_INTERFACES:
		return add_word(reading, &value);
	}
	return false;
}

static void add_value(void *context, const struct value *value)
{
	struct set_reading *reading = context;
	if (fault_is_hopeless(reading->scope))
		return;
	if (value->kind == VALUE_STRING) {
		(void)set_add_entry(reading, value->string, value->at);
		return;
	}
	reading->entries++;
	if (reading->set->kind == SET_PORTS)
		(void)add_ports(reading, value);
	else
		fault_type(reading->scope,
			   reading->set->kind == SET_ADDRESSES ? &address_row
							       : &word_rows[reading->set->kind],
			   value);
}

void set_read_entries(struct set_reading *reading, const struct field_any *entries)
{
	struct scope *scope = reading->scope;
	if (entries->expr && evaluate_elements(scope, entries->expr, add_value, reading))
		return;
	struct value whole = entries->expr ? evaluate(scope, entries->expr) : *entries->value;
	if (whole.kind != VALUE_TUPLE) {
		add_value(reading, &whole);
		return;
	}
	for (uint32_t i = 0; i < whole.count; i++)
		add_value(reading, &whole.items[i]);
}
