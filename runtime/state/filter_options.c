#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/suggest.h"
#include "runtime/program.h"
#include "runtime/state/terms.h"
#include "runtime/state/words.h"

/* The parts of a list between commas, one at a time; false where there is none any more. */
static bool part_next(struct filter *filter, const char **list, const char **part)
{
	if (!*list)
		return false;
	size_t length = strcspn(*list, ",");
	*part = text_copy(filter->session->arena, (struct text){ *list, length });
	*list = (*list)[length] ? *list + length + 1 : NULL;
	return true;
}

static bool take_family(void *target, const struct option_row *row, const char *value)
{
	static const struct {
		const char *name;
		uint8_t family;
	} rows[] = {
		{ "ipv4", AF_INET },
		{ "4", AF_INET },
		{ "ipv6", AF_INET6 },
		{ "6", AF_INET6 },
	};
	struct filter *filter = target;

	for (size_t i = 0; i < countof(rows); i++)
		if (strcasecmp(value, rows[i].name) == 0) {
			filter->family = rows[i].family;
			return true;
		}
	program_say("--%s is ipv4 or ipv6, not '%s'", row->name, value);
	return false;
}

static bool take_protocol(void *target, const struct option_row *row, const char *value)
{
	struct filter *filter = target;
	const char *part;
	uint8_t protocol;

	while (part_next(filter, &value, &part)) {
		if (!l4_find(part, &protocol)) {
			program_say("--%s: there is no protocol '%s'; give its number where it has "
				    "no name here",
				    row->name, part);
			return false;
		}
		*push(filter->session->arena, &filter->protocols) = protocol;
	}
	return true;
}

static bool say_address(const struct option_row *row, enum prefix_fault fault, const char *part)
{
	switch (fault) {
	case PREFIX_OK:
		return true;
	case PREFIX_NOT_AN_ADDRESS:
		program_say("--%s is an address or a network such as 10.0.0.0/8, not '%s'",
			    row->name, part);
		return false;
	case PREFIX_BAD_LENGTH:
		program_say("--%s: the prefix of '%s' is too long", row->name, part);
		return false;
	case PREFIX_HOST_BITS:
		program_say("--%s: '%s' has bits behind its prefix", row->name, part);
		return false;
	}
	return false;
}

static bool take_address(void *target, const struct option_row *row, const char *value)
{
	struct filter *filter = target;
	const char *part;
	struct prefix prefix;

	while (part_next(filter, &value, &part)) {
		if (!say_address(row, prefix_parse(text_of(part), &prefix), part))
			return false;
		*push(filter->session->arena, &filter->addresses[row->which]) = prefix;
	}
	return true;
}

/* "80", "8000-8100". */
static bool range_read(const char *text, uint32_t most, struct number_range *out)
{
	char *end;
	unsigned long long low = strtoull(text, &end, 0), high = low;

	if (*text < '0' || *text > '9')
		return false;
	if (*end == '-') {
		text = end + 1;
		high = strtoull(text, &end, 0);
		if (*text < '0' || *text > '9')
			return false;
	}
	*out = (struct number_range){ (uint32_t)low, (uint32_t)high };
	return *end == 0 && low <= high && high <= most;
}

static bool take_numbers(void *target, const struct option_row *row, const char *value)
{
	static const uint32_t most[NUMBER_COUNT] = {
		[NUMBER_SOURCE_PORT] = UINT16_MAX,
		[NUMBER_DEST_PORT] = UINT16_MAX,
		[NUMBER_REPLY_SOURCE_PORT] = UINT16_MAX,
		[NUMBER_REPLY_DEST_PORT] = UINT16_MAX,
		[NUMBER_ICMP_TYPE] = UINT8_MAX,
		[NUMBER_CT_ZONE] = UINT16_MAX,
		[NUMBER_ID] = UINT32_MAX,
	};
	struct filter *filter = target;
	const char *part;
	struct number_range range;

	while (part_next(filter, &value, &part)) {
		if (!range_read(part, most[row->which], &range)) {
			program_say("--%s is a number or a range such as 10-19, up to %u, not '%s'",
				    row->name, most[row->which], part);
			return false;
		}
		*push(filter->session->arena, &filter->numbers[row->which]) = range;
	}
	return true;
}

