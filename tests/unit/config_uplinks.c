#include "check.h"

#include "base/arena.h"
#include "base/diag.h"
#include "config/marks.h"
#include "config/offload.h"
#include "config/protection.h"
#include "config/resolve.h"
#include "config/uplinks.h"
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

static struct written_uplinks *add_group(struct lab *lab)
{
	struct written_uplinks *group = push(lab->arena, &lab->written.uplink_groups);
	group->name.value = "internet";
	group->enabled.value = group->sticky.value = true;
	group->balance.value = "connections";
	group->mode.value = "both";
	group->at = next_place(lab);
	return group;
}

static struct written_uplink *add_uplink(struct lab *lab, struct written_uplinks *group,
					 const char *interface)
{
	struct written_uplink *uplink = push(lab->arena, &group->uplinks);
	struct field_text *name = push(lab->arena, &uplink->interfaces.items);
	name->value = name_intern(lab->scope.names, text_of(interface));
	name->at = uplink->interfaces.at = next_place(lab);
	uplink->name.value = interface;
	uplink->weight.value = 1;
	uplink->enabled.value = true;
	uplink->at = next_place(lab);
	return uplink;
}

TEST(uplinks_are_numbered_over_all_groups)
{
	struct lab *lab = *state;
	struct written_uplinks *group = add_group(lab);
	add_uplink(lab, group, "eth0");
	struct written_uplink *second = add_uplink(lab, group, "eth2");
	second->mark = (struct field_text){ "0x1000", next_place(lab) };
	add_uplink(lab, add_group(lab), "eth3");
	uplinks_resolve(&lab->scope, &lab->written, &lab->config);
	check_number(lab->diags.all.n, 0);
	const struct uplink_group *groups = lab->config.uplink_groups.at;
	check_number(groups[0].uplinks.at[0].id, 2);
	check_number(groups[0].uplinks.at[1].id, 1);
	check_number(groups[1].uplinks.at[0].id, 3);
	check_number(groups[1].uplinks.at[0].table, 703);
}

TEST(sixteen_uplinks_are_too_many)
{
	struct lab *lab = *state;
	struct written_uplinks *group = add_group(lab);
	for (int i = 0; i < 15; i++)
		add_uplink(lab, group, arena_printf(lab->arena, "ppp%d", i));
	uplinks_resolve(&lab->scope, &lab->written, &lab->config);
	check_number(lab->diags.all.n, 0);
	lab->config.uplink_groups.n = 0;
	add_uplink(lab, &lab->written.uplink_groups.at[0], "ppp15");
	uplinks_resolve(&lab->scope, &lab->written, &lab->config);
	check_number(lab->diags.errors, 1);
}

TEST(a_mode_without_tiers_has_one)
{
	struct lab *lab = *state;
	struct written_uplinks *group = add_group(lab);
	group->mode.value = "loadbalance";
	add_uplink(lab, group, "eth0");
	add_uplink(lab, group, "eth2")->tier.value = 7;
	uplinks_resolve(&lab->scope, &lab->written, &lab->config);
	check_number(lab->config.uplink_groups.at[0].uplinks.at[1].tier, 0);
}

TEST(a_disabled_group_is_left_out)
{
	struct lab *lab = *state;
	struct written_uplinks *group = add_group(lab);
	group->enabled.value = false;
	add_uplink(lab, group, "eth0");
	uplinks_resolve(&lab->scope, &lab->written, &lab->config);
	check_number(lab->diags.all.n, 0);
	check_number(lab->config.uplink_groups.n, 0);
}

static struct zone *add_zone(struct lab *lab, const char *name, const char *interface)
{
	struct zone *zone = push(lab->arena, &lab->config.zones);
	struct zone_match *match = push(lab->arena, &zone->matches);
	zone->name = name;
	zone->id = lab->config.zones.n;
	push(lab->arena, &match->interfaces.items)->value = interface;
	return zone;
}

