#include "base/source.h"

#include <string.h>

#include "base/graphemes.h"

void sources_init(struct sources *sources, struct arena *arena)
{
	memset(sources, 0, sizeof *sources);
	sources->arena = arena;
	sources->next = 1;
}

struct source *source_add(struct sources *sources, const char *name, char *text, uint32_t size)
{
	if (size > SOURCE_MAX || sources->next > SOURCE_MAX - size)
		return NULL;

	struct source *source = arena_alloc(sources->arena, sizeof *source);
	source->name = name;
	source->text = text;
	source->size = size;
	source->base = sources->next;
	/* One more than its bytes, so that its end is not the next one's start. */
	sources->next += size + 1;
	*push(sources->arena, &sources->all) = source;
	return source;
}

struct source *source_find(const struct sources *sources, uint32_t offset)
{
	uint32_t low = 0, high = sources->all.n;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (sources->all.at[middle]->base <= offset)
			low = middle;
		else
			high = middle;
	}
	return sources->all.at[low];
}

static void find_lines(struct arena *arena, struct source *source)
{
	const char *at = source->text, *end = at + source->size;
	*push(arena, &source->lines) = 0;
	while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL)
		*push(arena, &source->lines) = (uint32_t)(++at - source->text);
}

/* The index of the line that `byte` lies in. */
static uint32_t line_of(const struct source *source, uint32_t byte)
{
	uint32_t low = 0, high = source->lines.n;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (source->lines.at[middle] <= byte)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static bool starts_with_mark(const struct source *source)
{
	return source->size >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0;
}

struct place source_place(struct sources *sources, uint32_t offset)
{
	struct source *source = source_find(sources, offset);
	if (source->lines.n == 0)
		find_lines(sources->arena, source);

	uint32_t byte = offset - source->base;
	if (byte > source->size)
		byte = source->size;
	uint32_t line = line_of(source, byte);
	uint32_t start = source->lines.at[line];
	uint32_t end = line + 1 < source->lines.n ? source->lines.at[line + 1] - 1 : source->size;
	if (line == 0 && starts_with_mark(source))
		start = 3;
	if (end > start && source->text[end - 1] == '\r')
		end--;

	struct text before = { source->text + start, byte < start ? 0 : byte - start };
	return (struct place){
		.source = source,
		.line = line + 1,
		.column = (uint32_t)graphemes_count(before) + 1,
		.byte = byte,
		.content = { source->text + start, end > start ? end - start : 0 },
	};
}

uint32_t source_line(struct sources *sources, uint32_t offset)
{
	struct source *source = source_find(sources, offset);
	if (source->lines.n == 0)
		find_lines(sources->arena, source);
	return line_of(source, offset - source->base) + 1;
}

struct text source_text(const struct sources *sources, struct span span)
{
	const struct source *source = source_find(sources, span.start);
	return (struct text){ source->text + (span.start - source->base), span.end - span.start };
}
