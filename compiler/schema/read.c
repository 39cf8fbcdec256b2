#include "schema/read.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/units.h"
#include "schema/fault.h"
#include "schema/schema.h"
#include "value/number.h"
#include "value/value.h"

enum { PORT_LAST = 65535 };

bool read_bool(struct scope *scope, const struct row *row, const struct value *value, bool *out)
{
	if (value->kind == VALUE_BOOL) {
		*out = value->truth;
		return true;
	}
	/* As HCL converts strings to truth values. */
	if (value->kind == VALUE_STRING) {
		bool is_true = text_is(value->string, "true") || text_is(value->string, "1");
		if (is_true || text_is(value->string, "false") || text_is(value->string, "0")) {
			*out = is_true;
			return true;
		}
	}
	fault_type(scope, row, value);
	return false;
}

enum whole { WHOLE, WHOLE_BELOW, WHOLE_ABOVE, WHOLE_FRACTION, WHOLE_NOT_A_NUMBER };

static enum whole whole_of_number(const struct number *number, uint64_t *out)
{
	int64_t value;
	if (!number_is_integer(number))
		return WHOLE_FRACTION;
	if (number_is_negative(number))
		return WHOLE_BELOW;
	if (!number_to_int64(number, &value))
		return WHOLE_ABOVE;
	*out = (uint64_t)value;
	return WHOLE;
}

/* A number, or a string that is one. */
static enum whole whole_of(struct scope *scope, const struct value *value, uint64_t *out)
{
	const struct number *number = NULL;
	if (value->kind == VALUE_NUMBER)
		number = value->number;
	else if (value->kind == VALUE_STRING)
		number = number_parse(scope->arena, value->string);
	return number ? whole_of_number(number, out) : WHOLE_NOT_A_NUMBER;
}

/* Reports what keeps a number from being one of the row's. */
static bool whole_check(struct scope *scope, const struct row *row, const struct value *value,
			enum whole whole, uint64_t found)
{
	if (whole == WHOLE && found >= row->low && found <= row->high)
		return true;
	if (whole == WHOLE_FRACTION) {
		struct diag *d = diag_error(scope->diags, D_NOT_WHOLE, value->at);
		diag_say(d, "%s must be a whole number, not %s", row->name,
			 fault_show(scope->arena, value));
	} else if (whole == WHOLE_NOT_A_NUMBER) {
		fault_type(scope, row, value);
	} else {
		fault_range(scope, row, value->at, fault_show(scope->arena, value));
	}
	return false;
}

bool read_number(struct scope *scope, const struct row *row, const struct value *value,
		 uint64_t *out)
{
	uint64_t number = 0;
	enum whole whole = whole_of(scope, value, &number);
	if (!whole_check(scope, row, value, whole, number))
		return false;
	*out = number;
	return true;
}

static bool bad_unit(struct scope *scope, const struct row *row, const struct value *value,
		     enum diag_code code, const char *what)
{
	struct diag *d = diag_error(scope->diags, code, value->at);
	diag_say(d, "%s is not %s", fault_show(scope->arena, value), what);
	fault_help_row(scope, d, row);
	return false;
}

bool read_duration(struct scope *scope, const struct row *row, const struct value *value,
		   uint64_t *out)
{
	uint64_t seconds = 0;
	enum whole whole = whole_of(scope, value, &seconds);
	if (whole == WHOLE_NOT_A_NUMBER && value->kind == VALUE_STRING) {
		switch (duration_parse(value->string, &seconds)) {
		case UNIT_OK:
			whole = WHOLE;
			break;
		case UNIT_OVERFLOW:
			whole = WHOLE_ABOVE;
			break;
		case UNIT_NOT_ONE:
			return bad_unit(scope, row, value, D_BAD_DURATION, "a duration");
		}
	}
	if (!whole_check(scope, row, value, whole, seconds))
		return false;
	*out = seconds;
	return true;
}

bool read_rate(struct scope *scope, const struct row *row, const struct value *value,
	       struct rate *out)
{
	struct rate rate = { 0, row->per };
	enum whole whole = whole_of(scope, value, &rate.count);
	if (whole == WHOLE_NOT_A_NUMBER && value->kind == VALUE_STRING) {
		switch (rate_parse(value->string, row->per, &rate)) {
		case UNIT_OK:
			whole = WHOLE;
			break;
		case UNIT_OVERFLOW:
			whole = WHOLE_ABOVE;
			break;
		case UNIT_NOT_ONE:
			return bad_unit(scope, row, value, D_BAD_RATE, "a rate");
		}
	}
	if (!whole_check(scope, row, value, whole, rate.count))
		return false;
	*out = rate;
	return true;
}

