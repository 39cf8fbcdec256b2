#include "runtime/change/drift.h"

#include <string.h>

#include "runtime/change/batch.h"
#include "runtime/lcs.h"
#include "runtime/load.h"

struct lines {
	VEC(struct change_line) all;
};

/* A thing as it is listed: what stands in it, a line a rule or element. */
struct listing {
	VEC(struct text) lines;
};

static struct text trimmed(const char *start, const char *end)
{
	while (start < end && (*start == ' ' || *start == '\t' || *start == '\n'))
		start++;
	while (end > start && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\n'))
		end--;
	return (struct text){ start, (size_t)(end - start) };
}

/* nft puts several elements on a line. Commas in names stand in quotes. */
static const char *split_elements(struct arena *arena, const char *at, struct listing *out)
{
	bool is_quoted = false;
	const char *start = at;

	for (; *at && (is_quoted || *at != '}'); at++) {
		is_quoted ^= *at == '"';
		if (*at != ',' || is_quoted)
			continue;
		*push(arena, &out->lines) = trimmed(start, at);
		start = at + 1;
	}
	struct text last = trimmed(start, at);
	if (last.n > 0)
		*push(arena, &out->lines) = last;
	return *at ? at + 1 : at;
}

/* The text from the first line of the thing to its brace: a rule, a line of its head, or elements
 * in braces. */
static void split_thing(struct arena *arena, const char *at, struct listing *out)
{
	static const char elements[] = "elements = {";

	while (*at) {
		const char *feed = strchrnul(at, '\n');
		struct text line = trimmed(at, feed);
		if (text_is(line, "}"))
			return;
		if (line.n >= sizeof elements - 1 &&
		    memcmp(line.s, elements, sizeof elements - 1) == 0) {
			at = split_elements(arena, line.s + sizeof elements - 1, out);
			continue;
		}
		if (line.n > 0)
			*push(arena, &out->lines) = line;
		at = *feed ? feed + 1 : feed;
	}
}

static bool thing_list(const struct drift_request *request, const char *thing, struct listing *out)
{
	autofree char *listed = NULL;
	const char *name = strrchr(thing, ' ') + 1;
	const char *command = arena_printf(request->arena, "list %.*s inet %s %s",
					   (int)(name - 1 - thing), thing, request->table, name);

	if (!nftables_run(command, &listed))
		return false;
	/* Past the lines that open the table and the thing. */
	const char *text = text_copy(request->arena, text_of(listed));
	const char *at = strchr(text, '\n');
	at = at ? strchr(at + 1, '\n') : NULL;
	if (at)
		split_thing(request->arena, at, out);
	return at != NULL;
}

/* What stands in a thing of a ruleset, in the same form: its head is told by its text alone. */
static void meant_list(struct arena *arena, const struct model_thing *thing, struct lines *out)
{
	const char *at = thing->header.s, *end = at + thing->header.n;

	while (at < end) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));
		feed = feed ? feed : end;
		*push(arena, &out->all) =
			(struct change_line){ false, trimmed(at, feed), thing->line };
		at = feed + 1;
	}
	for (uint32_t i = 0; i < thing->lines.n; i++)
		*push(arena, &out->all) = (struct change_line){ false, thing->lines.at[i].text,
								thing->lines.at[i].line };
}

static uint32_t number_of(struct arena *arena, struct lookup *numbers, struct text text)
{
	uint32_t *number = lookup_at(arena, numbers, text);
	if (*number == 0)
		*number = numbers->n;
	return *number;
}

/* What of `meant` is missing, and what of `listed` is too much. Rules have an order. */
static void compare_ordered(struct arena *arena, const struct lines *meant,
			    const struct listing *listed, struct lines *out)
{
	struct lookup numbers = { 0 };
	uint32_t *before = arena_array(arena, meant->all.n + 1, sizeof *before);
	uint32_t *after = arena_array(arena, listed->lines.n + 1, sizeof *after);
	bool *removed = arena_array(arena, meant->all.n + 1, sizeof *removed);
	bool *added = arena_array(arena, listed->lines.n + 1, sizeof *added);

	for (uint32_t i = 0; i < meant->all.n; i++)
		before[i] = number_of(arena, &numbers, meant->all.at[i].text);
	for (uint32_t i = 0; i < listed->lines.n; i++)
		after[i] = number_of(arena, &numbers, listed->lines.at[i]);
	sequences_compare(arena, &(struct sequence){ before, meant->all.n, removed },
			  &(struct sequence){ after, listed->lines.n, added });
	for (uint32_t i = 0, k = 0; i < meant->all.n || k < listed->lines.n;) {
		if (i < meant->all.n && removed[i])
			*push(arena, &out->all) = meant->all.at[i++];
		else if (k < listed->lines.n && added[k])
			*push(arena, &out->all) =
				(struct change_line){ true, listed->lines.at[k++], 0 };
		else
			i++, k++;
	}
}

