#include "runtime/job.h"

#include <errno.h>
#include <string.h>

#include <jansson.h>

#include "runtime/devices.h"
#include "runtime/features.h"
#include "runtime/modules.h"
#include "runtime/program.h"
#include "runtime/refusal.h"
#include "runtime/store/renumber.h"
#include "runtime/timeouts.h"

static const char table_name[] = "flywall";

static int system_fail(const char *what, int error)
{
	return program_fail(STATUS_SYSTEM, "cannot %s: %s", what, strerror(-error));
}

/* Looking */

/* What flywall has written and still stands: what was there before it is not known any more, and
 * the value now must not be taken for it. */
static void ledger_lose(struct job *job)
{
	struct host host;
	struct settings written;

	if (job->now.flaw ||
	    !host_read(job->arena, job->now.parts[PART_SETTINGS], (struct text){ "", 0 }, &host))
		return;
	settings_plan(job->arena, &setting_roots_of_host, host.settings.at, host.settings.n, false,
		      &written);
	for (size_t i = 0; i < written.n; i++)
		if (written.at[i].fate == SETTING_SAME)
			ledger_add(job->arena, &job->ledger, written.at[i].wanted, NULL);
}

static void report_lost(const struct job *job, const char *flaw)
{
	const struct store *store = &job->hold->store;

	report_message(&job->report, REPORT_WARNING, NULL,
		       "%s/before.json is damaged: what settings of the host were before flywall "
		       "is not known",
		       store->path);
	report_note(&job->report, "%s", flaw);
	for (uint32_t i = 0; i < job->ledger.all.n; i++)
		report_note(&job->report,
			    "%s keeps its value when flywall does not set it any more",
			    job->ledger.all.at[i].key);
}

/* From here on it is known what is lost. */
static void replace_ledger(struct job *job)
{
	const struct store *store = &job->hold->store;
	int error = ledger_keep_damaged(store);

	if (!error)
		error = ledger_write(job->arena, store, &job->hold->here, &job->ledger);
	if (error)
		report_note(&job->report, "it cannot be set aside: %s", strerror(-error));
	else
		report_note(&job->report, "it is kept as " LEDGER_DAMAGED_NAME);
}

static void read_before(struct job *job, bool changes)
{
	const char *flaw = NULL;

	if (job->hold->store.fd >= 0)
		flaw = ledger_read(job->arena, &job->hold->store, &job->hold->here, &job->ledger);
	if (!flaw)
		return;
	ledger_lose(job);
	report_lost(job, flaw);
	if (changes)
		replace_ledger(job);
}

/* What of the ledger nothing wants any more. */
static void plan_released(struct job *job, bool modules_loaded)
{
	struct {
		VEC(struct flywall_setting) all;
	} wanted = { 0 };
	for (uint32_t i = 0; i < job->ledger.all.n; i++) {
		const struct flywall_setting *before = &job->ledger.all.at[i];
		bool is_wanted = false;
		for (uint32_t k = 0; k < job->host.settings.n && !is_wanted; k++)
			is_wanted = before->kind == job->host.settings.at[k].kind &&
				    strcmp(before->key, job->host.settings.at[k].key) == 0;
		if (is_wanted)
			continue;
		if (before->value)
			*push(job->arena, &wanted.all) = *before;
		else
			*push(job->arena, &job->lost.all) = *before;
	}
	settings_plan(job->arena, &setting_roots_of_host, wanted.all.at, wanted.all.n,
		      modules_loaded, &job->released);
}

/* What the kernel held after the last change, if that was the generation in force now. */
static struct text loaded_token(const struct job *job)
{
	struct text text, none = { "", 0 };
	const char *digest, *token;
	if (job->hold->store.fd < 0 || job->now.flaw ||
	    store_read(job->arena, &job->hold->store, JOB_LOADED_NAME, &text) != 0)
		return none;
	json_auto_t *loaded = json_loadb(text.s, text.n, 0, NULL);
	if (!loaded || json_unpack(loaded, "{s:s, s:s}", "digest", &digest, "token", &token) != 0 ||
	    strcmp(digest, job->now.digest) != 0)
		return none;
	return text_of(arena_printf(job->arena, "%s", token));
}

void job_refused(const struct job *job, const char *why)
{
	if (job->flywall) {
		refusals_report(&job->report, job->flywall, &job->ruleset, why);
		return;
	}
	report_message(&job->report, REPORT_ERROR, NULL, "the kernel refused generation %u",
		       job->goal.number);
	report_note(&job->report, "%s", why ? why : "it did not say why");
}

