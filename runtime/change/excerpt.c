#include "runtime/change/excerpt.h"

struct excerpt {
	struct arena *arena;
	struct lookup named;
};

bool excerpt_is_partial(const struct delta *delta)
{
	return delta->kind == DELTA_EDIT && delta->wanted->kind == MODEL_SET &&
	       !delta->wanted->is_dynamic;
}

static void take_name(void *data, struct text name)
{
	struct excerpt *excerpt = data;
	*lookup_at(excerpt->arena, &excerpt->named, name) = 1;
}

static void name_lines(struct excerpt *excerpt, const struct model_thing *thing, const bool *flags)
{
	for (uint32_t i = 0; i < thing->lines.n; i++)
		if (!flags || flags[i])
			line_names(thing->lines.at[i].text, take_name, excerpt);
}

/* Chains ahead of all: elements go to them. */
static void put_named(struct writer *writer, const struct excerpt *excerpt,
		      const struct model *model, bool are_chains)
{
	for (uint32_t i = 0; i < model->things.n; i++) {
		const struct model_thing *thing = &model->things.at[i];
		if ((thing->kind == MODEL_CHAIN) != are_chains ||
		    !lookup_get(&excerpt->named, thing->name))
			continue;
		writer_open_thing(writer, thing);
		writer_close_thing(writer);
	}
}

static void put_wanted(struct writer *writer, const struct difference *difference, bool are_chains)
{
	for (uint32_t i = 0; i < difference->deltas.n; i++) {
		const struct delta *delta = &difference->deltas.at[i];
		if (delta->kind == DELTA_SAME || (delta->wanted->kind == MODEL_CHAIN) != are_chains)
			continue;
		writer_put_thing(writer, delta->wanted,
				 excerpt_is_partial(delta) ? delta->added : NULL);
	}
}

static void put_removed(struct writer *writer, const struct model *former,
			const struct difference *difference)
{
	struct excerpt excerpt = { writer->arena, { 0 } };
	for (uint32_t i = 0; i < difference->deltas.n; i++) {
		const struct delta *delta = &difference->deltas.at[i];
		if (excerpt_is_partial(delta))
			name_lines(&excerpt, delta->former, delta->removed);
	}
	writer_open_table(writer, EXCERPT_FORMER);
	put_named(writer, &excerpt, former, true);
	for (uint32_t i = 0; i < difference->deltas.n; i++) {
		const struct delta *delta = &difference->deltas.at[i];
		if (excerpt_is_partial(delta))
			writer_put_thing(writer, delta->former, delta->removed);
	}
	writer_close_table(writer);
}

void excerpt_write(struct writer *writer, const struct model *wanted, const struct model *former,
		   const struct difference *difference)
{
	struct excerpt excerpt = { writer->arena, { 0 } };
	for (uint32_t i = 0; i < difference->deltas.n; i++) {
		const struct delta *delta = &difference->deltas.at[i];
		if (delta->kind == DELTA_SAME)
			continue;
		take_name(&excerpt, delta->wanted->name);
		name_lines(&excerpt, delta->wanted,
			   excerpt_is_partial(delta) ? delta->added : NULL);
	}
	writer_open_table(writer, writer->table);
	put_named(writer, &excerpt, wanted, true);
	put_named(writer, &excerpt, wanted, false);
	put_wanted(writer, difference, false);
	put_wanted(writer, difference, true);
	writer_close_table(writer);
	put_removed(writer, former, difference);
}
