#include "runtime/status.h"

#include <fcntl.h>
#include <string.h>

#include <jansson.h>

#include "runtime/closed.h"
#include "runtime/job.h"
#include "runtime/pending.h"
#include "runtime/plan.h"
#include "runtime/program.h"
#include "runtime/state/writer.h"

enum { LINES_SHOWN = 20 };

/* A number that the kernel shows in a file; 0 where it does not. */
static uint64_t number_of(const char *path)
{
	char text[32];
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	return strtoull(text, NULL, 10);
}

static json_t *connections_json(void)
{
	return json_pack("{s:I, s:I}", "count",
			 (json_int_t)number_of("/proc/sys/net/netfilter/nf_conntrack_count"), "max",
			 (json_int_t)number_of("/proc/sys/net/netfilter/nf_conntrack_max"));
}

static json_t *pending_json(const struct pending *pending)
{
	return json_pack("{s:I, s:I, s:I}", "generation", (json_int_t)pending->generation,
			 "previous", (json_int_t)pending->previous, "seconds_left",
			 (json_int_t)pending_seconds(pending));
}

static void add_drift(json_t *list, const char *what, const char *thing, const char *place)
{
	json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:n, s:s?, s:[]}", "what", what,
					      "thing", thing, "interrupted", false, "subject",
					      "place", place, "lines"));
}

/* Where nobody knows what the kernel had, only things can be told: what is missing of what is
 * wanted was removed. */
static void add_steps(struct arena *arena, json_t *list, const struct change *change,
		      const struct origins *origins)
{
	static const char *const words[] = {
		[STEP_ADDED] = "removed",
		[STEP_REMOVED] = "added",
		[STEP_CHANGED] = "changed",
	};
	const struct change_step *steps;
	size_t n = change_steps(change, &steps);

	for (size_t i = 0; i < n; i++)
		add_drift(list, words[steps[i].kind], steps[i].thing,
			  origin_place(arena, origins, steps[i].line, NULL));
	if (n == 0)
		add_drift(list, "changed", "table inet flywall", NULL);
}

static json_t *table_drift(const struct job *job)
{
	struct origins goal;
	job_origins_goal(job, &goal);
	json_t *list = drift_to_json(job->arena, job->change, &goal);
	if (json_array_size(list) == 0 && !change_is_empty(job->change))
		add_steps(job->arena, list, job->change, &goal);
	return list;
}

static void add_settings(struct arena *arena, json_t *list, const struct settings *settings)
{
	for (size_t i = 0; i < settings->n; i++) {
		const struct setting *setting = &settings->at[i];
		if (setting->fate == SETTING_SAME || setting->fate == SETTING_SKIPPED)
			continue;
		add_drift(list, "changed",
			  arena_printf(arena, "%s is %s, not %s", setting->wanted->key,
				       *setting->old ? setting->old : "not there",
				       setting->wanted->value),
			  setting->wanted->place.place);
	}
}

/* Routing that is wanted and missing was removed, and the other way round. */
static void add_routing(json_t *list, const struct routing *routing)
{
	if (routing->added.n > 0)
		add_drift(list, "removed", "rules or routes of uplinks", NULL);
	if (routing->removed.n > 0)
		add_drift(list, "added", "rules or routes of uplinks", NULL);
}

static json_t *drift_json(const struct job *job)
{
	json_t *list = table_drift(job);
	add_settings(job->arena, list, &job->settings);
	add_routing(list, &job->routing);
	return list;
}

static void add_generation(json_t *all, const struct hold *hold, const struct job *job)
{
	uint32_t confirmed = store_follow(&hold->store, LINK_CONFIRMED);
	json_object_set_new(all, "generation", json_integer(job->goal.number));
	json_object_set_new(all, "digest", json_string(job->goal.digest));
	json_object_set_new(all, "time", json_integer(job->goal.time));
	json_object_set_new(all, "user", json_string(job->goal.user));
	if (confirmed != GENERATION_NONE)
		json_object_set_new(all, "boots", json_integer(confirmed));
	if (job->begun.number != GENERATION_NONE)
		json_object_set_new(all, "interrupted", json_integer(job->begun.number));
	json_object_set_new(all, "drift", drift_json(job));
}

/* Printing */

static long long number_at(json_t *object, const char *key)
{
	return (long long)json_integer_value(json_object_get(object, key));
}

static const char *string_at(json_t *object, const char *key)
{
	const char *string = json_string_value(json_object_get(object, key));
	return string ? string : "?";
}

