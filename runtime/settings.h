/* Host settings: sysctls and module parameters, read, written, read back, put back. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "flywall/flywall.h"
#include "runtime/scope.h"

enum setting_fate {
	SETTING_SAME,	 /* has its value already */
	SETTING_CHANGE,	 /* is to be written */
	SETTING_LATER,	 /* not there until a module is loaded */
	SETTING_SKIPPED, /* cannot be written here, and the ruleset means the same without it */
	SETTING_REFUSED, /* cannot be written, and must be */
};

/* The longest value that is kept to be put back. */
enum { SETTING_VALUE_MAX = 128 };

/* One setting, as it stands and as it will be. */
struct setting {
	const struct flywall_setting *wanted;
	const char *path;
	enum setting_fate fate;
	int error;	 /* why it is skipped or refused: an errno value */
	bool is_written; /* by settings_write, so `old` is to be put back */
	char old[SETTING_VALUE_MAX];
};

struct settings {
	struct setting *at;
	size_t n;
};

/* Where /proc/sys and /sys/module are; tests have others. */
struct setting_roots {
	const char *sysctl, *module;
};

extern const struct setting_roots setting_roots_of_host;

/* Looks at each setting without changing it. SETTING_LATER is only for whoever has not loaded the
 * modules: where `modules_loaded`, what is absent stays absent. */
void settings_plan(struct arena *arena, const struct setting_roots *roots,
		   const struct flywall_setting *wanted, size_t n, bool modules_loaded,
		   struct settings *out);

/* Whether a value that was read is the one that was wanted. The kernel rounds the number of hash
 * buckets up to whole pages, and shows switches of modules as Y and N. */
bool setting_holds(const struct flywall_setting *wanted, const char *value);

/* Writes what is to change and reads each back: some refusals are silent. Stops at the first
 * failure, with what was written before still in place; returns -errno, and the setting in
 * `*failed`. -ERANGE: the kernel made another value of it. */
must_check int settings_write(struct settings *settings, const struct setting **failed);

/* Puts the old values back, the last one first. Returns how many could not be; these keep
 * `is_written`. */
must_check size_t settings_restore(struct settings *settings);