/* Elements have none. */
static void compare_unordered(struct arena *arena, const struct lines *meant,
			      const struct listing *listed, struct lines *out)
{
	struct lookup there = { 0 }, wanted = { 0 };

	for (uint32_t i = 0; i < listed->lines.n; i++)
		*lookup_at(arena, &there, listed->lines.at[i]) = 1;
	for (uint32_t i = 0; i < meant->all.n; i++) {
		*lookup_at(arena, &wanted, meant->all.at[i].text) = 1;
		if (!lookup_get(&there, meant->all.at[i].text))
			*push(arena, &out->all) = meant->all.at[i];
	}
	for (uint32_t i = 0; i < listed->lines.n; i++)
		if (!lookup_get(&wanted, listed->lines.at[i]))
			*push(arena, &out->all) =
				(struct change_line){ true, listed->lines.at[i], 0 };
}

static void find_lines(const struct drift_request *request, const struct model_thing *meant,
		       enum model_kind kind, struct change_drift *drift)
{
	struct listing listed = { 0 };
	struct lines known = { 0 }, found = { 0 };

	if (!thing_list(request, drift->thing, &listed))
		return;
	if (meant)
		meant_list(request->arena, meant, &known);
	if (kind == MODEL_CHAIN)
		compare_ordered(request->arena, &known, &listed, &found);
	else
		compare_unordered(request->arena, &known, &listed, &found);
	drift->lines = found.all.at;
	drift->lines_n = found.all.n;
}

/* Names that the ruleset of an interrupted change has are no one else's: most tell their content.
 */
static bool is_ours(const struct drift_request *request, const struct view_thing *then,
		    const struct view_thing *thing)
{
	struct text begun = request->begun;
	return request->is_begun_done ||
	       (!then && memmem(begun.s, begun.n, thing->name.s, thing->name.n));
}

/* `now` is NULL where the thing is not there any more, `then` where it was not. */
static void add_drift(const struct drift_request *request, const struct view_thing *then,
		      const struct view_thing *now, struct drifts *out)
{
	const struct view_thing *thing = then ? then : now;
	struct text key = view_key(request->arena, thing);
	const struct model_thing *meant = then ? model_find(request->former, key) : NULL;
	struct change_drift *drift = push(request->arena, &out->all);

	drift->kind = !now ? DRIFT_REMOVED : then ? DRIFT_CHANGED : DRIFT_ADDED;
	drift->is_ours = is_ours(request, then, thing);
	drift->thing = view_describe(request->arena, thing);
	drift->line = meant ? meant->line : 0;
	/* Of what is not known all lines would be too much. */
	if (now && (!then || meant))
		find_lines(request, meant, thing->kind, drift);
}

static void add_table(const struct drift_request *request, int kind, struct drifts *out)
{
	*push(request->arena, &out->all) = (struct change_drift){
		.kind = kind,
		.thing = arena_printf(request->arena, "table inet %s", request->table),
	};
}

static void add_dormant(const struct drift_request *request, struct drifts *out)
{
	struct change_line *line = arena_alloc(request->arena, sizeof *line);
	*line = (struct change_line){ true, TEXT("flags dormant"), 0 };
	add_table(request, DRIFT_CHANGED, out);
	out->all.at[out->all.n - 1].lines = line;
	out->all.at[out->all.n - 1].lines_n = 1;
}

void drifts_find(const struct drift_request *request, bool is_dormant, struct drifts *out)
{
	const struct view *then = request->then, *live = request->live;

	if (is_dormant)
		add_dormant(request, out);
	if (live->things.n == 0 && then->things.n > 0) {
		add_table(request, DRIFT_REMOVED, out);
		return;
	}
	for (uint32_t i = 0; i < then->things.n; i++) {
		const struct view_thing *thing = &then->things.at[i];
		const struct view_thing *now = view_find(live, view_key(request->arena, thing));
		if (!now || !view_thing_equal(now, thing))
			add_drift(request, thing, now, out);
	}
	for (uint32_t i = 0; i < live->things.n; i++) {
		const struct view_thing *thing = &live->things.at[i];
		if (!thing->is_anonymous && !view_find(then, view_key(request->arena, thing)))
			add_drift(request, NULL, thing, out);
	}
}
