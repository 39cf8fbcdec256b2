#define PCRE2_CODE_UNIT_WIDTH 8
#include "value/functions/patterns.h"

#include <pcre2.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "value/functions/library.h"
#include "value/functions/maker.h"
#include "value/make.h"

/* A pattern that needs more steps than this is a mistake, or an attack. */
enum { STEPS_MAX = 2000000, MEMORY_MAX_KB = 64 << 10, MATCHES_MAX = 1 << 20 };

/* A compiled pattern and one text. The library's own memory is given back by pattern_close. */
struct pattern {
	const struct call *call;
	uint32_t index; /* of the argument that it is */
	struct text source, subject;
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *data;
	uint32_t groups;
	const char **names; /* by number; NULL: without a name */
	uint32_t named;
};

static void pattern_close(struct pattern *pattern)
{
	pcre2_match_data_free(pattern->data);
	pcre2_match_context_free(pattern->limits);
	pcre2_code_free(pattern->code);
}

static bool refuse_construct(struct pattern *pattern, size_t at, size_t n, const char *why)
{
	argument_refuse(pattern->call, pattern->index, "\"%.*s\" in the pattern: %s", (int)n,
			pattern->source.s + at, why);
	return false;
}

static char peek(struct text text, size_t at)
{
	return at < text.n ? text.s[at] : '\0';
}

/* (?: (?P<name> (?<name> and flags. Everything else can make matching slow, or is another language.
 */
static bool check_group(struct pattern *pattern, size_t at)
{
	struct text text = pattern->source;
	size_t i = at + 2;
	if (peek(text, at + 1) == '*')
		return refuse_construct(pattern, at, 2, "there are no verbs");
	if (peek(text, at + 1) != '?')
		return true;
	if (peek(text, i) == 'P')
		i++;
	if (peek(text, i) == '<' && peek(text, i + 1) != '=' && peek(text, i + 1) != '!')
		return true;
	while (peek(text, i) && strchr("imsU-", peek(text, i)))
		i++;
	if (peek(text, i) == ':' || peek(text, i) == ')')
		return true;
	return refuse_construct(pattern, at, i + 1 - at > text.n - at ? text.n - at : i + 1 - at,
				"a group looks neither ahead nor behind, and is not a reference");
}

static bool check_escape(struct pattern *pattern, size_t at)
{
	char c = peek(pattern->source, at + 1);
	bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	if (c >= '1' && c <= '9')
		return refuse_construct(pattern, at, 2, "there are no references to groups");
	if (is_letter && !strchr("abBAdDfnpPQErsStvwWxz", c))
		return refuse_construct(pattern, at, 2, "there is no such escape");
	return true;
}

static bool is_repetition(char c)
{
	return c == '*' || c == '+' || c == '?' || c == '}';
}

/* a*+ is possessive in this library, and a mistake in the reference. */
static bool check_repetition(struct pattern *pattern, size_t at)
{
	struct text text = pattern->source;
	if (at > 0 && is_repetition(text.s[at - 1]) && text.s[at] == '+' &&
	    (at < 2 || text.s[at - 2] != '\\') && text.s[at - 1] != '}')
		return refuse_construct(pattern, at - 1, 2, "a repetition cannot be repeated");
	return true;
}

/* Behind the name or the first characters of a class: a ] there is one of its characters. */
static size_t class_start(struct text text, size_t at)
{
	at++;
	if (peek(text, at) == '^')
		at++;
	return peek(text, at) == ']' ? at + 1 : at;
}

static size_t class_end(struct text text, size_t at)
{
	for (at = class_start(text, at); at < text.n && text.s[at] != ']'; at++) {
		if (text.s[at] == '\\')
			at++;
		else if (text.s[at] == '[' && peek(text, at + 1) == ':')
			while (at + 1 < text.n && !(text.s[at] == ':' && text.s[at + 1] == ']'))
				at++;
	}
	return at;
}