static bool is_state(const char *text, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(text, names[i]) == 0)
			return true;
	return false;
}

static void say_no_state(const struct filter *filter, const char *text)
{
	const char *const *names;
	size_t count = state_names(&names);
	const char *near = suggest(text, names, count), *all = "";

	if (near) {
		program_say("--state: there is no state '%s'; did you mean '%s'?", text, near);
		return;
	}
	for (size_t i = 0; i < count; i++)
		all = arena_printf(filter->session->arena, "%s%s%s", all, i > 0 ? ", " : "",
				   names[i]);
	program_say("--state: there is no state '%s'; there are: %s", text, all);
}

static bool take_state(void *target, const struct option_row *row, const char *value)
{
	struct filter *filter = target;
	const char *part;
	const char *const *names;
	size_t count = state_names(&names);
	(void)row;

	while (part_next(filter, &value, &part)) {
		if (!is_state(part, names, count)) {
			say_no_state(filter, part);
			return false;
		}
		*push(filter->session->arena, &filter->states) = part;
	}
	return true;
}

static bool say_status(const struct option_row *row, const char *word)
{
	const char *names[64];
	size_t n = 0;

	for (; n < status_words_count && n < countof(names); n++)
		names[n] = status_words[n].name;
	const char *near = suggest(word, names, n);
	program_say("--%s: there is no status '%s'%s%s%s", row->name, word,
		    near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	return false;
}

/* "assured+snat": all of these words. */
static bool status_read(struct filter *filter, const struct option_row *row, const char *text)
{
	struct status_term term = { 0 };

	for (const char *word = text; word;
	     word = strchr(word, '+') ? strchr(word, '+') + 1 : NULL) {
		size_t length = strcspn(word, "+");
		const struct status_word *found = status_find(word, length);
		if (!found)
			return say_status(row, text_copy(filter->session->arena,
							 (struct text){ word, length }));
		term.set |= found->set;
		term.clear |= found->clear;
		term.any |= found->any;
	}
	*push(filter->session->arena, &filter->statuses) = term;
	return true;
}

static bool take_status(void *target, const struct option_row *row, const char *value)
{
	struct filter *filter = target;
	const char *part;

	while (part_next(filter, &value, &part))
		if (!status_read(filter, row, part))
			return false;
	return true;
}

static bool mark_read(const char *text, struct mark_term *out)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 0), mask = UINT32_MAX;

	if (*text < '0' || *text > '9')
		return false;
	if (*end == '/') {
		text = end + 1;
		mask = strtoull(text, &end, 0);
		if (*text < '0' || *text > '9')
			return false;
	}
	*out = (struct mark_term){ (uint32_t)value, (uint32_t)mask };
	return *end == 0 && value <= UINT32_MAX && mask <= UINT32_MAX;
}

static bool take_mark(void *target, const struct option_row *row, const char *value)
{
	struct filter *filter = target;
	const char *part;
	struct mark_term term;

	while (part_next(filter, &value, &part)) {
		if (!mark_read(part, &term)) {
			program_say("--%s is VALUE or VALUE/MASK, such as 0x100/0xf00, not '%s'",
				    row->name, part);
			return false;
		}
		if (term.value & ~term.mask) {
			program_say("--%s: '%s' has bits outside its mask, so nothing could match",
				    row->name, part);
			return false;
		}
		*push(filter->session->arena, &filter->marks) = term;
	}
	return true;
}

static bool take_name(void *target, const struct option_row *row, const char *value)
{
	struct filter *filter = target;
	const char *part;

	while (part_next(filter, &value, &part))
		*push(filter->session->arena, &filter->names[row->which]) = part;
	return true;
}

static bool take_helper(void *target, const struct option_row *row, const char *value)
{
	struct filter *filter = target;
	const char *part;
	(void)row;

	while (part_next(filter, &value, &part))
		*push(filter->session->arena, &filter->helpers) = part;
	return true;
}

