#include <inttypes.h>
#include <string.h>

#include <utf8proc.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "base/graphemes.h"
#include "value/functions/library.h"
#include "value/functions/patterns.h"
#include "value/functions/maker.h"
#include "value/make.h"

static struct text argument_text(const struct call *call, uint32_t index)
{
	return call->arguments[index].string;
}

static struct text skip(struct text text, size_t n)
{
	return (struct text){ text.s + n, text.n - n };
}

static struct text first(struct text text, size_t n)
{
	return (struct text){ text.s, n };
}

/* Where `wanted` begins in `text`; `text.n` + 1 where it is not there. */
static size_t find(struct text text, struct text wanted)
{
	const char *at = wanted.n ? memmem(text.s, text.n, wanted.s, wanted.n) : text.s;
	return at ? (size_t)(at - text.s) : text.n + 1;
}

static bool starts_with(struct text text, struct text start)
{
	return text.n >= start.n && text_equal(first(text, start.n), start);
}

static bool ends_with(struct text text, struct text end)
{
	return text.n >= end.n && text_equal(skip(text, text.n - end.n), end);
}

static bool is_space(uint32_t c)
{
	return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
	       c == 0x205f || c == 0x3000;
}

static bool is_in(uint32_t c, struct text cutset)
{
	uint32_t other;
	int size;
	for (; (size = code_point_decode(cutset.s, cutset.n, &other)) > 0;
	     cutset = skip(cutset, (size_t)size))
		if (other == c)
			return true;
	return false;
}

/* Cuts characters of `cutset` off both ends; where it is NULL, white space. */
static struct text trim(struct text text, const struct text *cutset)
{
	uint32_t c;
	int size;
	size_t keep = 0;
	while ((size = code_point_decode(text.s, text.n, &c)) > 0 &&
	       (cutset ? is_in(c, *cutset) : is_space(c)))
		text = skip(text, (size_t)size);
	for (size_t at = 0; at < text.n; at += (size_t)size) {
		size = code_point_decode(text.s + at, text.n - at, &c);
		if (!(cutset ? is_in(c, *cutset) : is_space(c)))
			keep = at + (size_t)size;
	}
	return first(text, keep);
}

static struct value run_chomp(struct call *call)
{
	struct text text = argument_text(call, 0);
	while (text.n > 0 && (text.s[text.n - 1] == '\n' || text.s[text.n - 1] == '\r'))
		text.n--;
	return call_string(call, text);
}

static struct value run_endswith(struct call *call)
{
	return call_bool(call, ends_with(argument_text(call, 0), argument_text(call, 1)));
}

static size_t count_of(struct text text, char c)
{
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		n += text.s[i] == c;
	return n;
}

static struct value run_indent(struct call *call)
{
	int64_t spaces;
	struct text text = argument_text(call, 1);
	struct text_maker maker = { .arena = call->scope->arena };
	number_to_int64(call->arguments[0].number, &spaces);
	if (spaces < 0)
		return argument_refuse(call, 0, "it is 0 or more, and this is %" PRId64, spaces);
	uint64_t more;
	if (__builtin_mul_overflow((uint64_t)spaces, count_of(text, '\n'), &more))
		more = UINT64_MAX - text.n;
	if (!call_may_write(call, more + text.n))
		return call_poison(call);
	for (size_t i = 0; i < text.n; i++) {
		maker_add(&maker, (struct text){ text.s + i, 1 });
		if (text.s[i] == '\n')
			maker_repeat(&maker, ' ', (size_t)spaces);
	}
	return call_string(call, maker_text(&maker));
}

static bool join_list(struct call *call, uint32_t index, struct text_maker *maker, bool *is_first)
{
	const struct value *list = &call->arguments[index];
	for (uint32_t i = 0; i < list->count; i++) {
		if (list->items[i].kind == VALUE_NULL) {
			argument_refuse(call, index, "the element %" PRIu32 " is null", i);
			return false;
		}
		if (!*is_first)
			maker_add(maker, argument_text(call, 0));
		*is_first = false;
		maker_add(maker, list->items[i].string);
		if (!call_may_write(call, maker->all.n))
			return false;
	}
	return true;
}

