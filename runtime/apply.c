#include "runtime/apply.h"

#include <string.h>

#include "flywall/flywall.h"
#include "runtime/confirm.h"
#include "runtime/guard.h"
#include "runtime/load.h"
#include "runtime/pending.h"
#include "runtime/preview.h"
#include "runtime/private.h"
#include "runtime/program.h"
#include "runtime/timeouts.h"
#include "runtime/transition.h"

static int write_fail(const struct hold *hold, int error)
{
	return program_fail(STATUS_SYSTEM, "cannot write to %s: %s", hold->store.path,
			    strerror(-error));
}

/* Where what is wanted is what is kept already, no second copy of it is. */
static int keep_goal(const struct hold *hold, struct job *job, bool *is_new)
{
	*is_new = job->now.flaw || !generation_equal(&job->now, &job->goal);
	if (*is_new) {
		struct origins origins;
		job_origins_goal(job, &origins);
		job->goal.parts[PART_ORIGINS] = origins_write(job->arena, &origins);
		int error = generation_add(job->arena, &hold->store, &job->goal);
		return error ? write_fail(hold, error) : STATUS_DONE;
	}
	job->goal.number = job->now.number;
	job->goal.digest = job->now.digest;
	return STATUS_DONE;
}

/* Where what is in force is damaged or unknown, it is still that or an earlier one, and never the
 * open host. */
static uint32_t previous_of(const struct hold *hold, const struct job *job)
{
	uint32_t newest;
	if (job->now.number != GENERATION_NONE)
		return job->now.number;
	newest = generation_before(job->arena, &hold->store, GENERATION_NONE);
	return newest != GENERATION_NONE ? newest : 0;
}

static int await_confirmation(const struct hold *hold, const struct job *job,
			      struct pending *pending)
{
	*pending = (struct pending){
		.generation = job->goal.number,
		.previous = previous_of(hold, job),
		.deadline = boot_milliseconds() + (int64_t)hold->request->confirm * 1000,
		.here = hold->here,
	};
	int error = guard_start(hold, pending);
	return error ? program_fail(STATUS_SYSTEM, "cannot wait for the confirmation: %s",
				    strerror(-error))
		     : STATUS_DONE;
}

/* As if nobody had asked. */
static void forget_goal(const struct hold *hold, const struct job *job,
			const struct pending *pending)
{
	if (pending->guard) {
		guard_end(pending);
		int error = pending_remove(&hold->store);
		if (error)
			write_fail(hold, error);
	}
	generation_remove(&hold->store, job->goal.number);
}

/* It is in force; from now on it is also what the directory says. */
static int point_there(const struct hold *hold, const struct job *job, bool awaits)
{
	int error = store_point(&hold->store, LINK_CURRENT, job->goal.number);
	if (!error && !awaits)
		error = generation_keep(&hold->store, job->goal.number);
	if (!error)
		transition_end(hold);
	return error;
}

/* What is in force must be what boots: where that cannot be written, it must not stay. */
static int settle(const struct hold *hold, const struct job *job, const struct pending *pending,
		  bool is_new)
{
	int error = point_there(hold, job, pending->guard != 0);
	if (!error) {
		generations_prune(job->arena, &hold->store, pending->previous);
		return STATUS_DONE;
	}
	write_fail(hold, error);
	if (is_new && transition_restore(hold, previous_of(hold, job), false) == STATUS_DONE) {
		program_say("what was in force before has been put back");
		forget_goal(hold, job, pending);
	}
	return STATUS_SYSTEM;
}

static int change_host(const struct hold *hold, struct job *job, bool is_new)
{
	struct pending pending = { .previous = GENERATION_NONE };
	int status = STATUS_DONE;

	if (hold->request->confirm > 0 && is_new)
		status = await_confirmation(hold, job, &pending);
	if (status == STATUS_DONE)
		status = transition_run(job);
	if (status == STATUS_DONE)
		return settle(hold, job, &pending, is_new);
	if (is_new)
		forget_goal(hold, job, &pending);
	return status;
}

/* A job that is done already is no reason to write anything. */
static bool is_settled(const struct hold *hold, const struct job *job, bool is_new)
{
	return !is_new && job_is_done(job) &&
	       store_follow(&hold->store, LINK_CURRENT) == job->goal.number &&
	       store_follow(&hold->store, LINK_CONFIRMED) == job->goal.number;
}

static int refuse_second(const struct pending *pending)
{
	program_fail(STATUS_NO, "generation %u awaits its confirmation, %lld s are left",
		     pending->generation, (long long)pending_seconds(pending));
	fputs("  help: flywall-apply confirm keeps it, flywall-apply rollback takes it back\n",
	      stderr);
	return STATUS_NO;
}

/* `*awaits`: the change is done and awaits its confirmation. */
static int apply_locked(const struct request *request, struct flywall *flywall, bool *awaits)
{
	autohold struct hold hold = HOLD_NONE;
	autojob struct job job = { .ruleset = MEMORY_NONE };
	struct pending pending;
	bool is_new;

	int status = hold_take(request, HOLD_MAKE, &hold);
	if (status == STATUS_DONE)
		status = pending_settle(&hold, &pending, awaits);
	if (status == STATUS_DONE && *awaits)
		status = refuse_second(&pending);
	*awaits = false;
	if (status == STATUS_DONE)
		status = job_open_config(&hold, flywall, true, &job);
	if (status == STATUS_DONE && !job_settings_pass(&job))
		status = STATUS_SYSTEM;
	if (status == STATUS_DONE)
		status = keep_goal(&hold, &job, &is_new);
	if (status == STATUS_DONE && !is_new && request->confirm > 0)
		program_say("this is generation %u already: there is nothing to confirm",
			    job.goal.number);
	if (status != STATUS_DONE || is_settled(&hold, &job, is_new))
		return status;
	status = change_host(&hold, &job, is_new);
	*awaits = status == STATUS_DONE && request->confirm > 0 && is_new;
	return status;
}

static void say_how_to_confirm(const struct request *request)
{
	program_say("this is taken back in %u s, unless you keep it: flywall-apply confirm",
		    request->confirm);
}

int apply_run(const struct request *request, char *const paths[])
{
	autoflywall struct flywall *flywall = flywall_new();
	bool awaits = false;

	if (!request_compile(request, paths, flywall))
		return STATUS_NO;
	if (request->is_preview)
		return preview_show(request, flywall);
	if (request->is_interactive && !confirm_can_ask())
		return program_fail(STATUS_USAGE, "--interactive needs a terminal to ask on; "
						  "--confirm needs none");
	int status = apply_locked(request, flywall, &awaits);
	if (awaits && request->is_interactive)
		return confirm_ask(request);
	if (awaits)
		say_how_to_confirm(request);
	return status;
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
