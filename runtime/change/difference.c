#include "runtime/change/difference.h"

#include <string.h>

#include <linux/netfilter/nf_tables.h>

#include "runtime/lcs.h"

/* So far ahead the next equal line is looked for. */
enum { NEAR = 8 };

struct search {
	struct arena *arena;
	const struct model *wanted;
	const struct standing *standing;
	struct difference *out;
	struct lookup remade; /* names of things that are made anew */
};

bool standing_knows(const struct standing *standing, struct text key)
{
	const struct view_thing *then = view_find(standing->then, key);
	const struct view_thing *live = view_find(standing->live, key);
	return model_find(standing->former, key) && then && live && view_thing_equal(then, live);
}

static struct text thing_key(struct arena *arena, const struct model_thing *thing)
{
	return model_key(arena, thing->kind, thing->type, thing->name);
}

static bool lines_equal(const struct model_thing *a, const struct model_thing *b)
{
	if (a->lines.n != b->lines.n)
		return false;
	for (uint32_t i = 0; i < a->lines.n; i++)
		if (!text_equal(a->lines.at[i].text, b->lines.at[i].text))
			return false;
	return true;
}

/* Numbers for lines: equal lines, equal numbers. */
static uint32_t *number_lines(struct arena *arena, struct lookup *numbers,
			      const struct model_thing *thing)
{
	uint32_t *out = arena_array(arena, thing->lines.n + 1, sizeof *out);
	for (uint32_t i = 0; i < thing->lines.n; i++) {
		uint32_t *number = lookup_at(arena, numbers, thing->lines.at[i].text);
		if (*number == 0)
			*number = numbers->n;
		out[i] = *number;
	}
	return out;
}

static uint32_t count(const bool *flags, uint32_t n)
{
	uint32_t sum = 0;
	for (uint32_t i = 0; i < n; i++)
		sum += flags[i];
	return sum;
}

static void delta_count(struct delta *delta)
{
	delta->added_n = count(delta->added, delta->wanted->lines.n);
	delta->removed_n = count(delta->removed, delta->former->lines.n);
}

static void delta_flags(struct arena *arena, struct delta *delta)
{
	delta->added = arena_array(arena, delta->wanted->lines.n + 1, sizeof(bool));
	delta->removed = arena_array(arena, delta->former->lines.n + 1, sizeof(bool));
}

static void compare_rules(struct arena *arena, struct delta *delta)
{
	struct lookup numbers = { 0 };
	struct sequence former = { number_lines(arena, &numbers, delta->former),
				   delta->former->lines.n, delta->removed };
	struct sequence wanted = { number_lines(arena, &numbers, delta->wanted),
				   delta->wanted->lines.n, delta->added };
	sequences_compare(arena, &former, &wanted);
}

/* How many lines of one side from `at` on stand ahead of `line`; 0 where it is not near. */
static uint32_t lines_ahead(const struct model_thing *thing, uint32_t at, struct text line)
{
	for (uint32_t n = 1; n <= NEAR && at + n < thing->lines.n; n++)
		if (text_equal(thing->lines.at[at + n].text, line))
			return n;
	return 0;
}

/* What is equal in the same order. */
static void walk_elements(struct delta *delta)
{
	const struct model_thing *former = delta->former, *wanted = delta->wanted;
	uint32_t i = 0, j = 0;

	while (i < former->lines.n && j < wanted->lines.n) {
		struct text gone = former->lines.at[i].text, come = wanted->lines.at[j].text;
		if (text_equal(gone, come)) {
			i++, j++;
			continue;
		}
		uint32_t removed = lines_ahead(former, i, come);
		uint32_t added = removed ? 0 : lines_ahead(wanted, j, gone);
		if (removed == 0 && added == 0)
			removed = added = 1;
		memset(delta->removed + i, true, removed);
		memset(delta->added + j, true, added);
		i += removed;
		j += added;
	}
	memset(delta->removed + i, true, former->lines.n - i);
	memset(delta->added + j, true, wanted->lines.n - j);
}

/* Elements have no order, but the same set mostly comes in the same one: only those that do not are
 * looked up. */
static void compare_elements(struct arena *arena, struct delta *delta)
{
	struct lookup removed = { 0 };

	walk_elements(delta);
	for (uint32_t i = 0; i < delta->former->lines.n; i++)
		if (delta->removed[i])
			*lookup_at(arena, &removed, delta->former->lines.at[i].text) = i + 1;
	for (uint32_t i = 0; i < delta->wanted->lines.n; i++) {
		uint32_t at =
			delta->added[i] ? lookup_get(&removed, delta->wanted->lines.at[i].text) : 0;
		if (at > 0)
			delta->added[i] = delta->removed[at - 1] = false;
	}
}

/* "type filter hook input priority filter; policy drop;" without the policy. */
static struct text hook_of(const struct model_thing *chain)
{
	const char *end = memmem(chain->header.s, chain->header.n, "; policy ", 9);
	return (struct text){ chain->header.s,
			      end ? (size_t)(end - chain->header.s) : chain->header.n };
}

