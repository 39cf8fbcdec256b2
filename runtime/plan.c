#include "runtime/plan.h"

#include <string.h>

#include "flywall/flywall.h"

enum { LINES_SHOWN = 20 };

static const char *const step_words[] = {
	[STEP_ADDED] = "added",
	[STEP_REMOVED] = "removed",
	[STEP_CHANGED] = "changed",
};

static const char *const drift_words[] = {
	[DRIFT_ADDED] = "added",
	[DRIFT_REMOVED] = "removed",
	[DRIFT_CHANGED] = "changed",
};

/* "office.hcl:14:3", or NULL. */
static const char *place_of(const struct plan *plan, uint32_t line)
{
	struct flywall_place place;
	if (!plan->flywall || line == 0 || !flywall_line_place(plan->flywall, line, &place))
		return NULL;
	return place.place;
}

static const char title_start[] = " comment \"";

/* What the rule is called: "lan to wan: web", or nothing. */
static struct text title_of(struct text rule)
{
	const char *at = memmem(rule.s, rule.n, title_start, sizeof title_start - 1);
	if (!at || rule.s[rule.n - 1] != '"')
		return (struct text){ "", 0 };
	at += sizeof title_start - 1;
	return (struct text){ at, (size_t)(rule.s + rule.n - 1 - at) };
}

static void print_line(const struct plan *plan, const struct change_line *line, FILE *out)
{
	struct text title = title_of(line->text);
	struct text text = line->text;
	const char *place = place_of(plan, line->line);

	if (title.n > 0)
		text.n = (size_t)(title.s - (sizeof title_start - 1) - text.s);
	fprintf(out, "  %c %.*s", line->is_added ? '+' : '-', (int)text.n, text.s);
	if (title.n > 0)
		fprintf(out, "  (%.*s)", (int)title.n, title.s);
	if (place)
		fprintf(out, "  [%s]", place);
	fputc('\n', out);
}

static void print_step(const struct plan *plan, const struct change_step *step, FILE *out)
{
	const char *place = place_of(plan, step->line);

	fprintf(out, "%s %s", step_words[step->kind], step->thing);
	if (place)
		fprintf(out, "  [%s]", place);
	fputc('\n', out);
	for (size_t i = 0; i < step->lines_n && i < LINES_SHOWN; i++)
		print_line(plan, &step->lines[i], out);
	if (step->lines_n > LINES_SHOWN)
		fprintf(out, "    and %zu more\n", step->lines_n - LINES_SHOWN);
}

static void print_drift(const struct plan *plan, FILE *out)
{
	const struct change_drift *drifts;
	size_t n = change_drifts(plan->change, &drifts);

	for (size_t i = 0; i < n; i++)
		fprintf(out, "somebody else has %s %s\n", drift_words[drifts[i].kind],
			drifts[i].thing);
}

void plan_print(const struct plan *plan, FILE *out)
{
	const struct change_step *steps;
	size_t n = change_steps(plan->change, &steps);

	print_drift(plan, out);
	for (size_t i = 0; i < n; i++)
		print_step(plan, &steps[i], out);
	if (plan->has_nft)
		change_print(plan->change, out);
}

/* NULL where there is no text. */
static json_t *json_text(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *line_to_json(const struct plan *plan, const struct change_line *line)
{
	struct text title = title_of(line->text);
	return json_pack("{s:s, s:s%, s:s%, s:o}", "what", line->is_added ? "added" : "removed",
			 "text", line->text.s, line->text.n, "rule", title.s, title.n, "place",
			 json_text(place_of(plan, line->line)));
}

static json_t *step_to_json(const struct plan *plan, const struct change_step *step)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < step->lines_n; i++)
		json_array_append_new(lines, line_to_json(plan, &step->lines[i]));
	return json_pack("{s:s, s:s, s:o, s:o}", "what", step_words[step->kind], "thing",
			 step->thing, "place", json_text(place_of(plan, step->line)), "lines",
			 lines);
}

static json_t *drift_to_json(const struct plan *plan)
{
	const struct change_drift *drifts;
	size_t n = change_drifts(plan->change, &drifts);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s}", "what", drift_words[drifts[i].kind],
						"thing", drifts[i].thing));
	return list;
}

static json_t *nft_to_json(const struct plan *plan)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	change_print(plan->change, out);
	json_t *string = fclose(out) == 0 ? json_stringn(text, size) : NULL;
	free(text);
	return string;
}

json_t *plan_to_json(const struct plan *plan)
{
	const struct change_step *steps;
	size_t n = change_steps(plan->change, &steps);
	json_t *changes = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(changes, step_to_json(plan, &steps[i]));
	json_t *all = json_pack("{s:o, s:o}", "changes", changes, "drift", drift_to_json(plan));
	if (all && plan->has_nft)
		json_object_set_new(all, "nft", nft_to_json(plan));
	return all;
}
