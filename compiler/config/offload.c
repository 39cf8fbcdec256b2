#include "config/offload.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/units.h"
#include "config/resolve.h"
#include "schema/fault.h"
#include "schema/schema.h"
#include "value/value.h"

/* clang-format off */
static const struct {
	const char *word, *means;
} mss_words[] = {
	{ "true", "pmtu" }, { "pmtu", "pmtu" }, { "auto", "pmtu" }, { "clamp", "pmtu" },
	{ "false", "off" }, { "off", "off" },
};
/* clang-format on */

const char *mss_read(struct scope *scope, struct text text, struct complaint *complaint)
{
	uint32_t size = 0;
	for (size_t i = 0; i < countof(mss_words); i++)
		if (text_is(text, mss_words[i].word))
			return name_intern(scope->names, text_of(mss_words[i].means));
	for (size_t i = 0; i < text.n && size <= MSS_MAX; i++) {
		if (text.s[i] < '0' || text.s[i] > '9') {
			size = 0;
			break;
		}
		size = size * 10 + (uint32_t)(text.s[i] - '0');
	}
	if (size >= MSS_MIN && size <= MSS_MAX)
		return name_intern(scope->names, text);
	complaint->code = D_MSS_SIZE;
	complaint->message = arena_printf(scope->arena, "%s is no size of a segment",
					  fault_quote(scope->arena, text));
	complaint->help = "write \"pmtu\", or bytes from 536 to 65495";
	return NULL;
}

static bool refuse_wildcards(struct scope *scope, const struct field_texts *devices)
{
	for (uint32_t i = 0; i < devices->items.n; i++) {
		const struct field_text *device = &devices->items.at[i];
		if (!strchr(device->value, '*'))
			continue;
		struct diag *d = diag_error(scope->diags, D_FLOWTABLE, device->at);
		diag_say(d, "a flow table needs the exact names of its interfaces");
		return true;
	}
	return false;
}

static bool has_exact_interface(const struct config *config)
{
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		for (uint32_t k = 0; k < zone->matches.n; k++) {
			const struct field_texts *names = &zone->matches.at[k].interfaces;
			for (uint32_t j = 0; j < names->items.n; j++)
				if (!strchr(names->items.at[j].value, '*'))
					return true;
		}
	}
	return false;
}

/* A flow table's name stands in the kernel's names as a set's does. */
static void check_flowtable(struct scope *scope, const struct config *config,
			    const struct flowtable *flowtable)
{
	if (!config->conntrack.enabled.value) {
		struct diag *d = diag_error(scope->diags, D_UNTRACKED, flowtable->at);
		diag_say(d, "only tracked connections can bypass the rules");
		diag_note(d, config->conntrack.enabled.at, "tracking is switched off here");
	}
	if (refuse_wildcards(scope, &flowtable->devices) || field_is_set(flowtable->devices) ||
	    has_exact_interface(config) || !is_sound(scope))
		return;
	struct diag *d = diag_error(scope->diags, D_FLOWTABLE, flowtable->at);
	diag_say(d, "no zone has an interface by its exact name");
	diag_help(d, "set devices");
}

/* Who writes no more than a switch names no interface, and loses nothing but speed. */
static bool skip_offload(struct scope *scope, const struct written_flowtable *written,
			 const struct config *config)
{
	if (!written->enabled.value || field_is_set(written->devices) ||
	    has_exact_interface(config) || !is_sound(scope))
		return false;
	struct diag *d = diag_warning(scope->diags, D_OFFLOADS_NOTHING, written->at);
	diag_say(d, "no zone has an interface by its exact name: nothing is offloaded");
	return true;
}

