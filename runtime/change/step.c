#include "runtime/change/step.h"

#include <string.h>

#include "runtime/change/batch.h"

struct lines {
	VEC(struct change_line) all;
};

static void add_line(struct arena *arena, struct lines *lines, bool is_added,
		     const struct model_line *line)
{
	*push(arena, &lines->all) = (struct change_line){ is_added, line->text, line->line };
}

/* Removed ahead of added, where both stand at one place. */
static void list_edit(struct arena *arena, const struct delta *delta, struct lines *out)
{
	const struct model_thing *former = delta->former, *wanted = delta->wanted;
	uint32_t i = 0, j = 0;

	while (i < former->lines.n || j < wanted->lines.n) {
		if (i < former->lines.n && delta->removed[i])
			add_line(arena, out, false, &former->lines.at[i++]);
		else if (j < wanted->lines.n && delta->added[j])
			add_line(arena, out, true, &wanted->lines.at[j++]);
		else
			i++, j++;
	}
}

static void list_all(struct arena *arena, const struct delta *delta, struct lines *out)
{
	for (uint32_t i = 0; delta->former && i < delta->former->lines.n; i++)
		add_line(arena, out, false, &delta->former->lines.at[i]);
	for (uint32_t i = 0; i < delta->wanted->lines.n; i++)
		add_line(arena, out, true, &delta->wanted->lines.at[i]);
}

/* The head on one line. How many elements a set has room for follows from them. */
static const char *head_of(struct arena *arena, const struct model_thing *thing)
{
	const char *head = "", *at = thing->header.s, *end = at + thing->header.n;

	while (at < end) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));
		int n = (int)((feed ? feed : end) - at);
		while (n > 0 && *at == '\t')
			at++, n--;
		if (thing->lines.n == 0 || strncmp(at, "size ", 5) != 0)
			head = arena_printf(arena, "%s%s%.*s", head, *head ? "; " : "", n, at);
		at += n + 1;
	}
	return head;
}

static void list_delta(struct arena *arena, const struct delta *delta, struct steps *out)
{
	const struct model_thing *wanted = delta->wanted;
	struct lines lines = { 0 };
	/* What is rewritten for the sake of something else was compared all the same. */
	bool is_compared = delta->added != NULL;

	if (is_compared)
		list_edit(arena, delta, &lines);
	else
		list_all(arena, delta, &lines);
	*push(arena, &out->all) = (struct change_step){
		.kind = delta->kind == DELTA_NEW ? STEP_ADDED : STEP_CHANGED,
		.thing = arena_printf(arena, "%.*s %.*s", (int)wanted->word.n, wanted->word.s,
				      (int)wanted->name.n, wanted->name.s),
		.head = head_of(arena, wanted),
		.line = wanted->line,
		.lines = lines.all.at,
		.lines_n = lines.all.n,
	};
}

/* The marker is there for others, and changes with everything. */
static bool is_marker(const struct delta *delta)
{
	struct view_thing thing = { .kind = delta->wanted->kind, .name = delta->wanted->name };
	return batch_is_marker(&thing);
}

static void list_gone(struct arena *arena, const struct view_thing *gone,
		      const struct model *former, struct steps *out)
{
	const struct model_thing *thing = model_find(former, view_key(arena, gone));
	struct lines lines = { 0 };

	for (uint32_t i = 0; thing && i < thing->lines.n; i++)
		add_line(arena, &lines, false, &thing->lines.at[i]);
	*push(arena, &out->all) = (struct change_step){
		.kind = STEP_REMOVED,
		.thing = view_describe(arena, gone),
		.head = thing ? head_of(arena, thing) : "",
		.line = thing ? thing->line : 0,
		.lines = lines.all.at,
		.lines_n = lines.all.n,
	};
}

void steps_list(struct arena *arena, const struct difference *difference,
		const struct model *former, struct steps *out)
{
	for (uint32_t i = 0; i < difference->deltas.n; i++) {
		const struct delta *delta = &difference->deltas.at[i];
		if (delta->kind != DELTA_SAME && !is_marker(delta))
			list_delta(arena, delta, out);
	}
	for (uint32_t i = 0; i < difference->gone.n; i++)
		if (!batch_is_marker(difference->gone.at[i]))
			list_gone(arena, difference->gone.at[i], former, out);
}
