#include "emit/nft.h"

#include <stdlib.h>

#include "check.h"

static void check_statement(const struct ir_statement *statement, const char *want)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	nft_put_statement(out, statement);
	fclose(out);
	check_text(text, want);
	free(text);
}

static struct prefix address(const char *text)
{
	struct prefix prefix = { 0 };
	check_number(prefix_parse(text_of(text), &prefix), PREFIX_OK);
	return prefix;
}

/* A match of one key against one value. */
static void check_match(struct ir_term term, enum ir_op op, struct ir_value value, const char *want)
{
	struct ir_element element = { .parts = &value };
	struct ir_statement statement = { .kind = IR_MATCH };
	statement.match.terms[0] = term;
	statement.match.terms_n = 1;
	statement.match.op = op;
	statement.match.values.at = &element;
	statement.match.values.n = 1;
	check_statement(&statement, want);
}

static struct ir_term masked(enum ir_key key, uint32_t mask)
{
	return (struct ir_term){ .key = key, .masked = true, .mask = mask };
}

static struct ir_value flags(uint32_t number)
{
	return (struct ir_value){ .kind = IR_FLAGS, .number = number };
}

static struct ir_value number(uint32_t number)
{
	return (struct ir_value){ .kind = IR_NUMBER, .number = number };
}

static struct ir_value hours(uint32_t low, uint32_t high)
{
	return (struct ir_value){ .kind = IR_HOURS, .low = low, .high = high };
}

TEST(flags_say_whether_others_may_be_set)
{
	const struct ir_term whole = { .key = IR_TCP_FLAGS }, part = masked(IR_TCP_FLAGS, 0x17);

	check_match(part, IR_EQ, flags(2), "tcp flags syn / fin,syn,rst,ack");
	check_match(part, IR_NE, flags(0x12), "tcp flags != syn,ack / fin,syn,rst,ack");
	check_match(part, IR_EQ, flags(0), "tcp flags ! fin,syn,rst,ack");
	check_match(part, IR_NE, flags(0), "tcp flags fin,syn,rst,ack");
	check_match(whole, IR_EQ, flags(2), "tcp flags == syn");
	check_match(whole, IR_NE, flags(0x12), "tcp flags != 0x12");
	check_match(whole, IR_EQ, flags(0), "tcp flags == 0x0");
}

TEST(marks_with_a_leading_mask_are_listed_as_networks)
{
	struct ir_value one = { .kind = IR_MARK, .number = 0x01000000 };

	check_match(masked(IR_CT_MARK, 0xff000000), IR_EQ, one, "ct mark 0x01000000/8");
	check_match(masked(IR_META_MARK, 0xff000000), IR_NE, one, "meta mark != 0x01000000/8");
	check_match(masked(IR_CT_MARK, UINT32_MAX), IR_EQ, one, "ct mark 0x01000000");
	check_match(masked(IR_CT_MARK, 0xf000), IR_NE, one, "ct mark & 0x0000f000 != 0x01000000");
	check_match(masked(IR_CT_MARK, 1), IR_EQ, one, "ct mark & 0x00000001 == 0x01000000");
}

TEST(values_are_spelled_as_nft_lists_them)
{
	const struct ir_term hour = { .key = IR_META_HOUR }, dscp = { .key = IR_IP_DSCP };
	const struct ir_term turn = { .key = IR_NUMGEN_INC, .modulus = 3 };
	const struct ir_term share = { .key = IR_JHASH_IP6_SADDR, .modulus = 4 };
	struct prefix first = address("10.0.0.1"), last = address("10.0.0.9");
	struct ir_value range = { .kind = IR_ADDRESS_RANGE, .first = &first, .last = &last };

	check_match(hour, IR_EQ, hours(0, 86399), "meta hour \"00:00\"-\"23:59:59\"");
	check_match(hour, IR_NE, hours(30600, 72000), "meta hour != \"08:30\"-\"20:00\"");
	check_match(hour, IR_EQ, hours(61, 61), "meta hour \"00:01:01\"");
	check_match(dscp, IR_EQ, number(46), "ip dscp ef");
	check_match(dscp, IR_EQ, number(3), "ip dscp 0x03");
	check_match((struct ir_term){ .key = IR_IP_SADDR }, IR_EQ, range,
		    "ip saddr 10.0.0.1-10.0.0.9");
	check_match(turn, IR_EQ, number(2), "numgen inc mod 3 2");
	check_match(share, IR_EQ, number(1), "jhash ip6 saddr mod 4 seed 0x1 1");
}

static void check_mark(enum ir_statement_kind kind, uint32_t keep, uint32_t set, const char *want)
{
	struct ir_statement statement = { .kind = kind, .mark = { keep, set } };
	check_statement(&statement, want);
}

static void check_copy(enum ir_copy way, uint32_t mask, const char *want)
{
	struct ir_statement statement = { .kind = IR_COPY_MARK, .copy = { way, mask } };
	check_statement(&statement, want);
}

TEST(marks_are_set_in_part_or_whole)
{
	check_mark(IR_SET_MARK, 0, 5, "ct mark set 0x00000005");
	check_mark(IR_SET_PACKET_MARK, 0, 0, "meta mark set 0x00000000");
	check_mark(IR_SET_PACKET_MARK, 0xffff0fff, 0x1000,
		   "meta mark set meta mark & 0xffff1fff | 0x00001000");
	check_mark(IR_SET_MARK, 0xffff0fff, 0, "ct mark set ct mark & 0xffff0fff");
	check_mark(IR_SET_MARK, 0xffff0fff, 0xf000, "ct mark set ct mark | 0x0000f000");
	check_copy(IR_CONNECTION_TO_PACKET, UINT32_MAX, "meta mark set ct mark");
	check_copy(IR_PACKET_TO_CONNECTION, 0xfff, "ct mark set meta mark & 0x00000fff");
}

