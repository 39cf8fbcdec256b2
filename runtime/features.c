#include "runtime/features.h"

#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

#include "flywall/flywall.h"
#include "runtime/load.h"

/* The smallest ruleset that needs the feature, in a table that never comes to be: it is checked and
 * not committed. The kernel says of what it does not have that there is no such file, so only a
 * ruleset with nothing else in it tells. */
static const struct feature {
	const char *name, *fragment, *module, *option;
} features[] = {
	[FLYWALL_NEEDS_FLOWTABLE] = { "flow tables",
				      "table inet flywall_probe { flowtable probe { hook ingress "
				      "priority 0; }; }",
				      "nf_flow_table_inet", "CONFIG_NF_FLOW_TABLE_INET" },
	[FLYWALL_NEEDS_SYNPROXY] = { "synproxy",
				     "table inet flywall_probe { chain probe { synproxy mss 1460; "
				     "}; }",
				     "nft_synproxy", "CONFIG_NFT_SYNPROXY" },
};

static bool feature_is_there(const struct feature *feature)
{
	autofree char *messages = NULL;
	return ruleset_check_text(feature->fragment, &messages);
}

/* Seconds east of Greenwich, of the machine and of the kernel's own clock. */
static long zone_of_machine(void)
{
	time_t now = time(NULL);
	struct tm local;
	return localtime_r(&now, &local) ? local.tm_gmtoff : 0;
}

static long zone_of_kernel(void)
{
	struct timeval now;
	struct timezone zone = { 0 };
	/* The C library's own function always says Greenwich. */
	syscall(SYS_gettimeofday, &now, &zone);
	return zone.tz_minuteswest * -60L;
}

static void check_days(const struct flywall_requirement *requirement, const struct report *report)
{
	long machine = zone_of_machine(), kernel = zone_of_kernel();
	if (machine == kernel)
		return;
	report_message(report, REPORT_WARNING, &requirement->place,
		       "days begin at %02ld:%02ld, not at midnight: the kernel's time zone is "
		       "another one",
		       ((machine - kernel) / 3600 + 24) % 24, labs(machine - kernel) / 60 % 60);
	report_help(report, "hwclock --systz tells the kernel the machine's time zone");
}

static bool check(struct flywall *flywall, const struct report *report,
		  const struct flywall_requirement *requirement)
{
	const struct feature *feature = &features[requirement->need];
	if (feature_is_there(feature))
		return true;
	report_message(report, requirement->is_optional ? REPORT_WARNING : REPORT_ERROR,
		       &requirement->place, "this kernel has no %s%s", feature->name,
		       requirement->is_optional ? ", so what needs them is left out" : "");
	report_note(report, "the kernel's option is %s, its module %s", feature->option,
		    feature->module);
	if (requirement->is_optional)
		flywall_do_without(flywall, requirement);
	return requirement->is_optional;
}

bool features_take_absent(void)
{
	static const char probe[] = "table netdev flywall_probe { chain probe { type filter hook "
				    "ingress device \"flywall-none\" priority 0; }; }";
	autofree char *messages = NULL;
	return ruleset_check_text(probe, &messages);
}

bool features_check(struct flywall *flywall, const struct report *report)
{
	const struct flywall_requirement *list;
	size_t n = flywall_requirements(flywall, &list);
	bool passes = true;
	for (size_t i = 0; i < n; i++)
		if (list[i].need == FLYWALL_NEEDS_DAYS)
			check_days(&list[i], report);
		else
			passes &= check(flywall, report, &list[i]);
	return passes;
}