static void print_generation(json_t *all)
{
	if (!json_object_get(all, "generation")) {
		printf("generation   none\n");
		return;
	}
	printf("generation   %lld", number_at(all, "generation"));
	if (!json_object_get(all, "digest")) {
		printf(", which cannot be used\n");
		return;
	}
	printf(", by %s\n", string_at(all, "user"));
	printf("digest       %s\n", string_at(all, "digest"));
	if (json_object_get(all, "boots"))
		printf("boots        %lld\n", number_at(all, "boots"));
}

static void print_origin(json_t *object)
{
	const char *subject = json_string_value(json_object_get(object, "subject"));
	const char *place = json_string_value(json_object_get(object, "place"));

	if (subject)
		printf("  %s", subject);
	if (place)
		printf("  [%s]", place);
	putchar('\n');
}

static void print_drift(json_t *drift)
{
	json_t *lines = json_object_get(drift, "lines"), *line;
	size_t n = json_array_size(lines), i;

	printf("drift        %s %s", string_at(drift, "what"), string_at(drift, "thing"));
	print_origin(drift);
	json_array_foreach(lines, i, line)
	{
		if (i == LINES_SHOWN)
			break;
		bool is_added = strcmp(string_at(line, "what"), "added") == 0;
		printf("               %c %s", is_added ? '+' : '-', string_at(line, "text"));
		print_origin(line);
	}
	if (n > LINES_SHOWN)
		printf("                 and %zu more\n", n - LINES_SHOWN);
}

static void print_text(json_t *all)
{
	json_t *pending = json_object_get(all, "pending"), *item;
	json_t *connections = json_object_get(all, "connections");
	size_t i;

	print_generation(all);
	if (json_is_true(json_object_get(all, "closed")))
		printf("closed       no generation could be loaded: only replies and management "
		       "are let in\n");
	if (pending)
		printf("pending      generation %lld awaits its confirmation, %lld s are left; "
		       "without it generation %lld comes back\n",
		       number_at(pending, "generation"), number_at(pending, "seconds_left"),
		       number_at(pending, "previous"));
	if (json_object_get(all, "interrupted"))
		printf("interrupted  a change to generation %lld: apply again, or flywall-apply "
		       "rollback\n",
		       number_at(all, "interrupted"));
	if (connections && number_at(connections, "max") > 0)
		printf("connections  %lld of %lld\n", number_at(connections, "count"),
		       number_at(connections, "max"));
	json_array_foreach(json_object_get(all, "drift"), i, item)
	{
		print_drift(item);
	}
}

static int print(json_t *all, enum format format)
{
	if (format == FORMAT_TEXT) {
		print_text(all);
		return program_finish();
	}
	struct writer *writer = writer_new(stdout, format);
	writer_json(writer, all);
	writer_close(writer);
	return program_finish();
}

static int collect(const struct hold *hold, json_t *all)
{
	autojob struct job job = { .ruleset = MEMORY_NONE };
	struct pending pending;
	bool awaits;

	int status = pending_settle(hold, &pending, &awaits);
	if (status != STATUS_DONE)
		return status;
	json_object_set_new(all, "connections", connections_json());
	json_object_set_new(all, "closed", json_boolean(closed_is_loaded()));
	uint32_t current =
		hold->store.fd < 0 ? GENERATION_NONE : store_follow(&hold->store, LINK_CURRENT);
	if (current == GENERATION_NONE)
		return STATUS_DONE;
	if (awaits)
		json_object_set_new(all, "pending", pending_json(&pending));
	status = job_open_stored(hold, current, JOB_LOOK, &job);
	if (status == STATUS_DONE)
		add_generation(all, hold, &job);
	else
		json_object_set_new(all, "generation", json_integer(current));
	return status;
}

int status_run(const struct request *request, char *const operands[])
{
	autohold struct hold hold = HOLD_NONE;
	json_auto_t *all = json_object();

	(void)operands;
	int status = hold_take(request, HOLD_READ, &hold);
	if (status == STATUS_DONE)
		status = collect(&hold, all);
	/* What is known is told also where the generation in force cannot be read. */
	int printed = json_object_size(all) > 0 ? print(all, request->format) : STATUS_DONE;
	status = status == STATUS_DONE ? printed : status;
	bool is_other = json_array_size(json_object_get(all, "drift")) > 0 ||
			json_object_get(all, "interrupted") ||
			json_is_true(json_object_get(all, "closed"));
	return status == STATUS_DONE && is_other ? STATUS_NO : status;
}