static void check_translation(struct ir_translate translate, const char *want)
{
	struct ir_statement statement = { .kind = IR_TRANSLATE, .translate = translate };
	check_statement(&statement, want);
}

TEST(translations_have_addresses_ports_and_flags)
{
	struct prefix one = address("10.0.0.1"), nine = address("10.0.0.9");
	struct prefix eight = address("10.0.0.8"), fifteen = address("10.0.0.15");
	struct prefix v6 = address("2001:db8::1"), last6 = address("2001:db8::f");

	check_translation((struct ir_translate){ .kind = IR_MASQUERADE }, "masquerade");
	check_translation((struct ir_translate){ .kind = IR_MASQUERADE, .fully_random = true },
			  "masquerade fully-random");
	check_translation((struct ir_translate){ .kind = IR_MASQUERADE,
						 .port_low = 1024,
						 .port_high = 65535,
						 .random = true,
						 .persistent = true },
			  "masquerade to :1024-65535 random,persistent");
	check_translation(
		(struct ir_translate){ .kind = IR_REDIRECT, .port_low = 80, .port_high = 80 },
		"redirect to :80");
	check_translation((struct ir_translate){ IR_SNAT, FAMILY_IPV4, one, nine, 1000, 2000,
						 .random = true },
			  "snat ip to 10.0.0.1-10.0.0.9:1000-2000 random");
	check_translation((struct ir_translate){ IR_DNAT, FAMILY_IPV6, v6, v6, 80, 80 },
			  "dnat ip6 to [2001:db8::1]:80");
	check_translation((struct ir_translate){ IR_DNAT, FAMILY_IPV6, v6, last6, 80, 80 },
			  "dnat ip6 to [2001:db8::1]-[2001:db8::f]:80");
	check_translation((struct ir_translate){ IR_SNAT, FAMILY_IPV6, v6, last6 },
			  "snat ip6 to 2001:db8::1-2001:db8::f");
	check_translation((struct ir_translate){ IR_SNAT, FAMILY_IPV4, eight, fifteen },
			  "snat ip to 10.0.0.8/29");
	check_translation((struct ir_translate){ IR_SNAT, FAMILY_IPV4, eight, fifteen, 80, 80 },
			  "snat ip to 10.0.0.8-10.0.0.15:80");
	check_translation((struct ir_translate){ .kind = IR_DNAT, .port_low = 80, .port_high = 80 },
			  "dnat to :80");
}

TEST(translations_look_up_maps)
{
	const struct ir_set map = { .name = "m" };
	struct ir_translate to = { .kind = IR_DNAT, .family = FAMILY_IPV4, .map = &map };
	to.terms[0].key = IR_IP_DADDR;
	to.terms[1].key = IR_TCP_DPORT;
	to.terms_n = 2;
	check_translation(to, "dnat ip to ip daddr . tcp dport map @m");

	to.terms[0] = (struct ir_term){ .key = IR_NUMGEN_INC, .modulus = 2 };
	to.terms_n = 1;
	to.persistent = true;
	check_translation(to, "dnat ip to numgen inc mod 2 map @m persistent");

	to = (struct ir_translate){ .kind = IR_SNAT, .family = FAMILY_IPV6, .map = &map };
	to.terms[0].key = IR_IP6_SADDR;
	to.terms_n = 1;
	to.is_prefix = true;
	check_translation(to, "snat ip6 prefix to ip6 saddr map @m");
}

TEST(other_statements_are_spelled_as_nft_lists_them)
{
	const struct ir_set set = { .name = "s" };
	const struct ir_flowtable flowtable = { .name = "f" };
	struct ir_statement s = { .kind = IR_SYNPROXY, .synproxy = { 1460, 7, true, true } };
	check_statement(&s, "synproxy mss 1460 wscale 7 timestamp sack-perm");
	s.synproxy = (struct ir_synproxy){ 0 };
	check_statement(&s, "synproxy");

	s = (struct ir_statement){ .kind = IR_SET_MSS };
	check_statement(&s, "tcp option maxseg size set rt mtu");
	s.mss = 1400;
	check_statement(&s, "tcp option maxseg size set 1400");

	s = (struct ir_statement){ .kind = IR_OFFLOAD, .flowtable = &flowtable };
	check_statement(&s, "flow add @f");
	s = (struct ir_statement){ .kind = IR_REJECT, .reject = IR_REJECT_PROHIBITED };
	check_statement(&s, "reject with icmpx admin-prohibited");

	s = (struct ir_statement){ .kind = IR_UPDATE };
	s.update.set = &set;
	s.update.terms[0].key = IR_IP_SADDR;
	s.update.terms_n = 1;
	s.update.kind = IR_UPDATE_ALONE;
	check_statement(&s, "add @s { ip saddr }");
	s.update.refresh = true;
	check_statement(&s, "update @s { ip saddr }");

	s = (struct ir_statement){ .kind = IR_MAP_MARK };
	s.map_mark.map = &set;
	s.map_mark.terms[0].key = IR_IIFNAME;
	s.map_mark.terms[1].key = IR_OIFNAME;
	s.map_mark.terms_n = 2;
	check_statement(&s, "ct mark set iifname . oifname map @s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_say_whether_others_may_be_set),
		cmocka_unit_test(marks_with_a_leading_mask_are_listed_as_networks),
		cmocka_unit_test(values_are_spelled_as_nft_lists_them),
		cmocka_unit_test(marks_are_set_in_part_or_whole),
		cmocka_unit_test(translations_have_addresses_ports_and_flags),
		cmocka_unit_test(translations_look_up_maps),
		cmocka_unit_test(other_statements_are_spelled_as_nft_lists_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
