#include "check.h"

#include "base/arena.h"
#include "base/diag.h"
#include "config/names.h"
#include "config/resolve.h"
#include "value/value.h"

struct lab {
	struct arena *arena;
	struct diags diags;
	struct scope scope;
	uint32_t place;
};

static int lab_set_up(void **state)
{
	struct arena *arena = arena_new();
	struct lab *lab = arena_alloc(arena, sizeof *lab);
	lab->arena = arena;
	diags_init(&lab->diags, arena);
	lab->scope =
		(struct scope){ .arena = arena, .diags = &lab->diags, .names = names_new(arena) };
	*state = lab;
	return 0;
}

static int lab_tear_down(void **state)
{
	arena_free(((struct lab *)*state)->arena);
	return 0;
}

/* Each thing is set at a place of its own. */
static struct span next_place(struct lab *lab)
{
	lab->place += 10;
	return (struct span){ lab->place, lab->place + 5 };
}

static void check_codes(struct lab *lab, const enum diag_code *codes, size_t n)
{
	check_number(lab->diags.all.n, n);
	for (size_t i = 0; i < n; i++)
		check_number(lab->diags.all.at[i]->code, codes[i]);
	diags_init(&lab->diags, lab->arena);
}

struct setting {
	enum timeout_key key;
	uint64_t seconds;
};

struct wanted {
	enum timeout timeout;
	uint64_t seconds; /* 0: not set */
};

static void check_timeouts(const struct setting *set, size_t set_n, bool is_zone,
			   const struct wanted *wanted, size_t wanted_n)
{
	struct written_timeouts written = { .at = { 1, 2 } };
	struct timeouts timeouts = { 0 };
	size_t filled = 0, expected = 0;
	for (size_t i = 0; i < set_n; i++)
		written.key[set[i].key] = (struct field_number){ set[i].seconds, { 10, 12 } };
	timeouts_resolve(&written, is_zone, &timeouts);
	for (size_t i = 0; i < wanted_n; i++) {
		check_number(timeouts.of[wanted[i].timeout].value, wanted[i].seconds);
		expected += wanted[i].seconds > 0;
	}
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		filled += field_is_set(timeouts.of[i]);
	check_number(filled, expected);
}

TEST(what_names_one_state_wins_over_what_names_several)
{
	static const struct setting set[] = {
		{ KEY_TCP, 1 }, { KEY_TCP_ESTABLISHED, 2 }, { KEY_UDP, 3 },  { KEY_UNREPLIED, 4 },
		{ KEY_GRE, 5 }, { KEY_UDP_STREAM, 6 },	    { KEY_ICMP, 7 },
	};
	static const struct wanted wanted[] = {
		{ TIMEOUT_TCP_ESTABLISHED, 2 },
		{ TIMEOUT_UDP_UNREPLIED, 3 },
		{ TIMEOUT_UDP_REPLIED, 6 },
		{ TIMEOUT_UDPLITE_UNREPLIED, 3 },
		{ TIMEOUT_UDPLITE_REPLIED, 6 },
		{ TIMEOUT_TCP_SYN_SENT, 4 },
		{ TIMEOUT_GRE, 5 },
		{ TIMEOUT_ICMP, 7 },
		{ TIMEOUT_ICMPV6, 7 },
	};
	check_timeouts(set, countof(set), false, wanted, countof(wanted));
}

TEST(udp_alone_is_for_answered_flows_too)
{
	static const struct setting set[] = { { KEY_UDP, 10 } };
	static const struct wanted all[] = { { TIMEOUT_UDP_UNREPLIED, 10 },
					     { TIMEOUT_UDP_REPLIED, 10 },
					     { TIMEOUT_UDPLITE_UNREPLIED, 10 },
					     { TIMEOUT_UDPLITE_REPLIED, 10 } };
	static const struct wanted zone[] = { { TIMEOUT_UDP_UNREPLIED, 10 },
					      { TIMEOUT_UDP_REPLIED, 10 } };
	check_timeouts(set, countof(set), false, all, countof(all));
	check_timeouts(set, countof(set), true, zone, countof(zone));
}

