#include "runtime/preview.h"

#include <string.h>

#include "runtime/job.h"
#include "runtime/plan.h"
#include "runtime/program.h"
#include "runtime/state/writer.h"

static const char *kind_of(const struct setting *setting)
{
	return setting->wanted->kind == FLYWALL_SET_SYSCTL ? "sysctl" : "module parameter";
}

static void show_origin(const struct flywall_place *place)
{
	if (place->subject)
		printf("  %s", place->subject);
	if (place->place)
		printf("  [%s]", place->place);
	putchar('\n');
}

static void show_setting(const struct setting *setting)
{
	const struct flywall_setting *wanted = setting->wanted;

	switch (setting->fate) {
	case SETTING_SAME:
	case SETTING_REFUSED:
		return;
	case SETTING_CHANGE:
		printf("set %s %s: %s -> %s", kind_of(setting), wanted->key, setting->old,
		       wanted->value);
		break;
	case SETTING_LATER:
		printf("set %s %s: -> %s, once its module is loaded", kind_of(setting), wanted->key,
		       wanted->value);
		break;
	case SETTING_SKIPPED:
		printf("skip %s %s: %s%s-> %s, because %s", kind_of(setting), wanted->key,
		       setting->old, *setting->old ? " " : "", wanted->value,
		       setting_reason(setting));
		break;
	}
	show_origin(&wanted->place);
}

static void show_settings(const struct settings *settings)
{
	for (size_t i = 0; i < settings->n; i++)
		show_setting(&settings->at[i]);
}

static void show_text(struct job *job, const struct plan *plan)
{
	show_settings(&job->settings);
	show_settings(&job->released);
	routing_preview(job->arena, &job->routing, stdout);
	plan_print(plan, stdout);
}

static void add_settings(json_t *list, const struct settings *settings)
{
	static const char *const fates[] = {
		[SETTING_CHANGE] = "set",
		[SETTING_LATER] = "set, once its module is loaded",
		[SETTING_SKIPPED] = "skip",
		[SETTING_REFUSED] = "refused",
	};
	for (size_t i = 0; i < settings->n; i++) {
		const struct setting *setting = &settings->at[i];
		const struct flywall_place *place = &setting->wanted->place;
		if (setting->fate == SETTING_SAME)
			continue;
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:s?}", "what",
						fates[setting->fate], "kind", kind_of(setting),
						"key", setting->wanted->key, "before", setting->old,
						"value", setting->wanted->value, "subject",
						place->subject, "place", place->place));
	}
}

/* The same lines as in text. */
static json_t *routing_json(struct job *job)
{
	char *text = NULL, *rest = NULL;
	size_t size = 0;
	json_t *list = json_array();
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return list;
	routing_preview(job->arena, &job->routing, out);
	if (fclose(out) == 0)
		for (const char *line = strtok_r(text, "\n", &rest); line;
		     line = strtok_r(NULL, "\n", &rest))
			json_array_append_new(list, json_string(line));
	free(text);
	return list;
}

static int show_data(struct job *job, const struct plan *plan, enum format format)
{
	json_auto_t *all = plan_to_json(plan);
	json_t *settings = json_array();
	if (!all)
		return program_fail(STATUS_SYSTEM, "out of memory");
	add_settings(settings, &job->settings);
	add_settings(settings, &job->released);
	json_object_set_new(all, "settings", settings);
	json_object_set_new(all, "routing", routing_json(job));
	struct writer *writer = writer_new(stdout, format);
	writer_json(writer, all);
	writer_close(writer);
	return STATUS_DONE;
}

static int check_table(struct job *job)
{
	const char *why = NULL;
	if (change_check(job->change, &why) == 0)
		return STATUS_DONE;
	job_refused(job, why);
	return STATUS_SYSTEM;
}

/* A generation that an older version has kept does not say where its lines came from. */
static bool knows_before(const struct job *job)
{
	return job->now.flaw || job->now.parts[PART_RULESET].n == 0 ||
	       job->now.parts[PART_ORIGINS].n > 0;
}

static int preview(const struct request *request, struct flywall *flywall, bool *is_done)
{
	autohold struct hold hold = HOLD_NONE;
	autojob struct job job = { .ruleset = MEMORY_NONE };

	int status = hold_take(request, HOLD_READ, &hold);
	if (status == STATUS_DONE)
		status = job_open_config(&hold, flywall, false, &job);
	if (status != STATUS_DONE)
		return status;
	bool passes = job_settings_pass(&job);
	passes &= check_table(&job) == STATUS_DONE;
	struct origins now, goal;
	job_origins_now(&job, &now);
	job_origins_goal(&job, &goal);
	const struct plan plan = { job.arena, job.change, { &now, &goal, knows_before(&job) } };
	if (request->format == FORMAT_TEXT)
		show_text(&job, &plan);
	else
		status = show_data(&job, &plan, request->format);
	*is_done = job_is_done(&job);
	int written = program_finish();
	if (status == STATUS_DONE)
		status = written;
	return passes ? status : STATUS_SYSTEM;
}

int preview_show(const struct request *request, struct flywall *flywall)
{
	bool is_done;
	return preview(request, flywall, &is_done);
}

int plan_run(const struct request *request, char *const paths[])
{
	autoflywall struct flywall *flywall = flywall_new();
	bool is_done = true;

	if (!request_compile(request, paths, flywall))
		return STATUS_NO;
	int status = preview(request, flywall, &is_done);
	return status == STATUS_DONE && !is_done ? STATUS_NO : status;
}
