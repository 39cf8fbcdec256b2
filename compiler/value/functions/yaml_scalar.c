#include "value/functions/yaml_scalar.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "value/functions/times.h"
#include "value/make.h"
#include "value/operators.h"

enum meaning { MEANS_TRUE, MEANS_FALSE, MEANS_NULL };

static const struct {
	const char *word;
	enum meaning meaning;
	bool is_surprising; /* YAML 1.2 takes it for a string */
} words[] = {
	{ "", MEANS_NULL, false },	 { "~", MEANS_NULL, false },
	{ "null", MEANS_NULL, false },	 { "Null", MEANS_NULL, false },
	{ "NULL", MEANS_NULL, false },	 { "true", MEANS_TRUE, false },
	{ "True", MEANS_TRUE, false },	 { "TRUE", MEANS_TRUE, false },
	{ "false", MEANS_FALSE, false }, { "False", MEANS_FALSE, false },
	{ "FALSE", MEANS_FALSE, false }, { "y", MEANS_TRUE, true },
	{ "Y", MEANS_TRUE, true },	 { "yes", MEANS_TRUE, true },
	{ "Yes", MEANS_TRUE, true },	 { "YES", MEANS_TRUE, true },
	{ "on", MEANS_TRUE, true },	 { "On", MEANS_TRUE, true },
	{ "ON", MEANS_TRUE, true },	 { "n", MEANS_FALSE, true },
	{ "N", MEANS_FALSE, true },	 { "no", MEANS_FALSE, true },
	{ "No", MEANS_FALSE, true },	 { "NO", MEANS_FALSE, true },
	{ "off", MEANS_FALSE, true },	 { "Off", MEANS_FALSE, true },
	{ "OFF", MEANS_FALSE, true },
};

static void warn(const struct call *call, const yaml_event_t *event, const char *word, bool truth)
{
	struct diag *d = diag_warning(call->scope->diags, D_YAML_WORD, argument_span(call, 0));
	diag_say(d, "%s in line %zu of the text is the boolean %s", word,
		 event->start_mark.line + 1, truth ? "true" : "false");
	diag_help(d, "write %s for the boolean, \"%s\" for the word", truth ? "true" : "false",
		  word);
}

static bool read_word(const struct call *call, const yaml_event_t *event, struct text text,
		      struct value *out)
{
	for (size_t i = 0; i < countof(words); i++) {
		if (!text_is(text, words[i].word))
			continue;
		bool truth = words[i].meaning == MEANS_TRUE;
		if (words[i].is_surprising)
			warn(call, event, words[i].word, truth);
		*out = words[i].meaning == MEANS_NULL ? make_null(call->at)
						      : call_bool(call, truth);
		return true;
	}
	return false;
}

static struct text without_sign(struct text text)
{
	if (text.n > 0 && (text.s[0] == '+' || text.s[0] == '-'))
		return (struct text){ text.s + 1, text.n - 1 };
	return text;
}

static bool consists_of(struct text text, const char *characters)
{
	for (size_t i = 0; i < text.n; i++)
		if (!text.s[i] || !strchr(characters, text.s[i]))
			return false;
	return text.n > 0;
}

static bool has_prefix(struct text text, const char *prefix)
{
	return text.n >= 2 && memcmp(text.s, prefix, 2) == 0;
}

static bool is_integer(struct text text)
{
	text = without_sign(text);
	struct text rest = { text.s + 2, text.n - 2 };
	if (has_prefix(text, "0x"))
		return consists_of(rest, "0123456789abcdefABCDEF_");
	if (has_prefix(text, "0o"))
		return consists_of(rest, "01234567_");
	return text.n == 0 || consists_of(text, "0123456789_");
}

/* digits, a point, digits, an exponent. */
static bool is_float(struct text text)
{
	static const char digits[] = "0123456789";
	text = without_sign(text);
	const char *at = text.s;
	size_t whole = strspn(at, digits), fraction = 0;
	at += whole;
	if (*at == '.') {
		fraction = strspn(++at, digits);
		at += fraction;
	}
	if (whole + fraction == 0)
		return false;
	if (*at == 'e' || *at == 'E') {
		at++;
		at += *at == '+' || *at == '-';
		size_t exponent = strspn(at, digits);
		if (exponent == 0)
			return false;
		at += exponent;
	}
	return at == text.s + text.n;
}

