#include "ir/name.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_allowed(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
	       c == '/';
}

const char *name_make(struct arena *arena, const char *prefix, const char *word)
{
	static const char digits[] = "0123456789abcdef";
	size_t length = strlen(prefix);
	char *name = arena_alloc(arena, length + strlen(word) * 3 + 2);
	memcpy(name, prefix, length);
	name[length++] = '_';
	for (const char *c = word; *c; c++) {
		if (is_allowed(*c)) {
			name[length++] = *c;
			continue;
		}
		name[length++] = '-';
		name[length++] = digits[(unsigned char)*c >> 4];
		name[length++] = digits[*c & 15];
	}
	return name;
}

const char *name_hashed(struct arena *arena, const char *base, uint32_t hash)
{
	return arena_printf(arena, "%s_%08x", base, hash);
}

bool name_is_valid(const char *name)
{
	size_t length = strlen(name);
	if (length == 0 || length > NAME_MAX_LENGTH || !is_letter(*name))
		return false;
	for (; *name; name++)
		if (!is_allowed(*name))
			return false;
	return true;
}

bool string_is_safe(const char *text, unsigned most)
{
	if (strlen(text) > most)
		return false;
	for (; *text; text++)
		if (*text < ' ' || *text > '~' || *text == '"' || *text == '\\')
			return false;
	return true;
}
