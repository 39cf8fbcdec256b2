#include "runtime/topics.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/change/lookup.h"

struct collector {
	struct arena *arena;
	const struct topic_sides *sides;
	struct lookup by_name;	     /* of topics: index + 1 */
	struct lookup before, after; /* of subjects: index + 1, of the first one with that name */
	struct topics *out;
};

static const char title_start[] = " comment \"";

struct text rule_title(struct text *rule)
{
	const char *at = memmem(rule->s, rule->n, title_start, sizeof title_start - 1);
	if (!at || rule->s[rule->n - 1] != '"')
		return TEXT("");
	const char *title = at + sizeof title_start - 1;
	struct text found = { title, (size_t)(rule->s + rule->n - 1 - title) };
	rule->n = (size_t)(at - rule->s);
	return found;
}

const char *origin_place(struct arena *arena, const struct origins *origins, uint32_t line,
			 const char **subject)
{
	uint32_t at;
	const struct origin_subject *found = origin_find(origins, line, &at);

	if (subject)
		*subject = found ? found->name : NULL;
	return found ? arena_printf(arena, "%s:%u", found->file, at) : NULL;
}

static void index_subjects(struct arena *arena, const struct origins *origins, struct lookup *out)
{
	for (uint32_t i = 0; i < origins->subjects.n; i++) {
		uint32_t *index = lookup_at(arena, out, text_of(origins->subjects.at[i].name));
		if (*index == 0)
			*index = i + 1;
	}
}

/* Where it begins; NULL where there is none of that name. */
static const char *subject_place(struct arena *arena, const struct origins *origins,
				 const struct lookup *by_name, const char *name)
{
	uint32_t index = lookup_get(by_name, text_of(name));
	if (index == 0)
		return NULL;
	const struct origin_subject *subject = &origins->subjects.at[index - 1];
	return arena_printf(arena, "%s:%u", subject->file, subject->line);
}

static struct topic *topic_of(struct collector *collector, const char *name)
{
	struct arena *arena = collector->arena;
	struct topics *topics = collector->out;
	uint32_t *index = lookup_at(arena, &collector->by_name, text_of(name ? name : ""));

	if (*index > 0)
		return &topics->all.at[*index - 1];
	struct topic *topic = push(arena, &topics->all);
	*index = topics->all.n;
	topic->name = name;
	topic->kind = TOPIC_CHANGED;
	if (!name) {
		if (collector->sides->knows_before && collector->sides->before->runs.n == 0)
			topic->kind = TOPIC_ADDED;
		return topic;
	}
	topic->place = subject_place(arena, collector->sides->after, &collector->after, name);
	topic->former = subject_place(arena, collector->sides->before, &collector->before, name);
	if (!topic->place)
		topic->kind = TOPIC_REMOVED;
	else if (!topic->former && collector->sides->knows_before)
		topic->kind = TOPIC_ADDED;
	return topic;
}

static void add_line(struct collector *collector, struct topic_line line, uint32_t number)
{
	const struct topic_sides *sides = collector->sides;
	bool is_former = line.kind == TOPIC_LINE_REMOVED;
	const char *subject;

	line.place = origin_place(collector->arena, is_former ? sides->before : sides->after,
				  number, &subject);
	line.title = rule_title(&line.text);
	*push(collector->arena, &topic_of(collector, subject)->lines) = line;
}

static void add_step(struct collector *collector, const struct change_step *step)
{
	static const int kinds[] = {
		[STEP_ADDED] = TOPIC_LINE_ADDED,
		[STEP_REMOVED] = TOPIC_LINE_REMOVED,
		[STEP_CHANGED] = TOPIC_LINE_CHANGED,
	};
	struct topic_line line = { .kind = kinds[step->kind],
				   .thing = step->thing,
				   .text = text_of(step->head) };

	if (step->kind != STEP_CHANGED || step->lines_n == 0)
		add_line(collector, line, step->line);
	for (size_t i = 0; i < step->lines_n; i++) {
		line.kind = step->lines[i].is_added ? TOPIC_LINE_ADDED : TOPIC_LINE_REMOVED;
		line.text = step->lines[i].text;
		add_line(collector, line, step->lines[i].line);
	}
}

/* Sets and limits that are named after their content have other names with any other. */
static bool is_hash(const char *at, size_t n)
{
	const size_t tail = sizeof "_01234567" - 1;
	return n >= tail && *at == '_' && strspn(at + 1, "0123456789abcdef") >= tail - 1 &&
	       (n == tail || !strchr("_-/.", at[tail]));
}