static void find_chain_edit(struct search *search, struct delta *delta)
{
	if (!text_equal(hook_of(delta->wanted), hook_of(delta->former))) {
		delta->kind = DELTA_REMAKE;
		return;
	}
	delta->is_redeclared = !text_equal(delta->wanted->header, delta->former->header);
	delta->kind = DELTA_EDIT;
	delta_flags(search->arena, delta);
	compare_rules(search->arena, delta);
	delta_count(delta);
	if (delta->wanted->lines.n > 0 && delta->added_n == delta->wanted->lines.n)
		delta->kind = DELTA_REWRITE;
}

static void find_set_edit(struct search *search, struct delta *delta)
{
	if (!text_equal(delta->wanted->header, delta->former->header) ||
	    !text_equal(delta->wanted->word, delta->former->word)) {
		delta->kind = DELTA_REMAKE;
		return;
	}
	delta->kind = DELTA_EDIT;
	delta_flags(search->arena, delta);
	compare_elements(search->arena, delta);
	delta_count(delta);
	uint32_t edits = delta->removed_n + delta->added_n;
	/* Removing a range costs libnftables as much as loading all of them. */
	bool is_dear = edits > delta->wanted->lines.n ||
		       (delta->wanted->is_interval && delta->removed_n > 0);
	if (edits == 0)
		delta->kind = DELTA_SAME;
	else if (is_dear && !delta->wanted->is_dynamic)
		delta->kind = DELTA_REWRITE;
}

static void find_known(struct search *search, struct delta *delta)
{
	if (text_equal(delta->wanted->header, delta->former->header) &&
	    text_equal(delta->wanted->word, delta->former->word) &&
	    lines_equal(delta->wanted, delta->former)) {
		delta->kind = DELTA_SAME;
		return;
	}
	switch (delta->wanted->kind) {
	case MODEL_CHAIN:
		find_chain_edit(search, delta);
		return;
	case MODEL_SET:
		find_set_edit(search, delta);
		return;
	case MODEL_FLOWTABLE:
	case MODEL_OBJECT:
		delta->kind = DELTA_REMAKE;
		return;
	}
}

/* All of its elements are added to a set that others fill too: those that are there stay. */
static void add_all(struct search *search, struct delta *delta)
{
	static const struct model_thing empty;
	delta->kind = DELTA_EDIT;
	delta->former = &empty;
	delta_flags(search->arena, delta);
	memset(delta->added, true, delta->wanted->lines.n);
	delta_count(delta);
}

/* Where nothing could be rehearsed, all that others do not fill is made anew. */
static void find_blindly(struct search *search, struct delta *delta, const struct view_thing *live)
{
	bool is_base = delta->wanted->header.n > 0;

	switch (delta->wanted->kind) {
	case MODEL_CHAIN:
		delta->kind = is_base || live->is_base ? DELTA_REMAKE : DELTA_REWRITE;
		return;
	case MODEL_SET:
		if (!delta->wanted->is_dynamic || !live->is_dynamic)
			delta->kind = DELTA_REMAKE;
		else if (delta->wanted->lines.n > 0)
			add_all(search, delta);
		return;
	case MODEL_FLOWTABLE:
		delta->kind = DELTA_REMAKE;
		return;
	case MODEL_OBJECT:
		return;
	}
}

static void find_unknown(struct search *search, struct delta *delta, struct text key)
{
	const struct view_thing *live = view_find(search->standing->live, key);
	if (!search->standing->rehearsed) {
		find_blindly(search, delta, live);
		return;
	}
	const struct view_thing *rehearsed = view_find(search->standing->rehearsed, key);
	bool is_same = rehearsed && live->definition == rehearsed->definition;

	/* The devices of a flow table are no part of what is compared. */
	if (!is_same || delta->wanted->kind == MODEL_FLOWTABLE)
		delta->kind = DELTA_REMAKE;
	else if (live->content == rehearsed->content && !delta->wanted->is_dynamic)
		delta->kind = DELTA_SAME;
	else if (delta->wanted->is_dynamic && delta->wanted->lines.n > 0)
		add_all(search, delta);
	else if (!delta->wanted->is_dynamic)
		delta->kind = DELTA_REWRITE;
}

static void find_delta(struct search *search, const struct model_thing *wanted)
{
	struct delta *delta = push(search->arena, &search->out->deltas);
	struct text key = thing_key(search->arena, wanted);

	delta->wanted = wanted;
	if (!view_find(search->standing->live, key)) {
		delta->kind = DELTA_NEW;
	} else if (standing_knows(search->standing, key)) {
		delta->former = model_find(search->standing->former, key);
		find_known(search, delta);
	} else {
		find_unknown(search, delta, key);
	}
	if (delta->kind == DELTA_REMAKE && wanted->kind != MODEL_CHAIN)
		*lookup_at(search->arena, &search->remade, wanted->name) = 1;
}

static bool is_name_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '/' || c == '.';
}

