#include "config/resolve.h"

#include <stdlib.h>

#include "schema/schema.h"
#include "value/value.h"

static int by_port(const void *left, const void *right)
{
	const struct field_port *a = left, *b = right;
	if (a->low != b->low)
		return a->low < b->low ? -1 : 1;
	return a->high < b->high ? -1 : a->high > b->high;
}

/* In order, without overlaps: the kernel takes none. Neighbours stay apart, as they are written. */
static void ports_normalise(struct field_ports *ports)
{
	if (ports->items.n == 0)
		return;
	qsort(ports->items.at, ports->items.n, sizeof *ports->items.at, by_port);
	uint32_t kept = 1;
	for (uint32_t i = 1; i < ports->items.n; i++) {
		struct field_port *last = &ports->items.at[kept - 1], port = ports->items.at[i];
		if (port.low > last->high)
			ports->items.at[kept++] = port;
		else if (port.high > last->high)
			last->high = port.high;
	}
	ports->items.n = kept;
}

static void ports_add(struct scope *scope, struct field_ports *ports,
		      const struct field_ports *more)
{
	for (uint32_t i = 0; i < more->items.n; i++)
		*push(scope->arena, &ports->items) = more->items.at[i];
	if (!field_is_set(*ports))
		ports->at = more->at;
}

/* A helper that says nothing of ports watches its usual one; that stays so where another place
 * names more. */
static void ports_of_use(struct scope *scope, enum helper helper, const struct helper_use *use,
			 struct field_ports *out)
{
	ports_add(scope, out, &use->ports);
	for (int i = 0; !field_is_set(use->ports) && i < HELPER_OBJECTS_MAX; i++) {
		const struct helper_object *object = &helper_rows[helper].objects[i];
		if (!object->type || !object->takes_ports)
			continue;
		struct field_port *port = push(scope->arena, &out->items);
		port->low = port->high = object->port;
		port->at = use->at;
	}
}

static void refuse_option(struct scope *scope, enum helper helper, struct span at,
			  const char *option, const char *help)
{
	struct diag *d = diag_error(scope->diags, D_HELPER_OPTION, at);
	diag_say(d, "the helper %s has no option %s", helper_rows[helper].name, option);
	diag_help(d, "%s", help);
}

static void check_options(struct scope *scope, enum helper helper, const struct helper_use *use)
{
	const struct helper_row *row = &helper_rows[helper];
	if (field_is_set(use->media_ports) && !row->media)
		refuse_option(scope, helper, use->media_ports.at, "media_ports",
			      "leave it out: what it opens has no ports that could be narrowed");
	if (field_is_set(use->loose) && !row->has_loose)
		refuse_option(scope, helper, use->loose.at, "loose",
			      "leave it out: the helper's kernel module has no such parameter");
}

static void warn_loose(struct scope *scope, const struct field_bool *loose)
{
	if (!field_is_set(*loose) || !loose->value)
		return;
	struct diag *d = diag_warning(scope->diags, D_LOOSE_IS_GLOBAL, loose->at);
	diag_say(d, "loose holds for the whole machine: all zones and all network namespaces");
}

static void contradiction(struct scope *scope, enum helper helper, const char *what, struct span at,
			  struct span other)
{
	struct diag *d = diag_error(scope->diags, D_HELPER_CONTRADICTION, at);
	diag_say(d, "the helper %s is %s", helper_rows[helper].name, what);
	diag_note(d, other, "the other value stands here");
	diag_help(d, "the kernel has one such helper, for translated traffic and for other");
}

/* What two places say of one helper. */
static struct helper_use merge(struct scope *scope, enum helper helper, const struct helper_use *a,
			       const struct helper_use *b)
{
	struct helper_use use = *a;
	if (a->enabled.value != b->enabled.value)
		contradiction(scope, helper, "both on and off", b->at, a->at);
	if (field_is_set(a->loose) && field_is_set(b->loose) && a->loose.value != b->loose.value)
		contradiction(scope, helper, "both loose and not", b->loose.at, a->loose.at);
	use.enabled.value |= b->enabled.value;
	if (!field_is_set(a->loose))
		use.loose = b->loose;

	use.ports = (struct field_ports){ 0 };
	if (field_is_set(a->ports) || field_is_set(b->ports)) {
		ports_of_use(scope, helper, a, &use.ports);
		ports_of_use(scope, helper, b, &use.ports);
	}
	use.media_ports = (struct field_ports){ 0 };
	ports_add(scope, &use.media_ports, &a->media_ports);
	ports_add(scope, &use.media_ports, &b->media_ports);
	return use;
}

void helpers_merge(struct scope *scope, const struct written_helpers *helpers,
		   const struct written_helpers *nat_helpers,
		   struct helper_use out[static HELPER_COUNT])
{
	for (int i = 0; i < HELPER_COUNT; i++) {
		const struct helper_use *a = &helpers->of[i], *b = &nat_helpers->of[i];
		check_options(scope, (enum helper)i, a);
		check_options(scope, (enum helper)i, b);
		if (span_is_set(a->at) && span_is_set(b->at))
			out[i] = merge(scope, (enum helper)i, a, b);
		else
			out[i] = span_is_set(a->at) ? *a : *b;
		if (helper_rows[i].has_loose)
			warn_loose(scope, &out[i].loose);
		ports_normalise(&out[i].ports);
		ports_normalise(&out[i].media_ports);
	}
}

static void check_zone_use(struct scope *scope, enum helper helper, const struct helper_use *use)
{
	const char *name = helper_rows[helper].name;
	if (field_is_set(use->loose) && helper_rows[helper].has_loose) {
		struct diag *d = diag_error(scope->diags, D_ZONE_LOOSE, use->loose.at);
		diag_say(d, "loose cannot be set for one zone");
		diag_help(d, "set it in helpers of the conntrack block: it holds for the whole "
			     "machine");
	}
	if (use->enabled.value && helper_rows[helper].broadcast) {
		struct diag *d = diag_warning(scope->diags, D_BROADCAST_HELPER, use->at);
		diag_say(d, "the helper %s does nothing for connections that come in by a zone",
			 name);
		diag_note(d, NOWHERE, "it follows broadcasts of this machine itself");
		diag_help(d, "set it in helpers of the conntrack block");
	}
}

void helpers_merge_zone(struct scope *scope, const struct written_helpers *helpers,
			const struct helper_use global[static HELPER_COUNT],
			struct helper_use out[static HELPER_COUNT])
{
	for (int i = 0; i < HELPER_COUNT; i++) {
		out[i] = helpers->of[i];
		if (!span_is_set(out[i].at))
			continue;
		check_options(scope, (enum helper)i, &out[i]);
		check_zone_use(scope, (enum helper)i, &out[i]);
		if (!field_is_set(out[i].ports))
			out[i].ports = global[i].ports;
		if (!field_is_set(out[i].media_ports))
			out[i].media_ports = global[i].media_ports;
		ports_normalise(&out[i].ports);
		ports_normalise(&out[i].media_ports);
	}
}

enum helper helpers_first(const struct helper_use uses[static HELPER_COUNT])
{
	for (int i = 0; i < HELPER_COUNT; i++)
		if (span_is_set(uses[i].at) && uses[i].enabled.value)
			return (enum helper)i;
	return HELPER_COUNT;
}
