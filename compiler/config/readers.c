#include "config/readers.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/suggest.h"
#include "catalog/icmp.h"
#include "catalog/protocols.h"
#include "config/config.h"
#include "schema/fault.h"
#include "schema/schema.h"
#include "value/value.h"

static const char *refuse(struct scope *scope, struct text text, struct complaint *complaint,
			  enum diag_code code, const char *what)
{
	complaint->code = code;
	complaint->message =
		arena_printf(scope->arena, "%s is not %s", fault_quote(scope->arena, text), what);
	return NULL;
}

/* In lower case. */
static const char *lower(struct arena *arena, struct text text)
{
	char *copy = text_copy(arena, text);
	for (char *c = copy; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return copy;
}

/* Whole, decimal or with 0x, up to `high`. */
static bool read_whole(struct text text, uint32_t high, uint32_t *out)
{
	bool is_hex = text.n > 2 && text.s[0] == '0' && (text.s[1] == 'x' || text.s[1] == 'X');
	uint64_t sum = 0;
	if (is_hex)
		text = (struct text){ text.s + 2, text.n - 2 };
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.s[i];
		if (is_hex ? !isxdigit(c) : !isdigit(c))
			return false;
		unsigned digit = (unsigned)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
		sum = sum * (is_hex ? 16 : 10) + digit;
		if (sum > high)
			return false;
	}
	*out = (uint32_t)sum;
	return text.n > 0;
}

static struct text trim(struct text text)
{
	for (; text.n > 0 && *text.s == ' '; text.n--)
		text.s++;
	while (text.n > 0 && text.s[text.n - 1] == ' ')
		text.n--;
	return text;
}

/* What stands ahead of the first `stop`, or all; it is taken off `rest`. */
static struct text take_until(struct text *rest, char stop)
{
	const char *found = rest->n ? memchr(rest->s, stop, rest->n) : NULL;
	struct text piece = { rest->s, found ? (size_t)(found - rest->s) : rest->n };
	size_t taken = piece.n + (found ? 1 : 0);
	*rest = (struct text){ rest->s + taken, rest->n - taken };
	return trim(piece);
}

/* Protocols */

/* clang-format off */
static const struct {
	const char *typed, *name;
} protocol_synonyms[] = {
	{ "all",       "any" },
	{ "any",       "any" },
	{ "icmp4",     "icmpv4" },
	{ "icmp6",     "ipv6-icmp" },
	{ "icmpv4",    "icmpv4" },
	{ "icmpv6",    "ipv6-icmp" },
	{ "ipip",      "ipencap" },
	{ "sit",       "ipv6" },
	{ "udp-lite",  "udplite" },
};
/* clang-format on */

static const char *protocol_of(const char *typed)
{
	uint32_t number;
	for (size_t i = 0; i < countof(protocol_synonyms); i++)
		if (strcmp(protocol_synonyms[i].typed, typed) == 0)
			return protocol_synonyms[i].name;
	if (read_whole(text_of(typed), UINT8_MAX, &number))
		return protocol_name((int)number);
	return protocol_number(typed) >= 0 ? typed : NULL;
}

static const char *list_protocols(struct arena *arena)
{
	const char *list = protocol_at(0);
	for (size_t i = 1; protocol_at(i); i++)
		list = arena_printf(arena, "%s, %s", list, protocol_at(i));
	return list;
}

const char *protocol_read(struct scope *scope, struct text text, struct complaint *complaint)
{
	const char *name = protocol_of(lower(scope->arena, text));
	if (name)
		return name_intern(scope->names, text_of(name));
	bool is_list = text.n > 0 && (memchr(text.s, ',', text.n) || memchr(text.s, '/', text.n));
	complaint->help =
		is_list ? "several protocols stand in a list: [\"tcp\", \"udp\"]"
			: arena_printf(scope->arena, "there are: %s", list_protocols(scope->arena));
	return refuse(scope, text, complaint, D_UNKNOWN_PROTOCOL, "a protocol above IP");
}

/* States */

static bool is_state(struct text text)
{
	static const char *const states[] = { "new", "established", "related", "untracked" };
	for (size_t i = 0; i < countof(states); i++)
		if (text_is(text, states[i]))
			return true;
	return false;
}

const char *state_read(struct scope *scope, struct text text, struct complaint *complaint)
{
	const char *joined = NULL;
	for (struct text rest = text_of(lower(scope->arena, text)); !joined || rest.n > 0;) {
		struct text state = take_until(&rest, ',');
		if (text_is(state, "invalid")) {
			complaint->code = D_BAD_STATE;
			complaint->message = "no rule sees invalid packets: they are dropped first";
			complaint->help = "leave the rule out; log_invalid in conntrack says "
					  "which they are";
			return NULL;
		}
		if (!is_state(state)) {
			complaint->help = "there are: new, established, related, untracked";
			return refuse(scope, text, complaint, D_BAD_STATE, "a connection's state");
		}
		joined = arena_printf(scope->arena, "%s%s%.*s", joined ? joined : "",
				      joined ? "," : "", (int)state.n, state.s);
	}
	return name_intern(scope->names, text_of(joined));
}