static struct value run_join(struct call *call)
{
	struct text_maker maker = { .arena = call->scope->arena };
	bool is_first = true;
	for (uint32_t i = 1; i < call->n; i++)
		if (!join_list(call, i, &maker, &is_first))
			return call_poison(call);
	return call_string(call, maker_text(&maker));
}

typedef utf8proc_int32_t mapping(utf8proc_int32_t c);

static utf8proc_int32_t to_upper(utf8proc_int32_t c)
{
	/* The library has a capital for it, which Unicode's simple mapping has not. */
	return c == 0xdf ? c : utf8proc_toupper(c);
}

static struct value map_text(struct call *call, mapping *map)
{
	struct text text = argument_text(call, 0);
	struct text_maker maker = { .arena = call->scope->arena };
	uint32_t c;
	for (int size; (size = code_point_decode(text.s, text.n, &c)) > 0;
	     text = skip(text, (size_t)size))
		maker_add_code_point(&maker, (uint32_t)map((utf8proc_int32_t)c));
	return call_string(call, maker_text(&maker));
}

static struct value run_lower(struct call *call)
{
	return map_text(call, utf8proc_tolower);
}

static struct value run_upper(struct call *call)
{
	return map_text(call, to_upper);
}

/* An empty text stands between all characters. */
static void replace_between(struct text_maker *maker, struct text text, struct text by)
{
	uint32_t c;
	maker_add(maker, by);
	for (int size; (size = code_point_decode(text.s, text.n, &c)) > 0;
	     text = skip(text, (size_t)size)) {
		maker_add(maker, first(text, (size_t)size));
		maker_add(maker, by);
	}
}

static bool replace_all(struct call *call, struct text_maker *maker)
{
	struct text text = argument_text(call, 0), wanted = argument_text(call, 1);
	struct text by = argument_text(call, 2);
	for (size_t at; (at = find(text, wanted)) <= text.n; text = skip(text, at + wanted.n)) {
		maker_add(maker, first(text, at));
		maker_add(maker, by);
		if (!call_may_write(call, maker->all.n))
			return false;
	}
	maker_add(maker, text);
	return true;
}

/* "/.../" is a pattern. */
static struct value run_replace(struct call *call)
{
	struct text wanted = argument_text(call, 1);
	struct text_maker maker = { .arena = call->scope->arena };
	if (wanted.n > 1 && wanted.s[0] == '/' && wanted.s[wanted.n - 1] == '/')
		return pattern_replace(call, (struct text){ wanted.s + 1, wanted.n - 2 });
	uint64_t more;
	if (__builtin_mul_overflow(argument_text(call, 0).n + 1, argument_text(call, 2).n, &more) ||
	    (wanted.n == 0 && !call_may_write(call, more)))
		return call_poison(call);
	if (wanted.n == 0)
		replace_between(&maker, argument_text(call, 0), argument_text(call, 2));
	else if (!replace_all(call, &maker))
		return call_poison(call);
	return call_string(call, maker_text(&maker));
}

static void split_characters(struct call *call, struct text text, struct list_maker *out)
{
	uint32_t c;
	for (int size; (size = code_point_decode(text.s, text.n, &c)) > 0;
	     text = skip(text, (size_t)size))
		list_maker_add(out, call_string(call, first(text, (size_t)size)));
}

static struct value run_split(struct call *call)
{
	struct text separator = argument_text(call, 0), text = argument_text(call, 1);
	struct list_maker list = { .arena = call->scope->arena };
	if (!call_may_make(call, separator.n ? text.n / separator.n + 1 : text.n))
		return call_poison(call);
	if (separator.n == 0) {
		split_characters(call, text, &list);
		return call_list(call, list.all.at, list.all.n);
	}
	for (size_t at; (at = find(text, separator)) <= text.n; text = skip(text, at + separator.n))
		list_maker_add(&list, call_string(call, first(text, at)));
	list_maker_add(&list, call_string(call, text));
	return call_list(call, list.all.at, list.all.n);
}

static struct value run_startswith(struct call *call)
{
	return call_bool(call, starts_with(argument_text(call, 0), argument_text(call, 1)));
}

static struct value run_strcontains(struct call *call)
{
	struct text text = argument_text(call, 0);
	return call_bool(call, find(text, argument_text(call, 1)) <= text.n);
}

