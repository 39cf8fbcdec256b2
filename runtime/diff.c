#include "runtime/diff.h"

#include <string.h>

#include "base/text.h"
#include "runtime/lcs.h"
#include "runtime/scope.h"

enum { CONTEXT = 3 };

struct lines {
	VEC(struct text) all; /* with their line feeds */
	uint32_t *numbers;    /* equal lines have equal numbers */
	bool *changed;
};

/* The two texts, and where the colour goes. */
struct comparison {
	FILE *out;
	bool colour;
	struct lines before, after;
};

/* Lines by content: open addressing, a power of two in size. A slot holds a number, 0: none. */
struct numbering {
	uint32_t *slots;
	struct text *known;
	uint32_t mask, n;
};

/* A hunk: lines `from` to `to`, before and after. */
struct hunk {
	uint32_t before_from, before_to, after_from, after_to;
};

static void lines_split(struct arena *arena, const struct diff_side *side, struct lines *out)
{
	const char *s = side->text, *end = side->text + side->size;
	while (s < end) {
		const char *feed = memchr(s, '\n', (size_t)(end - s));
		size_t n = feed ? (size_t)(feed - s) + 1 : (size_t)(end - s);
		*push(arena, &out->all) = (struct text){ s, n };
		s += n;
	}
	out->numbers = arena_array(arena, out->all.n + 1, sizeof *out->numbers);
	out->changed = arena_array(arena, out->all.n + 1, sizeof *out->changed);
}

static struct numbering numbering_new(struct arena *arena, uint32_t lines)
{
	uint32_t size = 16;
	while (size / 2 < lines)
		size *= 2;
	return (struct numbering){
		.slots = arena_array(arena, size, sizeof(uint32_t)),
		.known = arena_array(arena, lines + 1, sizeof(struct text)),
		.mask = size - 1,
	};
}

static void lines_number(struct numbering *numbering, struct lines *lines)
{
	for (uint32_t i = 0; i < lines->all.n; i++) {
		struct text line = lines->all.at[i];
		uint32_t slot = hash_bytes(HASH_START, line.s, line.n) & numbering->mask;
		while (numbering->slots[slot] &&
		       !text_equal(numbering->known[numbering->slots[slot] - 1], line))
			slot = (slot + 1) & numbering->mask;
		if (!numbering->slots[slot]) {
			numbering->known[numbering->n] = line;
			numbering->slots[slot] = ++numbering->n;
		}
		lines->numbers[i] = numbering->slots[slot];
	}
}

static void put_line(const struct comparison *comparison, char sign, struct text line)
{
	const char *paint = sign == '+' ? "\033[32m" : sign == '-' ? "\033[31m" : "";
	bool painted = comparison->colour && *paint;
	bool ended = line.s[line.n - 1] == '\n';

	fprintf(comparison->out, "%s%c", painted ? paint : "", sign);
	fwrite(line.s, 1, line.n - ended, comparison->out);
	fprintf(comparison->out, "%s\n", painted ? "\033[0m" : "");
	if (!ended)
		fputs("\\ No newline at end of file\n", comparison->out);
}

/* An empty range names the line before it. */
static void put_range(FILE *out, char sign, uint32_t from, uint32_t to)
{
	uint32_t n = to - from;
	fprintf(out, "%c%u", sign, n ? from + 1 : from);
	if (n != 1)
		fprintf(out, ",%u", n);
}

static void put_hunk(const struct comparison *comparison, const struct hunk *hunk)
{
	const struct lines *before = &comparison->before, *after = &comparison->after;

	fputs(comparison->colour ? "\033[36m@@ " : "@@ ", comparison->out);
	put_range(comparison->out, '-', hunk->before_from, hunk->before_to);
	fputc(' ', comparison->out);
	put_range(comparison->out, '+', hunk->after_from, hunk->after_to);
	fputs(comparison->colour ? " @@\033[0m\n" : " @@\n", comparison->out);

	uint32_t x = hunk->before_from, y = hunk->after_from;
	while (x < hunk->before_to || y < hunk->after_to) {
		if (x < hunk->before_to && before->changed[x])
			put_line(comparison, '-', before->all.at[x++]);
		else if (y < hunk->after_to && after->changed[y])
			put_line(comparison, '+', after->all.at[y++]);
		else
			put_line(comparison, ' ', after->all.at[y++]), x++;
	}
}

/* From the change at `x`, `y` on: the end of the hunk is where more than two contexts of equal
 * lines follow, or the end. */
static void hunk_extend(const struct comparison *comparison, uint32_t x, uint32_t y,
			struct hunk *hunk)
{
	const struct lines *before = &comparison->before, *after = &comparison->after;
	uint32_t equal = 0;

	while ((x < before->all.n || y < after->all.n) && equal <= 2 * CONTEXT) {
		bool removed = x < before->all.n && before->changed[x];
		bool added = y < after->all.n && after->changed[y];
		equal = removed || added ? 0 : equal + 1;
		x += removed || !added;
		y += !removed;
	}
	uint32_t trailing = equal > CONTEXT ? equal - CONTEXT : 0;
	hunk->before_to = x - trailing;
	hunk->after_to = y - trailing;
}

static void put_hunks(const struct comparison *comparison)
{
	const struct lines *before = &comparison->before, *after = &comparison->after;
	uint32_t x = 0, y = 0;

	while (x < before->all.n || y < after->all.n) {
		bool removed = x < before->all.n && before->changed[x];
		bool added = y < after->all.n && after->changed[y];
		if (!removed && !added) {
			x++, y++;
			continue;
		}
		uint32_t leading = x < CONTEXT ? x : CONTEXT;
		if (leading > y)
			leading = y;
		struct hunk hunk = { .before_from = x - leading, .after_from = y - leading };
		hunk_extend(comparison, x, y, &hunk);
		put_hunk(comparison, &hunk);
		x = hunk.before_to;
		y = hunk.after_to;
	}
}

bool diff_write(FILE *out, const struct diff_side *before, const struct diff_side *after,
		bool colour)
{
	if (before->size == after->size &&
	    (!before->size || memcmp(before->text, after->text, before->size) == 0))
		return false;

	autoarena struct arena *arena = arena_new();
	struct comparison comparison = { .out = out, .colour = colour };
	lines_split(arena, before, &comparison.before);
	lines_split(arena, after, &comparison.after);
	struct lines *left = &comparison.before, *right = &comparison.after;
	struct numbering numbering = numbering_new(arena, left->all.n + right->all.n);
	lines_number(&numbering, left);
	lines_number(&numbering, right);
	sequences_compare(arena, &(struct sequence){ left->numbers, left->all.n, left->changed },
			  &(struct sequence){ right->numbers, right->all.n, right->changed });

	fprintf(out, "%s--- %s%s\n", colour ? "\033[1m" : "", before->name,
		colour ? "\033[0m" : "");
	fprintf(out, "%s+++ %s%s\n", colour ? "\033[1m" : "", after->name, colour ? "\033[0m" : "");
	put_hunks(&comparison);
	return true;
}
