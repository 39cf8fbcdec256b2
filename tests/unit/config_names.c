#include "check.h"

#include "base/arena.h"
#include "base/diag.h"
#include "config/names.h"
#include "schema/schema.h"
#include "value/value.h"

struct lab {
	struct arena *arena;
	struct diags diags;
	struct scope scope;
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

TEST(interfaces_are_what_the_kernel_takes)
{
	static const struct {
		const char *text, *kept;
	} cases[] = {
		{ "eth0", "eth0" },
		{ "a", "a" },
		{ "br-lan", "br-lan" },
		{ "eth1.20", "eth1.20" },
		{ "veth@if3", "veth@if3" },
		{ "x_=y", "x_=y" },
		{ "abcdefghijklmno", "abcdefghijklmno" },
		{ "wg*", "wg*" },
		{ "wg+", "wg*" },
		{ "abcdefghijklmn*", "abcdefghijklmn*" },
		{ "...", "..." },
		{ "", NULL },
		{ ".", NULL },
		{ "..", NULL },
		{ "*", NULL },
		{ "+", NULL },
		{ ".*", NULL },
		{ "abcdefghijklmnop", NULL },
		{ "abcdefghijklmno*", NULL },
		{ "eth 0", NULL },
		{ "eth/0", NULL },
		{ "eth:0", NULL },
		{ "eth%d", NULL },
		{ "eth\"0", NULL },
		{ "eth\\0", NULL },
		{ "eth0\n", NULL },
		{ "eth\x7f", NULL },
		{ "eth\xc3\xa9", NULL },
		{ "eth0}", NULL },
		{ "wg**", NULL },
		{ "w*g", NULL },
		{ "wg+*", NULL },
	};
	struct lab *lab = *state;

	for (size_t i = 0; i < countof(cases); i++) {
		struct complaint complaint = { 0 };
		const char *kept = interface_read(&lab->scope, text_of(cases[i].text), &complaint);
		if (cases[i].kept)
			check_text(kept, cases[i].kept);
		else
			check(!kept && complaint.code == D_INTERFACE_NAME && complaint.message);
	}
	struct complaint complaint = { 0 };
	check(!interface_read(&lab->scope, TEXT("eth\0"), &complaint));
}

TEST(mac_addresses_are_kept_in_one_form)
{
	static const struct {
		const char *text, *kept;
	} cases[] = {
		{ "02:00:5e:10:00:01", "02:00:5e:10:00:01" },
		{ "02:00:5E:10:00:AF", "02:00:5e:10:00:af" },
		{ "02-00-5e-10-00-01", "02:00:5e:10:00:01" },
		{ "ff:ff:ff:ff:ff:ff", "ff:ff:ff:ff:ff:ff" },
		{ "", NULL },
		{ "02:00:5e:10:00", NULL },
		{ "02:00:5e:10:00:01:02", NULL },
		{ "02:00:5e-10:00:01", NULL },
		{ "02:00:5e:10:00:0g", NULL },
		{ "02:00:5e:10:00:1 ", NULL },
		{ "0:2:0:0:5:e:1:0:0", NULL },
	};
	struct lab *lab = *state;

	for (size_t i = 0; i < countof(cases); i++) {
		struct complaint complaint = { 0 };
		const char *kept = mac_read(&lab->scope, text_of(cases[i].text), &complaint);
		if (cases[i].kept)
			check_text(kept, cases[i].kept);
		else
			check(!kept && complaint.code == D_BAD_MAC);
	}
}

TEST(zones_have_names_that_the_kernel_can_have)
{
	static const struct {
		const char *name;
		enum diag_code code;
	} cases[] = {
		{ "lan", D_COUNT },
		{ "2nd-floor_a.b", D_COUNT },
		{ "abcdefghijklmnopqrstuvwxyz012345", D_COUNT },
		{ "selfish", D_COUNT },
		{ "", D_ZONE_NAME },
		{ "abcdefghijklmnopqrstuvwxyz0123456", D_ZONE_NAME },
		{ "two words", D_ZONE_NAME },
		{ "caf\xc3\xa9", D_ZONE_NAME },
		{ "a\"b", D_ZONE_NAME },
		{ "*", D_ZONE_NAME },
		{ "self", D_ZONE_RESERVED },
		{ "FireWall", D_ZONE_RESERVED },
		{ "router", D_ZONE_RESERVED },
		{ "flywall", D_ZONE_RESERVED },
		{ "any", D_ZONE_RESERVED },
		{ "All", D_ZONE_RESERVED },
	};
	struct lab *lab = *state;

	for (size_t i = 0; i < countof(cases); i++) {
		struct field_text name = { cases[i].name, { 1, 2 } };
		diags_init(&lab->diags, lab->arena);
		zone_name_check(&lab->scope, &name);
		check_number(lab->diags.all.n, cases[i].code != D_COUNT);
		if (lab->diags.all.n)
			check_number(lab->diags.all.at[0]->code, cases[i].code);
	}
}

#define LAB_TEST(name) cmocka_unit_test_setup_teardown(name, lab_set_up, lab_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LAB_TEST(interfaces_are_what_the_kernel_takes),
		LAB_TEST(mac_addresses_are_kept_in_one_form),
		LAB_TEST(zones_have_names_that_the_kernel_can_have),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
