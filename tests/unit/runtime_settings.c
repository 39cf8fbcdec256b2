#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "runtime/scope.h"
#include "runtime/settings.h"

#define SYSCTL(key, value)                                                                         \
	{                                                                                          \
		.kind = FLYWALL_SET_SYSCTL, key, value                                             \
	}

/* A host of files: a/one is 1, a/two is 2, module m has on = N. */
struct host {
	char root[64], module[96];
	struct setting_roots roots;
};

static void put(const struct host *host, const char *name, const char *value)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", host->root, name);
	FILE *file = fopen(path, "w");
	check(file);
	fprintf(file, "%s\n", value);
	fclose(file);
}

static void make_folder(const struct host *host, const char *name)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", host->root, name);
	check(mkdir(path, 0700) == 0);
}

static void expect(const struct host *host, const char *name, const char *value)
{
	char path[128], have[32] = "";
	snprintf(path, sizeof path, "%s/%s", host->root, name);
	FILE *file = fopen(path, "r");
	check(file && fgets(have, sizeof have, file));
	fclose(file);
	have[strcspn(have, "\n")] = '\0';
	check_text(have, value);
}

static int host_make(void **state)
{
	static struct host host;

	snprintf(host.root, sizeof host.root, "/tmp/flywall_unit_XXXXXX");
	check(mkdtemp(host.root));
	snprintf(host.module, sizeof host.module, "%s/modules", host.root);
	host.roots = (struct setting_roots){ host.root, host.module };
	make_folder(&host, "a");
	make_folder(&host, "modules");
	make_folder(&host, "modules/m");
	make_folder(&host, "modules/m/parameters");
	put(&host, "a/one", "1");
	put(&host, "a/two", "2");
	put(&host, "modules/m/parameters/on", "N");
	*state = &host;
	return 0;
}

static int host_remove(void **state)
{
	static const char *const names[] = {
		"a/one",     "a/two",	"a", "modules/m/parameters/on", "modules/m/parameters",
		"modules/m", "modules", ".",
	};
	const struct host *host = *state;

	for (size_t i = 0; i < countof(names); i++) {
		char path[128];
		snprintf(path, sizeof path, "%s/%s", host->root, names[i]);
		(void)remove(i + 1 < countof(names) ? path : host->root);
	}
	return 0;
}

#define HOST_TEST(name) static void name(void **state)
#define host_test(name) cmocka_unit_test_setup_teardown(name, host_make, host_remove)

HOST_TEST(settings_tell_what_is_to_change)
{
	static const struct flywall_setting wanted[] = {
		SYSCTL("a.one", "1"),
		SYSCTL("a.two", "3"),
		SYSCTL("a.three", "3"),
		{ .kind = FLYWALL_SET_SYSCTL, "a.four", "4", .init_only = true },
		{ .kind = FLYWALL_SET_MODULE_PARAMETER, "m.on", "0" },
		{ .kind = FLYWALL_SET_MODULE_PARAMETER, "absent.on", "0" },
	};
	static const enum setting_fate fates[] = {
		SETTING_SAME,	 SETTING_CHANGE, SETTING_REFUSED,
		SETTING_SKIPPED, SETTING_SAME,	 SETTING_REFUSED,
	};
	autoarena struct arena *arena = arena_new();
	const struct host *host = *state;
	struct settings settings;

	make_folder(host, "modules/nf_conntrack");
	settings_plan(arena, &host->roots, wanted, countof(wanted), true, &settings);
	for (size_t i = 0; i < countof(wanted); i++)
		check_number(settings.at[i].fate, fates[i]);
	check_text(settings.at[1].old, "2");
	check_number(settings.at[2].error, ENOENT);

	settings_plan(arena, &host->roots, wanted, countof(wanted), false, &settings);
	check_number(settings.at[2].fate, SETTING_REFUSED);
	check_number(settings.at[5].fate, SETTING_LATER);

	char path[128];
	snprintf(path, sizeof path, "%s/modules/nf_conntrack", host->root);
	check(remove(path) == 0);
	settings_plan(arena, &host->roots, wanted, countof(wanted), false, &settings);
	check_number(settings.at[2].fate, SETTING_LATER);
}

