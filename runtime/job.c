#include "runtime/job.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>

#include "runtime/features.h"
#include "runtime/modules.h"
#include "runtime/program.h"

/* libnftables would only say that something is not permitted. */
static bool may_change_network(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data) < 0)
		return true;
	return data[CAP_TO_INDEX(CAP_NET_ADMIN)].effective & CAP_TO_MASK(CAP_NET_ADMIN);
}

int job_open(struct flywall *flywall, bool loads_modules, struct job *out)
{
	struct report report = { stderr, stream_has_colour(stderr) };
	autojob struct job job = { .flywall = flywall, .report = report, .ruleset = MEMORY_NONE };
	const struct flywall_setting *wanted;
	const char *const *modules;

	if (!may_change_network())
		return program_fail(STATUS_SYSTEM, "this needs CAP_NET_ADMIN: run it as root");
	if (loads_modules) {
		size_t n = flywall_modules(flywall, &modules);
		modules_load(modules, n);
	}
	if (!features_check(flywall, &job.report))
		return STATUS_SYSTEM;
	int error = memory_emit(flywall, FLYWALL_RULESET, &job.ruleset);
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot keep the ruleset in memory: %s",
				    strerror(-error));
	job.arena = arena_new();
	size_t n = flywall_settings(flywall, &wanted);
	settings_plan(job.arena, &setting_roots_of_host, wanted, n, loads_modules, &job.settings);
	error = routing_plan(job.arena, &job.report, flywall, &job.routing);
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot read the routing rules: %s",
				    strerror(-error));
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
		report_message(&job->report, REPORT_ERROR, &setting->wanted->place,
			       "cannot set %s to %s: %s", setting->wanted->key,
			       setting->wanted->value, setting_reason(setting));
		pass = false;
	}
	return pass;
}
