#include "emit/ip.h"

#include "emit/emit.h"
#include "emit/value.h"

void ip_put_rule(FILE *out, const struct ir_ip_rule *rule)
{
	fprintf(out, "ip -%u rule add pref %u ", rule->family, rule->priority);
	if (rule->mask)
		fprintf(out, "fwmark 0x%x/0x%x", rule->mark, rule->mask);
	else
		fputs("iif lo", out);
	fprintf(out, " lookup %u", rule->table);
}

/* All that have a device and no gateway lead to connected networks, but for a default route. What
 * ip(8) says of a link's state it does not read. */
static void put_copies(FILE *out, const struct ir_ip_route *route)
{
	fprintf(out,
		"ip -%u route show table main | sed -n '/^default/d; / via /d; s/ linkdown//; s/ "
		"dead//; "
		"/ dev /s/.*/route replace & table %u/p' | ip -%u -batch -",
		route->to.family, route->table, route->to.family);
}

void ip_put_route(FILE *out, const struct ir_ip_route *route)
{
	if (route->copies_connected) {
		put_copies(out, route);
		return;
	}
	fprintf(out, "ip -%u route replace ", route->to.family);
	if (route->to.length == 0)
		fputs("default", out);
	else
		address_put(out, &route->to);
	if (route->gateway.family) {
		fputs(" via ", out);
		address_put(out, &route->gateway);
	}
	fprintf(out, " dev %s table %u", route->interface, route->table);
}

void emit_ip(const struct ruleset *ruleset, FILE *out)
{
	for (uint32_t i = 0; i < ruleset->ip_rules.n; i++) {
		ip_put_rule(out, &ruleset->ip_rules.at[i]);
		fputc('\n', out);
	}
	for (uint32_t i = 0; i < ruleset->ip_routes.n; i++) {
		if (ruleset->ip_routes.at[i].copies_connected)
			fputs("# Connected networks, as they are when this runs:\n", out);
		ip_put_route(out, &ruleset->ip_routes.at[i]);
		fputc('\n', out);
	}
}
