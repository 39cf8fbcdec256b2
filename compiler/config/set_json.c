#include "config/set_tree.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "value/value.h"

/* What may come next. */
enum expected {
	EXPECT_VALUE,
	EXPECT_VALUE_OR_END, /* behind [ */
	EXPECT_NAME,
	EXPECT_NAME_OR_END, /* behind { */
	EXPECT_COLON,
	EXPECT_COMMA_OR_END,
	EXPECT_NOTHING, /* behind the document */
};

/* RFC 8259, read from front to back: the document never stands in memory a second time. */
struct json {
	struct tree tree;
	const char *at, *end;
	enum expected expected;
};

static struct span here(const struct json *json)
{
	const char *end = json->at < json->end ? json->at + 1 : json->at;
	return set_file_span(json->tree.file, json->at, end);
}

static bool unexpected(struct json *json)
{
	static const char *const wanted[] = {
		[EXPECT_VALUE] = "a value is missing here",
		[EXPECT_VALUE_OR_END] = "a value or ] is missing here",
		[EXPECT_NAME] = "a name in quotes is missing here",
		[EXPECT_NAME_OR_END] = "a name in quotes or } is missing here",
		[EXPECT_COLON] = "a colon is missing here",
		[EXPECT_COMMA_OR_END] = "a comma or a closing bracket is missing here",
		[EXPECT_NOTHING] = "nothing may follow the document",
	};
	tree_fault(&json->tree, here(json), wanted[json->expected]);
	return false;
}

/* Four digits as a number, or -1. */
static int32_t hex_value(const char *digits, const char *end)
{
	int32_t value = 0;
	if (end - digits < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		const char *all = "0123456789abcdefABCDEF";
		const char *digit = digits[i] ? strchr(all, digits[i]) : NULL;
		if (!digit)
			return -1;
		int32_t index = (int32_t)(digit - all);
		value = value * 16 + (index < 16 ? index : index - 6);
	}
	return value;
}

/* No entry and no name of a member that anybody would look for has a surrogate pair: its halves are
 * kept as the replacement character. */
static const char *unescape_one(const char *at, const char *end, char **out)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *known = *at ? strchr(from, *at) : NULL;
	if (*at != 'u') {
		*(*out)++ = known ? to[known - from] : *at;
		return at + 1;
	}
	int32_t value = hex_value(at + 1, end);
	bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
	if (value < 0)
		return NULL;
	*out += code_point_encode(is_surrogate ? 0xfffd : (uint32_t)value, *out);
	return at + 5;
}

static bool unescape(struct json *json, struct text text, struct text *out)
{
	char *buffer = arena_alloc(json->tree.file->reading->scope->arena, text.n + 1);
	char *to = buffer;
	const char *end = text.s + text.n;
	for (const char *at = text.s; at < end;) {
		if (*at != '\\') {
			*to++ = *at++;
			continue;
		}
		at = unescape_one(at + 1, end, &to);
		if (!at)
			return false;
	}
	*out = (struct text){ buffer, (size_t)(to - buffer) };
	return true;
}

/* The end of a string's content; NULL where it is never closed. */
static const char *string_end(const struct json *json, const char *start, bool *has_escapes)
{
	for (const char *at = start; at < json->end && (unsigned char)*at >= ' '; at++) {
		if (*at == '"')
			return at;
		if (*at != '\\')
			continue;
		*has_escapes = true;
		if (++at == json->end || !memchr("\"\\/bfnrtu", *at, 9))
			return NULL;
	}
	return NULL;
}

static bool take_string(struct json *json)
{
	bool has_escapes = false;
	const char *start = json->at + 1;
	const char *end = string_end(json, start, &has_escapes);
	if (!end) {
		tree_fault(&json->tree, here(json), "this string is broken or never closed");
		return false;
	}
	struct text text = { start, (size_t)(end - start) };
	if (has_escapes && tree_wants_scalar(&json->tree) && !unescape(json, text, &text)) {
		tree_fault(&json->tree, here(json), "this string has a broken escape");
		return false;
	}
	struct span at = set_file_span(json->tree.file, json->at, end + 1);
	json->at = end + 1;
	return tree_scalar(&json->tree, text, at);
}

static bool is_bare(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '-' || c == '+' || c == '.';
}

/* A number, or true, false, null. */
static bool take_bare(struct json *json)
{
	const char *end = json->at;
	while (end < json->end && is_bare(*end))
		end++;
	struct text text = { json->at, (size_t)(end - json->at) };
	bool is_number = text.n > 0 && memchr("-0123456789", text.s[0], 11);
	if (!is_number && !text_is(text, "true") && !text_is(text, "false") &&
	    !text_is(text, "null"))
		return unexpected(json);
	struct span at = set_file_span(json->tree.file, json->at, end);
	json->at = end;
	return tree_scalar(&json->tree, text, at);
}

static bool take_open(struct json *json, bool is_object)
{
	struct span at = here(json);
	json->at++;
	json->expected = is_object ? EXPECT_NAME_OR_END : EXPECT_VALUE_OR_END;
	return tree_open(&json->tree, is_object, at);
}

static void value_ends(struct json *json)
{
	json->expected = json->tree.depth > 0 ? EXPECT_COMMA_OR_END : EXPECT_NOTHING;
}

static bool take_close(struct json *json)
{
	const struct tree_level *level = &json->tree.levels[json->tree.depth - 1];
	if (*json->at != (level->is_object ? '}' : ']'))
		return unexpected(json);
	json->at++;
	tree_close(&json->tree);
	value_ends(json);
	return true;
}

static bool take_value(struct json *json)
{
	char c = *json->at;
	if (c == '{' || c == '[')
		return take_open(json, c == '{');
	if (c == ']' && json->expected == EXPECT_VALUE_OR_END)
		return take_close(json);
	bool goes_on = c == '"' ? take_string(json) : take_bare(json);
	value_ends(json);
	return goes_on;
}

static bool take_name(struct json *json)
{
	if (*json->at == '}' && json->expected == EXPECT_NAME_OR_END)
		return take_close(json);
	if (*json->at != '"')
		return unexpected(json);
	json->expected = EXPECT_COLON;
	return take_string(json);
}

static bool take_comma(struct json *json)
{
	if (*json->at != ',')
		return take_close(json);
	json->at++;
	json->expected =
		json->tree.levels[json->tree.depth - 1].is_object ? EXPECT_NAME : EXPECT_VALUE;
	return true;
}

static bool take_token(struct json *json)
{
	switch (json->expected) {
	case EXPECT_VALUE:
	case EXPECT_VALUE_OR_END:
		return take_value(json);
	case EXPECT_NAME:
	case EXPECT_NAME_OR_END:
		return take_name(json);
	case EXPECT_COMMA_OR_END:
		return take_comma(json);
	case EXPECT_COLON:
		if (*json->at != ':')
			return unexpected(json);
		json->at++;
		json->expected = EXPECT_VALUE;
		return true;
	case EXPECT_NOTHING:
		break;
	}
	return unexpected(json);
}

void set_read_json(struct set_file *file)
{
	struct json json = { .at = set_file_start(file),
			     .end = file->source->text + file->source->size };
	tree_start(&json.tree, file);
	for (;;) {
		while (json.at < json.end && memchr(" \t\r\n", *json.at, 4))
			json.at++;
		if (json.at == json.end)
			break;
		if (!take_token(&json))
			return;
	}
	if (json.expected != EXPECT_NOTHING)
		(void)unexpected(&json);
	else
		tree_finish(&json.tree);
}