TEST(a_rate_switches_its_limit_on)
{
	struct lab *lab = *state;
	struct written_protection written = { .enabled.value = true, .at = next_place(lab) };
	struct protection protection;
	written.syn_flood.rate.value = (struct rate){ 50, 1 };
	written.icmp_flood.rate = (struct field_rate){ { 10, 1 }, next_place(lab) };
	protection_resolve(&lab->scope, &written, &protection);
	check_number(protection.syn_flood.value.count, 0);
	check_number(protection.icmp_flood.value.count, 10);
	check_number(protection.icmp_burst.value, 20);
	check_number(protection.new_connections.value.count, 0);
	check_number(lab->diags.all.n, 0);
}

TEST(protection_goes_to_the_interfaces_zone)
{
	struct lab *lab = *state;
	add_zone(lab, "lan", "eth1");
	add_zone(lab, "vpn", "wg*");
	struct written_protection *block = push(lab->arena, &lab->written.protections);
	block->enabled.value = block->bogons.value = true;
	block->at = next_place(lab);
	struct field_text *name = push(lab->arena, &block->interfaces.items);
	*name = (struct field_text){ "wg7", next_place(lab) };
	protections_resolve(&lab->scope, &lab->written, &lab->config);
	check_number(lab->diags.all.n, 0);
	check(!lab->config.zones.at[0].protection.bogons.value);
	check(lab->config.zones.at[1].protection.bogons.value);
	check(!span_is_set(lab->config.protection.at));

	*name = (struct field_text){ "*", next_place(lab) };
	protections_resolve(&lab->scope, &lab->written, &lab->config);
	check(lab->config.protection.bogons.value);
}

TEST(segment_sizes_are_read)
{
	static const struct {
		const char *text, *kept;
	} cases[] = {
		{ "true", "pmtu" },   { "pmtu", "pmtu" },      { "false", "off" }, { "536", "536" },
		{ "65495", "65495" }, { "535", NULL },	       { "65496", NULL },  { "", NULL },
		{ "14oo", NULL },     { "99999999999", NULL },
	};
	struct lab *lab = *state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct complaint complaint = { 0 };
		const char *kept = mss_read(&lab->scope, text_of(cases[i].text), &complaint);
		check(!kept == !cases[i].kept);
		if (kept)
			check_text(kept, cases[i].kept);
	}
}

TEST(a_mark_alone_is_what_is_set)
{
	struct lab *lab = *state;
	struct written_mark_rule *rule = push(lab->arena, &lab->written.mark_rules);
	rule->name.value = "voice";
	rule->enabled.value = true;
	rule->at = next_place(lab);
	rule->conditions.mark = (struct field_text){ "0x10", next_place(lab) };
	rule->mask = (struct field_text){ "0xf0", next_place(lab) };
	mark_rules_resolve(&lab->scope, &lab->written, &lab->config);
	check_number(lab->diags.all.n, 0);
	check_number(lab->config.mark_rules.at[0].set.value, 0x10);
	check_number(lab->config.mark_rules.at[0].set.mask, 0xf0);
	check(!span_is_set(lab->config.mark_rules.at[0].match.mark.at));

	rule->set_mark = (struct field_text){ "0x1/0xff", next_place(lab) };
	mark_rules_resolve(&lab->scope, &lab->written, &lab->config);
	check_number(lab->config.mark_rules.at[1].set.value, 1);
	check_number(lab->config.mark_rules.at[1].set.mask, 0xff);
	check_number(lab->config.mark_rules.at[1].match.mark.value, 0x10);
}

int main(void)
{
#define LAB_TEST(name) cmocka_unit_test_setup_teardown(name, lab_set_up, lab_tear_down)
	const struct CMUnitTest tests[] = {
		LAB_TEST(uplinks_are_numbered_over_all_groups),
		LAB_TEST(sixteen_uplinks_are_too_many),
		LAB_TEST(a_mode_without_tiers_has_one),
		LAB_TEST(a_disabled_group_is_left_out),
		LAB_TEST(a_rate_switches_its_limit_on),
		LAB_TEST(protection_goes_to_the_interfaces_zone),
		LAB_TEST(segment_sizes_are_read),
		LAB_TEST(a_mark_alone_is_what_is_set),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
