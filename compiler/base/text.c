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

/* Open addressing; the table is at most half full. With its hash in the slot a name is only looked
 * at where it is most likely the one. */
struct slot {
	uint32_t hash, length;
	const char *name;
};

struct names {
	struct arena *arena;
	struct slot *slots;
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

static bool is_of(const struct slot *slot, uint32_t hash, struct text text)
{
	return slot->hash == hash && text_equal((struct text){ slot->name, slot->length }, text);
}

static struct slot *find_slot(const struct names *names, uint32_t hash, struct text text)
{
	uint32_t i = hash & (names->size - 1);
	while (names->slots[i].name && !is_of(&names->slots[i], hash, text))
		i = (i + 1) & (names->size - 1);
	return &names->slots[i];
}

static void grow(struct names *names)
{
	const struct slot *old = names->slots;
	uint32_t size = names->size;
	names->size = size * 2;
	names->slots = arena_array(names->arena, names->size, sizeof *names->slots);
	for (uint32_t i = 0; i < size; i++)
		if (old[i].name)
			*find_slot(names, old[i].hash,
				   (struct text){ old[i].name, old[i].length }) = old[i];
}

const char *name_intern(struct names *names, struct text text)
{
	uint32_t hash = hash_bytes(HASH_START, text.s, text.n);
	struct slot *slot = find_slot(names, hash, text);
	if (slot->name)
		return slot->name;
	if (names->n * 2 >= names->size) {
		grow(names);
		slot = find_slot(names, hash, text);
	}
	names->n++;
	*slot = (struct slot){ hash, (uint32_t)text.n, text_copy(names->arena, text) };
	return slot->name;
}
