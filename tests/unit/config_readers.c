#include <string.h>
#include <strings.h>

#include "check.h"

#include "base/arena.h"
#include "base/diag.h"
#include "config/conditions.h"
#include "config/readers.h"
#include "config/resolve.h"
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

/* What a reader makes of a text; NULL: it refuses it. */
struct reading {
	const char *text, *kept;
};

static void check_reader(struct lab *lab, text_reader *read, const struct reading *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct complaint complaint = { 0 };
		const char *kept = read(&lab->scope, text_of(cases[i].text), &complaint);
		if (cases[i].kept) {
			check(kept);
			check_text(kept, cases[i].kept);
		} else {
			check(!kept && complaint.message && complaint.help);
		}
	}
}

TEST(protocols_have_one_spelling)
{
	static const struct reading cases[] = {
		{ "tcp", "tcp" },
		{ "UDP", "udp" },
		{ "icmpv6", "ipv6-icmp" },
		{ "icmp", "icmp" },
		{ "icmp4", "icmpv4" },
		{ "6", "tcp" },
		{ "58", "ipv6-icmp" },
		{ "all", "any" },
		{ "ipip", "ipencap" },
		{ "", NULL },
		{ "256", NULL },
		{ "254", NULL },
		{ "tcp ", NULL },
		{ "-6", NULL },
		{ "http", NULL },
		{ "0x6", "tcp" },
		{ "99999999999999", NULL },
	};
	check_reader(*state, protocol_read, cases, countof(cases));
}

TEST(code_points_have_one_spelling)
{
	static const struct reading cases[] = {
		{ "ef", "ef" },	 { "EF", "ef" }, { "46", "ef" },   { "0x2e", "ef" },
		{ "be", "cs0" }, { "0", "cs0" }, { "43", "0x2b" }, { "63", "0x3f" },
		{ "64", NULL },	 { "0x", NULL }, { "", NULL },	   { "af10", NULL },
	};
	check_reader(*state, dscp_read, cases, countof(cases));
}

TEST(tcp_flags_are_bits)
{
	static const struct {
		const char *text;
		uint8_t set, mask;
	} cases[] = {
		{ "syn", 2, 23 },
		{ "SYN", 2, 23 },
		{ "syn,!ack", 2, 18 },
		{ "!syn", 0, 2 },
		{ "syn/syn,ack", 2, 18 },
		{ "syn|ack", 18, 18 },
		{ "fin,psh,urg", 41, 41 },
		{ "none", 0, 255 },
		{ "all", 255, 255 },
		{ "none/syn,rst", 0, 6 },
		{ "syn, ! rst", 2, 6 },
		{ "ack", 16, 16 },
		{ "ece,cwr/all", 192, 255 },
	};
	static const struct reading wrong[] = {
		{ "", NULL },	    { "sny", NULL },	  { "syn/", NULL },	{ "/syn", NULL },
		{ "syn,", "syn," }, { "syn/ack", NULL },  { "syn,!syn", NULL }, { "!", NULL },
		{ ",syn", NULL },   { "syn/!ack", NULL }, { "!syn/syn", NULL }, { "syn ack", NULL },
	};
	struct lab *lab = *state;

	for (size_t i = 0; i < countof(cases); i++) {
		struct complaint complaint = { 0 };
		struct tcp_flags flags = { 0 };
		const char *kept = tcp_flags_read(&lab->scope, text_of(cases[i].text), &complaint);
		check(kept);
		tcp_flags_parse(kept, &flags);
		check_number(flags.set, cases[i].set);
		check_number(flags.mask, cases[i].mask);
	}
	check_reader(lab, tcp_flags_read, wrong, countof(wrong));
}

TEST(marks_have_masks)
{
	static const struct {
		const char *text;
		uint32_t value, mask;
	} cases[] = {
		{ "16", 16, UINT32_MAX }, { "0x10", 16, UINT32_MAX },
		{ "0x10/0xff", 16, 255 }, { "0x10 / 0xF0", 16, 240 },
		{ "0", 0, UINT32_MAX },	  { "0xffffffff", UINT32_MAX, UINT32_MAX },
		{ "0/1", 0, 1 },
	};
	static const struct reading wrong[] = {
		{ "", NULL },	   { "/", NULL },	    { "1/", NULL },
		{ "/1", NULL },	   { "0x100/0xff", NULL },  { "0/0", NULL },
		{ "blue", NULL },  { "0x100000000", NULL }, { "-1", NULL },
		{ "1/2/3", NULL },
	};
	struct lab *lab = *state;

	for (size_t i = 0; i < countof(cases); i++) {
		struct complaint complaint = { 0 };
		struct mark_value mark = { 0 };
		const char *kept = mark_read(&lab->scope, text_of(cases[i].text), &complaint);
		check(kept);
		mark_parse(kept, &mark);
		check_number(mark.value, cases[i].value);
		check_number(mark.mask, cases[i].mask);
	}
	check_reader(lab, mark_read, wrong, countof(wrong));
}