TEST(unreplied_fills_what_waits_for_an_answer)
{
	static const struct setting set[] = { { KEY_UNREPLIED, 15 } };
	static const struct wanted all[] = { { TIMEOUT_UDP_UNREPLIED, 15 },
					     { TIMEOUT_UDPLITE_UNREPLIED, 15 },
					     { TIMEOUT_TCP_SYN_SENT, 15 },
					     { TIMEOUT_GRE, 15 } };
	static const struct wanted zone[] = { { TIMEOUT_UDP_UNREPLIED, 15 },
					      { TIMEOUT_TCP_SYN_SENT, 15 },
					      { TIMEOUT_GRE, 0 } };
	check_timeouts(set, countof(set), false, all, countof(all));
	check_timeouts(set, countof(set), true, zone, countof(zone));
	check_timeouts(NULL, 0, false, NULL, 0);
}

TEST(what_is_implied_needs_an_object_of_its_protocol)
{
	static const struct setting set[] = { { KEY_UDP, 10 },
					      { KEY_UDPLITE_STREAM, 50 },
					      { KEY_UNREPLIED, 15 } };
	static const struct wanted zone[] = {
		{ TIMEOUT_UDP_UNREPLIED, 10 },	   { TIMEOUT_UDP_REPLIED, 10 },
		{ TIMEOUT_UDPLITE_UNREPLIED, 10 }, { TIMEOUT_UDPLITE_REPLIED, 50 },
		{ TIMEOUT_TCP_SYN_SENT, 15 },	   { TIMEOUT_GRE, 0 },
	};
	check_timeouts(set, countof(set), true, zone, countof(zone));
}

TEST(every_timeout_of_the_kernel_has_a_key)
{
	struct written_timeouts written = { .at = { 1, 2 } };
	struct timeouts timeouts = { 0 };
	for (int i = 0; i < KEY_COUNT; i++)
		written.key[i] = (struct field_number){ 5, { 10, 12 } };
	timeouts_resolve(&written, false, &timeouts);
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		check(field_is_set(timeouts.of[i]));
}

TEST(every_key_is_for_all_or_refused_in_a_zone)
{
	struct lab *lab = *state;
	for (int i = 0; i < KEY_COUNT; i++) {
		struct written_timeouts written = { .at = { 1, 2 } };
		struct timeouts timeouts = { 0 };
		size_t filled = 0;
		written.key[i] = (struct field_number){ 5, { 10, 12 } };
		timeouts_resolve(&written, true, &timeouts);
		for (int k = 0; k < TIMEOUT_COUNT; k++)
			filled += field_is_set(timeouts.of[k]);
		timeouts_check_own(&lab->scope, &written, "zone");
		check_number(lab->diags.errors, filled == 0);
		diags_init(&lab->diags, lab->arena);
	}
}

static void use_helper(struct lab *lab, struct written_helpers *helpers, enum helper helper,
		       bool is_on)
{
	helpers->of[helper].enabled.value = is_on;
	helpers->of[helper].at = next_place(lab);
}

static void use_port(struct lab *lab, struct field_ports *ports, uint16_t low, uint16_t high)
{
	struct field_port *port = push(lab->arena, &ports->items);
	port->low = low;
	port->high = high;
	port->at = ports->at = next_place(lab);
}

static void check_ports(const struct field_ports *ports, const uint16_t (*wanted)[2], size_t n)
{
	check_number(ports->items.n, n);
	for (size_t i = 0; i < n; i++) {
		check_number(ports->items.at[i].low, wanted[i][0]);
		check_number(ports->items.at[i].high, wanted[i][1]);
	}
}

