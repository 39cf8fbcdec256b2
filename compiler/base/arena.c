#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* The first chunk is small, so that a small configuration touches few pages; later ones double up
 * to a huge page: faulting in small ones took a third of the time of a large configuration. */
enum {
	CHUNK_FIRST = 16 << 10,
	CHUNK_MIDDLE = 512 << 10,
	CHUNK_LAST = 2 << 20,
	LARGE = 64 << 10,
	ALIGNMENT = 16,
};

/* Every piece of memory of an arena, in one list. A large vector has a piece to itself, so that
 * growing it is a realloc. */
struct piece {
	struct piece *prev, *next;
};

struct arena {
	struct piece pieces; /* the head of a ring */
	char *free, *end;    /* the rest of the current chunk */
	size_t chunk;
};

static size_t round_up(size_t size)
{
	return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static _Noreturn void out_of_memory(void)
{
	fputs("flywall: out of memory\n", stderr);
	exit(3);
}

static void piece_link(struct arena *arena, struct piece *piece)
{
	piece->prev = &arena->pieces;
	piece->next = arena->pieces.next;
	piece->next->prev = piece;
	arena->pieces.next = piece;
}

/* A piece that is in no list yet or any more, with room for `size` bytes behind its header. */
static struct piece *piece_resize(struct piece *piece, size_t size)
{
	size_t whole;
	if (__builtin_add_overflow(size, round_up(sizeof *piece), &whole))
		out_of_memory();
	piece = realloc(piece, whole);
	if (!piece)
		out_of_memory();
	return piece;
}

static char *piece_data(struct piece *piece)
{
	return (char *)piece + round_up(sizeof *piece);
}

struct arena *arena_new(void)
{
	struct arena *arena = calloc(1, sizeof *arena);
	if (!arena)
		out_of_memory();
	arena->pieces.prev = arena->pieces.next = &arena->pieces;
	arena->chunk = CHUNK_FIRST;
	return arena;
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	for (struct piece *p = arena->pieces.next, *next; p != &arena->pieces; p = next) {
		next = p->next;
		free(p);
	}
	free(arena);
}

static void *alloc_large(struct arena *arena, size_t size)
{
	struct piece *piece = piece_resize(NULL, size);
	piece_link(arena, piece);
	return memset(piece_data(piece), 0, size);
}

static struct piece *piece_of_huge_page(void)
{
	struct piece *piece = aligned_alloc(CHUNK_LAST, CHUNK_LAST);
	if (!piece)
		out_of_memory();
	/* Only a wish: where there is no huge page, small ones come. */
	madvise(piece, CHUNK_LAST, MADV_HUGEPAGE);
	return piece;
}

static void chunk_start(struct arena *arena)
{
	size_t size = arena->chunk - round_up(sizeof(struct piece));
	struct piece *piece =
		arena->chunk < CHUNK_LAST ? piece_resize(NULL, size) : piece_of_huge_page();
	piece_link(arena, piece);
	arena->free = piece_data(piece);
	arena->end = arena->free + size;
	if (arena->chunk < CHUNK_LAST)
		arena->chunk = arena->chunk < CHUNK_MIDDLE ? arena->chunk * 2 : CHUNK_LAST;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	if (size >= LARGE)
		return alloc_large(arena, size);
	size = round_up(size ? size : 1);
	while ((size_t)(arena->end - arena->free) < size)
		chunk_start(arena);
	void *start = arena->free;
	arena->free += size;
	return memset(start, 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		out_of_memory();
	return arena_alloc(arena, bytes);
}

static void *grow_large(struct arena *arena, void *old, size_t had, size_t wanted)
{
	struct piece *piece = (struct piece *)((char *)old - round_up(sizeof *piece));
	piece->prev->next = piece->next;
	piece->next->prev = piece->prev;
	piece = piece_resize(piece, wanted);
	piece_link(arena, piece);
	memset(piece_data(piece) + had, 0, wanted - had);
	return piece_data(piece);
}

void *arena_grow(struct arena *arena, void *old, uint32_t *cap, size_t size)
{
	/* By halves once it is large: doubling would leave up to half of the memory unused. Of
	 * large things there is often one. */
	uint32_t more = *cap * size < LARGE ? *cap : *cap / 2, first = size < 256 ? 4 : 1;
	uint32_t count;
	size_t had = *cap * size, wanted;
	if (__builtin_add_overflow(*cap, more ? more : first, &count) ||
	    __builtin_mul_overflow((size_t)count, size, &wanted))
		out_of_memory();

	*cap = count;
	if (had >= LARGE)
		return grow_large(arena, old, had, wanted);
	if (old && (char *)old + round_up(had) == arena->free && wanted < LARGE &&
	    (size_t)(arena->end - (char *)old) >= round_up(wanted)) {
		memset((char *)old + had, 0, wanted - had);
		arena->free = (char *)old + round_up(wanted);
		return old;
	}
	void *new = arena_alloc(arena, wanted);
	if (had)
		memcpy(new, old, had);
	return new;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	/* Most texts fit into the rest of the chunk; then they are there already. */
	size_t room = (size_t)(arena->end - arena->free);
	size_t length = (size_t)vsnprintf(arena->free, room, format, args);
	va_end(args);
	char *text = arena->free;
	if (length < room) {
		arena->free += round_up(length + 1);
	} else {
		text = arena_alloc(arena, length + 1);
		vsnprintf(text, length + 1, format, again);
	}
	va_end(again);
	return text;
}
