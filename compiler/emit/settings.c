#include "emit/emit.h"

#include <string.h>

static bool has_init_only(const struct ruleset *ruleset)
{
	for (uint32_t i = 0; i < ruleset->settings.n; i++)
		if (ruleset->settings.at[i].init_only)
			return true;
	return false;
}

void emit_sysctl(const struct ruleset *ruleset, FILE *out)
{
	fputs("# Settings that the ruleset relies on: see sysctl.d(5).\n", out);
	if (has_init_only(ruleset))
		fputs("# Of the first network namespace alone: nf_conntrack_max, "
		      "nf_conntrack_buckets.\n",
		      out);
	for (uint32_t i = 0; i < ruleset->settings.n; i++) {
		const struct ir_setting *setting = &ruleset->settings.at[i];
		if (setting->kind == IR_SYSCTL)
			fprintf(out, "%s = %s\n", setting->key, setting->value);
	}
}

void emit_modules(const struct ruleset *ruleset, FILE *out)
{
	fputs("# modprobe.d: options of modules\n", out);
	for (uint32_t i = 0; i < ruleset->settings.n; i++) {
		const struct ir_setting *setting = &ruleset->settings.at[i];
		const char *dot = strchr(setting->key, '.');
		if (setting->kind == IR_MODULE_PARAMETER)
			fprintf(out, "options %.*s %s=%s\n", (int)(dot - setting->key),
				setting->key, dot + 1, setting->value);
	}
	fputs("\n# modules-load.d: modules that the ruleset needs\n", out);
	for (uint32_t i = 0; i < ruleset->modules.n; i++)
		fprintf(out, "%s\n", ruleset->modules.at[i]);
}