TEST(both_places_name_ports_of_one_helper)
{
	static const uint16_t ftp[][2] = { { 21, 21 }, { 2121, 2125 } };
	static const uint16_t sip[][2] = { { 5060, 5060 }, { 5061, 5061 } };
	struct lab *lab = *state;
	struct written_helpers helpers = { 0 }, nat_helpers = { 0 };
	struct helper_use uses[HELPER_COUNT];

	use_helper(lab, &helpers, HELPER_FTP, true);
	use_helper(lab, &nat_helpers, HELPER_FTP, true);
	use_port(lab, &nat_helpers.of[HELPER_FTP].ports, 2123, 2125);
	use_port(lab, &nat_helpers.of[HELPER_FTP].ports, 2121, 2124);
	use_helper(lab, &nat_helpers, HELPER_SIP, true);
	use_port(lab, &nat_helpers.of[HELPER_SIP].ports, 5061, 5061);
	use_port(lab, &nat_helpers.of[HELPER_SIP].ports, 5060, 5060);
	use_port(lab, &nat_helpers.of[HELPER_SIP].ports, 5061, 5061);
	use_helper(lab, &helpers, HELPER_TFTP, false);
	helpers_merge(&lab->scope, &helpers, &nat_helpers, uses);

	check_codes(lab, NULL, 0);
	check_ports(&uses[HELPER_FTP].ports, ftp, countof(ftp));
	check_ports(&uses[HELPER_SIP].ports, sip, countof(sip));
	check(uses[HELPER_FTP].enabled.value && !uses[HELPER_TFTP].enabled.value);
	check(!span_is_set(uses[HELPER_IRC].at));
	check_number(helpers_first(uses), HELPER_FTP);
}

TEST(a_helper_is_on_or_off)
{
	static const enum diag_code codes[] = { D_HELPER_CONTRADICTION, D_HELPER_CONTRADICTION };
	struct lab *lab = *state;
	struct written_helpers helpers = { 0 }, nat_helpers = { 0 };
	struct helper_use uses[HELPER_COUNT];

	use_helper(lab, &helpers, HELPER_FTP, false);
	use_helper(lab, &nat_helpers, HELPER_FTP, true);
	use_helper(lab, &helpers, HELPER_SIP, true);
	use_helper(lab, &nat_helpers, HELPER_SIP, false);
	helpers_merge(&lab->scope, &helpers, &nat_helpers, uses);
	check_codes(lab, codes, countof(codes));
}

TEST(a_zone_takes_ports_from_all)
{
	static const uint16_t wanted[][2] = { { 2121, 2121 } };
	static const enum diag_code codes[] = { D_ZONE_LOOSE, D_BROADCAST_HELPER };
	struct lab *lab = *state;
	struct written_helpers helpers = { 0 };
	struct helper_use global[HELPER_COUNT] = { 0 }, uses[HELPER_COUNT];

	use_port(lab, &global[HELPER_FTP].ports, 2121, 2121);
	use_helper(lab, &helpers, HELPER_FTP, true);
	helpers.of[HELPER_FTP].loose.at = next_place(lab);
	use_helper(lab, &helpers, HELPER_SNMP, true);
	helpers_merge_zone(&lab->scope, &helpers, global, uses);
	check_ports(&uses[HELPER_FTP].ports, wanted, countof(wanted));
	check_codes(lab, codes, countof(codes));
}

TEST(a_burst_must_come_back)
{
	static const enum diag_code slow[] = { D_SLOW_BURST };
	struct lab *lab = *state;
	struct limits limits = {
		.new_per_second = { { 10000000, 1 }, next_place(lab) },
		.burst = { INT32_MAX, next_place(lab) },
	};
	limits_check(&lab->scope, &limits);
	check_codes(lab, NULL, 0);
	limits.new_per_second.value = (struct rate){ 1, 86400 };
	limits_check(&lab->scope, &limits);
	check_codes(lab, slow, 1);
	limits.burst.value = 24;
	limits_check(&lab->scope, &limits);
	check_codes(lab, NULL, 0);
}

static struct zone *add_zone(struct lab *lab, struct config *config, const char *name)
{
	struct zone *zone = push(lab->arena, &config->zones);
	zone->name = name;
	return zone;
}

static struct zone_match *add_match(struct lab *lab, struct zone *zone)
{
	struct zone_match *match = push(lab->arena, &zone->matches);
	match->at = next_place(lab);
	return match;
}

static void add_interface(struct lab *lab, struct zone_match *match, const char *name)
{
	struct field_text *text = push(lab->arena, &match->interfaces.items);
	text->value = name_intern(lab->scope.names, text_of(name));
	text->at = match->interfaces.at = next_place(lab);
}

static void add_source(struct lab *lab, struct zone_match *match, const char *text)
{
	struct field_prefix *prefix = push(lab->arena, &match->src.items);
	check_number(prefix_parse(text_of(text), &prefix->value), PREFIX_OK);
	prefix->at = match->src.at = next_place(lab);
}

