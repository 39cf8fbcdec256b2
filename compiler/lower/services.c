#include "lower/services.h"

#include <string.h>

static struct rule rule_for(struct lowering *lowering, const struct zone_service *service)
{
	static const struct {
		uint8_t family;
		const char *word;
	} pings[] = { { FAMILY_IPV4, "echo-request" }, { FAMILY_IPV6, "echo-request" } };

	struct rule rule = { .name = service->name, .at = service->at, .src = service->src };
	if (strcmp(service->protocol, "icmp") == 0) {
		for (size_t i = 0; i < countof(pings); i++)
			*push(lowering->arena, &rule.icmp_types) =
				(struct icmp_type){ pings[i].family, pings[i].word };
		return rule;
	}
	*push(lowering->arena, &rule.protocols.items) =
		(struct field_text){ service->protocol, service->at };
	rule.protocols.at = service->at;
	if (service->port.low > 0) {
		*push(lowering->arena, &rule.dest_ports.items) = service->port;
		rule.dest_ports.at = service->at;
	}
	return rule;
}

void services_lower(struct lowering *lowering, struct ir_chain *chain, const struct zone *zone,
		    const struct outcome *outcome, enum direction direction)
{
	const struct view view = { .direction = direction };

	for (uint32_t i = 0; i < zone->services.n; i++) {
		struct rule rule = rule_for(lowering, &zone->services.at[i]);
		uint32_t n = conditions_lower(lowering, chain, &rule, &view);
		for (uint32_t k = chain->rules.n - n; k < chain->rules.n; k++) {
			chain->rules.at[k].comment =
				arena_printf(lowering->arena, "zone %s: %s", zone->name, rule.name);
			rule_end(lowering, &chain->rules.at[k], RULE_ACCEPT, outcome);
		}
	}
}
