/* Memory that lives as long as one compilation: taken piece by piece, given back all at once. */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct arena;

/* A new, empty arena. Running out of memory ends the process with a message: nothing in the
 * compiler could go on without it. */
struct arena *arena_new(void);

/* Gives back the arena and all that came from it. NULL is allowed. */
void arena_free(struct arena *arena);

/* `size` bytes set to zero, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

/* `count` zeroed elements of `size` bytes; the product is checked. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* Makes room for at least one more element behind the `*cap` elements of `size` bytes at `old` and
 * raises `*cap`. Returns where the elements now are; new room is zeroed. Large vectors are moved by
 * the system's page tables, not copied, and their old place is given back. */
void *arena_grow(struct arena *arena, void *old, uint32_t *cap, size_t size);

/* A formatted string that lives in the arena. */
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A growing array. `push` returns a pointer to a new zeroed element, valid until the next push. */
#define VEC(type)                                                                                  \
	struct {                                                                                   \
		type *at;                                                                          \
		uint32_t n, cap;                                                                   \
	}

#define push(arena, vec)                                                                           \
	((vec)->n == (vec)->cap ? (void)((vec)->at = arena_grow((arena), (vec)->at, &(vec)->cap,   \
								sizeof *(vec)->at))                \
				: (void)0,                                                         \
	 &(vec)->at[(vec)->n++])

/* Room for `count` elements in a vector that is still empty, where it is known that so many come.
 */
#define reserve(arena, vec, count)                                                                 \
	((vec)->at = arena_array((arena), (count), sizeof *(vec)->at),                             \
	 (vec)->cap = (uint32_t)(count), (void)0)

#define countof(array) (sizeof(array) / sizeof *(array))