/* The part of the library's language that is the reference's too. */
static bool check_source(struct pattern *pattern)
{
	struct text text = pattern->source;
	for (size_t at = 0; at < text.n; at++) {
		if (text.s[at] == '(' && !check_group(pattern, at))
			return false;
		if (text.s[at] == '+' && !check_repetition(pattern, at))
			return false;
		if (text.s[at] == '\\') {
			if (!check_escape(pattern, at))
				return false;
			at++;
		}
		if (text.s[at] == '[' && (at == 0 || text.s[at - 1] != '\\'))
			at = class_end(text, at);
	}
	return true;
}

static bool compile(struct pattern *pattern)
{
	int error;
	PCRE2_SIZE at;
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pattern->code = pcre2_compile((PCRE2_SPTR)pattern->source.s, pattern->source.n,
				      PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C,
				      &error, &at, context);
	pcre2_compile_context_free(context);
	if (pattern->code)
		return true;
	char message[128];
	pcre2_get_error_message(error, (PCRE2_UCHAR *)message, sizeof message);
	argument_refuse(pattern->call, pattern->index, "%s (at character %zu of the pattern)",
			message, (size_t)at);
	return false;
}

static void collect_names(struct pattern *pattern)
{
	uint32_t size;
	const uint8_t *table;
	pcre2_pattern_info(pattern->code, PCRE2_INFO_CAPTURECOUNT, &pattern->groups);
	pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMECOUNT, &pattern->named);
	pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMETABLE, &table);
	struct arena *arena = pattern->call->scope->arena;
	pattern->names = arena_array(arena, pattern->groups + 1, sizeof *pattern->names);
	/* Each entry: the number in two bytes, then the name. */
	for (uint32_t i = 0; i < pattern->named; i++, table += size)
		pattern->names[table[0] << 8 | table[1]] =
			text_copy(arena, text_of((const char *)table + 2));
}

static bool pattern_open(const struct call *call, uint32_t index, struct text source,
			 struct text subject, struct pattern *out)
{
	*out = (struct pattern){
		.call = call, .index = index, .source = source, .subject = subject
	};
	if (!check_source(out) || !compile(out))
		return false;
	out->limits = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(out->limits, STEPS_MAX);
	pcre2_set_depth_limit(out->limits, STEPS_MAX);
	pcre2_set_heap_limit(out->limits, MEMORY_MAX_KB);
	out->data = pcre2_match_data_create_from_pattern(out->code, NULL);
	collect_names(out);
	return true;
}

enum outcome { FOUND, ABSENT, FAILED };

static enum outcome pattern_match(struct pattern *pattern, size_t from)
{
	int got = pcre2_match(pattern->code, (PCRE2_SPTR)pattern->subject.s, pattern->subject.n,
			      from, PCRE2_NO_UTF_CHECK, pattern->data, pattern->limits);
	if (got > 0)
		return FOUND;
	if (got == PCRE2_ERROR_NOMATCH)
		return ABSENT;
	struct diag *d = diag_error(pattern->call->scope->diags, D_CALL_LIMIT,
				    argument_span(pattern->call, pattern->index));
	diag_say(d, "the pattern takes too long on this text");
	diag_help(d, "repeat nothing that is repeated already, as in (a+)+");
	return FAILED;
}

/* What group `n` found; `s` is NULL where it found nothing. */
static struct text pattern_group(const struct pattern *pattern, uint32_t n)
{
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(pattern->data);
	if (ends[2 * n] == PCRE2_UNSET)
		return (struct text){ NULL, 0 };
	return (struct text){ pattern->subject.s + ends[2 * n], ends[2 * n + 1] - ends[2 * n] };
}

static struct value group_value(const struct pattern *pattern, uint32_t n)
{
	struct text text = pattern_group(pattern, n);
	return text.s ? call_string(pattern->call, text) : make_null(pattern->call->at);
}

