#include "runtime/state/filter.h"

#include <stdio.h>
#include <sys/socket.h>

#include <linux/netfilter/nf_conntrack_common.h>

#include "base/address.h"
#include "check.h"
#include "runtime/scope.h"
#include "runtime/state/words.h"

static struct filter *filter_of(struct session *session, const char *option, const char *value)
{
	struct filter *filter = filter_new(session);
	struct option_group group = filter_options(filter);

	for (size_t i = 0; i < group.count; i++)
		if (strcmp(group.rows[i].name, option) == 0)
			check(group.rows[i].take(group.target, &group.rows[i], value));
	check_number(filter_finish(filter), 0);
	return filter;
}

static struct connection connection_of(uint8_t protocol, const char *source, const char *dest)
{
	struct connection connection = { .has = FIELD_ALL, .helper = "ftp", .start = 1 };
	struct prefix from, to;

	check_number(prefix_parse(text_of(source), &from), PREFIX_OK);
	check_number(prefix_parse(text_of(dest), &to), PREFIX_OK);
	connection.original.family = from.family == FAMILY_IPV4 ? AF_INET : AF_INET6;
	connection.original.protocol = protocol;
	memcpy(connection.original.source, from.bytes, 16);
	memcpy(connection.original.dest, to.bytes, 16);
	connection.original.source_port = 1000;
	connection.original.dest_port = 80;
	connection.reply = connection.original;
	return connection;
}

TEST(a_condition_holds_or_does_not)
{
	static const struct {
		const char *option, *value;
		bool holds;
	} rows[] = {
		{ "protocol", "tcp", true },
		{ "protocol", "17", false },
		{ "protocol", "udp,TCP", true },
		{ "family", "ipv4", true },
		{ "family", "6", false },
		{ "src", "10.1.2.3", true },
		{ "src", "10.1.2.4", false },
		{ "src", "10.1.2.0/23", true },
		{ "src", "10.1.2.2/31", true },
		{ "src", "10.1.2.0/31", false },
		{ "src", "0.0.0.0/0", true },
		{ "src", "::/0", false },
		{ "dst", "2001:db8::/32", false },
		{ "address", "192.0.2.0/24", true },
		{ "dport", "80", true },
		{ "dport", "70-79", false },
		{ "dport", "22,70-80", true },
		{ "sport", "0x3e8", true },
		{ "state", "established", true },
		{ "state", "CLOSE", false },
		{ "status", "assured", true },
		{ "status", "assured+snat", false },
		{ "status", "snat,assured", true },
		{ "status", "unnatted", true },
		{ "status", "natted", false },
		{ "mark", "0x1234", true },
		{ "mark", "0x34/0xff", true },
		{ "mark", "4", false },
		{ "ct-zone", "5", true },
		{ "ct-zone", "0", false },
		{ "zone", "0", true },
		{ "zone", "2", false },
		{ "helper", "ftp", true },
		{ "helper", "sip", false },
		{ "min-bytes", "1k", true },
		{ "max-bytes", "1023", false },
		{ "min-timeout", "1m40s", true },
		{ "max-timeout", "99", false },
		{ "id", "7", true },
		{ "id", "8-9", false },
		{ "icmp-type", "0", false },
	};
	autoarena struct arena *arena = arena_new();
	struct session session = { .arena = arena, .state_dir = "/nonexistent" };
	struct connection connection = connection_of(6, "10.1.2.3", "192.0.2.9");

	connection.state = 3;
	connection.status = IPS_ASSURED;
	connection.mark = 0x1234;
	connection.zone = 5;
	connection.sent.bytes = 1000;
	connection.answered.bytes = 24;
	connection.timeout = 100;
	connection.id = 7;
	for (size_t i = 0; i < countof(rows); i++) {
		struct filter *filter = filter_of(&session, rows[i].option, rows[i].value);
		if (filter_match(filter, &connection) != rows[i].holds)
			fail_msg("--%s=%s", rows[i].option, rows[i].value);
		check(!filter_is_empty(filter));
	}
}

TEST(what_was_not_told_does_not_hold)
{
	autoarena struct arena *arena = arena_new();
	struct session session = { .arena = arena, .state_dir = "/nonexistent" };
	struct connection connection = connection_of(6, "10.1.2.3", "192.0.2.9");

	connection.has &= ~(uint32_t)FIELD_COUNTERS;
	check(!filter_match(filter_of(&session, "max-bytes", "5"), &connection));
	connection.start = 0;
	check(!filter_match(filter_of(&session, "max-age", "1d"), &connection));
}

TEST(an_empty_filter_passes_everything)
{
	autoarena struct arena *arena = arena_new();
	struct session session = { .arena = arena, .state_dir = "/nonexistent" };
	struct filter *filter = filter_new(&session);
	struct connection nothing = { 0 };

	check_number(filter_finish(filter), 0);
	check(filter_is_empty(filter));
	check(filter_match(filter, &nothing));
}

TEST(every_state_has_a_number_in_some_protocol)
{
	static const uint8_t protocols[] = { 6, 132, 33 };
	const char *const *names;
	size_t count = state_names(&names);

	for (size_t i = 0; i < count; i++) {
		bool is_found = false;
		uint8_t number;
		for (size_t k = 0; k < countof(protocols); k++)
			if (state_find(protocols[k], names[i], &number)) {
				check_text(state_name(protocols[k], number), names[i]);
				is_found = true;
			}
		check(is_found);
	}
	check(!state_name(17, 0));
	check(!state_name(6, 200));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_condition_holds_or_does_not),
		cmocka_unit_test(what_was_not_told_does_not_hold),
		cmocka_unit_test(an_empty_filter_passes_everything),
		cmocka_unit_test(every_state_has_a_number_in_some_protocol),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
