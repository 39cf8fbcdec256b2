/* From what a host has to what a configuration or a generation wants: looked at whole, then done
 * whole or not at all. */
#pragma once
#include "runtime/change/change.h"
#include "runtime/change/origins.h"
#include "runtime/hold.h"
#include "runtime/memory.h"
#include "runtime/report.h"
#include "runtime/routing.h"
#include "runtime/settings.h"
#include "runtime/store/host.h"
#include "runtime/store/ledger.h"

struct flywall;

/* The file in the state directory that says what the kernel holds. */
#define JOB_LOADED_NAME "loaded.json"

/* The one that says what a change leads to while it is being made. */
#define JOB_BEGUN_NAME "begun.json"

/* The one that says since when timeout objects are left over. */
#define JOB_TIMEOUTS_NAME "timeouts.json"

struct job {
	struct arena *arena;
	struct report report;
	const struct hold *hold;
	struct flywall *flywall;     /* NULL: a generation is wanted, not a configuration */
	bool is_boot;		     /* what is no part of the ruleset may fail */
	struct generation now, goal; /* what is in force; what is wanted, perhaps not kept yet */
	struct generation begun;     /* where a change led to that was interrupted */
	struct host host;	     /* of `goal` */
	struct memory ruleset;	     /* of a configuration */
	struct text wanted;	     /* of `goal`, what this host can have now */
	bool is_partial;	     /* that is not all of it */
	struct ledger ledger;
	struct settings settings;
	struct settings released; /* what `goal` does not mention, with its value before flywall */
	struct ledger lost;	  /* the same where that value is lost */
	struct routing routing;
	struct text timeouts; /* what JOB_TIMEOUTS_NAME says */
	struct change_request request;
	struct change *change;
};

/* Compiles nothing: `flywall` has compiled. Looks at settings, rules, routes and the table. Where
 * `loads_modules`, the modules that the ruleset needs are loaded first. Says what failed; returns
 * the exit status. */
must_check int job_open_config(const struct hold *hold, struct flywall *flywall, bool loads_modules,
			       struct job *out);

enum job_purpose {
	JOB_LOOK,
	JOB_DO,
	JOB_BOOT, /* a ruleset without its settings is better than none */
};

/* The same for a generation. */
must_check int job_open_stored(const struct hold *hold, uint32_t number, enum job_purpose purpose,
			       struct job *out);
void job_close(struct job *job);

#define autojob __attribute__((cleanup(job_close)))

/* Reports the settings that cannot be written and have to be; true where there are none. */
bool job_settings_pass(const struct job *job);

/* Says what could not be done of the ruleset, at its place in the configuration. */
void job_refused(const struct job *job, const char *why);

/* Where the lines of what is in force came from, and of what is wanted; nothing where nobody knows.
 */
void job_origins_now(const struct job *job, struct origins *out);
void job_origins_goal(const struct job *job, struct origins *out);

/* Whether everything is as wanted already. */
bool job_is_done(const struct job *job);

/* Why a setting is skipped or refused, as the end of a sentence. */
const char *setting_reason(const struct setting *setting);
