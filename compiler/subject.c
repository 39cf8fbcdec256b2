#include "subject.h"

#include <string.h>

/* Deeper than any block of the language. */
enum { DEPTH_MAX = 8 };

struct path {
	const struct block *blocks[DEPTH_MAX];
	uint32_t n;
	const struct attribute *attribute;
};

/* The last item that begins at `offset` or before; they stand in the order of the source. */
static const struct block *block_before(const struct body *body, uint32_t offset)
{
	uint32_t low = 0, high = body->blocks.n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (body->blocks.at[middle].header_at.start <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &body->blocks.at[low - 1] : NULL;
}

static const struct attribute *attribute_before(const struct body *body, uint32_t offset)
{
	uint32_t low = 0, high = body->attributes.n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (body->attributes.at[middle].at.start <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &body->attributes.at[low - 1] : NULL;
}

static struct path path_to(const struct body *body, uint32_t offset)
{
	struct path path = { .n = 0 };

	while (path.n < DEPTH_MAX) {
		const struct block *block = block_before(body, offset);
		if (!block || offset >= block->body->at.end)
			break;
		path.blocks[path.n++] = block;
		body = block->body;
	}
	if (path.n > 0 && path.blocks[path.n - 1]->labels.n > 0)
		return path;
	const struct attribute *attribute = attribute_before(body, offset);
	if (attribute && offset < attribute->at.end)
		path.attribute = attribute;
	return path;
}

static const char *block_name(struct arena *arena, const struct block *block)
{
	const char *name = block->type;

	if (block->labels.n == 1)
		return arena_printf(arena, "%s \"%s\"", name, block->labels.at[0].text);
	for (uint32_t i = 0; i < block->labels.n; i++)
		name = arena_printf(arena, "%s%s%s", name, i ? " -> " : " ",
				    block->labels.at[i].text);
	return name;
}

static const char *path_name(struct arena *arena, const struct path *path)
{
	const char *name = NULL;

	for (uint32_t i = 0; i < path->n; i++) {
		const char *part = block_name(arena, path->blocks[i]);
		name = name ? arena_printf(arena, "%s, %s", name, part) : part;
	}
	if (path->attribute)
		name = name ? arena_printf(arena, "%s, %s", name, path->attribute->name)
			    : path->attribute->name;
	return name;
}

bool subject_find(struct arena *arena, const struct body *body, struct span at,
		  struct subject *subject)
{
	struct path path = path_to(body, at.start);
	const struct block *block = path.n ? path.blocks[path.n - 1] : NULL;

	if (!block && !path.attribute)
		return false;
	if (subject->name && subject->block == block && subject->attribute == path.attribute)
		return true;
	*subject = (struct subject){
		.name = path_name(arena, &path),
		.at = path.attribute ? path.attribute->at : block->header_at,
		.block = block,
		.attribute = path.attribute,
	};
	return true;
}