static void check_interfaces(struct lab *lab, const char *const first[2], const char *second,
			     enum diag_code code)
{
	struct config config = { 0 };
	struct zone_match *match = add_match(lab, add_zone(lab, &config, "a"));
	for (int i = 0; i < 2 && first[i]; i++)
		add_interface(lab, match, first[i]);
	add_interface(lab, add_match(lab, add_zone(lab, &config, "b")), second);
	zones_check_overlap(&lab->scope, &config);
	check_codes(lab, &code, code != D_COUNT);
}

TEST(interfaces_belong_to_one_zone)
{
	static const struct {
		const char *first[2], *second;
		enum diag_code code;
	} cases[] = {
		{ { "eth0", NULL }, "eth1", D_COUNT },
		{ { "eth0", "eth1" }, "eth1", D_INTERFACE_CLAIMED },
		{ { "eth*", NULL }, "eth1", D_COUNT },
		{ { "eth*", NULL }, "eth*", D_INTERFACE_CLAIMED },
		{ { "eth*", NULL }, "et*", D_WILDCARDS_OVERLAP },
		{ { "et*", NULL }, "eth*", D_WILDCARDS_OVERLAP },
		{ { "e*", "eth*" }, "eth1*", D_WILDCARDS_OVERLAP },
		{ { "e*", "eth*" }, "f*", D_COUNT },
		{ { "eth0*", NULL }, "eth1*", D_COUNT },
		{ { "eth", NULL }, "eth*", D_COUNT },
	};
	for (size_t i = 0; i < countof(cases); i++)
		check_interfaces(*state, cases[i].first, cases[i].second, cases[i].code);
}

static void check_sources(struct lab *lab, const char *const first[2], const char *const second[2],
			  const char *interface, enum diag_code code)
{
	struct config config = { 0 };
	struct zone_match *a = add_match(lab, add_zone(lab, &config, "a"));
	struct zone_match *b = add_match(lab, add_zone(lab, &config, "b"));
	for (int i = 0; i < 2 && first[i]; i++)
		add_source(lab, a, first[i]);
	for (int i = 0; i < 2 && second[i]; i++)
		add_source(lab, b, second[i]);
	if (interface)
		add_interface(lab, b, interface);
	zones_check_overlap(&lab->scope, &config);
	check_codes(lab, &code, code != D_COUNT);
}

TEST(networks_belong_to_one_zone)
{
	static const struct {
		const char *first[2], *second[2], *interface;
		enum diag_code code;
	} cases[] = {
		{ { "10.0.0.0/8", "::1" }, { "::1", "10.0.0.0/8" }, NULL, D_SAME_CONDITIONS },
		{ { "10.0.0.0/8", NULL }, { "10.0.0.0/8", "::1" }, NULL, D_SAME_NETWORK },
		{ { "10.0.0.0/8", NULL }, { "10.0.0.0/9", "::1" }, NULL, D_SHADOWED_NETWORK },
		{ { "10.0.0.0/9", NULL }, { "10.0.0.0/8", "::1" }, NULL, D_COUNT },
		{ { "10.0.0.0/8", NULL }, { "10.0.0.0/9", "::1" }, "eth0", D_COUNT },
		{ { "10.0.0.0/8", NULL }, { "10.0.0.0/8", NULL }, "eth0", D_COUNT },
	};
	for (size_t i = 0; i < countof(cases); i++)
		check_sources(*state, cases[i].first, cases[i].second, cases[i].interface,
			      cases[i].code);
}

#define LAB_TEST(name) cmocka_unit_test_setup_teardown(name, lab_set_up, lab_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_names_one_state_wins_over_what_names_several),
		cmocka_unit_test(udp_alone_is_for_answered_flows_too),
		cmocka_unit_test(what_is_implied_needs_an_object_of_its_protocol),
		cmocka_unit_test(unreplied_fills_what_waits_for_an_answer),
		cmocka_unit_test(every_timeout_of_the_kernel_has_a_key),
		LAB_TEST(every_key_is_for_all_or_refused_in_a_zone),
		LAB_TEST(both_places_name_ports_of_one_helper),
		LAB_TEST(a_helper_is_on_or_off),
		LAB_TEST(a_zone_takes_ports_from_all),
		LAB_TEST(a_burst_must_come_back),
		LAB_TEST(interfaces_belong_to_one_zone),
		LAB_TEST(networks_belong_to_one_zone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