/* In any case: configurations have "ACCEPT" as well. */
static const char *find_word(const struct row *row, struct text text)
{
	for (uint32_t i = 0; i < row->words_n; i++)
		if (strlen(row->words[i].name) == text.n &&
		    strncasecmp(row->words[i].name, text.s, text.n) == 0)
			return row->words[i].means ? row->words[i].means : row->words[i].name;
	return NULL;
}

static bool unknown_word(struct scope *scope, const struct row *row, const struct value *value,
			 struct text text)
{
	struct name_list words = { &row->words->name, sizeof *row->words, row->words_n };
	struct diag *d = diag_error(scope->diags, D_UNKNOWN_WORD, value->at);
	diag_say(d, "%s cannot be %s", row->name, fault_quote(scope->arena, text));
	fault_help_names(scope, d, text_copy(scope->arena, text), words);
	return false;
}

static bool complain(struct scope *scope, struct span at, const struct complaint *complaint)
{
	struct diag *d = diag_error(scope->diags, complaint->code, at);
	if (complaint->message)
		diag_say(d, "%s", complaint->message);
	if (complaint->help)
		diag_help(d, "%s", complaint->help);
	return false;
}

/* A value as a string, as HCL converts it. */
static bool text_of_value(struct scope *scope, const struct value *value, struct text *out)
{
	switch (value->kind) {
	case VALUE_STRING:
		*out = value->string;
		return true;
	case VALUE_NUMBER:
		*out = text_of(number_format(scope->arena, value->number));
		return true;
	case VALUE_BOOL:
		*out = text_of(value->truth ? "true" : "false");
		return true;
	case VALUE_POISON:
	case VALUE_NULL:
	case VALUE_TUPLE:
	case VALUE_OBJECT:
	case VALUE_RANGE:
		break;
	}
	return false;
}

bool read_text(struct scope *scope, const struct row *row, const struct value *value,
	       const char **out)
{
	struct text text;
	if (!text_of_value(scope, value, &text)) {
		fault_type(scope, row, value);
		return false;
	}
	if (row->words_n > 0) {
		const char *word = find_word(row, text);
		if (!word)
			return unknown_word(scope, row, value, text);
		text = text_of(word);
	}
	struct complaint complaint = { 0 };
	const char *kept =
		row->read ? row->read(scope, text, &complaint) : name_intern(scope->names, text);
	if (!kept)
		return complain(scope, value->at, &complaint);
	*out = kept;
	return true;
}

static bool has_comma(const struct value *value)
{
	return value->kind == VALUE_STRING && value->string.n > 0 &&
	       memchr(value->string.s, ',', value->string.n);
}

static bool bad_port(struct scope *scope, const struct value *value, const char *found)
{
	struct diag *d = diag_error(scope->diags, D_BAD_PORT, value->at);
	diag_say(d, "%s is not a port", found);
	if (has_comma(value))
		diag_help(d, "several ports stand in a list: [80, 443]");
	else
		diag_help(d, "ports are 1 to 65535, ranges 10000:20000 or \"10000-20000\"");
	return false;
}

static bool port_of(struct scope *scope, const struct value *value, uint16_t *out)
{
	uint64_t number;
	if (whole_of(scope, value, &number) != WHOLE || number < 1 || number > PORT_LAST)
		return false;
	*out = (uint16_t)number;
	return true;
}

/* "low-high" or "low:high". */
static bool ports_of_text(struct scope *scope, struct text text, struct field_port *out)
{
	size_t i = 0;
	while (i < text.n && text.s[i] != '-' && text.s[i] != ':')
		i++;
	if (i == text.n)
		return false;
	struct value low = { .kind = VALUE_STRING, .string = { text.s, i } };
	struct value high = { .kind = VALUE_STRING, .string = { text.s + i + 1, text.n - i - 1 } };
	return port_of(scope, &low, &out->low) && port_of(scope, &high, &out->high);
}

static bool ports_of_value(struct scope *scope, const struct value *value, struct field_port *out)
{
	if (value->kind == VALUE_RANGE)
		return port_of(scope, &value->items[0], &out->low) &&
		       port_of(scope, &value->items[1], &out->high);
	if (port_of(scope, value, &out->low)) {
		out->high = out->low;
		return true;
	}
	return value->kind == VALUE_STRING && ports_of_text(scope, value->string, out);
}

