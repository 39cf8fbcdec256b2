#include "runtime/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

const struct setting_roots setting_roots_of_host = { "/proc/sys", "/sys/module" };

/* The file of a setting: "net.netfilter.x" is <sysctl>/net/netfilter/x, "module.x" is
 * <module>/module/parameters/x. */
static const char *setting_path(struct arena *arena, const struct setting_roots *roots,
				const struct flywall_setting *setting)
{
	const char *dot = strchr(setting->key, '.');

	if (setting->kind == FLYWALL_SET_MODULE_PARAMETER && dot)
		return arena_printf(arena, "%s/%.*s/parameters/%s", roots->module,
				    (int)(dot - setting->key), setting->key, dot + 1);
	char *name = text_copy(arena, text_of(setting->key));
	for (char *c = name; *c; c++)
		if (*c == '.')
			*c = '/';
	return arena_printf(arena, "%s/%s", roots->sysctl, name);
}

static int value_read(const char *path, char value[SETTING_VALUE_MAX])
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ssize_t n = read(fd, value, SETTING_VALUE_MAX - 1);
	if (n < 0)
		return -errno;
	if (n == SETTING_VALUE_MAX - 1)
		return -EOVERFLOW;
	while (n > 0 && (value[n - 1] == '\n' || value[n - 1] == ' '))
		n--;
	value[n] = '\0';
	return 0;
}

static int value_write(const char *path, const char *value)
{
	size_t n = strlen(value);
	autoclose int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ssize_t written = write(fd, value, n);
	if (written < 0)
		return -errno;
	return (size_t)written == n ? 0 : -EIO;
}

/* Opening tells more than access(2): it knows of read-only mounts and of the kernel's own rules. It
 * writes nothing. */
static int writable_check(const char *path)
{
	autoclose int fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 ? -errno : 0;
}

/* The kernel gives the settings of the first network namespace to others without the right to
 * write, or not at all. */
static bool belongs_elsewhere(const char *path)
{
	struct stat known;
	return stat(path, &known) < 0 || (known.st_mode & 0222) == 0;
}

static bool is_number(const char *text, unsigned long long *number)
{
	char *end;
	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*number = strtoull(text, &end, 10);
	return errno == 0 && *end == '\0';
}

static bool is_switch(const char *text, bool *on)
{
	static const char words[] = "NnYy";
	const char *found = *text && !text[1] ? strchr(words, *text) : NULL;
	if (!found)
		return false;
	*on = found - words >= 2;
	return true;
}

static bool counts_buckets(const char *key)
{
	return strcmp(key, "net.netfilter.nf_conntrack_buckets") == 0 ||
	       strcmp(key, "nf_conntrack.hashsize") == 0;
}

bool setting_holds(const struct flywall_setting *wanted, const char *value)
{
	unsigned long long want, have;
	bool on;

	if (!is_number(wanted->value, &want))
		return strcmp(wanted->value, value) == 0;
	if (wanted->kind == FLYWALL_SET_MODULE_PARAMETER && is_switch(value, &on))
		return want == on;
	if (!is_number(value, &have))
		return false;
	if (!counts_buckets(wanted->key))
		return want == have;
	unsigned long long page = (unsigned long long)sysconf(_SC_PAGESIZE) / sizeof(void *);
	unsigned long long rounded = (want + page - 1) / page * page;
	return have == want || have == (rounded ? rounded : page);
}

/* The module that brings the setting is not in the kernel. One without parameters that is built in
 * does not show either, but it brings no settings. */
static bool module_is_absent(const struct setting_roots *roots,
			     const struct flywall_setting *setting)
{
	char path[PATH_MAX];
	int length =
		setting->kind == FLYWALL_SET_MODULE_PARAMETER ? (int)strcspn(setting->key, ".") : 0;
	snprintf(path, sizeof path, "%s/%.*s", roots->module,
		 length ? length : (int)strlen("nf_conntrack"),
		 length ? setting->key : "nf_conntrack");
	return access(path, F_OK) != 0;
}

static enum setting_fate setting_look(const struct setting_roots *roots, bool modules_loaded,
				      struct setting *setting)
{
	setting->error = -value_read(setting->path, setting->old);
	if (!setting->error && setting_holds(setting->wanted, setting->old))
		return SETTING_SAME;
	if (!setting->error)
		setting->error = -writable_check(setting->path);
	if (!setting->error)
		return SETTING_CHANGE;
	if (setting->error == ENOENT && !modules_loaded && module_is_absent(roots, setting->wanted))
		return SETTING_LATER;
	if (setting->wanted->init_only && belongs_elsewhere(setting->path))
		return SETTING_SKIPPED;
	return SETTING_REFUSED;
}

void settings_plan(struct arena *arena, const struct setting_roots *roots,
		   const struct flywall_setting *wanted, size_t n, bool modules_loaded,
		   struct settings *out)
{
	struct settings settings = { n ? arena_array(arena, n, sizeof(struct setting)) : NULL, n };

	for (size_t i = 0; i < n; i++) {
		struct setting *setting = &settings.at[i];
		setting->wanted = &wanted[i];
		setting->path = setting_path(arena, roots, &wanted[i]);
		setting->fate = setting_look(roots, modules_loaded, setting);
	}
	*out = settings;
}

static int setting_write(struct setting *setting)
{
	char now[SETTING_VALUE_MAX];

	/* Set first: a write that fails may still have had an effect. */
	setting->is_written = true;
	int error = value_write(setting->path, setting->wanted->value);
	if (error)
		return error;
	error = value_read(setting->path, now);
	if (error)
		return error;
	return setting_holds(setting->wanted, now) ? 0 : -ERANGE;
}

int settings_write(struct settings *settings, const struct setting **failed)
{
	for (size_t i = 0; i < settings->n; i++) {
		struct setting *setting = &settings->at[i];
		if (setting->fate != SETTING_CHANGE)
			continue;
		int error = setting_write(setting);
		if (error) {
			*failed = setting;
			return error;
		}
	}
	return 0;
}

size_t settings_restore(struct settings *settings)
{
	size_t lost = 0;

	for (size_t i = settings->n; i-- > 0;) {
		struct setting *setting = &settings->at[i];
		char now[SETTING_VALUE_MAX];
		if (!setting->is_written)
			continue;
		/* Reading back decides, so that a failed write of what already stands does not
		 * count. */
		(void)value_write(setting->path, setting->old);
		setting->is_written =
			value_read(setting->path, now) != 0 || strcmp(now, setting->old) != 0;
		lost += setting->is_written;
	}
	return lost;
}
