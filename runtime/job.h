/* What applying a configuration works on. */
#pragma once
#include "runtime/memory.h"
#include "runtime/report.h"
#include "runtime/routing.h"
#include "runtime/settings.h"

struct flywall;

struct job {
	struct arena *arena;
	struct flywall *flywall;
	struct report report;
	struct memory ruleset;
	struct settings settings;
	struct routing routing;
};

/* Asks the kernel for what the ruleset requires, emits it, and looks at the settings, rules and
 * routes. Says what failed; returns the
 * exit status. Where `loads_modules`, the modules that the ruleset needs are loaded first. */
must_check int job_open(struct flywall *flywall, bool loads_modules, struct job *out);
void job_close(struct job *job);

#define autojob __attribute__((cleanup(job_close)))

/* Reports the settings that cannot be written and have to be; true where there are none. */
bool job_settings_pass(const struct job *job);

/* Why a setting is skipped or refused, as the end of a sentence. */
const char *setting_reason(const struct setting *setting);