/* The line without such endings of names: of its set, and of what a rule refers to. */
static struct text line_key(struct arena *arena, const struct topic_line *line)
{
	struct text whole = text_of(
		arena_printf(arena, "%s\n%.*s", line->thing, (int)line->text.n, line->text.s));
	bool is_name = strncmp(line->thing, "set ", 4) == 0 || strncmp(line->thing, "map ", 4) == 0;
	char *key = arena_alloc(arena, whole.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < whole.n; i++) {
		char c = whole.s[i];
		if (c == '@' || c == '"')
			is_name = true;
		else if (c == '\n' || (c == ' ' && i > sizeof "set " - 1))
			is_name = false;
		if (is_name && is_hash(whole.s + i, whole.n - i))
			i += sizeof "_01234567" - 2;
		else
			key[n++] = c;
	}
	return (struct text){ key, n };
}

static bool is_same_line(const struct topic_line *a, const struct topic_line *b)
{
	return strcmp(a->thing, b->thing) == 0 && text_equal(a->text, b->text);
}

/* What only moves to the set that takes another's place, or refers to that, does not change. What
 * moves among rules does. */
static void drop_moved(struct arena *arena, struct topic *topic)
{
	struct lookup added = { 0 };
	bool *is_moved = arena_array(arena, topic->lines.n + 1, sizeof *is_moved);
	uint32_t kept = 0;

	for (uint32_t i = 0; i < topic->lines.n; i++)
		if (topic->lines.at[i].kind == TOPIC_LINE_ADDED)
			*lookup_at(arena, &added, line_key(arena, &topic->lines.at[i])) = i + 1;
	for (uint32_t i = 0; i < topic->lines.n; i++) {
		const struct topic_line *line = &topic->lines.at[i];
		uint32_t other = lookup_get(&added, line_key(arena, line));
		if (line->kind == TOPIC_LINE_REMOVED && other > 0 &&
		    !is_same_line(line, &topic->lines.at[other - 1]))
			is_moved[i] = is_moved[other - 1] = true;
	}
	for (uint32_t i = 0; i < topic->lines.n; i++)
		if (!is_moved[i])
			topic->lines.at[kept++] = topic->lines.at[i];
	topic->lines.n = kept;
}

static void drop_empty(struct topics *topics)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < topics->all.n; i++)
		if (topics->all.at[i].lines.n > 0)
			topics->all.at[kept++] = topics->all.at[i];
	topics->all.n = kept;
}

/* Groups of topics: what is there, what goes, what is no block's. */
static int rank_of(const struct topic *topic)
{
	return !topic->name ? 2 : topic->kind == TOPIC_REMOVED ? 1 : 0;
}

static int compare_places(const char *a, const char *b)
{
	const char *line_a = strrchr(a, ':'), *line_b = strrchr(b, ':');
	size_t n = (size_t)(line_a - a);

	if (n != (size_t)(line_b - b) || memcmp(a, b, n) != 0)
		return strcmp(a, b);
	unsigned long one = strtoul(line_a + 1, NULL, 10), other = strtoul(line_b + 1, NULL, 10);
	return (one > other) - (one < other);
}

static int compare_topics(const void *a, const void *b)
{
	const struct topic *one = a, *other = b;
	int rank = rank_of(one) - rank_of(other);

	if (rank != 0 || !one->name)
		return rank;
	int place = one->kind == TOPIC_REMOVED ? compare_places(one->former, other->former)
					       : compare_places(one->place, other->place);
	return place ? place : strcmp(one->name, other->name);
}

void topics_collect(struct arena *arena, struct change *change, const struct topic_sides *sides,
		    struct topics *out)
{
	struct collector collector = { .arena = arena, .sides = sides, .out = out };
	const struct change_step *steps;
	size_t n = change_steps(change, &steps);

	index_subjects(arena, sides->before, &collector.before);
	index_subjects(arena, sides->after, &collector.after);
	for (size_t i = 0; i < n; i++)
		add_step(&collector, &steps[i]);
	for (uint32_t i = 0; i < out->all.n; i++)
		drop_moved(arena, &out->all.at[i]);
	drop_empty(out);
	if (out->all.n > 0)
		qsort(out->all.at, out->all.n, sizeof *out->all.at, compare_topics);
}
