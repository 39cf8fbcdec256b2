#include "value/functions/graphemes.h"

#include <utf8proc.h>

#include "base/utf8.h"

size_t grapheme_size(struct text text)
{
	uint32_t before, after;
	utf8proc_int32_t state = 0;
	int size = code_point_decode(text.s, text.n, &before);
	size_t at = size > 0 ? (size_t)size : text.n > 0;
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