/* What stays behind is a connection that is forwarded as any other. */
static void leave_out_absent(struct job *job)
{
	struct absent_devices absent = { 0 };
	struct text ruleset =
		devices_drop(job->arena, job->goal.parts[PART_RULESET], device_is_there, &absent);
	job->wanted = job->goal.parts[PART_RULESET];
	if (absent.n == 0 || features_take_absent())
		return;
	for (uint32_t i = 0; i < absent.n; i++) {
		struct flywall_place place;
		bool has_place =
			job->flywall && flywall_line_place(job->flywall, absent.at[i].line, &place);
		report_message(&job->report, REPORT_WARNING, has_place ? &place : NULL,
			       "interface %s is not there, so its flow table goes without it",
			       absent.at[i].name);
		report_help(&job->report, "apply the configuration again once it is there");
	}
	job->wanted = ruleset;
	job->is_partial = true;
}

static void read_begun(struct job *job)
{
	const struct store *store = &job->hold->store;
	struct text text;
	int number;

	if (store->fd < 0 || store_read(job->arena, store, JOB_BEGUN_NAME, &text) != 0)
		return;
	json_auto_t *begun = json_loadb(text.s, text.n, 0, NULL);
	if (begun && json_unpack(begun, "{s:i}", "generation", &number) == 0 && number >= 0)
		generation_read(job->arena, store, (uint32_t)number, &job->begun);
}

static int plan_change(struct job *job)
{
	const char *why = NULL;
	struct text token = loaded_token(job);
	leave_out_absent(job);
	job->request = (struct change_request){
		.table = job->flywall ? flywall_table(job->flywall) : table_name,
		.wanted = job->wanted,
		.token = token,
		.renumbers = zones_are_renumbered(job->now.parts[PART_NAMES],
						  job->goal.parts[PART_NAMES]),
		.begun = job->begun.parts[PART_RULESET],
	};
	if (job->hold->store.fd >= 0 &&
	    store_read(job->arena, &job->hold->store, JOB_TIMEOUTS_NAME, &job->timeouts) == 0 &&
	    timeouts_stale(job->arena, job->request.table, job->request.wanted, job->timeouts,
			   &job->request.stale) != 0)
		job->request.stale = NULL;
	if (token.n > 0)
		job->request.known = job->now.parts[PART_RULESET];
	if (change_plan(job->arena, &job->request, &job->change, &why) == 0)
		return STATUS_DONE;
	job_refused(job, why);
	return STATUS_SYSTEM;
}

static void read_now(struct job *job)
{
	const struct store *store = &job->hold->store;
	uint32_t number = store->fd < 0 ? GENERATION_NONE : store_follow(store, LINK_CURRENT);
	if (number == GENERATION_NONE)
		job->now = (struct generation){ .number = number, .flaw = "there is none" };
	else
		generation_read(job->arena, store, number, &job->now);
}

/* The mark that a connection has leads it. */
static void warn_renumbered(const struct job *job)
{
	struct renumbered_uplink uplink;

	if (!uplink_is_renumbered(job->arena, job->now.parts[PART_NAMES],
				  job->goal.parts[PART_NAMES], &uplink))
		return;
	report_message(&job->report, REPORT_WARNING, NULL,
		       "connections that leave by %s lose their way: its uplink has the number %d "
		       "now, and had %d",
		       uplink.interface, uplink.after, uplink.before);
	report_help(&job->report,
		    "write mark = %d in that uplink; without, numbers follow the "
		    "order of the uplinks",
		    uplink.before);
}

/* Modules are loaded by whoever is about to change something. */
static int job_plan(struct job *job, bool modules_loaded)
{
	read_now(job);
	read_begun(job);
	read_before(job, modules_loaded);
	settings_plan(job->arena, &setting_roots_of_host, job->host.settings.at,
		      job->host.settings.n, modules_loaded, &job->settings);
	plan_released(job, modules_loaded);
	int error = routing_plan(job->arena, &job->report, &job->host, &job->routing);
	if (error)
		return system_fail("read the routing rules", error);
	if (!job->is_boot)
		warn_renumbered(job);
	return plan_change(job);
}

static struct job job_start(const struct hold *hold, struct flywall *flywall)
{
	return (struct job){
		.arena = arena_new(),
		.report = { stderr, stream_has_colour(stderr) },
		.hold = hold,
		.flywall = flywall,
		.ruleset = MEMORY_NONE,
		.now.number = GENERATION_NONE,
		.goal.number = GENERATION_NONE,
		.begun.number = GENERATION_NONE,
	};
}

static int read_names(struct job *job)
{
	automemory struct memory names = MEMORY_NONE;
	int error = memory_emit(job->flywall, FLYWALL_NAMES, &names);
	if (error)
		return error;
	const char *copy = text_copy(job->arena, (struct text){ names.text, names.size });
	job->goal.parts[PART_NAMES] = (struct text){ copy, names.size };
	return 0;
}

