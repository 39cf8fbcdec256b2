#include "base/graphemes.h"

#include <utf8proc.h>

#include "base/utf8.h"

/* Nothing in ASCII joins what is before it, but for the line feed behind a carriage return. */
static bool is_plain(struct text text)
{
	return text.n > 1 && (unsigned char)text.s[0] < 0x80 && (unsigned char)text.s[1] < 0x80 &&
	       text.s[0] != '\r';
}

size_t grapheme_size(struct text text)
{
	uint32_t before, after;
	utf8proc_int32_t state = 0;
	if (is_plain(text))
		return 1;
	int size = code_point_decode(text.s, text.n, &before);
	if (size < 1)
		return text.n > 0;
	size_t at = (size_t)size;
	while (at < text.n) {
		size = code_point_decode(text.s + at, text.n - at, &after);
		if (size < 1 || utf8proc_grapheme_break_stateful((utf8proc_int32_t)before,
								 (utf8proc_int32_t)after, &state))
			break;
		at += (size_t)size;
		before = after;
	}
	return at;
}

size_t graphemes_count(struct text text)
{
	size_t n = 0;
	for (size_t size; (size = grapheme_size(text)) > 0; n++) {
		text.s += size;
		text.n -= size;
	}
	return n;
}

size_t graphemes_size(struct text text, size_t n)
{
	size_t at = 0;
	for (; n > 0 && at < text.n; n--)
		at += grapheme_size((struct text){ text.s + at, text.n - at });
	return at;
}
