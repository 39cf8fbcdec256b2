#include "runtime/change/batch.h"

#include <string.h>

/* "flush chain inet flywall fw_in" */
static void put_command(struct draft *draft, const char *command, struct text name, uint32_t line)
{
	fprintf(draft->out, "%s inet %s %.*s", command, draft->table, (int)name.n, name.s);
	draft_end_line(draft, line, 0);
}

/* Things that go ahead of all else */

bool batch_is_marker(const struct view_thing *thing)
{
	static const char marker[] = BATCH_MARKER;
	return thing->kind == MODEL_CHAIN && thing->name.n >= sizeof marker &&
	       memcmp(thing->name.s, marker, sizeof marker - 1) == 0;
}

/* They go first, so that one of another hook can have their name. */
static bool goes_first(const struct view_thing *gone)
{
	return gone->kind == MODEL_CHAIN && (gone->is_base || batch_is_marker(gone)) &&
	       view_is_readable(gone);
}

static bool goes_last(const struct difference *difference, const struct view_thing *gone)
{
	return difference->goes_at_once && !goes_first(gone) &&
	       (gone->kind == MODEL_CHAIN || gone->kind == MODEL_SET);
}

bool batch_removes(const struct difference *difference, const struct view_thing *gone)
{
	return goes_first(gone) || goes_last(difference, gone);
}

static void remove_first(struct draft *draft, const struct difference *difference, bool has_remade)
{
	for (uint32_t i = 0; i < difference->gone.n; i++) {
		const struct view_thing *gone = difference->gone.at[i];
		bool goes = goes_first(gone);
		if (goes || (has_remade && gone->kind == MODEL_CHAIN && view_is_readable(gone)))
			put_command(draft, "flush chain", gone->name, 0);
		if (goes)
			put_command(draft, "delete chain", gone->name, 0);
	}
}

/* Rules refer to sets and to chains. */
static void remove_last(struct draft *draft, const struct difference *difference)
{
	static const struct {
		enum model_kind kind;
		const char *command;
	} steps[] = {
		{ MODEL_CHAIN, "flush chain" },
		{ MODEL_SET, "delete set" },
		{ MODEL_CHAIN, "delete chain" },
	};
	for (size_t k = 0; k < countof(steps); k++)
		for (uint32_t i = 0; i < difference->gone.n; i++) {
			const struct view_thing *gone = difference->gone.at[i];
			if (gone->kind == steps[k].kind && goes_last(difference, gone))
				put_command(draft, steps[k].command, gone->name, 0);
		}
}

/* What somebody else has put into a map may lead to what is made anew. */
static void empty_strange(struct draft *draft, const struct difference *difference)
{
	for (uint32_t i = 0; i < difference->strange.n; i++) {
		const struct view_thing *thing = difference->strange.at[i];
		if (thing->kind == MODEL_SET && thing->is_map && view_is_readable(thing))
			put_command(draft, "flush map", thing->name, 0);
	}
}

static void clear_chains(struct draft *draft, const struct difference *difference)
{
	for (uint32_t i = 0; i < difference->deltas.n; i++) {
		const struct delta *delta = &difference->deltas.at[i];
		const struct model_thing *wanted = delta->wanted;
		bool is_remade = delta->kind == DELTA_REMAKE;
		if (wanted->kind != MODEL_CHAIN || (!is_remade && delta->kind != DELTA_REWRITE))
			continue;
		put_command(draft, "flush chain", wanted->name, wanted->line);
		if (is_remade)
			put_command(draft, "delete chain", wanted->name, wanted->line);
	}
}

/* "delete ct helper inet flywall h_ftp" */
static void delete_thing(struct draft *draft, const struct delta *delta)
{
	struct text word = delta->former ? delta->former->word : delta->wanted->word;
	const char *command = arena_printf(draft->arena, "delete %.*s", (int)word.n, word.s);
	put_command(draft, command, delta->wanted->name, delta->wanted->line);
}

