#include "lower/feature.h"

#include <inttypes.h>
#include <string.h>

static struct ir_setting *sysctl(struct lowering *lowering, const char *name, uint64_t value,
				 struct span at)
{
	struct ir_setting *setting = push(lowering->arena, &lowering->out->settings);
	setting->kind = IR_SYSCTL;
	setting->key = arena_printf(lowering->arena, "net.netfilter.%s", name);
	setting->value = arena_printf(lowering->arena, "%" PRIu64, value);
	setting->at = at;
	return setting;
}

static void table_size(struct lowering *lowering)
{
	const struct conntrack *conntrack = &lowering->config->conntrack;
	const struct {
		const char *name;
		const struct field_number *field;
	} rows[] = {
		{ "nf_conntrack_max", &conntrack->max_connections },
		{ "nf_conntrack_buckets", &conntrack->buckets },
	};

	for (size_t i = 0; i < countof(rows); i++) {
		if (!field_is_set(*rows[i].field))
			continue;
		struct ir_setting *setting =
			sysctl(lowering, rows[i].name, rows[i].field->value, rows[i].field->at);
		setting->init_only = true;
		setting->global = true;
	}
}

static void timeouts(struct lowering *lowering)
{
	const struct timeouts *timeouts = &lowering->config->conntrack.timeouts;
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		if (field_is_set(timeouts->of[i]) && timeout_rows[i].sysctl)
			sysctl(lowering, timeout_rows[i].sysctl, timeouts->of[i].value,
			       timeouts->of[i].at);
}

static void switches(struct lowering *lowering)
{
	const struct conntrack *conntrack = &lowering->config->conntrack;
	const struct {
		const char *name;
		const struct field_bool *field;
	} rows[] = {
		{ "nf_conntrack_acct", &conntrack->accounting },
		{ "nf_conntrack_timestamp", &conntrack->timestamps },
		{ "nf_conntrack_tcp_loose", &conntrack->tcp_loose },
		{ "nf_conntrack_tcp_be_liberal", &conntrack->tcp_liberal },
	};

	for (size_t i = 0; i < countof(rows); i++)
		if (field_is_set(*rows[i].field))
			sysctl(lowering, rows[i].name, rows[i].field->value, rows[i].field->at);
}

/* With the kernel's default, a connection that began before anybody listened reports nothing, not
 * even its end, and what the rules say of events is without effect. */
static void events(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	struct span at = config->conntrack.events.at;
	for (uint32_t i = 0; !span_is_set(at) && i < config->zones.n; i++)
		at = config->zones.at[i].conntrack.events.at;
	if (span_is_set(at))
		sysctl(lowering, "nf_conntrack_events", 1, at);
}

static void need_module(struct lowering *lowering, const char *name)
{
	for (uint32_t i = 0; i < lowering->out->modules.n; i++)
		if (strcmp(lowering->out->modules.at[i], name) == 0)
			return;
	*push(lowering->arena, &lowering->out->modules) = name;
}

static void helper_modules(struct lowering *lowering, const struct zone *zone)
{
	const struct helper_use *uses[HELPER_COUNT];
	helpers_resolve(lowering->config, zone, uses);
	for (int helper = 0; helper < HELPER_COUNT; helper++) {
		if (!uses[helper])
			continue;
		need_module(lowering, helper_rows[helper].module);
		if (helper_rows[helper].nat_module)
			need_module(lowering, helper_rows[helper].nat_module);
	}
}

static void helpers(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	helper_modules(lowering, NULL);
	for (uint32_t i = 0; i < config->zones.n; i++)
		helper_modules(lowering, &config->zones.at[i]);

	for (int helper = 0; helper < HELPER_COUNT; helper++) {
		const struct field_bool *loose = &config->conntrack.helpers[helper].loose;
		if (!field_is_set(*loose))
			continue;
		struct ir_setting *setting = push(lowering->arena, &lowering->out->settings);
		setting->kind = IR_MODULE_PARAMETER;
		setting->key =
			arena_printf(lowering->arena, "%s.loose", helper_rows[helper].module);
		setting->value = loose->value ? "1" : "0";
		setting->global = true;
		setting->at = loose->at;
	}
}

void lower_settings(struct lowering *lowering)
{
	table_size(lowering);
	timeouts(lowering);
	switches(lowering);
	if (!lowering->config->conntrack.enabled.value)
		return;
	events(lowering);
	need_module(lowering, "nf_conntrack");
	helpers(lowering);
	if (lowering->config->conntrack.log_invalid.value)
		need_module(lowering, "nfnetlink_log");
}