static const struct number *parse_based(struct arena *arena, const char *text)
{
	bool is_negative = *text == '-';
	text += *text == '-' || *text == '+';
	int base = strncmp(text, "0x", 2) == 0 ? 16 : strncmp(text, "0o", 2) == 0 ? 8 : 0;
	if (base == 0 || !text[2] || strlen(text) > 18)
		return NULL;
	unsigned long long value = strtoull(text + 2, NULL, base);
	return number_parse(arena,
			    text_of(arena_printf(arena, "%s%llu", is_negative ? "-" : "", value)));
}

static const char *read_number(const struct call *call, struct text text, struct value *out)
{
	struct arena *arena = call->scope->arena;
	char *plain = arena_alloc(arena, text.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		if (text.s[i] != '_')
			plain[n++] = text.s[i];
	const struct number *number = number_parse(arena, (struct text){ plain, n });
	if (!number)
		number = parse_based(arena, plain);
	*out = make_number(call->at, number);
	return number ? NULL : "this is not a number";
}

static bool is_plain(const yaml_event_t *event)
{
	return event->data.scalar.style != YAML_SINGLE_QUOTED_SCALAR_STYLE &&
	       event->data.scalar.style != YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

static struct text scalar_text(const yaml_event_t *event)
{
	return (struct text){ (const char *)event->data.scalar.value, event->data.scalar.length };
}

static bool is_infinite(struct text text)
{
	static const char *const forms[] = { ".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN" };
	text = without_sign(text);
	for (size_t i = 0; i < countof(forms); i++)
		if (text_is(text, forms[i]))
			return true;
	return false;
}

/* A scalar without a tag, in no quotes. */
static const char *resolve(const struct call *call, const yaml_event_t *event, struct value *out)
{
	struct text text = scalar_text(event), time;
	if (read_word(call, event, text, out))
		return NULL;
	if (is_infinite(text))
		return "infinity is no number here";
	bool is_digit = text.s[0] >= '0' && text.s[0] <= '9';
	bool is_signed = text.s[0] == '+' || text.s[0] == '-';
	if (is_digit && yaml_time_read(call->scope->arena, text, &time)) {
		*out = call_string(call, time);
		return NULL;
	}
	if ((is_digit || is_signed) && (is_integer(text) || is_float(text)))
		return read_number(call, text, out);
	if (text.s[0] == '.' && is_float(text))
		return read_number(call, text, out);
	*out = call_string(call, text);
	return NULL;
}

static const char *read_tagged(const struct call *call, const yaml_event_t *event, const char *tag,
			       struct value *out)
{
	struct text text = scalar_text(event), time;
	*out = call_string(call, text);
	if (strcmp(tag, YAML_STR_TAG) == 0 || strcmp(tag, "tag:yaml.org,2002:binary") == 0)
		return NULL;
	if (!is_plain(event))
		return NULL;
	if (strcmp(tag, YAML_BOOL_TAG) == 0)
		return read_word(call, event, text, out) && out->kind == VALUE_BOOL
			       ? NULL
			       : "this is not a boolean";
	if (strcmp(tag, YAML_INT_TAG) == 0 || strcmp(tag, YAML_FLOAT_TAG) == 0)
		return read_number(call, text, out);
	if (strcmp(tag, YAML_NULL_TAG) == 0) {
		*out = make_null(call->at);
		return NULL;
	}
	if (strcmp(tag, YAML_TIMESTAMP_TAG) != 0)
		return "there is no such tag here";
	if (!yaml_time_read(call->scope->arena, text, &time))
		return "this is not a time";
	*out = call_string(call, time);
	return NULL;
}

const char *yaml_scalar_read(const struct call *call, const yaml_event_t *event, struct value *out)
{
	const char *tag = (const char *)event->data.scalar.tag;
	if (tag)
		return read_tagged(call, event, tag, out);
	if (is_plain(event) && event->data.scalar.plain_implicit)
		return resolve(call, event, out);
	*out = call_string(call, scalar_text(event));
	return NULL;
}

bool yaml_scalar_merges(const yaml_event_t *event)
{
	return !event->data.scalar.tag && text_is(scalar_text(event), "<<");
}

bool yaml_key_text(const struct call *call, struct value *key)
{
	return value_to_string(call->scope, key);
}