/* The match itself, or its groups: with names an object, without a list. */
static struct value match_value(const struct pattern *pattern)
{
	struct scope *scope = pattern->call->scope;
	if (pattern->groups == 0)
		return group_value(pattern, 0);
	if (pattern->named == 0) {
		struct value *items = arena_array(scope->arena, pattern->groups, sizeof *items);
		for (uint32_t i = 0; i < pattern->groups; i++)
			items[i] = group_value(pattern, i + 1);
		return make_tuple(pattern->call->at, items, pattern->groups);
	}
	struct object_maker maker = object_start(scope, pattern->call->at, pattern->groups);
	for (uint32_t i = 1; i <= pattern->groups; i++)
		object_put(scope, &maker, pattern->names[i], group_value(pattern, i));
	return maker.object;
}

static bool check_names(const struct pattern *pattern)
{
	if (pattern->named == 0 || pattern->named == pattern->groups)
		return true;
	argument_refuse(pattern->call, pattern->index,
			"either all groups have names or none; (?:...) is no group");
	return false;
}

static struct value match_first(struct pattern *pattern)
{
	if (!check_names(pattern))
		return call_poison(pattern->call);
	switch (pattern_match(pattern, 0)) {
	case FOUND:
		return match_value(pattern);
	case ABSENT:
		return call_refuse(pattern->call, D_CALL_FAILED, "the pattern is not found");
	case FAILED:
		break;
	}
	return call_poison(pattern->call);
}

static struct value run_regex(struct call *call)
{
	struct pattern pattern;
	struct value value = call_poison(call);
	if (pattern_open(call, 0, call->arguments[0].string, call->arguments[1].string, &pattern))
		value = match_first(&pattern);
	pattern_close(&pattern);
	return value;
}

static size_t character_size(struct text text, size_t at)
{
	uint32_t c;
	int size = at < text.n ? code_point_decode(text.s + at, text.n - at, &c) : 1;
	return size < 1 ? 1 : (size_t)size;
}

/* Calls `each` for all matches that do not overlap. An empty one counts only where the one before
 * it does not end there. */
static bool match_all(struct pattern *pattern, bool (*each)(struct pattern *, void *),
		      void *context)
{
	size_t at = 0, before = SIZE_MAX;
	while (at <= pattern->subject.n) {
		enum outcome outcome = pattern_match(pattern, at);
		if (outcome != FOUND)
			return outcome == ABSENT;
		const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(pattern->data);
		size_t start = ends[0], end = ends[1];
		if (!(start == end && start == before) && !each(pattern, context))
			return false;
		before = end;
		at = end == at ? at + character_size(pattern->subject, at) : end;
	}
	return true;
}

static bool add_match(struct pattern *pattern, void *context)
{
	struct list_maker *list = context;
	list_maker_add(list, match_value(pattern));
	return call_may_make(pattern->call, (uint64_t)list->all.n * (pattern->groups + 1));
}

static struct value run_regexall(struct call *call)
{
	struct pattern pattern;
	struct list_maker list = { .arena = call->scope->arena };
	bool is_done = pattern_open(call, 0, call->arguments[0].string, call->arguments[1].string,
				    &pattern) &&
		       check_names(&pattern) && match_all(&pattern, add_match, &list);
	pattern_close(&pattern);
	return is_done ? call_list(call, list.all.at, list.all.n) : call_poison(call);
}

/* The text that is being made of a subject. */
struct replacing {
	struct text_maker out;
	struct text by;
	size_t copied; /* of the subject */
};

static bool is_name_character(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_';
}

/* A group by number or name; nothing where there is none. */
static struct text group_called(const struct pattern *pattern, struct text name)
{
	uint32_t number = 0;
	bool is_number = name.n > 0 && name.n < 6;
	for (size_t i = 0; i < name.n; i++) {
		is_number &= name.s[i] >= '0' && name.s[i] <= '9';
		number = number * 10 + (uint32_t)(name.s[i] - '0');
	}
	if (is_number)
		return number <= pattern->groups ? pattern_group(pattern, number) : TEXT("");
	for (uint32_t i = 1; i <= pattern->groups; i++)
		if (pattern->names[i] && text_is(name, pattern->names[i]))
			return pattern_group(pattern, i);
	return TEXT("");
}

