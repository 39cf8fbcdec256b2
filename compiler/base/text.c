#include "base/text.h"

#include <string.h>

#include "base/arena.h"

struct text text_of(const char *string)
{
	return (struct text){ string, strlen(string) };
}

bool text_equal(struct text a, struct text b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.s, b.s, a.n) == 0);
}

bool text_is(struct text a, const char *string)
{
	return text_equal(a, text_of(string));
}

bool text_is_ascii(struct text text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.s[i] >= 0x80)
			return false;
	return true;
}

char *text_copy(struct arena *arena, struct text text)
{
	char *copy = arena_alloc(arena, text.n + 1);
	if (text.n)
		memcpy(copy, text.s, text.n);
	return copy;
}

uint32_t hash_bytes(uint32_t hash, const void *bytes, size_t size)
{
	const unsigned char *p = bytes;
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ p[i]) * UINT32_C(16777619);
	return hash;
}

uint32_t hash_string(uint32_t hash, const char *string)
{
	/* The NUL is part of it, so that "a","bc" and "ab","c" differ. */
	return hash_bytes(hash, string, strlen(string) + 1);
}

/* Open addressing; the table is at most half full. */
struct names {
	struct arena *arena;
	const char **slots;
	uint32_t n, size;
};

struct names *names_new(struct arena *arena)
{
	struct names *names = arena_alloc(arena, sizeof *names);
	names->arena = arena;
	names->size = 64;
	names->slots = arena_array(arena, names->size, sizeof *names->slots);
	return names;
}

static const char **find_slot(const char **slots, uint32_t size, struct text text)
{
	uint32_t i = hash_bytes(HASH_START, text.s, text.n) & (size - 1);
	while (slots[i] && !text_is(text, slots[i]))
		i = (i + 1) & (size - 1);
	return &slots[i];
}

static void grow(struct names *names)
{
	uint32_t size = names->size * 2;
	const char **slots = arena_array(names->arena, size, sizeof *slots);
	for (uint32_t i = 0; i < names->size; i++)
		if (names->slots[i])
			*find_slot(slots, size, text_of(names->slots[i])) = names->slots[i];
	names->slots = slots;
	names->size = size;
}

const char *name_intern(struct names *names, struct text text)
{
	const char **slot = find_slot(names->slots, names->size, text);
	if (*slot)
		return *slot;
	if (names->n * 2 >= names->size) {
		grow(names);
		slot = find_slot(names->slots, names->size, text);
	}
	names->n++;
	*slot = text_copy(names->arena, text);
	return *slot;
}