static bool sum_read(const struct option_row *row, enum filter_sum sum, const char *value,
		     unsigned long long *out)
{
	switch (sum) {
	case SUM_AGE:
	case SUM_TIMEOUT:
		return option_duration(row->name, value, out);
	case SUM_BYTES:
		return option_bytes(row->name, value, out);
	case SUM_PACKETS:
		return option_number(row->name, value, UINT64_MAX, out);
	case SUM_COUNT:
		break;
	}
	return false;
}

static bool take_least(void *target, const struct option_row *row, const char *value)
{
	struct filter *filter = target;
	unsigned long long number;

	if (!sum_read(row, row->which, value, &number))
		return false;
	filter->sums[row->which].has_least = true;
	filter->sums[row->which].least = number;
	return true;
}

static bool take_most(void *target, const struct option_row *row, const char *value)
{
	struct filter *filter = target;
	unsigned long long number;

	if (!sum_read(row, row->which, value, &number))
		return false;
	filter->sums[row->which].has_most = true;
	filter->sums[row->which].most = number;
	return true;
}

static const struct option_row rows[] = {
	{ "family", "FAMILY", take_family, "ipv4 or ipv6" },
	{ "protocol", "NAME", take_protocol, "tcp, udp, icmp, ... or a number" },
	{ "src", "ADDRESS", take_address, "where it comes from", ADDRESS_SOURCE },
	{ "dst", "ADDRESS", take_address, "where it was sent to", ADDRESS_DEST },
	{ "reply-src", "ADDRESS", take_address, "who answers", ADDRESS_REPLY_SOURCE },
	{ "reply-dst", "ADDRESS", take_address, "where answers go", ADDRESS_REPLY_DEST },
	{ "address", "ADDRESS", take_address, "any of these four", ADDRESS_ANY },
	{ "sport", "PORT", take_numbers, "source port", NUMBER_SOURCE_PORT },
	{ "dport", "PORT", take_numbers, "destination port", NUMBER_DEST_PORT },
	{ "reply-sport", "PORT", take_numbers, "source port of answers", NUMBER_REPLY_SOURCE_PORT },
	{ "reply-dport", "PORT", take_numbers, "destination port of answers",
	  NUMBER_REPLY_DEST_PORT },
	{ "icmp-type", "TYPE", take_numbers, "type of ICMP or ICMPv6", NUMBER_ICMP_TYPE },
	{ "state", "STATE", take_state, "ESTABLISHED, SYN_SENT, ... (tcp, sctp, dccp)" },
	{ "status", "STATUS", take_status,
	  "assured, unreplied, seen-reply, snat, dnat, natted, ..." },
	{ "mark", "VALUE/MASK", take_mark, "the connection's mark" },
	{ "ct-zone", "NUMBER", take_numbers, "the kernel's zone, of either direction",
	  NUMBER_CT_ZONE },
	{ "zone", "ZONE", take_name, "flywall's zone that it comes from", NAME_ZONE },
	{ "to-zone", "ZONE", take_name, "flywall's zone that it goes to", NAME_TO_ZONE },
	{ "policy", "NAME", take_name, "the policy that it falls under", NAME_POLICY },
	{ "uplink", "UPLINK", take_name, "the uplink that it is bound to", NAME_UPLINK },
	{ "helper", "NAME", take_helper, "its helper, such as ftp" },
	{ "id", "ID", take_numbers, "its number", NUMBER_ID },
	{ "min-age", "DURATION", take_least, "old at least so long", SUM_AGE },
	{ "max-age", "DURATION", take_most, "and at most", SUM_AGE },
	{ "min-bytes", "BYTES", take_least, "bytes of both directions, at least", SUM_BYTES },
	{ "max-bytes", "BYTES", take_most, "and at most", SUM_BYTES },
	{ "min-packets", "NUMBER", take_least, "packets of both directions, at least",
	  SUM_PACKETS },
	{ "max-packets", "NUMBER", take_most, "and at most", SUM_PACKETS },
	{ "min-timeout", "DURATION", take_least, "time until it expires, at least", SUM_TIMEOUT },
	{ "max-timeout", "DURATION", take_most, "and at most", SUM_TIMEOUT },
};

struct option_group filter_options(struct filter *filter)
{
	return (struct option_group){ rows, countof(rows), filter,
				      "Which connections (all options must hold; several values, "
				      "or one option\nseveral times: any of them):" };
}