/* $name or ${name} at `at`: the bytes that it takes, 0 where it is none. */
static size_t reference_at(struct text by, size_t at, struct text *name)
{
	bool is_braced = peek(by, at + 1) == '{';
	size_t start = at + 1 + is_braced, end = start;
	while (end < by.n && is_name_character(by.s[end]))
		end++;
	*name = (struct text){ by.s + start, end - start };
	if (end == start || (is_braced && peek(by, end) != '}'))
		return 0;
	return end + is_braced - at;
}

static void write_replacement(const struct pattern *pattern, struct replacing *replacing)
{
	struct text by = replacing->by, name;
	for (size_t at = 0; at < by.n; at++) {
		size_t taken = by.s[at] == '$' ? reference_at(by, at, &name) : 0;
		if (taken > 0)
			maker_add(&replacing->out, group_called(pattern, name));
		else
			maker_add(&replacing->out, (struct text){ by.s + at, 1 });
		if (taken > 0)
			at += taken - 1;
		else if (by.s[at] == '$' && peek(by, at + 1) == '$')
			at++;
	}
}

static bool replace_match(struct pattern *pattern, void *context)
{
	struct replacing *replacing = context;
	struct text found = pattern_group(pattern, 0);
	size_t start = (size_t)(found.s - pattern->subject.s);
	maker_add(&replacing->out, (struct text){ pattern->subject.s + replacing->copied,
						  start - replacing->copied });
	write_replacement(pattern, replacing);
	replacing->copied = start + found.n;
	return call_may_write(pattern->call, replacing->out.all.n);
}

struct value pattern_replace(struct call *call, struct text source)
{
	struct pattern pattern;
	struct text subject = call->arguments[0].string;
	struct replacing replacing = { .out = { .arena = call->scope->arena },
				       .by = call->arguments[2].string };
	bool is_done = pattern_open(call, 1, source, subject, &pattern) &&
		       match_all(&pattern, replace_match, &replacing);
	pattern_close(&pattern);
	if (!is_done)
		return call_poison(call);
	maker_add(&replacing.out,
		  (struct text){ subject.s + replacing.copied, subject.n - replacing.copied });
	return call_string(call, maker_text(&replacing.out));
}

static struct value run_regex_replace(struct call *call)
{
	return pattern_replace(call, call->arguments[1].string);
}

static const struct function rows[] = {
	{ .name = "regex",
	  .run = run_regex,
	  .parameters = { { "pattern", PARAMETER_STRING }, { "string", PARAMETER_STRING } },
	  .doc = "What a pattern (of RE2's kind) finds first: a string, or with groups a list of "
		 "what they "
		 "found, or with named groups an object.",
	  .example = "regex(\"([a-z]+)([0-9]+)\", \"eth10\")",
	  .result = "[\"eth\", \"10\"]" },
	{ .name = "regex_replace",
	  .run = run_regex_replace,
	  .parameters = { { "string", PARAMETER_STRING },
			  { "pattern", PARAMETER_STRING },
			  { "replacement", PARAMETER_STRING } },
	  .doc = "The string with another text wherever a pattern is found; $1 is what its first "
		 "group found.",
	  .example = "regex_replace(\"eth0.10\", \"[.]([0-9]+)\", \"-vlan$1\")",
	  .result = "\"eth0-vlan10\"" },
	{ .name = "regexall",
	  .run = run_regexall,
	  .parameters = { { "pattern", PARAMETER_STRING }, { "string", PARAMETER_STRING } },
	  .doc = "All that a pattern finds, as regex has it.",
	  .example = "regexall(\"[0-9]+\", \"22, 80\")",
	  .result = "[\"22\", \"80\"]" },
};

const struct function_family pattern_functions = { "Patterns", rows, countof(rows) };
