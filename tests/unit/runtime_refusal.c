#include "check.h"

#include "runtime/refusal.h"
#include "runtime/scope.h"

TEST(refusals_have_places_and_words)
{
	autoarena struct arena *arena = arena_new();
	struct refusals refusals = { 0 };

	refusals_parse(arena,
		       "/proc/self/fd/4:8:12-14: Error: Could not process rule: No such file or "
		       "directory\n"
		       "\tct helper h_x {\n"
		       "\t          ^^^\n"
		       "/a:b/c:120:1-3: Error: conflicting intervals specified\n"
		       "netlink: Error: cache initialization failed: Operation not permitted\n",
		       &refusals);
	check_number(refusals.n, 3);
	check_number(refusals.at[0].line, 8);
	check_number(refusals.at[0].column, 12);
	check_number(refusals.at[0].end, 14);
	check_text(refusals.at[0].words, "Could not process rule: No such file or directory");
	check_number(refusals.at[1].line, 120);
	check_text(refusals.at[1].words, "conflicting intervals specified");
	check_number(refusals.at[2].line, 0);
}

TEST(refusals_take_nothing_from_what_is_quoted)
{
	autoarena struct arena *arena = arena_new();
	struct refusals refusals = { 0 };

	refusals_parse(arena,
		       "/x:2:1-3: Error: syntax error\n"
		       "\taccept comment \"/x:9:1-3: Error: no\"\n"
		       "table /x:9:1-3: Error: no\n",
		       &refusals);
	check_number(refusals.n, 1);
	check_number(refusals.at[0].line, 2);
}

TEST(refusals_of_nothing_are_none)
{
	static const char *const empty[] = { "", "\n\n", "Error",
					     ": Error: ", "flywall-apply: no" };

	for (size_t i = 0; i < countof(empty); i++) {
		autoarena struct arena *arena = arena_new();
		struct refusals refusals = { 0 };
		refusals_parse(arena, empty[i], &refusals);
		for (uint32_t j = 0; j < refusals.n; j++)
			check_number(refusals.at[j].line, 0);
	}
}

/* The part that was refused, its line, and the option that is missing. */
TEST(what_a_kernel_lacks_is_named)
{
	static const struct {
		const char *refused, *block, *option;
	} rows[] = {
		{ "", "ct helper h { type \"ftp\" protocol tcp; l3proto inet", "NF_CONNTRACK_FTP" },
		{ "", "ct helper h { type \"sip\" protocol udp; l3proto inet", "NF_CONNTRACK_SIP" },
		{ "", "# add ct timeout inet flywall t { protocol sctp; l3proto inet; policy = {",
		  "NF_CT_PROTO_SCTP" },
		{ "",
		  "# add ct timeout inet flywall t { protocol udplite; l3proto inet; policy = {",
		  "NF_CT_PROTO_UDPLITE" },
		{ "", "# add ct timeout inet flywall t { protocol icmp; l3proto inet; policy = {",
		  "NF_CONNTRACK_TIMEOUT" },
		{ "", "type nat hook postrouting priority srcnat; policy accept;", "NFT_NAT" },
		{ "", "ct zone set iifname map @zones", "NF_CONNTRACK_ZONES" },
		{ "", "update @per_ip { ip saddr ct count over 10 } drop", "NFT_CONNLIMIT" },
		{ "", "fib daddr type local accept", "NFT_FIB_INET" },
		{ "", "flowtable offload {", "NF_FLOW_TABLE_INET" },
		{ "", "synproxy mss 1460 wscale 7 timestamp sack-perm", "NFT_SYNPROXY" },
		{ "", "ct mark set numgen inc mod 3 map @uplinks", "NFT_NUMGEN" },
		{ "", "ct mark set jhash ip saddr mod 3 map @uplinks", "NFT_HASH" },
		{ "", "tcp dport 80 redirect to :3128", "NFT_REDIR" },
		{ "", "masquerade", "NFT_MASQ" },
		{ "", "ip saddr 10.0.0.1 snat ip to 192.0.2.1", "NFT_NAT" },
		{ "reject with icmpx port-unreachable", "log prefix \"x\" reject",
		  "NFT_REJECT_INET" },
		{ "log prefix \"x\"", "limit rate 5/second log prefix \"x\" reject", "NFT_LOG" },
		{ "limit rate 5/second", "limit rate 5/second log prefix \"x\"", "NFT_LIMIT" },
		{ "ct event set new", "ct event set new", "NF_CONNTRACK_EVENTS" },
		{ "notrack", "udp dport 53 notrack", "NFT_CT" },
		{ "ct mark", "ct mark set ct mark & 0x0201ffff | 0x02010000", "NF_CONNTRACK_MARK" },
		{ "", "flow add @flow_bulk", "NFT_FLOW_OFFLOAD" },
		{ "", "ip saddr 10.0.0.1 accept", "none" },
		{ "", "icmpv6 type nd-redirect accept", "none" },
		{ "", "ip saddr @queue drop", "none" },
		{ "", "set masquerade_0d64252c {", "none" },
		{ "", "ip saddr 10.0.0.1 accept comment \"dns: reject, queue and fib \"", "none" },
	};
	for (size_t i = 0; i < countof(rows); i++) {
		const struct feature *feature =
			feature_find(text_of(rows[i].refused), text_of(rows[i].block));
		check_text(feature ? feature->option : "none", rows[i].option);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_have_places_and_words),
		cmocka_unit_test(refusals_take_nothing_from_what_is_quoted),
		cmocka_unit_test(refusals_of_nothing_are_none),
		cmocka_unit_test(what_a_kernel_lacks_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
