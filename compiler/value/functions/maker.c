#include "value/functions/maker.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

void maker_add(struct text_maker *maker, struct text text)
{
	for (size_t i = 0; i < text.n; i++)
		*push(maker->arena, &maker->all) = text.s[i];
}

void maker_add_string(struct text_maker *maker, const char *string)
{
	maker_add(maker, text_of(string));
}

void maker_repeat(struct text_maker *maker, char c, size_t n)
{
	while (n-- > 0)
		*push(maker->arena, &maker->all) = c;
}

void maker_add_code_point(struct text_maker *maker, uint32_t c)
{
	char bytes[4];
	int n = code_point_encode(c, bytes);
	maker_add(maker, (struct text){ bytes, (size_t)n });
}

static const char *json_escape(uint32_t c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

static bool needs_number(uint32_t c)
{
	return c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029;
}

void maker_add_json(struct text_maker *maker, struct text text)
{
	uint32_t c;
	maker_add_string(maker, "\"");
	for (int size; (size = code_point_decode(text.s, text.n, &c)) > 0;) {
		const char *escape = json_escape(c);
		char number[16];
		snprintf(number, sizeof number, "\\u%04x", c);
		if (escape || needs_number(c))
			maker_add_string(maker, escape ? escape : number);
		else
			maker_add(maker, (struct text){ text.s, (size_t)size });
		text.s += size;
		text.n -= (size_t)size;
	}
	maker_add_string(maker, "\"");
}

struct text maker_text(const struct text_maker *maker)
{
	return (struct text){ maker->all.at ? maker->all.at : "", maker->all.n };
}

void list_maker_add(struct list_maker *list, struct value value)
{
	*push(list->arena, &list->all) = value;
}
