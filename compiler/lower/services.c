#include "lower/services.h"

#include <string.h>

#include "base/text.h"
#include "lower/feature.h"

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

/* Addresses */

/* Before it has an address, a host asks for one from here: RFC 2131, RFC 8415. */
static const struct asking {
	const char *source;
	uint16_t client, server;
} askings[] = { { "0.0.0.0", 68, 67 }, { "fe80::/10", 546, 547 } };

static bool serves(const struct zone *zone, uint16_t port)
{
	for (uint32_t i = 0; i < zone->services.n; i++) {
		const struct zone_service *service = &zone->services.at[i];
		if (strcmp(service->protocol, "udp") == 0 && service->port.low <= port &&
		    service->port.high >= port && service->src.items.n == 0)
			return true;
	}
	return false;
}

static struct field_ports one_port(struct lowering *lowering, uint16_t port, struct span at)
{
	struct field_ports ports = { .at = at };
	*push(lowering->arena, &ports.items) = (struct field_port){ port, port, at };
	return ports;
}

static void let_ask(struct lowering *lowering, struct ir_chain *chain, const struct asking *asking,
		    const struct zone_match *match)
{
	static const struct view view = { .direction = DIRECTION_FORTH };
	struct rule rule = { .at = match->at,
			     .in_interfaces = match->interfaces,
			     .src_ports = one_port(lowering, asking->client, match->at),
			     .dest_ports = one_port(lowering, asking->server, match->at) };
	struct field_prefix *source = push(lowering->arena, &rule.src.items);
	source->at = match->at;
	prefix_parse(text_of(asking->source), &source->value);
	*push(lowering->arena, &rule.protocols.items) = (struct field_text){ "udp", match->at };
	uint32_t n = conditions_lower(lowering, chain, &rule, &view);
	for (uint32_t i = chain->rules.n - n; i < chain->rules.n; i++) {
		/* Zones of one interface may all say so. */
		chain->rules.at[i].is_written = false;
		rule_verdict(lowering, &chain->rules.at[i], IR_ACCEPT, NULL);
	}
}

void services_addresses(struct lowering *lowering, struct ir_chain *chain)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->zones.n; i++)
		for (size_t k = 0; k < countof(askings); k++) {
			const struct zone *zone = &config->zones.at[i];
			for (uint32_t m = 0; serves(zone, askings[k].server) && m < zone->matches.n;
			     m++) {
				const struct zone_match *match = &zone->matches.at[m];
				bool is_network = match->src.items.n + match->sets.items.n > 0;
				if (is_network && match->interfaces.items.n > 0)
					let_ask(lowering, chain, &askings[k], match);
			}
		}
}
