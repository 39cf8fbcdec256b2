#include "check.h"

#include "base/arena.h"
#include "base/diag.h"
#include "config/nats.h"
#include "config/resolve.h"
#include "value/value.h"

struct lab {
	struct arena *arena;
	struct diags diags;
	struct scope scope;
	struct written written;
	struct config config;
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

TEST(targets_are_addresses_and_ports)
{
	static const struct {
		const char *text, *low, *high;
		uint16_t port_low, port_high;
	} good[] = {
		{ "192.0.2.10", "192.0.2.10", "192.0.2.10", 0, 0 },
		{ "192.0.2.10:80", "192.0.2.10", "192.0.2.10", 80, 80 },
		{ "192.0.2.10:80-90", "192.0.2.10", "192.0.2.10", 80, 90 },
		{ "192.0.2.1-192.0.2.9", "192.0.2.1", "192.0.2.9", 0, 0 },
		{ "192.0.2.1-192.0.2.9:65535", "192.0.2.1", "192.0.2.9", 65535, 65535 },
		{ "2001:db8::1", "2001:db8::1", "2001:db8::1", 0, 0 },
		{ "[2001:db8::1]", "2001:db8::1", "2001:db8::1", 0, 0 },
		{ "[2001:db8::1]:443", "2001:db8::1", "2001:db8::1", 443, 443 },
		{ "2001:db8::1-2001:db8::9", "2001:db8::1", "2001:db8::9", 0, 0 },
		{ "192.0.2.0/30", "192.0.2.0", "192.0.2.3", 0, 0 },
	};
	for (size_t i = 0; i < countof(good); i++) {
		struct nat_target target;
		char low[PREFIX_TEXT_MAX], high[PREFIX_TEXT_MAX];
		check(target_parse(text_of(good[i].text), &target));
		prefix_format(&target.low, low);
		prefix_format(&target.high, high);
		check_text(low, good[i].low);
		check_text(high, good[i].high);
		check_number(target.port_low, good[i].port_low);
		check_number(target.port_high, good[i].port_high);
		check_number(target.weight, 1);
	}
}

TEST(a_port_alone_keeps_the_address)
{
	struct nat_target target;
	check(target_parse(TEXT(":8080"), &target));
	check_number(target.family, 0);
	check_number(target.port_low, 8080);
}

TEST(what_is_no_target_is_none)
{
	static const char *const bad[] = {
		"",
		":",
		"[]",
		"[",
		"[2001:db8::1",
		"[2001:db8::1]80",
		"[2001:db8::1]:",
		"192.0.2.10:",
		"192.0.2.10:0",
		"192.0.2.10:65536",
		"192.0.2.10:90-80",
		"192.0.2.10:80-",
		"192.0.2.9-192.0.2.1",
		"192.0.2.1/24",
		"lan",
		"192.0.2.1-::1",
		"192.0.2.10:8 0",
	};
	for (size_t i = 0; i < countof(bad); i++) {
		struct nat_target target;
		check(!target_parse(text_of(bad[i]), &target));
	}
}

static struct written_nat *add_nat(struct lab *lab, const char *type)
{
	struct written_nat *nat = push(lab->arena, &lab->written.nats);
	nat->name.value = "n";
	nat->type.value = type;
	nat->enabled.value = true;
	nat->at = (struct span){ lab->written.nats.n * 100, lab->written.nats.n * 100 + 1 };
	return nat;
}

static struct value text_value(const char *text)
{
	return (struct value){ .kind = VALUE_STRING, .string = text_of(text), .at = { 5, 6 } };
}

static void add_service(struct lab *lab, struct service_def *def, const char *protocol,
			uint16_t low, uint16_t high)
{
	struct service_part *part = push(lab->arena, &def->parts);
	part->protocol = protocol;
	part->low = low;
	part->high = high;
}

static void read_nats(struct lab *lab)
{
	nats_resolve(&lab->scope, &lab->written, &lab->config);
}

TEST(to_is_an_address_or_a_zone)
{
	struct lab *lab = *state;
	struct zone *zone = push(lab->arena, &lab->config.zones);
	zone->name = "wan";
	zone->id = 1;
	struct value address = text_value("192.0.2.10"), name = text_value("wan");
	add_nat(lab, "dnat")->to = (struct field_any){ .value = &address, .at = { 3, 4 } };
	add_nat(lab, "masquerade")->to = (struct field_any){ .value = &name, .at = { 3, 4 } };
	read_nats(lab);
	check_number(lab->diags.all.n, 0);
	check_number(lab->config.nats.n, 2);
	check_number(lab->config.nats.at[0].targets.n, 1);
	check(!lab->config.nats.at[0].to.written);
	check_number(lab->config.nats.at[1].targets.n, 0);
	check(zone_set_has(&lab->config.nats.at[1].to, 1));
}

TEST(disabled_translations_are_left_out)
{
	struct lab *lab = *state;
	add_nat(lab, "masquerade")->disabled.value = true;
	add_nat(lab, "masquerade")->enabled.value = false;
	read_nats(lab);
	check_number(lab->diags.all.n, 0);
	check_number(lab->config.nats.n, 0);
}

/* Names by which pairs are written: outside and inside, or what other types call them. */
TEST(pairs_have_an_inside_and_an_outside)
{
	struct lab *lab = *state;
	struct field_prefix inside = { .at = { 5, 6 } }, outside = { .at = { 7, 8 } };
	check(prefix_parse(TEXT("10.0.0.1"), &inside.value) == PREFIX_OK);
	check(prefix_parse(TEXT("203.0.113.1"), &outside.value) == PREFIX_OK);
	struct value to_inside = text_value("10.0.0.1"), to_outside = text_value("203.0.113.1");

	struct written_nat *nat = add_nat(lab, "one_to_one");
	*push(lab->arena, &nat->inside.items) = inside;
	*push(lab->arena, &nat->outside.items) = outside;
	nat = add_nat(lab, "one_to_one");
	*push(lab->arena, &nat->conditions.dest.items) = outside;
	nat->targets = (struct field_any){ .value = &to_inside, .at = { 5, 6 } };
	nat = add_nat(lab, "one_to_one");
	*push(lab->arena, &nat->conditions.src.items) = inside;
	nat->targets = (struct field_any){ .value = &to_outside, .at = { 5, 6 } };
	read_nats(lab);
	check_number(lab->diags.all.n, 0);
	check_number(lab->config.nats.n, 3);
	for (uint32_t i = 0; i < 3; i++) {
		const struct nat *got = &lab->config.nats.at[i];
		check_number(prefix_compare(&got->inside, &inside.value), 0);
		check_number(prefix_compare(&got->outside, &outside.value), 0);
		check_number(got->src.items.n + got->dest.items.n + got->targets.n, 0);
	}
}

static struct service_def *declare(struct lab *lab, const char *name)
{
	struct service_def *def = push(lab->arena, &lab->config.services);
	def->name = name;
	def->helper = HELPER_COUNT;
	return def;
}

static void use_service(struct lab *lab, struct written_nat *nat, const char *name)
{
	struct field_text *use = push(lab->arena, &nat->conditions.services.items);
	use->value = name;
	use->at = nat->conditions.services.at = (struct span){ 11, 12 };
}

/* Protocols with the same ports are one translation, others have one each. */
TEST(services_become_protocols_and_ports)
{
	struct lab *lab = *state;
	struct service_def *dns = declare(lab, "dns");
	add_service(lab, dns, "tcp", 53, 53);
	add_service(lab, dns, "udp", 53, 53);
	struct service_def *tunnel = declare(lab, "tunnel");
	add_service(lab, tunnel, "udp", 500, 500);
	add_service(lab, tunnel, "udp", 4500, 4500);
	add_service(lab, tunnel, "esp", 0, 0);
	use_service(lab, add_nat(lab, "masquerade"), "dns");
	use_service(lab, add_nat(lab, "masquerade"), "tunnel");
	read_nats(lab);
	check_number(lab->diags.all.n, 0);
	check_number(lab->config.nats.n, 3);
	const struct nat *nats = lab->config.nats.at;
	check_number(nats[0].protocols.items.n, 2);
	check_number(nats[0].dest_ports.items.n, 1);
	check_text(nats[1].protocols.items.at[0].value, "udp");
	check_number(nats[1].dest_ports.items.n, 2);
	check_text(nats[2].protocols.items.at[0].value, "esp");
	check_number(nats[2].dest_ports.items.n, 0);
}

int main(void)
{
#define LAB_TEST(name) cmocka_unit_test_setup_teardown(name, lab_set_up, lab_tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets_are_addresses_and_ports),
		cmocka_unit_test(a_port_alone_keeps_the_address),
		cmocka_unit_test(what_is_no_target_is_none),
		LAB_TEST(to_is_an_address_or_a_zone),
		LAB_TEST(disabled_translations_are_left_out),
		LAB_TEST(services_become_protocols_and_ports),
		LAB_TEST(pairs_have_an_inside_and_an_outside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