static struct value run_strlen(struct call *call)
{
	return call_integer(call, (int64_t)graphemes_count(argument_text(call, 0)));
}

static struct value run_strrev(struct call *call)
{
	struct text text = argument_text(call, 0);
	char *out = arena_alloc(call->scope->arena, text.n + 1);
	size_t end = text.n;
	for (size_t size; (size = grapheme_size(text)) > 0; text = skip(text, size)) {
		end -= size;
		memcpy(out + end, text.s, size);
	}
	return call_string(call, (struct text){ out, argument_text(call, 0).n });
}

/* A negative offset counts from the end, a negative length is all that follows; so is, as in the
 * reference, a length of 0 behind a negative offset. */
static struct value run_substr(struct call *call)
{
	struct text text = argument_text(call, 0);
	int64_t offset, length;
	number_to_int64(call->arguments[1].number, &offset);
	number_to_int64(call->arguments[2].number, &length);
	if (offset < 0) {
		int64_t count = (int64_t)graphemes_count(text);
		offset = offset < -count ? 0 : offset + count;
		length = length == 0 ? -1 : length;
	}
	text = skip(text, graphemes_size(text, (size_t)offset));
	if (length >= 0)
		text = first(text, graphemes_size(text, (size_t)length));
	return call_string(call, text);
}

static bool separates(uint32_t c)
{
	if (c < 0x80)
		return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			 (c >= '0' && c <= '9') || c == '_');
	return is_space(c);
}

static struct value run_title(struct call *call)
{
	struct text text = argument_text(call, 0);
	struct text_maker maker = { .arena = call->scope->arena };
	uint32_t c, before = ' ';
	for (int size; (size = code_point_decode(text.s, text.n, &c)) > 0;
	     text = skip(text, (size_t)size)) {
		bool begins = separates(before) && c != 0xdf;
		before = c;
		maker_add_code_point(&maker,
				     begins ? (uint32_t)utf8proc_totitle((utf8proc_int32_t)c) : c);
	}
	return call_string(call, maker_text(&maker));
}

static struct value run_trim(struct call *call)
{
	struct text cutset = argument_text(call, 1);
	return call_string(call, trim(argument_text(call, 0), &cutset));
}

static struct value run_trimprefix(struct call *call)
{
	struct text text = argument_text(call, 0), start = argument_text(call, 1);
	return call_string(call, starts_with(text, start) ? skip(text, start.n) : text);
}

static struct value run_trimspace(struct call *call)
{
	return call_string(call, trim(argument_text(call, 0), NULL));
}

static struct value run_trimsuffix(struct call *call)
{
	struct text text = argument_text(call, 0), end = argument_text(call, 1);
	return call_string(call, ends_with(text, end) ? first(text, text.n - end.n) : text);
}