static void resolve_flowtable(struct scope *scope, const struct written_flowtable *written,
			      const char *name, struct config *config)
{
	if (!written->enabled.value)
		return;
	struct flowtable *flowtable = push(scope->arena, &config->flowtables);
	flowtable->name = name;
	flowtable->devices = written->devices;
	flowtable->hardware = written->hardware;
	flowtable->counter = written->counter;
	flowtable->priority = written->priority;
	flowtable->offload = strcmp(written->offload.value, "required") == 0 ? OFFLOAD_REQUIRED
									     : OFFLOAD_IF_AVAILABLE;
	flowtable->at = written->at;
	check_flowtable(scope, config, flowtable);
}

/* A device of a flow table. */
struct device {
	const char *name;
	const struct flowtable *flowtable;
	struct span at;
};

static int by_name(const void *left, const void *right)
{
	const struct device *a = left, *b = right;
	int order = strcmp(a->name, b->name);
	if (order != 0)
		return order;
	return a->at.start < b->at.start ? -1 : a->at.start > b->at.start;
}

static struct diag *refuse_second(struct scope *scope, struct span at, struct span first)
{
	struct diag *d = diag_error(scope->diags, D_FLOWTABLE, at);
	diag_note(d, first, "the other one is here");
	return d;
}

/* The kernel takes an interface into one flow table alone. */
static void check_devices(struct scope *scope, const struct config *config)
{
	VEC(struct device) devices = { 0 };
	const struct flowtable *all = NULL;
	for (uint32_t i = 0; i < config->flowtables.n; i++) {
		const struct flowtable *flowtable = &config->flowtables.at[i];
		if (!field_is_set(flowtable->devices))
			all = flowtable;
		for (uint32_t k = 0; k < flowtable->devices.items.n; k++)
			*push(scope->arena, &devices) =
				(struct device){ flowtable->devices.items.at[k].value, flowtable,
						 flowtable->devices.items.at[k].at };
	}
	if (all && config->flowtables.n > 1) {
		struct diag *d = refuse_second(
			scope, all->at, config->flowtables.at[all == config->flowtables.at].at);
		diag_say(d, "a flow table of all interfaces leaves none for another one");
		return;
	}
	if (devices.n > 0)
		qsort(devices.at, devices.n, sizeof *devices.at, by_name);
	for (uint32_t i = 1; i < devices.n; i++) {
		if (devices.at[i - 1].name != devices.at[i].name)
			continue;
		struct diag *d = refuse_second(scope, devices.at[i].at, devices.at[i - 1].at);
		diag_say(d, "%s is in two flow tables", devices.at[i].name);
	}
}

static void check_names(struct scope *scope, const struct config *config)
{
	for (uint32_t i = 1; i < config->flowtables.n; i++)
		for (uint32_t k = 0; k < i; k++)
			if (config->flowtables.at[i].name == config->flowtables.at[k].name) {
				struct diag *d = refuse_second(scope, config->flowtables.at[i].at,
							       config->flowtables.at[k].at);
				diag_say(d, "two flow tables have the name \"%s\"",
					 config->flowtables.at[i].name);
			}
}

static void resolve_mss(struct scope *scope, const struct written_mss *written,
			struct config *config)
{
	if (!span_is_set(written->at) || !written->size.value || !written->enabled.value ||
	    strcmp(written->size.value, "off") == 0)
		return;
	struct mss_clamp *clamp = push(scope->arena, &config->mss_clamps);
	clamp->interfaces = written->interfaces;
	clamp->size.value = strtoul(written->size.value, NULL, 10);
	clamp->size.at = written->size.at;
	clamp->at = written->at;
}

void offload_resolve(struct scope *scope, const struct written *written, struct config *config)
{
	for (uint32_t i = 0; i < written->flowtables.n; i++)
		if (written->flowtables.at[i].name.value)
			resolve_flowtable(scope, &written->flowtables.at[i],
					  written->flowtables.at[i].name.value, config);
	if (config->flowtables.n == 0 && span_is_set(written->flow_offload.at) &&
	    !skip_offload(scope, &written->flow_offload, config))
		resolve_flowtable(scope, &written->flow_offload, "offload", config);
	check_names(scope, config);
	check_devices(scope, config);
	resolve_mss(scope, &written->mss_clamping, config);
}
