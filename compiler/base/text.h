/* Pieces of text that need not end in a NUL, and interned names. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct text {
	const char *s;
	size_t n;
};

#define TEXT(literal) ((struct text){ (literal), sizeof(literal) - 1 })

struct text text_of(const char *string);
bool text_equal(struct text a, struct text b);
bool text_is(struct text a, const char *string);

bool text_is_ascii(struct text text);

/* A copy in the arena with a NUL behind it. */
char *text_copy(struct arena *arena, struct text text);

/* Interned names: one copy of each, so that names compare by pointer. */
struct names;

struct names *names_new(struct arena *arena);

/* The one copy of `text` in `names`, ended by a NUL. */
const char *name_intern(struct names *names, struct text text);

/* FNV-1a, 32 bits: the short content hash in the names of objects. Start with HASH_START. */
#define HASH_START UINT32_C(2166136261)
uint32_t hash_bytes(uint32_t hash, const void *bytes, size_t size);
uint32_t hash_string(uint32_t hash, const char *string);