static const struct function rows[] = {
	{ .name = "chomp",
	  .run = run_chomp,
	  .parameters = { { "string", PARAMETER_STRING } },
	  .doc = "The string without the line ends at its end.",
	  .example = "chomp(\"eth0\\n\")",
	  .result = "\"eth0\"" },
	{ .name = "endswith",
	  .run = run_endswith,
	  .parameters = { { "string", PARAMETER_STRING }, { "suffix", PARAMETER_STRING } },
	  .doc = "Whether a string ends with another one.",
	  .example = "endswith(\"lan-guests\", \"guests\")",
	  .result = "true" },
	{ .name = "indent",
	  .run = run_indent,
	  .parameters = { { "spaces", PARAMETER_INTEGER }, { "string", PARAMETER_STRING } },
	  .doc = "The string with so many blanks in front of each line but the first.",
	  .example = "indent(2, \"a\\nb\")",
	  .result = "\"a\\n  b\"" },
	{ .name = "join",
	  .run = run_join,
	  .parameters = { { "separator", PARAMETER_STRING }, { "lists", PARAMETER_STRINGS } },
	  .repeats = true,
	  .doc = "All strings of the lists in one, with the separator between them.",
	  .example = "join(\"-\", [\"lan\", \"wan\"])",
	  .result = "\"lan-wan\"" },
	{ .name = "lower",
	  .run = run_lower,
	  .parameters = { { "string", PARAMETER_STRING } },
	  .doc = "The string in small letters.",
	  .example = "lower(\"ETH0\")",
	  .result = "\"eth0\"" },
	{ .name = "replace",
	  .run = run_replace,
	  .parameters = { { "string", PARAMETER_STRING },
			  { "substring", PARAMETER_STRING },
			  { "replacement", PARAMETER_STRING } },
	  .doc = "The string with another text wherever a text is found; \"/.../\" is a pattern, "
		 "and $1 in "
		 "the replacement what its first group found.",
	  .example = "replace(\"eth0.10\", \".\", \"-\")",
	  .result = "\"eth0-10\"" },
	{ .name = "split",
	  .run = run_split,
	  .parameters = { { "separator", PARAMETER_STRING }, { "string", PARAMETER_STRING } },
	  .doc = "The parts of a string between separators.",
	  .example = "split(\",\", \"lan,dmz,wan\")",
	  .result = "[\"lan\", \"dmz\", \"wan\"]" },
	{ .name = "startswith",
	  .run = run_startswith,
	  .parameters = { { "string", PARAMETER_STRING }, { "prefix", PARAMETER_STRING } },
	  .doc = "Whether a string begins with another one.",
	  .example = "startswith(\"wg0\", \"wg\")",
	  .result = "true" },
	{ .name = "strcontains",
	  .run = run_strcontains,
	  .parameters = { { "string", PARAMETER_STRING }, { "substring", PARAMETER_STRING } },
	  .doc = "Whether a string has another one in it.",
	  .example = "strcontains(\"lan-guests\", \"-\")",
	  .result = "true" },
	{ .name = "strlen",
	  .run = run_strlen,
	  .parameters = { { "string", PARAMETER_STRING } },
	  .doc = "How many characters a string has.",
	  .example = "strlen(\"wan\")",
	  .result = "3" },
	{ .name = "strrev",
	  .run = run_strrev,
	  .parameters = { { "string", PARAMETER_STRING } },
	  .doc = "The string from its end to its beginning.",
	  .example = "strrev(\"wan\")",
	  .result = "\"naw\"" },
	{ .name = "substr",
	  .run = run_substr,
	  .parameters = { { "string", PARAMETER_STRING },
			  { "offset", PARAMETER_INTEGER },
			  { "length", PARAMETER_INTEGER } },
	  .doc = "A part of a string; a negative offset counts from the end, a negative length is "
		 "all "
		 "that follows.",
	  .example = "substr(\"lan-guests\", 4, 5)",
	  .result = "\"guest\"" },
	{ .name = "title",
	  .run = run_title,
	  .parameters = { { "string", PARAMETER_STRING } },
	  .doc = "The string with a capital at the beginning of each word.",
	  .example = "title(\"guest network\")",
	  .result = "\"Guest Network\"" },
	{ .name = "trim",
	  .run = run_trim,
	  .parameters = { { "string", PARAMETER_STRING }, { "characters", PARAMETER_STRING } },
	  .doc = "The string without these characters at its beginning and end.",
	  .example = "trim(\"--lan--\", \"-\")",
	  .result = "\"lan\"" },
	{ .name = "trimprefix",
	  .run = run_trimprefix,
	  .parameters = { { "string", PARAMETER_STRING }, { "prefix", PARAMETER_STRING } },
	  .doc = "The string without a text that it begins with.",
	  .example = "trimprefix(\"eth0\", \"eth\")",
	  .result = "\"0\"" },
	{ .name = "trimspace",
	  .run = run_trimspace,
	  .parameters = { { "string", PARAMETER_STRING } },
	  .doc = "The string without white space at its beginning and end.",
	  .example = "trimspace(\"  lan\\n\")",
	  .result = "\"lan\"" },
	{ .name = "trimsuffix",
	  .run = run_trimsuffix,
	  .parameters = { { "string", PARAMETER_STRING }, { "suffix", PARAMETER_STRING } },
	  .doc = "The string without a text that it ends with.",
	  .example = "trimsuffix(\"lan.hcl\", \".hcl\")",
	  .result = "\"lan\"" },
	{ .name = "upper",
	  .run = run_upper,
	  .parameters = { { "string", PARAMETER_STRING } },
	  .doc = "The string in capitals.",
	  .example = "upper(\"tcp\")",
	  .result = "\"TCP\"" },
};

const struct function_family string_functions = { "Strings", rows, countof(rows) };