TEST(clocks_are_seconds_of_the_day)
{
	static const struct {
		const char *text;
		uint32_t seconds;
	} cases[] = {
		{ "00:00", 0 }, { "08:30", 30600 }, { "8:05", 29100 }, { "23:59:59", 86399 },
		{ "24:00", 0 }, { "24:00:00", 0 },  { "00:00:01", 1 },
	};
	static const struct reading wrong[] = {
		{ "", NULL },	      { "8", NULL },	  { "08:60", NULL },	{ "25:00", NULL },
		{ "24:00:01", NULL }, { "08:00:", NULL }, { "08:00:60", NULL }, { ":30", NULL },
		{ "08:00am", NULL },  { "008:00", NULL }, { "-8:00", NULL },	{ "08:0x1", NULL },
	};
	struct lab *lab = *state;

	for (size_t i = 0; i < countof(cases); i++) {
		struct complaint complaint = { 0 };
		const char *kept = clock_read(&lab->scope, text_of(cases[i].text), &complaint);
		check(kept);
		check_number(clock_parse(kept), cases[i].seconds);
	}
	check_reader(lab, clock_read, wrong, countof(wrong));
}

TEST(days_are_bits)
{
	static const struct {
		const char *text;
		uint8_t days;
	} cases[] = {
		{ "Sunday", 1 },    { "mon", 2 },	{ "TUE", 4 },
		{ "wednesday", 8 }, { "thu", 16 },	{ "Fri", 32 },
		{ "saturday", 64 }, { "weekdays", 62 }, { "weekend", 65 },
	};
	static const struct reading wrong[] = {
		{ "", NULL }, { "m", NULL }, { "mond", NULL }, { "wee", NULL }, { "monday ", NULL },
	};
	struct lab *lab = *state;

	for (size_t i = 0; i < countof(cases); i++) {
		struct complaint complaint = { 0 };
		const char *kept = day_read(&lab->scope, text_of(cases[i].text), &complaint);
		check(kept);
		check_number(day_parse(kept), cases[i].days);
	}
	check_reader(lab, day_read, wrong, countof(wrong));
}

/* Zones 1 to 4. */
static const struct config *some_zones(struct lab *lab)
{
	static const char *const names[] = { "lan", "wan", "wan2", "any.one" };
	struct config *config = arena_alloc(lab->arena, sizeof *config);
	for (uint32_t i = 0; i < countof(names); i++) {
		struct zone *zone = push(lab->arena, &config->zones);
		zone->name = names[i];
		zone->id = i + 1;
	}
	return config;
}

TEST(zone_sets_are_what_names_mean)
{
	static const struct {
		const char *text;
		uint64_t bits;
		bool is_exact, is_self;
		size_t messages;
	} cases[] = {
		{ "lan", 0x02, true, false, 0 },   { "wan", 0x04, true, false, 0 },
		{ "wan*", 0x0c, false, false, 0 }, { "wan?", 0x08, false, false, 0 },
		{ "*", 0x1e, false, false, 0 },	   { "ANY", 0x1e, false, false, 0 },
		{ "all", 0x1e, false, false, 0 },  { "self", 0, true, true, 0 },
		{ "Router", 0, true, true, 0 },	   { "flywall", 0, true, true, 0 },
		{ "x*", 0, false, false, 1 },	   { "wann", 0, false, false, 1 },
		{ "[lw]an", 0, false, false, 1 },  { "Lan", 0x02, true, false, 0 },
		{ "WAN?", 0x08, false, false, 0 },
	};
	struct lab *lab = *state;
	const struct config *config = some_zones(lab);

	for (size_t i = 0; i < countof(cases); i++) {
		const struct field_text written = { cases[i].text, { 1, 2 } };
		struct zone_set set = { 0 };
		diags_init(&lab->diags, lab->arena);
		zone_set_resolve(&lab->scope, config, &written, &set);
		/* A zone is shown as it is declared. */
		check(strcasecmp(set.written, cases[i].text) == 0);
		check(!set.is_exact || set.is_self || strcmp(set.written, "Lan") != 0);
		check_number(set.bits[0], cases[i].bits);
		check(set.is_exact == cases[i].is_exact && set.is_self == cases[i].is_self);
		check_number(set.count, __builtin_popcountll(cases[i].bits));
		check_number(lab->diags.all.n, cases[i].messages);
	}
}

TEST(a_name_that_is_not_written_means_nothing)
{
	struct lab *lab = *state;
	const struct field_text nothing = { 0 };
	struct zone_set set = { 0 };
	zone_set_resolve(&lab->scope, some_zones(lab), &nothing, &set);
	check(!set.written && set.count == 0);
}

#define LAB_TEST(name) cmocka_unit_test_setup_teardown(name, lab_set_up, lab_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LAB_TEST(protocols_have_one_spelling),
		LAB_TEST(code_points_have_one_spelling),
		LAB_TEST(tcp_flags_are_bits),
		LAB_TEST(marks_have_masks),
		LAB_TEST(clocks_are_seconds_of_the_day),
		LAB_TEST(days_are_bits),
		LAB_TEST(zone_sets_are_what_names_mean),
		LAB_TEST(a_name_that_is_not_written_means_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
