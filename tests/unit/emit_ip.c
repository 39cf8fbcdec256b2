#include "emit/ip.h"

#include <stdlib.h>

#include "check.h"
#include "emit/emit.h"

static struct prefix prefix(const char *text)
{
	struct prefix prefix = { 0 };
	check_number(prefix_parse(text_of(text), &prefix), PREFIX_OK);
	return prefix;
}

TEST(routing_is_written_as_commands)
{
	struct ruleset ruleset = { .arena = arena_new(), .table = "flywall" };
	char *text = NULL;
	size_t size;

	*push(ruleset.arena, &ruleset.ip_rules) =
		(struct ir_ip_rule){ FAMILY_IPV6, 1001, 0x1000, 0xf000, 701, NOWHERE };
	*push(ruleset.arena, &ruleset.ip_rules) =
		(struct ir_ip_rule){ FAMILY_IPV6, 32800, 0, 0, 701, NOWHERE };
	struct ir_ip_route *route = push(ruleset.arena, &ruleset.ip_routes);
	*route = (struct ir_ip_route){ prefix("0.0.0.0/0"), prefix("203.0.113.1"), "eth0", 701 };
	route = push(ruleset.arena, &ruleset.ip_routes);
	*route = (struct ir_ip_route){ .to = prefix("2001:db8::/32"),
				       .interface = "ppp0",
				       .table = 702 };
	route = push(ruleset.arena, &ruleset.ip_routes);
	*route = (struct ir_ip_route){ .to = prefix("::/0"),
				       .table = 702,
				       .copies_connected = true };

	FILE *out = open_memstream(&text, &size);
	emit_ip(&ruleset, out);
	fclose(out);
	check_text(text,
		   "ip -6 rule add pref 1001 fwmark 0x1000/0xf000 lookup 701\n"
		   "ip -6 rule add pref 32800 iif lo lookup 701\n"
		   "ip -4 route replace default via 203.0.113.1 dev eth0 table 701\n"
		   "ip -6 route replace 2001:db8::/32 dev ppp0 table 702\n"
		   "# Connected networks, as they are when this runs:\n"
		   "ip -6 route show table main | sed -n '/^default/d; / via /d; s/ linkdown//; "
		   "s/ dead//; / dev /s/.*/route replace & table 702/p' | ip -6 -batch -\n");
	free(text);
	arena_free(ruleset.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(routing_is_written_as_commands) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