void line_names(struct text line, void (*take)(void *data, struct text name), void *data)
{
	size_t i = 0;
	while (i < line.n) {
		size_t start = i;
		while (i < line.n && is_name_character(line.s[i]))
			i++;
		if (i > start)
			take(data, (struct text){ line.s + start, i - start });
		else
			i++;
	}
}

struct mention {
	const struct lookup *names;
	bool is_found;
};

static void mention_take(void *data, struct text name)
{
	struct mention *mention = data;
	mention->is_found |= lookup_get(mention->names, name) != 0;
}

static bool mentions(const struct model_thing *thing, const struct lookup *names)
{
	struct mention mention = { names, false };
	for (uint32_t i = 0; thing && i < thing->lines.n && !mention.is_found; i++)
		line_names(thing->lines.at[i].text, mention_take, &mention);
	return mention.is_found;
}

/* Nothing can be deleted that a rule uses. */
static void rewrite_users(struct search *search)
{
	if (search->remade.n == 0)
		return;
	for (uint32_t i = 0; i < search->out->deltas.n; i++) {
		struct delta *delta = &search->out->deltas.at[i];
		bool stays = delta->kind == DELTA_SAME || delta->kind == DELTA_EDIT;
		if (stays && delta->wanted->kind == MODEL_CHAIN &&
		    (mentions(delta->wanted, &search->remade) ||
		     mentions(delta->former, &search->remade)))
			delta->kind = DELTA_REWRITE;
	}
}

/* A connection keeps its timeout object, and loses its timeouts with it. */
static bool may_go(const struct standing *standing, const struct view_thing *thing)
{
	if (thing->kind != MODEL_OBJECT || thing->type != NFT_OBJECT_CT_TIMEOUT)
		return !thing->is_anonymous;
	for (const char *const *name = standing->stale; name && *name; name++)
		if (text_is(thing->name, *name))
			return true;
	return false;
}

/* The elements of a map that is deleted are out of force at once, those of a set stay in force for
 * packets that came by the rules of before. What a map may lead to goes with the map. */
static bool may_go_at_once(const struct view_thing *thing)
{
	bool is_set = thing->kind == MODEL_SET;
	return (!is_set && thing->kind != MODEL_CHAIN) ||
	       (!thing->is_map && view_is_readable(thing));
}

static void find_gone(struct search *search)
{
	const struct view *live = search->standing->live;
	search->out->goes_at_once = true;
	for (uint32_t i = 0; i < live->things.n; i++) {
		const struct view_thing *thing = &live->things.at[i];
		struct text key = view_key(search->arena, thing);
		if (!may_go(search->standing, thing) || model_find(search->wanted, key))
			continue;
		*push(search->arena, &search->out->gone) = thing;
		search->out->goes_at_once &= may_go_at_once(thing);
		if (!model_find(search->standing->former, key))
			*push(search->arena, &search->out->strange) = thing;
	}
}

struct needed {
	struct arena *arena;
	struct lookup names;
};

static void needed_take(void *data, struct text name)
{
	struct needed *needed = data;
	*lookup_at(needed->arena, &needed->names, name) = 1;
}

/* The elements of a new set of ranges come into force a moment after the rules of the same
 * transaction: it has to be there before, with what its elements lead to. Where nothing stands yet
 * no packet relies on anything. */
static void find_ahead(struct search *search)
{
	struct needed needed = { search->arena, { 0 } };

	if (search->standing->live->things.n == 0)
		return;
	for (uint32_t i = 0; i < search->out->deltas.n; i++) {
		struct delta *delta = &search->out->deltas.at[i];
		const struct model_thing *wanted = delta->wanted;
		delta->is_ahead = delta->kind == DELTA_NEW && wanted->kind == MODEL_SET &&
				  wanted->is_interval;
		for (uint32_t k = 0; delta->is_ahead && k < wanted->lines.n; k++)
			line_names(wanted->lines.at[k].text, needed_take, &needed);
	}
	for (uint32_t i = 0; needed.names.n > 0 && i < search->out->deltas.n; i++) {
		struct delta *delta = &search->out->deltas.at[i];
		bool is_base = delta->wanted->kind == MODEL_CHAIN && delta->wanted->header.n > 0;
		if (delta->kind == DELTA_NEW && !is_base &&
		    lookup_get(&needed.names, delta->wanted->name))
			delta->is_ahead = true;
	}
}

void difference_find(struct arena *arena, const struct model *wanted,
		     const struct standing *standing, struct difference *out)
{
	struct difference difference = { 0 };
	struct search search = { arena, wanted, standing, &difference, { 0 } };

	for (uint32_t i = 0; i < wanted->things.n; i++)
		find_delta(&search, &wanted->things.at[i]);
	rewrite_users(&search);
	find_ahead(&search);
	find_gone(&search);
	difference.is_empty = difference.gone.n == 0;
	for (uint32_t i = 0; i < difference.deltas.n; i++)
		difference.is_empty &= difference.deltas.at[i].kind == DELTA_SAME;
	*out = difference;
}