static void remove_elements(struct draft *draft, const struct delta *delta)
{
	const struct model_thing *set = delta->former;
	for (uint32_t i = 0; i < set->lines.n; i++) {
		struct text element = set->lines.at[i].text;
		if (!delta->removed[i])
			continue;
		/* Of one that others fill it may be gone already: it is added to be deleted. */
		for (int j = set->is_dynamic ? 0 : 1; j < 2; j++) {
			fprintf(draft->out, "%s element inet %s %.*s { %.*s }",
				j ? "delete" : "add", draft->table, (int)set->name.n, set->name.s,
				(int)element.n, element.s);
			draft_end_line(draft, delta->wanted->line, 0);
		}
	}
}

static void clear_others(struct draft *draft, const struct difference *difference)
{
	for (uint32_t i = 0; i < difference->deltas.n; i++) {
		const struct delta *delta = &difference->deltas.at[i];
		if (delta->wanted->kind == MODEL_CHAIN)
			continue;
		if (delta->kind == DELTA_REMAKE)
			delete_thing(draft, delta);
		else if (delta->kind == DELTA_REWRITE)
			put_command(draft,
				    arena_printf(draft->arena, "flush %.*s",
						 (int)delta->wanted->word.n, delta->wanted->word.s),
				    delta->wanted->name, delta->wanted->line);
		else if (delta->kind == DELTA_EDIT && delta->removed_n > 0)
			remove_elements(draft, delta);
	}
}

static bool has_remade(const struct difference *difference)
{
	for (uint32_t i = 0; i < difference->deltas.n; i++)
		if (difference->deltas.at[i].kind == DELTA_REMAKE)
			return true;
	return false;
}

/* Declarations */

static bool declares_chain(const struct delta *delta)
{
	return delta->wanted->kind == MODEL_CHAIN &&
	       (delta->kind == DELTA_NEW || delta->kind == DELTA_REMAKE || delta->is_redeclared);
}

/* Chains first, so that rules and elements can go to any of them. */
static void declare_chains(struct draft *draft, const struct difference *difference)
{
	draft_open_table(draft, draft->table);
	for (uint32_t i = 0; i < difference->deltas.n; i++) {
		const struct delta *delta = &difference->deltas.at[i];
		if (!declares_chain(delta))
			continue;
		draft_open_thing(draft, delta->wanted);
		draft_close_thing(draft);
	}
	draft_close_table(draft);
}

static bool has_block(const struct delta *delta)
{
	if (delta->is_ahead && delta->wanted->kind != MODEL_CHAIN)
		return false;
	switch (delta->kind) {
	case DELTA_SAME:
		return false;
	case DELTA_EDIT:
		return delta->wanted->kind == MODEL_SET && delta->added_n > 0;
	case DELTA_NEW:
	case DELTA_REWRITE:
	case DELTA_REMAKE:
		return delta->wanted->kind != MODEL_CHAIN || delta->wanted->lines.n > 0;
	}
	return false;
}

static void put_blocks(struct draft *draft, const struct difference *difference, bool are_chains)
{
	bool is_open = false;
	for (uint32_t i = 0; i < difference->deltas.n; i++) {
		const struct delta *delta = &difference->deltas.at[i];
		if ((delta->wanted->kind == MODEL_CHAIN) != are_chains || !has_block(delta))
			continue;
		if (!is_open)
			draft_open_table(draft, draft->table);
		is_open = true;
		draft_put_thing(draft, delta->wanted,
				delta->kind == DELTA_EDIT ? delta->added : NULL);
	}
	if (is_open)
		draft_close_table(draft);
}

/* Rules */

static void insert_rule(struct draft *draft, const struct delta *delta, uint32_t i, uint64_t before)
{
	const struct model_thing *chain = delta->wanted;
	int n;

	if (before)
		n = fprintf(draft->out, "insert rule inet %s %.*s handle %llu ", draft->table,
			    (int)chain->name.n, chain->name.s, (unsigned long long)before);
	else
		n = fprintf(draft->out, "add rule inet %s %.*s ", draft->table, (int)chain->name.n,
			    chain->name.s);
	draft_put(draft, chain->lines.at[i].text);
	draft_end_line(draft, chain->lines.at[i].line, n - 2);
}

/* Kept rules are the same on both sides: new ones go ahead of the next that is kept, or to the end.
 */
