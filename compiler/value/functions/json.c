#include "value/functions/json.h"

#include <string.h>

#include "base/utf8.h"
#include "value/functions/encoding.h"
#include "value/make.h"

enum { DEPTH_MAX = 500 };

static void write_members(struct scope *scope, struct text_maker *out, const struct value *object)
{
	struct member **members = members_in_order(scope, object);
	for (uint32_t i = 0; i < object->count; i++) {
		maker_add_string(out, i ? "," : "");
		maker_add_json(out, text_of(members[i]->name));
		maker_add_string(out, ":");
		json_write(scope, out, &members[i]->value);
	}
}

static void write_items(struct scope *scope, struct text_maker *out, const struct value *list)
{
	for (uint32_t i = 0; i < list->count; i++) {
		maker_add_string(out, i ? "," : "");
		json_write(scope, out, &list->items[i]);
	}
}

void json_write(struct scope *scope, struct text_maker *out, const struct value *value)
{
	switch (value->kind) {
	case VALUE_POISON:
	case VALUE_NULL:
		maker_add_string(out, "null");
		return;
	case VALUE_BOOL:
		maker_add_string(out, value->truth ? "true" : "false");
		return;
	case VALUE_NUMBER:
		maker_add_string(out, number_format(scope->arena, value->number));
		return;
	case VALUE_STRING:
		maker_add_json(out, value->string);
		return;
	case VALUE_RANGE:
		maker_add_string(out, "\"");
		maker_add_string(out, number_format(scope->arena, value->items[0].number));
		maker_add_string(out, "-");
		maker_add_string(out, number_format(scope->arena, value->items[1].number));
		maker_add_string(out, "\"");
		return;
	case VALUE_TUPLE:
		maker_add_string(out, "[");
		write_items(scope, out, value);
		maker_add_string(out, "]");
		return;
	case VALUE_OBJECT:
		maker_add_string(out, "{");
		write_members(scope, out, value);
		maker_add_string(out, "}");
		return;
	}
}

struct value run_jsonencode(struct call *call)
{
	struct text_maker maker = { .arena = call->scope->arena };
	json_write(call->scope, &maker, &call->arguments[0]);
	return call_may_write(call, maker.all.n) ? call_string(call, maker_text(&maker))
						 : call_poison(call);
}

/* A text that is being read. The first mistake ends it. */
struct reader {
	struct call *call;
	struct text text;
	size_t at;
	unsigned depth;
	const char *wrong;
};

static bool fail(struct reader *reader, const char *why)
{
	if (!reader->wrong)
		reader->wrong = why;
	return false;
}

static char next(const struct reader *reader)
{
	return reader->at < reader->text.n ? reader->text.s[reader->at] : '\0';
}

static char next_behind_blanks(struct reader *reader)
{
	while (next(reader) && strchr(" \t\r\n", next(reader)))
		reader->at++;
	return next(reader);
}

static bool take(struct reader *reader, char c)
{
	if (next_behind_blanks(reader) != c || !c)
		return false;
	reader->at++;
	return true;
}

static bool take_word(struct reader *reader, const char *word)
{
	size_t n = strlen(word);
	if (reader->text.n - reader->at < n || memcmp(reader->text.s + reader->at, word, n) != 0)
		return fail(reader, "a value is missing");
	reader->at += n;
	return true;
}

static bool read_hex(struct reader *reader, uint32_t *out)
{
	uint32_t c = 0;
	for (int i = 0; i < 4; i++, reader->at++) {
		static const char digits[] = "0123456789abcdef0123456789ABCDEF";
		const char *digit = next(reader) ? strchr(digits, next(reader)) : NULL;
		if (!digit)
			return fail(reader, "\\u takes four hexadecimal digits");
		c = c << 4 | (uint32_t)((digit - digits) & 15);
	}
	*out = c;
	return true;
}