bool state_take(const char **list, struct text *out)
{
	struct text rest = text_of(*list);
	if (rest.n == 0)
		return false;
	*out = take_until(&rest, ',');
	*list = rest.s;
	return true;
}

/* ICMP */

const char *icmp_type_read(struct scope *scope, struct text text, struct complaint *complaint)
{
	const char *typed = lower(scope->arena, text);
	uint32_t number;
	if (icmp_find(typed))
		return name_intern(scope->names, text_of(typed));
	if (read_whole(text, UINT8_MAX, &number))
		return name_intern(scope->names,
				   text_of(arena_printf(scope->arena, "%" PRIu32, number)));
	const char **names = arena_array(scope->arena, icmp_rows_n, sizeof *names);
	for (size_t i = 0; i < icmp_rows_n; i++)
		names[i] = icmp_rows[i].name;
	const char *near = suggest(typed, names, icmp_rows_n);
	complaint->help = "for example: echo-request, time-exceeded, nd-neighbor-solicit, or a "
			  "number up to 255";
	if (near)
		complaint->help = arena_printf(scope->arena, "did you mean \"%s\"?", near);
	return refuse(scope, text, complaint, D_ICMP_TYPE, "a type of ICMP message");
}

/* TCP flags */

static const char *const flag_words[] = { "fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr" };
enum { FLAG_FIN = 1, FLAG_SYN = 2, FLAG_RST = 4, FLAG_ACK = 16, FLAGS_ALL = 255 };

static uint8_t flag_of(struct text word)
{
	for (size_t i = 0; i < countof(flag_words); i++)
		if (text_is(word, flag_words[i]))
			return (uint8_t)(1u << i);
	if (text_is(word, "ece"))
		return 64;
	if (text_is(word, "push"))
		return 8;
	return text_is(word, "all") ? FLAGS_ALL : 0;
}

static bool has_slash(struct text text)
{
	return text.n > 0 && memchr(text.s, '/', text.n);
}

/* A list of flags with commas or bars between them; with "!" those that are not set. */
static bool read_flags(struct text text, uint8_t *set, uint8_t *unset)
{
	*set = *unset = 0;
	for (struct text rest = text; rest.n > 0;) {
		struct text word = take_until(&rest, ',');
		bool is_not = word.n > 0 && *word.s == '!';
		if (is_not)
			word = trim((struct text){ word.s + 1, word.n - 1 });
		uint8_t flag = flag_of(word);
		if (!flag)
			return false;
		*(is_not ? unset : set) |= flag;
	}
	return true;
}

static bool read_tcp_flags(struct text text, struct tcp_flags *out)
{
	struct text rest = text, left = take_until(&rest, '/');
	uint8_t set, unset, mask = 0, none = 0;
	bool is_none = text_is(left, "none");
	bool has_mask = has_slash(text);
	if (!read_flags(is_none ? TEXT("") : left, &set, &unset) || (!is_none && left.n == 0))
		return false;
	if (has_mask && (!read_flags(rest, &mask, &none) || none || unset || rest.n == 0))
		return false;
	if (!has_mask)
		mask = is_none ? FLAGS_ALL : set | unset;
	/* The usual meaning of a lone "syn": a connection's first packet. */
	if (!has_mask && set == FLAG_SYN && !unset)
		mask = FLAG_FIN | FLAG_SYN | FLAG_RST | FLAG_ACK;
	out->set = set;
	out->mask = mask;
	return (set & ~mask) == 0 && (set & unset) == 0;
}

const char *tcp_flags_read(struct scope *scope, struct text text, struct complaint *complaint)
{
	struct tcp_flags flags;
	char *typed = text_copy(scope->arena, text_of(lower(scope->arena, text)));
	for (char *c = typed; *c; c++)
		if (*c == '|')
			*c = ',';
	if (read_tcp_flags(text_of(typed), &flags))
		return name_intern(scope->names, text_of(typed));
	complaint->help = "for example: \"syn\", \"syn,!ack\", or \"syn/syn,ack\"; the flags are "
			  "fin, syn, rst, psh, ack, urg, ecn, cwr";
	return refuse(scope, text, complaint, D_BAD_FLAGS, "a condition on TCP flags");
}

void tcp_flags_parse(const char *text, struct tcp_flags *out)
{
	(void)read_tcp_flags(text_of(text), out);
}

/* Differentiated services */

/* clang-format off */
static const struct {
	const char *name;
	uint8_t number;
} code_points[] = {
	{ "cs0", 0x00 },  { "be", 0x00 },   { "df", 0x00 },   { "lephb", 0x01 }, { "le", 0x01 },   { "cs1", 0x08 },
	{ "af11", 0x0a }, { "af12", 0x0c }, { "af13", 0x0e }, { "cs2", 0x10 },   { "af21", 0x12 }, { "af22", 0x14 },
	{ "af23", 0x16 }, { "cs3", 0x18 },  { "af31", 0x1a }, { "af32", 0x1c },  { "af33", 0x1e }, { "cs4", 0x20 },
	{ "af41", 0x22 }, { "af42", 0x24 }, { "af43", 0x26 }, { "cs5", 0x28 },   { "va", 0x2c },   { "voice-admit", 0x2c },
	{ "ef", 0x2e },   { "cs6", 0x30 },  { "cs7", 0x38 },
};
/* clang-format on */

