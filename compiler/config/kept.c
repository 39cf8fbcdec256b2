#include "config/kept.h"

#include <string.h>

#include "config/condition_parts.h"
#include "config/resolve.h"
#include "schema/schema.h"

/* Ports of one protocol. */
struct ports {
	const char *protocol;
	uint16_t low, high;
};

static bool service_takes(const struct service_def *def, const struct ports *ports)
{
	for (uint32_t i = 0; i < def->parts.n; i++)
		if (strcmp(def->parts.at[i].protocol, ports->protocol) == 0 &&
		    def->parts.at[i].low <= ports->high && ports->low <= def->parts.at[i].high)
			return true;
	return false;
}

/* Whether packets to such ports can be the rule's. */
static bool rule_takes(const struct rule *rule, const struct ports *ports)
{
	for (uint32_t i = 0; i < rule->services.n; i++)
		if (service_takes(rule->services.at[i].def, ports))
			return true;
	if (rule->services.n > 0 ||
	    (rule->protocols.items.n > 0 && !texts_hold(&rule->protocols, ports->protocol)))
		return false;
	for (uint32_t i = 0; i < rule->dest_ports.items.n; i++)
		if (rule->dest_ports.items.at[i].low <= ports->high &&
		    ports->low <= rule->dest_ports.items.at[i].high)
			return true;
	return rule->dest_ports.items.n == 0;
}

/* Helpers */

static bool helper_meets(const struct rule *rule, enum helper helper, const struct helper_use *use)
{
	for (int i = 0; i < HELPER_OBJECTS_MAX && helper_rows[helper].objects[i].type; i++) {
		const struct helper_object *object = &helper_rows[helper].objects[i];
		bool has_ports = use->ports.items.n > 0 && object->takes_ports;
		for (uint32_t k = 0; k < (has_ports ? use->ports.items.n : 1); k++) {
			const struct field_port own = { .low = object->port, .high = object->port };
			const struct field_port *port = has_ports ? &use->ports.items.at[k] : &own;
			const struct ports ports = { object->protocol, port->low, port->high };
			if (rule_takes(rule, &ports))
				return true;
		}
	}
	return false;
}

/* What the zones that the policy is from say of a helper; NULL: none has it on. */
static const struct helper_use *use_of(const struct config *config, const struct zone_set *from,
				       enum helper helper)
{
	const struct helper_use *machine = &config->conntrack.helpers[helper];
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		const struct helper_use *own = &zone->conntrack.helpers[helper];
		const struct helper_use *use = span_is_set(own->at) ? own : machine;
		if (zone_set_has(from, zone->id) && span_is_set(use->at) && use->enabled.value)
			return use;
	}
	return NULL;
}

static void check_helper(struct scope *scope, const struct config *config,
			 const struct policy *policy, const struct rule *rule)
{
	for (int helper = 0; helper < HELPER_COUNT; helper++) {
		const struct helper_use *use = use_of(config, &policy->from, (enum helper)helper);
		if (!use || !helper_meets(rule, (enum helper)helper, use))
			continue;
		struct diag *d = diag_warning(scope->diags, D_HELPER_STAYS, rule->helper.at);
		diag_say(d, "these connections keep the helper %s", helper_rows[helper].name);
		diag_note(d, use->at, "it is set here, ahead of all policies");
		diag_help(d, "switch it off there, and let the rules that want it name it");
		return;
	}
}

/* Shields */

static bool shield_meets(const struct synproxy *synproxy, const struct rule *rule)
{
	const struct rule *match = &synproxy->match;
	for (uint32_t i = 0; i < match->dest_ports.items.n; i++) {
		const struct field_port *port = &match->dest_ports.items.at[i];
		const struct ports ports = { "tcp", port->low, port->high };
		if (rule_takes(rule, &ports))
			return true;
	}
	for (uint32_t i = 0; i < match->services.n; i++)
		for (uint32_t k = 0; k < match->services.at[i].def->parts.n; k++) {
			const struct service_part *part = &match->services.at[i].def->parts.at[k];
			const struct ports ports = { part->protocol, part->low, part->high };
			if (rule_takes(rule, &ports))
				return true;
		}
	return false;
}

static bool comes_from(const struct zone_set *from, const struct synproxy *synproxy)
{
	bool meets = !synproxy->from.written && from->count > 0;
	for (size_t i = 0; i < countof(from->bits); i++)
		meets |= (from->bits[i] & synproxy->from.bits[i]) != 0;
	return meets;
}

static void check_shield(struct scope *scope, const struct policy *policy, const struct rule *rule,
			 const struct synproxy *synproxy)
{
	const struct {
		struct span at;
		const char *what;
	} options[] = {
		{ rule->set_mark.at, "mark" },
		{ rule->timeouts ? rule->timeouts->at : NOWHERE, "timeout" },
		{ rule->helper.value ? rule->helper.at : NOWHERE, "helper" },
	};
	for (size_t i = 0; i < countof(options); i++) {
		if (!span_is_set(options[i].at) || !comes_from(&policy->from, synproxy) ||
		    !shield_meets(synproxy, rule))
			continue;
		struct diag *d = diag_warning(scope->diags, D_SYNPROXY_RULES, options[i].at);
		diag_say(d, "what synproxy opens gets no %s from rules", options[i].what);
		diag_note(d, synproxy->at, "synproxy is here");
		return;
	}
}

static void check_rule(struct scope *scope, const struct config *config,
		       const struct policy *policy, const struct rule *rule)
{
	if (rule->action != RULE_ACCEPT)
		return;
	if (span_is_set(rule->helper.at) && !rule->helper.value)
		check_helper(scope, config, policy, rule);
	for (uint32_t i = 0; i < config->synproxies.n; i++)
		check_shield(scope, policy, rule, &config->synproxies.at[i]);
}

void kept_check(struct scope *scope, const struct config *config)
{
	if (!is_sound(scope))
		return;
	for (uint32_t i = 0; i < config->policies.n; i++)
		for (uint32_t k = 0; k < config->policies.at[i].rules.n; k++)
			check_rule(scope, config, &config->policies.at[i],
				   &config->policies.at[i].rules.at[k]);
}
