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
static void put_named(struct draft *draft, const struct excerpt *excerpt, const struct model *model,
		      bool are_chains)
{
	for (uint32_t i = 0; i < model->things.n; i++) {
		const struct model_thing *thing = &model->things.at[i];
		if ((thing->kind == MODEL_CHAIN) != are_chains ||
		    !lookup_get(&excerpt->named, thing->name))
			continue;
		draft_open_thing(draft, thing);
		draft_close_thing(draft);
	}
}

static void put_wanted(struct draft *draft, const struct difference *difference, bool are_chains)
{
	for (uint32_t i = 0; i < difference->deltas.n; i++) {
		const struct delta *delta = &difference->deltas.at[i];
		if (delta->kind == DELTA_SAME || (delta->wanted->kind == MODEL_CHAIN) != are_chains)
			continue;
		draft_put_thing(draft, delta->wanted,
				excerpt_is_partial(delta) ? delta->added : NULL);
	}
}

static void put_removed(struct draft *draft, const struct model *former,
			const struct difference *difference)
{
	struct excerpt excerpt = { draft->arena, { 0 } };
	for (uint32_t i = 0; i < difference->deltas.n; i++) {
		const struct delta *delta = &difference->deltas.at[i];
		if (excerpt_is_partial(delta))
			name_lines(&excerpt, delta->former, delta->removed);
	}
	draft_open_table(draft, EXCERPT_FORMER);
	put_named(draft, &excerpt, former, true);
	for (uint32_t i = 0; i < difference->deltas.n; i++) {
		const struct delta *delta = &difference->deltas.at[i];
		if (excerpt_is_partial(delta))
			draft_put_thing(draft, delta->former, delta->removed);
	}
	draft_close_table(draft);
}

void excerpt_write(struct draft *draft, const struct model *wanted, const struct model *former,
		   const struct difference *difference)
{
	struct excerpt excerpt = { draft->arena, { 0 } };
	for (uint32_t i = 0; i < difference->deltas.n; i++) {
		const struct delta *delta = &difference->deltas.at[i];
		if (delta->kind == DELTA_SAME)
			continue;
		take_name(&excerpt, delta->wanted->name);
		name_lines(&excerpt, delta->wanted,
			   excerpt_is_partial(delta) ? delta->added : NULL);
	}
	draft_open_table(draft, draft->table);
	put_named(draft, &excerpt, wanted, true);
	put_named(draft, &excerpt, wanted, false);
	put_wanted(draft, difference, false);
	put_wanted(draft, difference, true);
	draft_close_table(draft);
	put_removed(draft, former, difference);
}
