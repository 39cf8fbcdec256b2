#include "runtime/plan.h"

#include <string.h>

#include "flywall/flywall.h"
#include "runtime/scope.h"

enum { LINES_SHOWN = 20 };

static const char *const topic_words[] = {
	[TOPIC_ADDED] = "added",
	[TOPIC_REMOVED] = "removed",
	[TOPIC_CHANGED] = "changed",
};

static const char *const line_words[] = {
	[TOPIC_LINE_ADDED] = "added",
	[TOPIC_LINE_REMOVED] = "removed",
	[TOPIC_LINE_CHANGED] = "changed",
};

/* What no block has made is there in every ruleset. */
static const char no_subject[] = "what every ruleset has";

/* As text */

static void put_text(struct text text, FILE *out)
{
	fwrite(text.s, 1, text.n, out);
}

static void put_title(struct text title, FILE *out)
{
	if (title.n > 0)
		fprintf(out, "  (%.*s)", (int)title.n, title.s);
}

static void print_line(const struct topic_line *line, FILE *out)
{
	static const char signs[] = {
		[TOPIC_LINE_ADDED] = '+',
		[TOPIC_LINE_REMOVED] = '-',
		[TOPIC_LINE_CHANGED] = '~',
	};

	fprintf(out, "  %c %s%s", signs[line->kind], line->thing, line->text.n ? ": " : "");
	put_text(line->text, out);
	put_title(line->title, out);
	if (line->place)
		fprintf(out, "  [%s%s]", line->kind == TOPIC_LINE_REMOVED ? "was " : "",
			line->place);
	fputc('\n', out);
}

static void print_topic(const struct topic *topic, FILE *out)
{
	fprintf(out, "%s %s", topic_words[topic->kind], topic->name ? topic->name : no_subject);
	if (topic->place)
		fprintf(out, "  [%s]", topic->place);
	else if (topic->former)
		fprintf(out, "  [was %s]", topic->former);
	fputc('\n', out);
	for (uint32_t i = 0; i < topic->lines.n && i < LINES_SHOWN; i++)
		print_line(&topic->lines.at[i], out);
	if (topic->lines.n > LINES_SHOWN)
		fprintf(out, "    and %u more\n", topic->lines.n - LINES_SHOWN);
}

void plan_print(const struct plan *plan, FILE *out)
{
	struct topics topics = { 0 };

	drift_print(plan->arena, plan->change, plan->sides.before, out);
	topics_collect(plan->arena, plan->change, &plan->sides, &topics);
	for (uint32_t i = 0; i < topics.all.n; i++)
		print_topic(&topics.all.at[i], out);
	if (change_is_empty(plan->change))
		return;
	fputs("\n# as nft reads it\n", out);
	change_print(plan->change, out);
}

/* As data */

/* NULL where there is no text. */
static json_t *json_text(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *line_to_json(const struct topic_line *line)
{
	return json_pack("{s:s, s:s, s:s%, s:s%, s:o}", "what", line_words[line->kind], "thing",
			 line->thing, "text", line->text.s, line->text.n, "rule", line->title.s,
			 line->title.n, "place", json_text(line->place));
}

static json_t *topic_to_json(const struct topic *topic)
{
	json_t *lines = json_array();
	for (uint32_t i = 0; i < topic->lines.n; i++)
		json_array_append_new(lines, line_to_json(&topic->lines.at[i]));
	return json_pack("{s:s, s:o, s:o, s:o, s:o}", "what", topic_words[topic->kind], "subject",
			 json_text(topic->name), "place", json_text(topic->place), "former_place",
			 json_text(topic->former), "lines", lines);
}

static json_t *nft_to_json(const struct plan *plan)
{
	autofree char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	change_print(plan->change, out);
	return fclose(out) == 0 ? json_stringn(text, size) : NULL;
}

json_t *plan_to_json(const struct plan *plan)
{
	struct topics topics = { 0 };
	json_t *changes = json_array();

	topics_collect(plan->arena, plan->change, &plan->sides, &topics);
	for (uint32_t i = 0; i < topics.all.n; i++)
		json_array_append_new(changes, topic_to_json(&topics.all.at[i]));
	return json_pack("{s:o, s:o, s:o}", "changes", changes, "drift",
			 drift_to_json(plan->arena, plan->change, plan->sides.before), "nft",
			 nft_to_json(plan));
}

/* Drift */

static const char *const drift_words[] = {
	[DRIFT_ADDED] = "added",
	[DRIFT_REMOVED] = "removed",
	[DRIFT_CHANGED] = "changed",
};

static void put_origin(const char *subject, const char *place, FILE *out)
{
	if (subject)
		fprintf(out, "  %s", subject);
	if (place)
		fprintf(out, "  [%s]", place);
	fputc('\n', out);
}

static void print_drift_line(struct arena *arena, const struct change_line *line,
			     const struct origins *before, FILE *out)
{
	const char *subject;
	const char *place = origin_place(arena, before, line->line, &subject);

	fprintf(out, "  %c ", line->is_added ? '+' : '-');
	put_text(line->text, out);
	put_origin(subject, place, out);
}

void drift_print(struct arena *arena, struct change *change, const struct origins *before,
		 FILE *out)
{
	const struct change_drift *drifts;
	size_t n = change_drifts(change, &drifts);

	for (size_t i = 0; i < n; i++) {
		const struct change_drift *drift = &drifts[i];
		const char *subject, *place = origin_place(arena, before, drift->line, &subject);
		fprintf(out, "%s has %s %s",
			drift->is_ours ? "an interrupted change" : "somebody else",
			drift_words[drift->kind], drift->thing);
		put_origin(subject, place, out);
		for (size_t k = 0; k < drift->lines_n && k < LINES_SHOWN; k++)
			print_drift_line(arena, &drift->lines[k], before, out);
		if (drift->lines_n > LINES_SHOWN)
			fprintf(out, "    and %zu more\n", drift->lines_n - LINES_SHOWN);
	}
}

static json_t *drift_line_to_json(struct arena *arena, const struct change_line *line,
				  const struct origins *before)
{
	const char *subject, *place = origin_place(arena, before, line->line, &subject);
	return json_pack("{s:s, s:s%, s:o, s:o}", "what", line->is_added ? "added" : "removed",
			 "text", line->text.s, line->text.n, "subject", json_text(subject), "place",
			 json_text(place));
}

json_t *drift_to_json(struct arena *arena, struct change *change, const struct origins *before)
{
	const struct change_drift *drifts;
	size_t n = change_drifts(change, &drifts);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		const char *subject, *place = origin_place(arena, before, drifts[i].line, &subject);
		json_t *lines = json_array();
		for (size_t k = 0; k < drifts[i].lines_n; k++)
			json_array_append_new(
				lines, drift_line_to_json(arena, &drifts[i].lines[k], before));
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:b, s:o, s:o, s:o}", "what",
						drift_words[drifts[i].kind], "thing",
						drifts[i].thing, "interrupted", drifts[i].is_ours,
						"subject", json_text(subject), "place",
						json_text(place), "lines", lines));
	}
	return list;
}
