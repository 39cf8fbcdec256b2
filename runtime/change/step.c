#include "runtime/change/step.h"

#include "runtime/change/batch.h"

struct lines {
	VEC(struct change_line) all;
};

static void add_line(struct arena *arena, struct lines *lines, bool is_added,
		     const struct model_line *line)
{
	*push(arena, &lines->all) =
		(struct change_line){ is_added, line->text, is_added ? line->line : 0 };
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

void steps_list(struct arena *arena, const struct difference *difference, struct steps *out)
{
	for (uint32_t i = 0; i < difference->deltas.n; i++) {
		const struct delta *delta = &difference->deltas.at[i];
		if (delta->kind != DELTA_SAME && !is_marker(delta))
			list_delta(arena, delta, out);
	}
	for (uint32_t i = 0; i < difference->gone.n; i++) {
		const struct view_thing *gone = difference->gone.at[i];
		if (!batch_is_marker(gone))
			*push(arena, &out->all) =
				(struct change_step){ .kind = STEP_REMOVED,
						      .thing = view_describe(arena, gone) };
	}
}
