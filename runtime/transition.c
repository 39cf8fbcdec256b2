#include "runtime/transition.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include <jansson.h>

#include "runtime/program.h"
#include "runtime/timeouts.h"

static void signals_hold(void)
{
	static const int held[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < countof(held); i++)
		sigaddset(&set, held[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static bool store_passes(const struct job *job, const char *what, int error)
{
	if (error)
		report_message(&job->report, REPORT_ERROR, NULL, "cannot write %s to %s: %s", what,
			       job->hold->store.path, strerror(-error));
	return !error;
}

/* Written before the settings are: what is killed in between can still be put back. */
static bool note_before(struct job *job)
{
	uint32_t known = job->ledger.all.n;
	for (size_t i = 0; i < job->settings.n; i++) {
		const struct setting *setting = &job->settings.at[i];
		if (setting->fate == SETTING_CHANGE)
			ledger_add(job->arena, &job->ledger, setting->wanted, setting->old);
	}
	if (known == job->ledger.all.n)
		return true;
	return store_passes(
		job, "the settings before flywall",
		ledger_write(job->arena, &job->hold->store, &job->hold->here, &job->ledger));
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

static void say_lost(const struct job *job, const struct settings *settings)
{
	for (size_t i = 0; i < settings->n; i++) {
		const struct setting *setting = &settings->at[i];
		if (setting->is_written)
			report_message(&job->report, REPORT_ERROR, NULL,
				       "%s could not be put back to %s", setting->wanted->key,
				       setting->old);
	}
}

static void take_back(struct job *job)
{
	int error = routing_take_back(&job->routing);
	if (error)
		report_message(&job->report, REPORT_ERROR, NULL,
			       "routing rules could not be taken back: %s", strerror(-error));
	if (settings_restore(&job->settings) > 0)
		say_lost(job, &job->settings);
}

/* What is killed from here on leaves something behind that is nobody else's. Where that cannot be
 * noted it is taken for somebody's, and put right all the same. */
static void note_begun(const struct job *job)
{
	autoarena struct arena *arena = arena_new();
	const char *text = arena_printf(arena, "{ \"generation\": %u }\n", job->goal.number);
	(void)!store_write(&job->hold->store, JOB_BEGUN_NAME, text_of(text));
}

void transition_end(const struct hold *hold)
{
	(void)!store_remove(&hold->store, JOB_BEGUN_NAME);
}

/* At boot a ruleset without one of its settings is better than an older one. */
static bool write_settings(struct job *job)
{
	const struct setting *failed;
	int error = settings_write(&job->settings, &failed);
	if (!error)
		return true;

	struct setting why = *failed;
	why.error = -error;
	report_message(&job->report, job->is_boot ? REPORT_WARNING : REPORT_ERROR,
		       &failed->wanted->place, "cannot set %s to %s: %s", failed->wanted->key,
		       failed->wanted->value, setting_reason(&why));
	return job->is_boot;
}

static bool add_routing(struct job *job)
{
	const struct routing_entry *failed;
	int error = routing_add(job->arena, &job->report, &job->routing, &failed);
	if (error)
		report_message(&job->report, job->is_boot ? REPORT_WARNING : REPORT_ERROR,
			       failed ? failed->place : NULL, "cannot add ip %s: %s",
			       failed ? routing_describe(job->arena, failed) : "rules and routes",
			       strerror(-error));
	return !error || job->is_boot;
}

static bool change_table(struct job *job)
{
	const char *why = NULL;

	switch (change_commit(job->change, &why)) {
	case CHANGE_DONE:
		if (why)
			report_message(&job->report, REPORT_WARNING, NULL, "%s", why);
		return true;
	case CHANGE_REFUSED:
		job_refused(job, why);
		return false;
	case CHANGE_UNDONE:
		report_message(&job->report, REPORT_ERROR, NULL, "%.*s", (int)strcspn(why, "\n"),
			       why);
		report_note(&job->report, "what stood before has been put back");
		return false;
	case CHANGE_BROKEN:
		report_message(&job->report, REPORT_ERROR, NULL, "%.*s", (int)strcspn(why, "\n"),
			       why);
		report_note(&job->report, "what stood before could not be put back");
		return false;
	}
	return false;
}

/* From here on the new ruleset is in force, so failing is no failure of the whole. */

static void release_setting(struct job *job, struct setting *setting)
{
	const struct setting *failed;
	struct settings one = { setting, 1 };
	int error = setting->fate == SETTING_CHANGE ? settings_write(&one, &failed) : 0;
	if (error || setting->fate == SETTING_REFUSED)
		report_message(&job->report, REPORT_WARNING, NULL,
			       "%s could not be put back to %s, which it was before flywall",
			       setting->wanted->key, setting->wanted->value);
	else
		ledger_drop(&job->ledger, setting->wanted);
}

static void forget_setting(struct job *job, const struct flywall_setting *setting)
{
	report_message(&job->report, REPORT_WARNING, NULL,
		       "%s keeps its value: what it was before flywall is not known", setting->key);
	ledger_drop(&job->ledger, setting);
}

static void clean_up(struct job *job)
{
	const char *what;
	int error = routing_remove(job->arena, &job->routing, &what);
	if (error)
		report_message(&job->report, REPORT_WARNING, NULL, "cannot remove ip %s: %s", what,
			       strerror(-error));
	for (size_t i = 0; i < job->released.n; i++)
		release_setting(job, &job->released.at[i]);
	for (uint32_t i = 0; i < job->lost.all.n; i++)
		forget_setting(job, &job->lost.all.at[i]);
	error = job->released.n + job->lost.all.n > 0 ? ledger_write(job->arena, &job->hold->store,
								     &job->hold->here, &job->ledger)
						      : 0;
	(void)store_passes(job, "the settings before flywall", error);
}

/* One that is out of date costs the next change some questions to the kernel, and that is all. With
 * none the next change looks for what is missing yet. */
static void note_loaded(struct job *job)
{
	struct text token = job->is_partial ? TEXT("") : change_token(job->change);
	json_auto_t *loaded =
		json_pack("{s:s, s:s%}", "digest", job->goal.digest ? job->goal.digest : "",
			  "token", token.n ? token.s : "", token.n);
	autofree char *text = loaded ? json_dumps(loaded, JSON_INDENT(2)) : NULL;
	int error = text ? store_write(&job->hold->store, JOB_LOADED_NAME, text_of(text)) : -ENOMEM;
	(void)store_passes(job, "what is loaded", error);
}

static void note_timeouts(struct job *job)
{
	struct text notes;
	int error = timeouts_note(job->arena, job->request.table, job->request.wanted,
				  job->timeouts, &notes);
	if (!error && !text_equal(notes, job->timeouts))
		error = store_write(&job->hold->store, JOB_TIMEOUTS_NAME, notes);
	(void)store_passes(job, "what timeout objects are left over", error);
}

int transition_run(struct job *job)
{
	signals_hold();
	if (!note_before(job) && !job->is_boot)
		return STATUS_SYSTEM;
	note_begun(job);
	if (!write_settings(job) || !add_routing(job) || !change_table(job)) {
		take_back(job);
		transition_end(job->hold);
		return STATUS_SYSTEM;
	}
	warn_skipped(job);
	clean_up(job);
	note_loaded(job);
	note_timeouts(job);
	(void)store_passes(job, "the network namespace", hold_settle(job->hold));
	return STATUS_DONE;
}

int transition_restore(const struct hold *hold, uint32_t number, bool is_boot)
{
	autojob struct job job = { .ruleset = MEMORY_NONE };

	int status = job_open_stored(hold, number, is_boot ? JOB_BOOT : JOB_DO, &job);
	if (status != STATUS_DONE)
		return status;
	if (!job_settings_pass(&job))
		return STATUS_SYSTEM;
	status = transition_run(&job);
	if (status != STATUS_DONE)
		return status;
	int error = is_boot ? 0 : generation_keep(&hold->store, number);
	if (!error)
		error = store_point(&hold->store, LINK_CURRENT, number);
	if (!error)
		transition_end(hold);
	return store_passes(&job, "what is in force", error) || is_boot ? STATUS_DONE
									: STATUS_SYSTEM;
}
