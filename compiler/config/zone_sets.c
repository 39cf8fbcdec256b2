#include "config/conditions.h"

#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include "config/names.h"
#include "config/resolve.h"
#include "schema/fault.h"
#include "schema/schema.h"

static bool is_glob(const char *name)
{
	return strpbrk(name, "*?") != NULL;
}

static bool stands_for_all(const char *name)
{
	return strcasecmp(name, "any") == 0 || strcasecmp(name, "all") == 0;
}

static void add_zone(struct zone_set *set, const struct zone *zone)
{
	set->bits[zone->id / 64] |= UINT64_C(1) << zone->id % 64;
	set->count++;
}

static void add_matching(const struct config *config, const char *pattern, struct zone_set *set)
{
	for (uint32_t i = 0; i < config->zones.n; i++)
		if (fnmatch(pattern, config->zones.at[i].name, FNM_CASEFOLD) == 0)
			add_zone(set, &config->zones.at[i]);
}

/* No two zones differ in case alone. */
static const struct zone *find_zone(const struct config *config, const char *name)
{
	for (uint32_t i = 0; i < config->zones.n; i++)
		if (strcasecmp(config->zones.at[i].name, name) == 0)
			return &config->zones.at[i];
	return NULL;
}

static void report_unknown(struct scope *scope, const struct config *config,
			   const struct field_text *written)
{
	struct diag *d = diag_error(scope->diags, D_UNKNOWN_ZONE, written->at);
	struct name_list names = { .stride = sizeof *config->zones.at, .n = config->zones.n };
	if (names.n > 0)
		names.first = &config->zones.at[0].name;
	diag_say(d, "no zone is named %s", fault_quote(scope->arena, text_of(written->value)));
	if (names.n == 0) {
		diag_help(d, "declare it: zone \"%s\" {", written->value);
		return;
	}
	diag_note(d, config->zones.at[0].name_at, "zones are declared here");
	fault_help_names(scope, d, written->value, names);
}

/* A pattern of a larger configuration may wait for zones that come later. */
static void warn_no_zone(struct scope *scope, const struct field_text *written)
{
	struct diag *d = diag_warning(scope->diags, D_GLOB_EMPTY, written->at);
	diag_say(d, "no zone is like %s", fault_quote(scope->arena, text_of(written->value)));
}

void zone_set_resolve(struct scope *scope, const struct config *config,
		      const struct field_text *written, struct zone_set *out)
{
	if (!written->value)
		return;
	struct zone_set set = { .written = written->value, .at = written->at };
	const struct zone *zone = find_zone(config, written->value);
	if (zone) {
		set.is_exact = true;
		set.written = zone->name;
		add_zone(&set, zone);
	} else if (zone_name_is_self(written->value)) {
		set.is_self = set.is_exact = true;
	} else if (stands_for_all(written->value)) {
		add_matching(config, "*", &set);
	} else if (is_glob(written->value)) {
		add_matching(config, written->value, &set);
		if (set.count == 0)
			warn_no_zone(scope, written);
	} else {
		report_unknown(scope, config, written);
	}
	*out = set;
}