HOST_TEST(settings_are_written_and_put_back)
{
	static const struct flywall_setting wanted[] = { SYSCTL("a.one", "7"),
							 SYSCTL("a.two", "8") };
	autoarena struct arena *arena = arena_new();
	const struct host *host = *state;
	const struct setting *failed;
	struct settings settings;

	settings_plan(arena, &host->roots, wanted, countof(wanted), true, &settings);
	check_number(settings_write(&settings, &failed), 0);
	expect(host, "a/one", "7");
	expect(host, "a/two", "8");
	check_number(settings_restore(&settings), 0);
	expect(host, "a/one", "1");
	expect(host, "a/two", "2");
	put(host, "a/one", "5");
	check_number(settings_restore(&settings), 0);
	expect(host, "a/one", "5");
}

/* What is written over a longer value is read back as something else, as from a kernel that refuses
 * in silence. */
HOST_TEST(settings_that_do_not_hold_are_a_failure)
{
	static const struct flywall_setting wanted[] = { SYSCTL("a.one", "7"),
							 SYSCTL("a.two", "8") };
	autoarena struct arena *arena = arena_new();
	const struct host *host = *state;
	const struct setting *failed = NULL;
	struct settings settings;

	put(host, "a/two", "222");
	settings_plan(arena, &host->roots, wanted, countof(wanted), true, &settings);
	check_number(settings_write(&settings, &failed), -ERANGE);
	check(failed == &settings.at[1]);
	check_number(settings_restore(&settings), 0);
	expect(host, "a/one", "1");
	expect(host, "a/two", "222");
}

TEST(setting_holds_in_the_kernels_spelling)
{
	static const struct {
		struct flywall_setting wanted;
		const char *value;
		bool holds;
	} rows[] = {
		/* clang-format off */
		{ SYSCTL("a", "30"), "30", true },
		{ SYSCTL("a", "30"), "31", false },
		{ SYSCTL("a", "30"), "-1", false },
		{ SYSCTL("a", "30"), "", false },
		{ SYSCTL("a", "word"), "word", true },
		{ SYSCTL("a", "1"), "Y", false },
		{ SYSCTL("net.netfilter.nf_conntrack_buckets", "512"), "512", true },
		{ SYSCTL("net.netfilter.nf_conntrack_buckets", "1024"), "512", false },
		{ SYSCTL("net.netfilter.nf_conntrack_max", "100000"), "100352", false },
		{ { .kind = FLYWALL_SET_MODULE_PARAMETER, "m.on", "1" }, "Y", true },
		{ { .kind = FLYWALL_SET_MODULE_PARAMETER, "m.on", "0" }, "Y", false },
		{ { .kind = FLYWALL_SET_MODULE_PARAMETER, "m.on", "0" }, "N", true },
		{ { .kind = FLYWALL_SET_MODULE_PARAMETER, "m.on", "1" }, "1", true },
		/* clang-format on */
	};

	for (size_t i = 0; i < countof(rows); i++)
		check(setting_holds(&rows[i].wanted, rows[i].value) == rows[i].holds);
}

TEST(setting_of_buckets_is_rounded_up_to_pages)
{
	static const struct flywall_setting wanted =
		SYSCTL("net.netfilter.nf_conntrack_buckets", "100000");
	long page = sysconf(_SC_PAGESIZE) / (long)sizeof(void *);
	char value[32];

	snprintf(value, sizeof value, "%ld", (100000 + page - 1) / page * page);
	check(setting_holds(&wanted, value));
	snprintf(value, sizeof value, "%ld", (100000 + page - 1) / page * page + page);
	check(!setting_holds(&wanted, value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		host_test(settings_tell_what_is_to_change),
		host_test(settings_are_written_and_put_back),
		host_test(settings_that_do_not_hold_are_a_failure),
		cmocka_unit_test(setting_holds_in_the_kernels_spelling),
		cmocka_unit_test(setting_of_buckets_is_rounded_up_to_pages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
