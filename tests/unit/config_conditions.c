#include "check.h"

#include "base/arena.h"
#include "base/diag.h"
#include "config/resolve.h"
#include "schema/schema.h"
#include "value/value.h"

struct lab {
	struct arena *arena;
	struct diags diags;
	struct scope scope;
	struct written written;
	struct config config;
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
	lab->config.conntrack.enabled.value = true;
	for (uint32_t i = 0; i < 2; i++) {
		struct zone *zone = push(arena, &lab->config.zones);
		zone->name = i ? "wan" : "lan";
		zone->id = i + 1;
	}
	service_defs_resolve(&lab->scope, &lab->written, &lab->config);
	*state = lab;
	return 0;
}

static int lab_tear_down(void **state)
{
	arena_free(((struct lab *)*state)->arena);
	return 0;
}

static struct span next_place(struct lab *lab)
{
	lab->place += 10;
	return (struct span){ lab->place, lab->place + 5 };
}

static struct field_text text_field(struct lab *lab, const char *text)
{
	return (struct field_text){ name_intern(lab->scope.names, text_of(text)), next_place(lab) };
}

static void add(struct lab *lab, struct field_texts *texts, const char *text)
{
	*push(lab->arena, &texts->items) = text_field(lab, text);
	if (!field_is_set(*texts))
		texts->at = next_place(lab);
}

static struct rule resolve(struct lab *lab, const struct written_conditions *written)
{
	struct rule rule = { .at = next_place(lab) };
	conditions_resolve(&lab->scope, &lab->config, written, &rule);
	return rule;
}

static void check_icmp(const struct rule *rule, uint32_t index, uint8_t family, const char *word)
{
	check(index < rule->icmp_types.n);
	check_number(rule->icmp_types.at[index].family, family);
	check_text(rule->icmp_types.at[index].word, word);
}

TEST(icmp_is_of_both_versions)
{
	struct lab *lab = *state;
	struct written_conditions written = { 0 };
	add(lab, &written.protocols, "icmp");
	struct rule rule = resolve(lab, &written);
	check_number(rule.protocols.items.n, 2);
	check_text(rule.protocols.items.at[0].value, "icmp");
	check_text(rule.protocols.items.at[1].value, "ipv6-icmp");

	add(lab, &written.icmp_types, "echo-request");
	add(lab, &written.icmp_types, "135");
	rule = resolve(lab, &written);
	check_number(rule.icmp_types.n, 3);
	check_icmp(&rule, 0, FAMILY_IPV4, "echo-request");
	check_icmp(&rule, 1, FAMILY_IPV6, "echo-request");
	check_icmp(&rule, 2, FAMILY_IPV6, "nd-neighbor-solicit");
	check_number(lab->diags.all.n, 0);
}

TEST(icmp_of_one_version_narrows_names_and_numbers)
{
	struct lab *lab = *state;
	struct written_conditions written = { 0 };
	add(lab, &written.protocols, "icmpv4");
	add(lab, &written.icmp_types, "redirect");
	add(lab, &written.icmp_types, "3");
	add(lab, &written.icmp_types, "42");
	struct rule rule = resolve(lab, &written);
	check_text(rule.protocols.items.at[0].value, "icmp");
	check_number(rule.icmp_types.n, 3);
	check_icmp(&rule, 0, FAMILY_IPV4, "redirect");
	check_icmp(&rule, 1, FAMILY_IPV4, "destination-unreachable");
	check_icmp(&rule, 2, FAMILY_IPV4, "42");
	check_number(lab->diags.all.n, 0);
}

TEST(any_protocol_is_none)
{
	struct lab *lab = *state;
	struct written_conditions written = { 0 };
	add(lab, &written.protocols, "tcp");
	add(lab, &written.protocols, "any");
	struct rule rule = resolve(lab, &written);
	check_number(rule.protocols.items.n, 0);
}

TEST(services_are_ports_or_types)
{
	struct lab *lab = *state;
	struct written_conditions written = { 0 };
	add(lab, &written.services, "www");
	add(lab, &written.services, "dns");
	struct rule rule = resolve(lab, &written);
	check_number(rule.services.n, 2);
	check_number(rule.services.at[0].def->parts.at[0].low, 80);
	check_number(rule.services.at[1].def->parts.n, 2);

	written = (struct written_conditions){ 0 };
	add(lab, &written.services, "ping");
	rule = resolve(lab, &written);
	check_number(rule.services.n, 0);
	check_number(rule.icmp_types.n, 2);
	check_number(lab->diags.all.n, 0);
}

