#include "syntax/literal.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static char escaped(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return c;
	}
}

/* Decodes the escape at `raw` to `out`; returns the bytes that it takes there. The scanner has
 * refused all but the known ones. */
static size_t decode_escape(struct text raw, char *out, size_t *n)
{
	size_t digits = raw.s[1] == 'u' ? 4 : raw.s[1] == 'U' ? 8 : 0;
	if (digits == 0 || raw.n < digits + 2) {
		out[(*n)++] = escaped(raw.s[1]);
		return 2;
	}
	char hex[9] = { 0 };
	memcpy(hex, raw.s + 2, digits);
	*n += (size_t)code_point_encode((uint32_t)strtoul(hex, NULL, 16), out + *n);
	return digits + 2;
}

/* "$${" and "%%{": a run of two or more ahead of a brace stands for one less. */
static bool is_doubled(struct text raw)
{
	return raw.n >= 3 && (raw.s[0] == '$' || raw.s[0] == '%') && raw.s[1] == raw.s[0] &&
	       raw.s[raw.n - 1] == '{' && strspn(raw.s, raw.s[0] == '$' ? "$" : "%") == raw.n - 1;
}

size_t literal_decode(struct text raw, bool is_quoted, char *out)
{
	size_t n = 0;
	if (is_doubled(raw)) {
		raw.s++;
		raw.n--;
	}
	while (raw.n > 0) {
		size_t taken = 1;
		if (is_quoted && *raw.s == '\\' && raw.n > 1)
			taken = decode_escape(raw, out, &n);
		else
			out[n++] = *raw.s;
		raw.s += taken;
		raw.n -= taken;
	}
	return n;
}