/* A pair of surrogates is one character; half a pair is none. */
static bool read_unicode(struct reader *reader, struct text_maker *out)
{
	uint32_t high, low = 0;
	if (!read_hex(reader, &high))
		return false;
	bool is_pair = high >= 0xd800 && high < 0xdc00 && reader->text.n - reader->at >= 6 &&
		       memcmp(reader->text.s + reader->at, "\\u", 2) == 0;
	size_t before = reader->at;
	if (is_pair) {
		reader->at += 2;
		if (!read_hex(reader, &low))
			return false;
	}
	if (is_pair && low >= 0xdc00 && low < 0xe000) {
		maker_add_code_point(out, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
		return true;
	}
	reader->at = before;
	maker_add_code_point(out, high >= 0xd800 && high < 0xe000 ? 0xfffd : high);
	return true;
}

static bool read_escape(struct reader *reader, struct text_maker *out)
{
	static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	char c = next(reader);
	reader->at++;
	if (c == 'u')
		return read_unicode(reader, out);
	const char *letter = c ? strchr(letters, c) : NULL;
	if (!letter)
		return fail(reader, "there is no such escape");
	maker_add(out, (struct text){ meanings + (letter - letters), 1 });
	return true;
}

static bool read_string(struct reader *reader, struct text *out)
{
	struct text_maker maker = { .arena = reader->call->scope->arena };
	reader->at++;
	while (reader->at < reader->text.n) {
		unsigned char c = (unsigned char)reader->text.s[reader->at++];
		if (c == '"') {
			*out = maker_text(&maker);
			return true;
		}
		if (c < 0x20)
			return fail(reader, "a string has no control characters");
		if (c != '\\')
			maker_add(&maker, (struct text){ reader->text.s + reader->at - 1, 1 });
		else if (!read_escape(reader, &maker))
			return false;
	}
	return fail(reader, "a string is never closed");
}

static bool read_digits(struct reader *reader)
{
	size_t start = reader->at;
	while (next(reader) >= '0' && next(reader) <= '9')
		reader->at++;
	return reader->at > start || fail(reader, "a digit is missing");
}

static bool read_number(struct reader *reader, struct value *out)
{
	size_t start = reader->at;
	if (next(reader) == '-')
		reader->at++;
	if (next(reader) == '0')
		reader->at++;
	else if (!read_digits(reader))
		return false;
	if (next(reader) == '.' && (reader->at++, !read_digits(reader)))
		return false;
	if (next(reader) == 'e' || next(reader) == 'E') {
		reader->at++;
		if (next(reader) == '+' || next(reader) == '-')
			reader->at++;
		if (!read_digits(reader))
			return false;
	}
	struct text text = { reader->text.s + start, reader->at - start };
	text.s = text_copy(reader->call->scope->arena, text);
	const struct number *number = number_parse(reader->call->scope->arena, text);
	*out = make_number(reader->call->at, number);
	return number || fail(reader, "the number is too large");
}

static bool read_value(struct reader *reader, struct value *out);

static bool read_array(struct reader *reader, struct value *out)
{
	struct list_maker list = { .arena = reader->call->scope->arena };
	reader->at++;
	if (!take(reader, ']')) {
		do {
			struct value value;
			if (!read_value(reader, &value))
				return false;
			list_maker_add(&list, value);
		} while (take(reader, ','));
		if (!take(reader, ']'))
			return fail(reader, "\",\" or \"]\" is missing");
	}
	*out = make_tuple(reader->call->at, list.all.at, list.all.n);
	return true;
}

struct pairs {
	VEC(struct pair {
		const char *name;
		struct value value;
	})
	all;
};

static bool read_pair(struct reader *reader, struct pairs *pairs)
{
	struct text name;
	struct value value;
	if (next_behind_blanks(reader) != '"')
		return fail(reader, "a name in quotes is missing");
	if (!read_string(reader, &name))
		return false;
	if (name.n > 0 && memchr(name.s, '\0', name.n))
		return fail(reader, "a name has no NUL character");
	if (!take(reader, ':'))
		return fail(reader, "\":\" is missing");
	if (!read_value(reader, &value))
		return false;
	struct scope *scope = reader->call->scope;
	struct pair *pair = push(scope->arena, &pairs->all);
	pair->name = make_string(scope, reader->call->at, name).string.s;
	pair->value = value;
	return true;
}

static bool read_object(struct reader *reader, struct value *out)
{
	struct pairs pairs = { 0 };
	reader->at++;
	if (!take(reader, '}')) {
		do {
			if (!read_pair(reader, &pairs))
				return false;
		} while (take(reader, ','));
		if (!take(reader, '}'))
			return fail(reader, "\",\" or \"}\" is missing");
	}
	struct scope *scope = reader->call->scope;
	struct object_maker maker = object_start(scope, reader->call->at, pairs.all.n);
	for (uint32_t i = 0; i < pairs.all.n; i++)
		object_put(scope, &maker, pairs.all.at[i].name, pairs.all.at[i].value);
	*out = maker.object;
	return true;
}

static bool read_word(struct reader *reader, struct value *out)
{
	switch (next(reader)) {
	case 't':
		*out = call_bool(reader->call, true);
		return take_word(reader, "true");
	case 'f':
		*out = call_bool(reader->call, false);
		return take_word(reader, "false");
	default:
		*out = make_null(reader->call->at);
		return take_word(reader, "null");
	}
}

static bool read_text(struct reader *reader, struct value *out)
{
	struct text text;
	if (!read_string(reader, &text))
		return false;
	*out = call_string(reader->call, text);
	return true;
}

static bool read_value(struct reader *reader, struct value *out)
{
	char c = next_behind_blanks(reader);
	if (c == '"')
		return read_text(reader, out);
	if (c == '-' || (c >= '0' && c <= '9'))
		return read_number(reader, out);
	if (c != '{' && c != '[')
		return read_word(reader, out);
	if (reader->depth == DEPTH_MAX)
		return fail(reader, "it is nested too deep");
	reader->depth++;
	bool is_whole = c == '{' ? read_object(reader, out) : read_array(reader, out);
	reader->depth--;
	return is_whole;
}

struct value run_jsondecode(struct call *call)
{
	struct value value;
	struct reader reader = { .call = call, .text = call->arguments[0].string };
	bool is_whole = read_value(&reader, &value);
	next_behind_blanks(&reader);
	if (is_whole && reader.at < reader.text.n)
		is_whole = fail(&reader, "something follows the value");
	if (is_whole)
		return value;
	return text_refuse(call, reader.text, reader.at, reader.wrong);
}