TEST(flags_imply_tcp)
{
	struct lab *lab = *state;
	struct written_conditions written = { 0 };
	add(lab, &written.tcp_flags, "syn");
	add(lab, &written.tcp_flags, "!ack");
	struct rule rule = resolve(lab, &written);
	check_number(rule.tcp_flags.set, 2);
	check_number(rule.tcp_flags.mask, 18);
	check_text(rule.protocols.items.at[0].value, "tcp");
	check_number(lab->diags.all.n, 0);
}

TEST(states_come_in_lists_of_both_kinds)
{
	struct lab *lab = *state;
	struct written_conditions written = { 0 };
	add(lab, &written.states, "untracked,new");
	add(lab, &written.states, "new");
	struct rule rule = resolve(lab, &written);
	check_number(rule.states.items.n, 2);
	check_text(rule.states.items.at[0].value, "untracked");
	check_text(rule.states.items.at[1].value, "new");
	check_number(lab->diags.all.n, 0);
}

TEST(a_window_lasts_from_start_to_end)
{
	struct lab *lab = *state;
	struct written_conditions written = { 0 };
	written.time_start = text_field(lab, "22:00");
	written.time_end = text_field(lab, "06:30");
	add(lab, &written.days, "friday");
	add(lab, &written.days, "weekend");
	struct rule rule = resolve(lab, &written);
	check_number(rule.time.start, 79200);
	check_number(rule.time.end, 23400);
	check_number(rule.time.days, 0x61);
	check(span_is_set(rule.time.at));
	check_number(lab->diags.all.n, 0);
}

/* Rules of a policy from lan to wan. */
static struct policy rules_of(struct lab *lab, const struct written_rule *rules, uint32_t n)
{
	struct written_policy written = { .at = next_place(lab) };
	struct policy policy = { 0 };
	for (uint32_t i = 0; i < n; i++)
		*push(lab->arena, &written.rules) = rules[i];
	rules_resolve(&lab->scope, &lab->config, &written, &policy);
	return policy;
}

static struct written_rule rule_of(struct lab *lab, const char *name)
{
	struct written_rule rule = { .name = text_field(lab, name), .at = next_place(lab) };
	rule.enabled.value = true;
	rule.action = text_field(lab, "accept");
	return rule;
}

TEST(services_that_differ_in_kind_become_rules_of_their_own)
{
	static const char *const services[] = { "ssh", "ftp", "ping", "http", "tftp" };
	struct lab *lab = *state;
	struct written_rule written = rule_of(lab, "many");
	for (size_t i = 0; i < countof(services); i++)
		add(lab, &written.conditions.services, services[i]);
	struct policy policy = rules_of(lab, &written, 1);
	check_number(lab->diags.all.n, 0);
	check_number(policy.rules.n, 4);
	check_number(policy.rules.at[0].services.n, 2);
	check(!policy.rules.at[0].helper.value);
	check_number(policy.rules.at[1].icmp_types.n, 2);
	check_text(policy.rules.at[2].helper.value, "ftp");
	check_text(policy.rules.at[3].helper.value, "tftp");
	for (uint32_t i = 1; i < policy.rules.n; i++)
		check(strcmp(policy.rules.at[i].name, policy.rules.at[i - 1].name) != 0);
}

TEST(a_service_brings_its_helper_where_nothing_else_is_said)
{
	struct lab *lab = *state;
	struct written_rule written[3];
	for (size_t i = 0; i < countof(written); i++) {
		written[i] = rule_of(lab, "files");
		add(lab, &written[i].conditions.services, "ftp");
	}
	written[1].helper = text_field(lab, "none");
	written[2].action = text_field(lab, "drop");
	struct policy policy = rules_of(lab, written, countof(written));
	check_text(policy.rules.at[0].helper.value, "ftp");
	check(!policy.rules.at[1].helper.value && !policy.rules.at[2].helper.value);
	check_number(lab->diags.all.n, 0);
}

