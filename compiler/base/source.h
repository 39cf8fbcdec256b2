/* The files of a configuration, and places in them. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

/* A stretch of source text, as offsets in one number space that all files share: file A's bytes
 * come first, then those of file B. A span with `end` 0 is no place at all. */
struct span {
	uint32_t start, end;
};

#define NOWHERE ((struct span){ 0, 0 })

static inline bool span_is_set(struct span span)
{
	return span.end != 0;
}

/* From the start of `a` to the end of `b`. */
static inline struct span span_join(struct span a, struct span b)
{
	return (struct span){ a.start, b.end };
}

/* One file. `text` is followed by two NULs (the scanner wants them) that do not count in `size`. */
struct source {
	const char *name; /* as messages show it */
	char *text;
	uint32_t size;
	uint32_t base;	     /* the offset of text[0] in the shared number space, at least 1 */
	VEC(uint32_t) lines; /* where each line starts; made when first asked for */
};

struct sources {
	struct arena *arena;
	VEC(struct source *) all;
	uint32_t next; /* the base of the next file */
};

/* The largest file that is read: offsets have 32 bits. */
#define SOURCE_MAX (UINT32_C(1) << 30)

void sources_init(struct sources *sources, struct arena *arena);

/* Takes over `text` (an allocation of `size` + 2 bytes in the arena, the last two NUL). NULL where
 * the files together are too large. */
struct source *source_add(struct sources *sources, const char *name, char *text, uint32_t size);

/* The file that an offset lies in. */
struct source *source_find(const struct sources *sources, uint32_t offset);

/* Line and column from 1. The column counts what people see as one character
 * (grapheme clusters, as other programs for HCL do), a tab as one; a byte order mark at the
 * start of the file has no column. */
struct place {
	const struct source *source;
	uint32_t line, column;
	uint32_t byte;	     /* offset in the file */
	struct text content; /* the whole line, without its end */
};

struct place source_place(struct sources *sources, uint32_t offset);

/* The line alone, which takes no longer where the line is long. */
uint32_t source_line(struct sources *sources, uint32_t offset);

/* The text of a span. */
struct text source_text(const struct sources *sources, struct span span);
