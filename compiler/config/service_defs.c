#include "config/conditions.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "catalog/icmp.h"
#include "catalog/protocols.h"
#include "catalog/services.h"
#include "config/names.h"
#include "config/resolve.h"
#include "schema/fault.h"
#include "schema/schema.h"

static void add_known(struct scope *scope, const char *name, const struct known_service *known,
		      struct config *config)
{
	struct service_def *def = push(scope->arena, &config->services);
	def->name = name;
	def->helper = known->helper ? helper_find(known->helper) : HELPER_COUNT;
	for (size_t i = 0; i < KNOWN_PARTS_MAX && known->parts[i].protocol; i++) {
		const struct known_part *part = &known->parts[i];
		*push(scope->arena, &def->parts) = (struct service_part){
			.protocol = part->protocol,
			.low = part->low,
			.high = part->high,
			.source_low = part->source_low,
			.source_high = part->source_high,
			.icmp_type = part->icmp_type,
		};
	}
}

static void add_catalogue(struct scope *scope, struct config *config)
{
	for (size_t i = 0; i < known_services_n; i++)
		add_known(scope, known_services[i].name, &known_services[i], config);
	for (size_t i = 0; i < service_aliases_n; i++)
		add_known(scope, service_aliases[i].name,
			  known_service_find(service_aliases[i].means), config);
}

static struct diag *refuse(struct scope *scope, struct span at, const char *message)
{
	struct diag *d = diag_error(scope->diags, D_SERVICE_BLOCK, at);
	diag_say(d, "%s", message);
	return d;
}

/* Ports without a list of their own are any, which is written as 0. */
static uint32_t count_of(const struct field_ports *ports)
{
	return ports->items.n ? ports->items.n : 1;
}

static void add_ports(struct scope *scope, const struct rule *rule, const char *protocol,
		      struct service_def *def)
{
	static const struct field_port any;
	for (uint32_t i = 0; i < count_of(&rule->dest_ports); i++) {
		for (uint32_t k = 0; k < count_of(&rule->src_ports); k++) {
			const struct field_port *to =
				rule->dest_ports.items.n ? &rule->dest_ports.items.at[i] : &any;
			const struct field_port *from =
				rule->src_ports.items.n ? &rule->src_ports.items.at[k] : &any;
			*push(scope->arena, &def->parts) =
				(struct service_part){ .protocol = protocol,
						       .low = to->low,
						       .high = to->high,
						       .source_low = from->low,
						       .source_high = from->high };
		}
	}
}

static void add_parts(struct scope *scope, const struct rule *rule, struct service_def *def)
{
	for (uint32_t i = 0; i < rule->icmp_types.n; i++) {
		const struct icmp_type *type = &rule->icmp_types.at[i];
		*push(scope->arena, &def->parts) = (struct service_part){
			.protocol = type->family == FAMILY_IPV4 ? "icmp" : "ipv6-icmp",
			.icmp_type = type->word,
		};
	}
	if (rule->icmp_types.n > 0)
		return;
	for (uint32_t i = 0; i < rule->protocols.items.n; i++)
		add_ports(scope, rule, rule->protocols.items.at[i].value, def);
}

/* A helper watches connections of its own protocols. */
static void check_helper(struct scope *scope, const struct service_def *def,
			 const struct field_text *name)
{
	const struct helper_object *objects = helper_rows[def->helper].objects;
	for (uint32_t i = 0; i < def->parts.n; i++)
		for (int k = 0; k < HELPER_OBJECTS_MAX && objects[k].type; k++)
			if (strcmp(objects[k].protocol, def->parts.at[i].protocol) == 0)
				return;
	helper_report_misfit(scope, def->helper, name->at);
}

static void resolve_helper(struct scope *scope, const struct field_text *name,
			   struct service_def *def)
{
	def->helper = name->value ? helper_find(name->value) : HELPER_COUNT;
	if (def->helper < HELPER_COUNT)
		check_helper(scope, def, name);
	else if (name->value)
		helper_report_unknown(scope, name);
}

static void resolve_service(struct scope *scope, const struct config *config,
			    const struct written_service_def *written, struct service_def *def)
{
	struct rule rule = { .at = written->at };
	def->name = written->name.value;
	def->at = written->at;
	shown_name_check(scope, &written->name, "service");
	if (!field_is_set(written->conditions.protocols) &&
	    !field_is_set(written->conditions.icmp_types)) {
		struct diag *d = refuse(scope, written->at, "a service needs its protocol");
		diag_help(d, "set proto, and port where the protocol has ports");
		return;
	}
	conditions_resolve(scope, config, &written->conditions, &rule);
	add_parts(scope, &rule, def);
	resolve_helper(scope, &written->helper, def);
}

/* By name; a block ahead of the catalogue's row that it replaces. */
static int by_name(const void *left, const void *right)
{
	const struct service_def *a = left, *b = right;
	int order = strcmp(a->name, b->name);
	if (order != 0)
		return order;
	if (span_is_set(a->at) != span_is_set(b->at))
		return span_is_set(a->at) ? -1 : 1;
	return a->at.start < b->at.start ? -1 : a->at.start > b->at.start;
}

static void report_twice(struct scope *scope, const struct service_def *def,
			 const struct service_def *first)
{
	struct diag *d = diag_error(scope->diags, D_SERVICE_TWICE, def->at);
	diag_say(d, "the service \"%s\" is declared already", def->name);
	diag_note(d, first->at, "the other one is here");
}

static void note_replaced(struct scope *scope, const struct service_def *def)
{
	struct diag *d = diag_info(scope->diags, D_SERVICE_REPLACED, def->at);
	diag_say(d, "this service \"%s\" stands for the catalogue's", def->name);
}

static void drop_replaced(struct scope *scope, struct config *config)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < config->services.n; i++) {
		const struct service_def *def = &config->services.at[i];
		const struct service_def *last = kept ? &config->services.at[kept - 1] : NULL;
		if (!last || strcmp(last->name, def->name) != 0)
			config->services.at[kept++] = *def;
		else if (span_is_set(def->at))
			report_twice(scope, def, last);
		else
			note_replaced(scope, last);
	}
	config->services.n = kept;
}

void service_defs_resolve(struct scope *scope, const struct written *written, struct config *config)
{
	for (uint32_t i = 0; i < written->services.n; i++)
		if (written->services.at[i].name.value)
			resolve_service(scope, config, &written->services.at[i],
					push(scope->arena, &config->services));
	add_catalogue(scope, config);
	qsort(config->services.at, config->services.n, sizeof *config->services.at, by_name);
	drop_replaced(scope, config);
}

const struct service_def *config_service(const struct config *config, const char *name)
{
	uint32_t low = 0, high = config->services.n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(config->services.at[middle].name, name);
		if (order == 0)
			return &config->services.at[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