static int describe_goal(struct job *job)
{
	const struct flywall_source *sources;
	size_t n = flywall_sources(job->flywall, &sources);
	int error = memory_emit(job->flywall, FLYWALL_RULESET, &job->ruleset);
	if (!error)
		error = read_names(job);
	if (error)
		return error;
	struct text *parts = job->goal.parts;
	parts[PART_RULESET] = (struct text){ job->ruleset.text, job->ruleset.size };
	parts[PART_SETTINGS] = host_settings(job->arena, &job->host);
	parts[PART_ROUTING] = host_routing(job->arena, &job->host);
	parts[PART_MANAGEMENT] = host_management(job->arena, job->flywall);
	for (size_t i = 0; i < n; i++)
		*push(job->arena, &job->goal.sources) =
			(struct generation_source){ sources[i].name,
						    { sources[i].text, sources[i].size } };
	return 0;
}

int job_open_config(const struct hold *hold, struct flywall *flywall, bool loads_modules,
		    struct job *out)
{
	autojob struct job job = job_start(hold, flywall);

	host_of(job.arena, flywall, &job.host);
	if (loads_modules)
		modules_load(job.host.modules.at, job.host.modules.n);
	if (!features_check(flywall, &job.report))
		return STATUS_SYSTEM;
	int error = describe_goal(&job);
	if (error)
		return system_fail("keep the ruleset in memory", error);
	int status = job_plan(&job, loads_modules);
	if (status != STATUS_DONE)
		return status;
	*out = job;
	job = (struct job){ .ruleset = MEMORY_NONE };
	return STATUS_DONE;
}

int job_open_stored(const struct hold *hold, uint32_t number, enum job_purpose purpose,
		    struct job *out)
{
	autojob struct job job = job_start(hold, NULL);

	job.is_boot = purpose == JOB_BOOT;
	generation_read(job.arena, &hold->store, number, &job.goal);
	if (!job.goal.flaw && !host_read(job.arena, job.goal.parts[PART_SETTINGS],
					 job.goal.parts[PART_ROUTING], &job.host))
		job.goal.flaw = "its settings make no sense";
	if (job.goal.flaw)
		return program_fail(STATUS_SYSTEM, "generation %u cannot be used: %s", number,
				    job.goal.flaw);
	if (purpose != JOB_LOOK)
		modules_load(job.host.modules.at, job.host.modules.n);
	int status = job_plan(&job, purpose != JOB_LOOK);
	if (status != STATUS_DONE)
		return status;
	*out = job;
	job = (struct job){ .ruleset = MEMORY_NONE };
	return STATUS_DONE;
}

void job_close(struct job *job)
{
	memory_close(&job->ruleset);
	arena_free(job->arena);
}

const char *setting_reason(const struct setting *setting)
{
	if (setting->fate == SETTING_SKIPPED)
		return "it belongs to the first network namespace";
	switch (setting->error) {
	case ENOENT:
		return "this kernel does not have it";
	case EACCES:
	case EPERM:
		return "it may not be written here";
	case EROFS:
		return "its file system is mounted read-only";
	case ERANGE:
		return "the kernel made another value of it";
	default:
		return strerror(setting->error);
	}
}

bool job_settings_pass(const struct job *job)
{
	bool pass = true;

	for (size_t i = 0; i < job->settings.n; i++) {
		const struct setting *setting = &job->settings.at[i];
		if (setting->fate != SETTING_REFUSED)
			continue;
		report_message(&job->report, job->is_boot ? REPORT_WARNING : REPORT_ERROR,
			       &setting->wanted->place, "cannot set %s to %s: %s",
			       setting->wanted->key, setting->wanted->value,
			       setting_reason(setting));
		pass = job->is_boot;
	}
	return pass;
}

static void origins_of_generation(struct arena *arena, const struct generation *generation,
				  struct origins *out)
{
	if (!origins_read(arena, generation->parts[PART_ORIGINS], out))
		*out = (struct origins){ 0 };
}

static uint32_t count_lines(struct text text)
{
	uint32_t lines = 0;
	for (size_t i = 0; i < text.n; i++)
		lines += text.s[i] == '\n';
	return lines;
}

void job_origins_now(const struct job *job, struct origins *out)
{
	origins_of_generation(job->arena, &job->now, out);
}

void job_origins_goal(const struct job *job, struct origins *out)
{
	if (job->flywall)
		origins_of(job->arena, job->flywall, count_lines(job->goal.parts[PART_RULESET]),
			   out);
	else
		origins_of_generation(job->arena, &job->goal, out);
}

static bool settings_are_done(const struct settings *settings)
{
	for (size_t i = 0; i < settings->n; i++)
		if (settings->at[i].fate == SETTING_CHANGE || settings->at[i].fate == SETTING_LATER)
			return false;
	return true;
}

bool job_is_done(const struct job *job)
{
	return settings_are_done(&job->settings) && job->released.n == 0 &&
	       job->routing.added.n == 0 && job->routing.removed.n == 0 &&
	       change_is_empty(job->change);
}
