#include "runtime/apply.h"

#include <signal.h>
#include <string.h>

#include "flywall/flywall.h"
#include "runtime/change/change.h"
#include "runtime/job.h"
#include "runtime/load.h"
#include "runtime/lock.h"
#include "runtime/plan.h"
#include "runtime/private.h"
#include "runtime/program.h"
#include "runtime/refusal.h"
#include "runtime/timeouts.h"

/* A change that has begun is finished or taken back, whatever key is pressed. */
static void signals_hold(void)
{
	static const int held[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < countof(held); i++)
		sigaddset(&set, held[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static void warn_skipped(const struct job *job)
{
	for (size_t i = 0; i < job->settings.n; i++) {
		const struct setting *setting = &job->settings.at[i];
		if (setting->fate != SETTING_SKIPPED)
			continue;
		report_message(&job->report, REPORT_WARNING, &setting->wanted->place,
			       "%s is not set to %s: %s", setting->wanted->key,
			       setting->wanted->value, setting_reason(setting));
		if (*setting->old)
			report_note(&job->report, "it is %s there", setting->old);
	}
}

static void take_back(struct job *job)
{
	int error = routing_take_back(&job->routing);
	if (error)
		report_message(&job->report, REPORT_ERROR, NULL,
			       "routing rules could not be taken back: %s", strerror(-error));
	if (settings_restore(&job->settings) == 0)
		return;
	for (size_t i = 0; i < job->settings.n; i++) {
		const struct setting *setting = &job->settings.at[i];
		if (setting->is_written)
			report_message(&job->report, REPORT_ERROR, NULL,
				       "%s could not be put back to %s", setting->wanted->key,
				       setting->old);
	}
}

static bool write_settings(struct job *job)
{
	const struct setting *failed;
	int error = settings_write(&job->settings, &failed);
	if (!error)
		return true;

	struct setting why = *failed;
	why.error = -error;
	report_message(&job->report, REPORT_ERROR, &failed->wanted->place,
		       "cannot set %s to %s: %s", failed->wanted->key, failed->wanted->value,
		       setting_reason(&why));
	return false;
}

static bool add_routing(struct job *job)
{
	const char *what;
	int error = routing_add(job->arena, &job->report, &job->routing, &what);
	if (error)
		report_message(&job->report, REPORT_ERROR, NULL, "cannot add ip %s: %s", what,
			       strerror(-error));
	return !error;
}

static void job_request(const struct job *job, struct change_request *out)
{
	*out = (struct change_request){
		.table = flywall_table(job->flywall),
		.wanted = { job->ruleset.text, job->ruleset.size },
	};
}

static bool change_ruleset(struct job *job)
{
	struct change_request request;
	struct change *change;
	const char *why = NULL;

	job_request(job, &request);
	if (change_plan(job->arena, &request, &change, &why) < 0) {
		refusals_report(&job->report, job->flywall, &job->ruleset, why);
		return false;
	}
	switch (change_commit(change, &why)) {
	case CHANGE_DONE:
		if (why)
			report_message(&job->report, REPORT_WARNING, NULL, "%s", why);
		return true;
	case CHANGE_REFUSED:
		refusals_report(&job->report, job->flywall, &job->ruleset, why);
		return false;
	case CHANGE_UNDONE:
		report_message(&job->report, REPORT_ERROR, NULL, "%s", why);
		report_note(&job->report, "what stood before has been put back");
		return false;
	case CHANGE_BROKEN:
		report_message(&job->report, REPORT_ERROR, NULL, "%s", why);
		report_note(&job->report, "what stood before could not be put back");
		return false;
	}
	return false;
}

/* The new ruleset is in force already, so failing here is no failure of the whole. */
static void clean_up(struct job *job)
{
	const char *what;
	int error = routing_remove(job->arena, &job->routing, &what);
	if (error)
		report_message(&job->report, REPORT_WARNING, NULL, "cannot remove ip %s: %s", what,
			       strerror(-error));
}

int apply(struct flywall *flywall)
{
	autojob struct job job = { .ruleset = MEMORY_NONE };
	autoclose int lock = lock_take();
	if (lock < 0)
		return program_fail(STATUS_SYSTEM, "cannot lock the network namespace: %s",
				    strerror(-lock));
	int status = job_open(flywall, true, &job);
	if (status != STATUS_DONE)
		return status;
	if (!job_settings_pass(&job))
		return STATUS_SYSTEM;

	signals_hold();
	if (!write_settings(&job) || !add_routing(&job) || !change_ruleset(&job)) {
		take_back(&job);
		return STATUS_SYSTEM;
	}
	warn_skipped(&job);
	clean_up(&job);
	return STATUS_DONE;
}

static void preview_setting(const struct setting *setting)
{
	const struct flywall_setting *wanted = setting->wanted;
	const char *kind = wanted->kind == FLYWALL_SET_SYSCTL ? "sysctl" : "module parameter";

	switch (setting->fate) {
	case SETTING_SAME:
	case SETTING_REFUSED:
		return;
	case SETTING_CHANGE:
		printf("set %s %s: %s -> %s\n", kind, wanted->key, setting->old, wanted->value);
		return;
	case SETTING_LATER:
		printf("set %s %s: -> %s, once its module is loaded\n", kind, wanted->key,
		       wanted->value);
		return;
	case SETTING_SKIPPED:
		printf("skip %s %s: %s%s-> %s, because %s\n", kind, wanted->key, setting->old,
		       *setting->old ? " " : "", wanted->value, setting_reason(setting));
		return;
	}
}

static bool preview_change(struct job *job)
{
	struct change_request request;
	struct change *change;
	const char *why = NULL;

	job_request(job, &request);
	if (change_plan(job->arena, &request, &change, &why) < 0 ||
	    change_check(change, &why) < 0) {
		refusals_report(&job->report, job->flywall, &job->ruleset, why);
		return false;
	}
	struct plan plan = { job->arena, change, job->flywall, true };
	plan_print(&plan, stdout);
	return true;
}

int apply_preview(struct flywall *flywall)
{
	autojob struct job job = { .ruleset = MEMORY_NONE };

	int status = job_open(flywall, false, &job);
	if (status != STATUS_DONE)
		return status;
	for (size_t i = 0; i < job.settings.n; i++)
		preview_setting(&job.settings.at[i]);
	routing_preview(job.arena, &job.routing);
	bool passes = job_settings_pass(&job);
	passes &= preview_change(&job);
	status = program_finish();
	return passes ? status : STATUS_SYSTEM;
}

/* What the ruleset refers to and nft cannot declare. */
static bool make_objects(const struct memory *ruleset)
{
	autoarena struct arena *arena = arena_new();
	struct timeout_objects objects = { 0 }, made = { 0 };
	struct text text = { ruleset->text, ruleset->size };
	const char *why;

	if (timeouts_read(arena, text, &objects) == 0 &&
	    timeouts_make(arena, &objects, &made, &why) < 0) {
		fputs(why, stderr);
		return false;
	}
	return true;
}

int apply_check(const char *path)
{
	bool is_standard_input = strcmp(path, "-") == 0;
	automemory struct memory ruleset = MEMORY_NONE;
	autofree char *messages = NULL;
	int error = memory_read(is_standard_input ? "/dev/stdin" : path, &ruleset);
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot read %s: %s", path, strerror(-error));
	error = network_private();
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot make a network namespace: %s",
				    strerror(-error));
	if (!make_objects(&ruleset))
		return STATUS_SYSTEM;
	/* From the file where it is one: its name is in the messages. */
	bool passes = is_standard_input ? ruleset_load_fd(ruleset.fd, LOAD_CHECK, &messages)
					: ruleset_load(path, LOAD_CHECK, &messages);
	if (passes)
		return STATUS_DONE;
	fputs(messages, stderr);
	return STATUS_SYSTEM;
}
