#include "base/utf8.h"

#include "base/unicode.h"

int code_point_decode(const char *s, size_t n, uint32_t *code_point)
{
	const unsigned char *u = (const unsigned char *)s;
	if (n == 0)
		return 0;
	if (u[0] < 0x80) {
		*code_point = u[0];
		return 1;
	}
	if (u[0] < 0xc2 || u[0] > 0xf4)
		return -1;
	int length = u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 : 2;
	if ((size_t)length > n)
		return -1;
	uint32_t c = u[0] & (0xffu >> (length + 1));
	for (int i = 1; i < length; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return -1;
		c = c << 6 | (u[i] & 0x3f);
	}
	bool is_overlong = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
	if (is_overlong || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return -1;
	*code_point = c;
	return length;
}

int code_point_encode(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static bool contains(const struct code_points *ranges, size_t n, uint32_t c)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (c < ranges[middle].first)
			high = middle;
		else if (c > ranges[middle].last)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

int code_point_width(uint32_t c)
{
	if (c < 0x7f)
		return c >= 0x20;
	if (c < 0xa0 || contains(narrow, narrow_n, c))
		return 0;
	return contains(wide, wide_n, c) ? 2 : 1;
}

static bool is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool code_point_starts_name(uint32_t c)
{
	return c < 0x80 ? is_letter(c) : contains(names_start, names_start_n, c);
}

bool code_point_continues_name(uint32_t c)
{
	return c < 0x80 ? is_letter(c) || (c >= '0' && c <= '9') || c == '_'
			: contains(names_continue, names_continue_n, c);
}