TEST(what_is_disabled_is_checked_and_left_out)
{
	struct lab *lab = *state;
	struct written_rule written[] = { rule_of(lab, "a"), rule_of(lab, "b"), rule_of(lab, "c") };
	written[0].disabled.value = true;
	written[1].enabled.value = false;
	add(lab, &written[0].conditions.services, "no-such-service");
	struct policy policy = rules_of(lab, written, countof(written));
	check_number(policy.rules.n, 1);
	check_text(policy.rules.at[0].name, "c");
	check_number(lab->diags.all.n, 1);
}

TEST(a_timeout_is_for_the_protocols_of_its_rule)
{
	struct lab *lab = *state;
	struct written_rule written[] = { rule_of(lab, "udp"), rule_of(lab, "any") };
	add(lab, &written[0].conditions.protocols, "udp");
	for (size_t i = 0; i < countof(written); i++)
		written[i].timeout = (struct field_number){ 90, next_place(lab) };
	struct policy policy = rules_of(lab, written, countof(written));
	const struct timeouts *udp = policy.rules.at[0].timeouts;
	const struct timeouts *any = policy.rules.at[1].timeouts;
	check(!field_is_set(udp->of[TIMEOUT_TCP_ESTABLISHED]));
	check_number(udp->of[TIMEOUT_UDP_REPLIED].value, 90);
	check_number(any->of[TIMEOUT_TCP_ESTABLISHED].value, 90);
	check_number(any->of[TIMEOUT_UDP_UNREPLIED].value, 90);
}

static struct written_policy *add_policy(struct lab *lab, const char *from, const char *to)
{
	struct written_policy *policy = push(lab->arena, &lab->written.policies);
	policy->labels[POLICY_FROM] = text_field(lab, from);
	policy->labels[POLICY_TO] = text_field(lab, to);
	policy->at = next_place(lab);
	policy->enabled.value = true;
	return policy;
}

TEST(a_policy_takes_what_it_inherits_behind_its_own)
{
	struct lab *lab = *state;
	struct written_policy *child = add_policy(lab, "lan", "wan");
	*push(lab->arena, &child->rules) = rule_of(lab, "own");
	child->inherits = text_field(lab, "wan-lan");
	struct written_policy *middle = add_policy(lab, "wan", "lan");
	*push(lab->arena, &middle->rules) = rule_of(lab, "middle");
	middle->inherits = text_field(lab, "base");
	struct written_policy *base = add_policy(lab, "*", "self");
	*push(lab->arena, &base->rules) = rule_of(lab, "base");
	base->name = text_field(lab, "base");
	base->action = text_field(lab, "reject");
	base->disabled.value = true;

	policies_resolve(&lab->scope, &lab->written, &lab->config);
	check_number(lab->diags.all.n, 0);
	check_number(lab->config.policies.n, 2);
	const struct policy *policy = &lab->config.policies.at[0];
	check_text(policy->name, "lan to wan");
	check_number(policy->rules.n, 3);
	check_text(policy->rules.at[0].name, "own");
	check_text(policy->rules.at[1].name, "middle");
	check_text(policy->rules.at[2].name, "base");
	check(policy->has_action);
	check_number(policy->action, RULE_REJECT);
}

#define LAB_TEST(name) cmocka_unit_test_setup_teardown(name, lab_set_up, lab_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LAB_TEST(icmp_is_of_both_versions),
		LAB_TEST(icmp_of_one_version_narrows_names_and_numbers),
		LAB_TEST(any_protocol_is_none),
		LAB_TEST(services_are_ports_or_types),
		LAB_TEST(flags_imply_tcp),
		LAB_TEST(states_come_in_lists_of_both_kinds),
		LAB_TEST(a_window_lasts_from_start_to_end),
		LAB_TEST(services_that_differ_in_kind_become_rules_of_their_own),
		LAB_TEST(a_service_brings_its_helper_where_nothing_else_is_said),
		LAB_TEST(what_is_disabled_is_checked_and_left_out),
		LAB_TEST(a_timeout_is_for_the_protocols_of_its_rule),
		LAB_TEST(a_policy_takes_what_it_inherits_behind_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