enum { CODE_POINT_LAST = 63 };

static bool code_point_of(struct text typed, uint32_t *number)
{
	for (size_t i = 0; i < countof(code_points); i++) {
		if (text_is(typed, code_points[i].name)) {
			*number = code_points[i].number;
			return true;
		}
	}
	return read_whole(typed, CODE_POINT_LAST, number);
}

const char *dscp_read(struct scope *scope, struct text text, struct complaint *complaint)
{
	uint32_t number;
	if (!code_point_of(text_of(lower(scope->arena, text)), &number)) {
		complaint->help = "for example: \"ef\", \"af11\", \"cs1\", or a number up to 63";
		return refuse(scope, text, complaint, D_BAD_DSCP,
			      "a code point of differentiated services");
	}
	for (size_t i = 0; i < countof(code_points); i++)
		if (code_points[i].number == number)
			return name_intern(scope->names, text_of(code_points[i].name));
	return name_intern(scope->names, text_of(arena_printf(scope->arena, "0x%02x", number)));
}

/* Marks */

static bool read_mark(struct text text, struct mark_value *out)
{
	struct text rest = text, value = take_until(&rest, '/');
	bool has_mask = has_slash(text);
	uint32_t number, mask = UINT32_MAX;
	if (!read_whole(value, UINT32_MAX, &number) ||
	    (has_mask && !read_whole(trim(rest), UINT32_MAX, &mask)))
		return false;
	out->value = number;
	out->mask = mask;
	return mask != 0 && (number & ~mask) == 0;
}

const char *mark_read(struct scope *scope, struct text text, struct complaint *complaint)
{
	struct mark_value mark;
	if (read_mark(text, &mark))
		return name_intern(scope->names, text);
	complaint->help = "for example: \"0x10\" or \"0x10/0xff\"; the value lies in the mask";
	return refuse(scope, text, complaint, D_BAD_MARK, "a mark");
}

void mark_parse(const char *text, struct mark_value *out)
{
	(void)read_mark(text_of(text), out);
}

/* Times */

/* A number of one or two digits below `end`. */
static bool take_part(struct text *rest, uint32_t end, uint32_t *out)
{
	struct text part = take_until(rest, ':');
	if (part.n < 1 || part.n > 2 || !isdigit((unsigned char)part.s[0]))
		return false;
	return read_whole(part, end - 1, out);
}

static bool read_clock(struct text text, uint32_t *out)
{
	struct text rest = text;
	uint32_t hours, minutes, seconds = 0;
	if (!take_part(&rest, 25, &hours) || rest.n == 0 || !take_part(&rest, 60, &minutes))
		return false;
	if (rest.n > 0 && !take_part(&rest, 60, &seconds))
		return false;
	*out = hours * 3600 + minutes * 60 + seconds;
	return rest.n == 0 && text.s[text.n - 1] != ':' && *out <= 24 * 3600;
}

const char *clock_read(struct scope *scope, struct text text, struct complaint *complaint)
{
	uint32_t seconds;
	if (read_clock(text, &seconds))
		return name_intern(scope->names, text);
	complaint->help = "for example: \"08:00\" or \"18:30:00\"";
	return refuse(scope, text, complaint, D_BAD_TIME, "a time of day");
}

uint32_t clock_parse(const char *text)
{
	uint32_t seconds = 0;
	(void)read_clock(text_of(text), &seconds);
	return seconds % (24 * 3600);
}

static const struct {
	const char *name;
	uint8_t days;
} day_names[] = {
	{ "sunday", 0x01 },   { "monday", 0x02 },  { "tuesday", 0x04 },	 { "wednesday", 0x08 },
	{ "thursday", 0x10 }, { "friday", 0x20 },  { "saturday", 0x40 }, { "weekdays", 0x3e },
	{ "weekday", 0x3e },  { "weekend", 0x41 }, { "weekends", 0x41 },
};

uint8_t day_parse(const char *text)
{
	for (size_t i = 0; i < countof(day_names); i++)
		if (strcmp(day_names[i].name, text) == 0)
			return day_names[i].days;
	return 0;
}

const char *day_read(struct scope *scope, struct text text, struct complaint *complaint)
{
	const char *typed = lower(scope->arena, text);
	for (size_t i = 0; i < countof(day_names); i++) {
		bool is_short = i < 7 && text.n == 3 && strncmp(day_names[i].name, typed, 3) == 0;
		if (is_short || strcmp(day_names[i].name, typed) == 0)
			return name_intern(scope->names, text_of(day_names[i].name));
	}
	complaint->help = "the days are sunday to saturday, weekdays and weekend";
	return refuse(scope, text, complaint, D_BAD_TIME, "a day of the week");
}