static void edit_chain(struct draft *draft, const struct delta *delta,
		       const struct view_thing *live)
{
	const uint64_t *handles = live->rules.at;
	uint32_t former_n = delta->former->lines.n, kept = 0;

	for (uint32_t i = 0; i < delta->wanted->lines.n; i++) {
		while (kept < former_n && delta->removed[kept])
			kept++;
		if (delta->added[i])
			insert_rule(draft, delta, i, kept < former_n ? handles[kept] : 0);
		else
			kept++;
	}
	for (uint32_t i = 0; i < former_n; i++) {
		if (!delta->removed[i])
			continue;
		fprintf(draft->out, "delete rule inet %s %.*s handle %llu", draft->table,
			(int)live->name.n, live->name.s, (unsigned long long)handles[i]);
		draft_end_line(draft, delta->wanted->line, 0);
	}
}

static void edit_chains(struct draft *draft, const struct difference *difference,
			const struct view *live)
{
	for (uint32_t i = 0; i < difference->deltas.n; i++) {
		const struct delta *delta = &difference->deltas.at[i];
		if (delta->kind != DELTA_EDIT || delta->wanted->kind != MODEL_CHAIN)
			continue;
		struct text key = model_key(draft->arena, MODEL_CHAIN, 0, delta->wanted->name);
		edit_chain(draft, delta, view_find(live, key));
	}
}

static bool declares_chains(const struct difference *difference)
{
	for (uint32_t i = 0; i < difference->deltas.n; i++)
		if (declares_chain(&difference->deltas.at[i]))
			return true;
	return difference->deltas.n == 0;
}

void batch_write_ahead(struct draft *draft, const struct difference *difference)
{
	static const enum model_kind order[] = { MODEL_CHAIN, MODEL_OBJECT, MODEL_SET };
	bool is_open = false;

	for (size_t k = 0; k < countof(order); k++)
		for (uint32_t i = 0; i < difference->deltas.n; i++) {
			const struct delta *delta = &difference->deltas.at[i];
			if (!delta->is_ahead || delta->wanted->kind != order[k])
				continue;
			if (!is_open)
				draft_open_table(draft, draft->table);
			is_open = true;
			if (order[k] == MODEL_CHAIN) {
				draft_open_thing(draft, delta->wanted);
				draft_close_thing(draft);
			} else {
				draft_put_thing(draft, delta->wanted, NULL);
			}
		}
	if (is_open)
		draft_close_table(draft);
}

void batch_write(struct draft *draft, const struct difference *difference, const struct view *live)
{
	remove_first(draft, difference, has_remade(difference));
	if (has_remade(difference))
		empty_strange(draft, difference);
	clear_chains(draft, difference);
	clear_others(draft, difference);
	if (declares_chains(difference))
		declare_chains(draft, difference);
	put_blocks(draft, difference, false);
	put_blocks(draft, difference, true);
	edit_chains(draft, difference, live);
	remove_last(draft, difference);
}

/* "delete ct helper inet flywall h_ftp" */
static void print_removal(struct arena *arena, const char *table, const char *verb,
			  const struct view_thing *gone, FILE *out)
{
	const char *what = view_describe(arena, gone);
	int n = (int)(strlen(what) - gone->name.n - 1);
	fprintf(out, "%s %.*s inet %s %.*s\n", verb, n, what, table, (int)gone->name.n,
		gone->name.s);
}

/* What goes after the transaction: rules refer to maps and sets, maps to chains. */
void batch_print_removals(struct arena *arena, const char *table,
			  const struct difference *difference, FILE *out)
{
	static const struct {
		enum model_kind kind;
		const char *verb;
	} rows[] = {
		{ MODEL_CHAIN, "flush" },      { MODEL_SET, "delete" },
		{ MODEL_CHAIN, "delete" },     { MODEL_OBJECT, "delete" },
		{ MODEL_FLOWTABLE, "delete" },
	};
	for (size_t k = 0; k < countof(rows); k++)
		for (uint32_t i = 0; i < difference->gone.n; i++) {
			const struct view_thing *gone = difference->gone.at[i];
			if (gone->kind == rows[k].kind && !batch_removes(difference, gone))
				print_removal(arena, table, rows[k].verb, gone, out);
		}
}