/* The two ends of a range as they were written. */
static const char *show_range(struct arena *arena, const struct value *value)
{
	if (value->kind != VALUE_RANGE)
		return fault_show(arena, value);
	return arena_printf(arena, "%s:%s", fault_show(arena, &value->items[0]),
			    fault_show(arena, &value->items[1]));
}

bool read_port(struct scope *scope, const struct row *row, const struct value *value,
	       struct field_port *out)
{
	struct field_port port = { .at = value->at };
	if (value->kind != VALUE_NUMBER && value->kind != VALUE_STRING &&
	    value->kind != VALUE_RANGE) {
		fault_type(scope, row, value);
		return false;
	}
	if (!ports_of_value(scope, value, &port))
		return bad_port(scope, value, show_range(scope->arena, value));
	if (port.low > port.high) {
		struct diag *d = diag_error(scope->diags, D_BAD_PORT, value->at);
		diag_say(d, "the range of ports %u to %u is empty", port.low, port.high);
		diag_help(d, "the lower port comes first");
		return false;
	}
	*out = port;
	return true;
}

/* The length that a netmask such as 255.255.255.0 stands for, or -1. */
static int mask_length(struct text text)
{
	struct prefix mask;
	int length = 0;
	if (prefix_parse(text, &mask) != PREFIX_OK || mask.family != FAMILY_IPV4)
		return -1;
	while (length < 32 && mask.bytes[length / 8] >> (7 - length % 8) & 1)
		length++;
	for (int i = length; i < 32; i++)
		if (mask.bytes[i / 8] >> (7 - i % 8) & 1)
			return -1;
	return length;
}

static void help_length(struct scope *scope, struct diag *diag, struct text text)
{
	const char *slash = memchr(text.s, '/', text.n);
	int length = -1;
	if (slash)
		length = mask_length(
			(struct text){ slash + 1, text.n - (size_t)(slash + 1 - text.s) });
	if (length >= 0)
		diag_help(diag, "write the netmask as a length: \"%s\"",
			  arena_printf(scope->arena, "%.*s/%d", (int)(slash - text.s), text.s,
				       length));
	else
		diag_help(diag, "the length is 0 to 32 for IPv4, 0 to 128 for IPv6");
}

/* Letters that no address has, and a dot between them. */
static bool is_host_name(struct text text)
{
	bool has_letter = false, has_dot = false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.s[i];
		if (!isalnum((unsigned char)c) && c != '-' && c != '.')
			return false;
		has_letter |= isalpha((unsigned char)c) && !isxdigit((unsigned char)c);
		has_dot |= c == '.';
	}
	return has_letter && has_dot;
}

static bool bad_prefix(struct scope *scope, const struct value *value, enum prefix_fault fault,
		       const struct prefix *corrected)
{
	char text[PREFIX_TEXT_MAX];
	const char *shown = fault_show(scope->arena, value);
	struct diag *d = diag_error(
		scope->diags, fault == PREFIX_HOST_BITS ? D_HOST_BITS : D_BAD_ADDRESS, value->at);
	if (fault == PREFIX_HOST_BITS) {
		prefix_format(corrected, text);
		diag_say(d, "%s has bits set behind its prefix length", shown);
		diag_help(d, "the network is \"%s\"", text);
	} else if (fault == PREFIX_BAD_LENGTH) {
		diag_say(d, "%s has no valid prefix length", shown);
		help_length(scope, d, value->string);
	} else {
		diag_say(d, "%s is not an IPv4 or IPv6 address", shown);
		if (has_comma(value))
			diag_help(d, "several addresses stand in a list: [\"192.0.2.1\", "
				     "\"2001:db8::1\"]");
		else if (is_host_name(value->string))
			diag_help(d, "names are not looked up: write addresses");
	}
	return false;
}

bool read_prefix(struct scope *scope, const struct row *row, const struct value *value,
		 struct prefix *out)
{
	if (value->kind != VALUE_STRING) {
		fault_type(scope, row, value);
		return false;
	}
	struct prefix prefix;
	enum prefix_fault fault = prefix_parse(value->string, &prefix);
	if (fault != PREFIX_OK)
		return bad_prefix(scope, value, fault, &prefix);
	*out = prefix;
	return true;
}
