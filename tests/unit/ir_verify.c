#include "ir/ruleset.h"

#include "check.h"
#include "element.h"

struct fixture {
	struct ruleset ruleset;
	struct ir_chain *chain;
	struct ir_set *set, *map;
	struct ir_rule *rule;
};

static void start(struct fixture *f)
{
	*f = (struct fixture){ .ruleset = { .arena = arena_new(), .table = "flywall" } };
	f->chain = chain_new(&f->ruleset, "c_one", NOWHERE);
	f->set = set_new(&f->ruleset, "s_one", NOWHERE);
	f->set->terms[0].key = IR_TCP_DPORT;
	f->set->terms_n = 1;
	f->map = set_new(&f->ruleset, "m_one", NOWHERE);
	f->map->terms[0].key = IR_IP_DADDR;
	f->map->terms_n = 1;
	f->map->is_map = true;
	f->map->data[0] = IR_IP_DADDR;
	f->map->data_n = 1;
	f->rule = rule_new(&f->ruleset, f->chain, NOWHERE);
	statement_new(&f->ruleset, f->rule, IR_NOTRACK);
}

/* The first mistake that is found. */
static void check_mistake(struct fixture *f, const char *want)
{
	const char *mistake = ruleset_verify(&f->ruleset);
	if (want) {
		assert_non_null(mistake);
		check_text(mistake, want);
	} else if (mistake) {
		fail_msg("%s", mistake);
	}
	arena_free(f->ruleset.arena);
}

static struct ir_statement *add(struct fixture *f, enum ir_statement_kind kind)
{
	return statement_new(&f->ruleset, f->rule, kind);
}

TEST(a_sound_ruleset_passes)
{
	struct fixture f;
	start(&f);
	check_mistake(&f, NULL);
}

TEST(names_are_unique)
{
	struct fixture f;
	start(&f);
	chain_new(&f.ruleset, "c_one", NOWHERE);
	check_mistake(&f, "two things of one name: c_one");

	start(&f);
	object_new(&f.ruleset, IR_COUNTER_OBJECT, "one", NOWHERE);
	object_new(&f.ruleset, IR_LIMIT_OBJECT, "one", NOWHERE);
	check_mistake(&f, NULL);
}

TEST(what_is_referred_to_is_there)
{
	struct ir_set elsewhere = { .name = "s_one", .terms_n = 1 };
	struct ir_flowtable flowtable = { .name = "f_one" };
	struct ir_chain chain = { .name = "c_two" };
	struct fixture f;

	start(&f);
	struct ir_match *match = &add(&f, IR_MATCH)->match;
	match->terms_n = 1;
	match->set = &elsewhere;
	check_mistake(&f, "no set: c_one");

	start(&f);
	add(&f, IR_OFFLOAD)->flowtable = &flowtable;
	check_mistake(&f, "no flowtable: c_one");

	start(&f);
	add(&f, IR_VERDICT)->target = (struct ir_target){ IR_GOTO, &chain };
	check_mistake(&f, "no chain to go to: c_one");
}

TEST(look_ups_have_as_many_terms_as_the_set)
{
	struct fixture f;
	start(&f);
	struct ir_match *match = &add(&f, IR_MATCH)->match;
	match->terms_n = 2;
	match->set = f.set;
	check_mistake(&f, "set of other terms: s_one");

	start(&f);
	add(&f, IR_MAP_MARK)->map_mark.map = f.map;
	check_mistake(&f, "impossible number of terms: c_one");
}

TEST(translations_are_whole)
{
	struct fixture f;
	start(&f);
	add(&f, IR_TRANSLATE)->translate = (struct ir_translate){ .kind = IR_MASQUERADE };
	check_mistake(&f, NULL);

	start(&f);
	add(&f, IR_TRANSLATE)->translate = (struct ir_translate){ .kind = IR_DNAT };
	check_mistake(&f, "translation and address do not fit: c_one");

	start(&f);
	add(&f, IR_TRANSLATE)->translate =
		(struct ir_translate){ .kind = IR_DNAT, .port_low = 22, .port_high = 22 };
	check_mistake(&f, NULL);

	start(&f);
	add(&f, IR_TRANSLATE)->translate =
		(struct ir_translate){ .kind = IR_SNAT, .port_low = 22, .port_high = 22 };
	check_mistake(&f, "translation and address do not fit: c_one");

	start(&f);
	struct ir_translate *to = &add(&f, IR_TRANSLATE)->translate;
	*to = (struct ir_translate){ .kind = IR_DNAT, .family = FAMILY_IPV4, .map = f.map };
	to->terms[0].key = IR_IP_DADDR;
	to->terms_n = 1;
	check_mistake(&f, NULL);

	start(&f);
	to = &add(&f, IR_TRANSLATE)->translate;
	*to = (struct ir_translate){ .kind = IR_REDIRECT, .port_low = 9, .port_high = 8 };
	check_mistake(&f, "impossible translation: c_one");
}

TEST(values_are_possible)
{
	struct fixture f;
	start(&f);
	struct ir_value *value =
		&with_room(f.ruleset.arena, push(f.ruleset.arena, &f.set->elements))->parts[0];
	*value = (struct ir_value){ .kind = IR_HOURS, .low = 8, .high = 86400 };
	check_mistake(&f, "no hours of one day: s_one");

	start(&f);
	f.set->terms[0].key = IR_NUMGEN_INC;
	check_mistake(&f, "impossible key: s_one");

	start(&f);
	for (int i = 0; i < 2; i++)
		with_room(f.ruleset.arena, push(f.ruleset.arena, &f.set->elements));
	f.set->size = 1;
	check_mistake(&f, "set larger than its size: s_one");
}

/* A step for each pair of them would take minutes. */
TEST(many_things_are_checked_in_one_pass)
{
	enum { MANY = 100000 };
	struct fixture f;
	start(&f);
	f.map->data_n = 0;
	for (uint32_t i = 0; i < MANY; i++) {
		const char *name = arena_printf(f.ruleset.arena, "c_%u", i);
		struct ir_element *element =
			with_room(f.ruleset.arena, push(f.ruleset.arena, &f.map->elements));
		element->target.verdict = IR_GOTO;
		element->target.chain = chain_new(&f.ruleset, name, NOWHERE);
		element->parts[0] = (struct ir_value){ .kind = IR_MARK, .number = i };
	}
	check_mistake(&f, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_ruleset_passes),
		cmocka_unit_test(names_are_unique),
		cmocka_unit_test(what_is_referred_to_is_there),
		cmocka_unit_test(look_ups_have_as_many_terms_as_the_set),
		cmocka_unit_test(translations_are_whole),
		cmocka_unit_test(values_are_possible),
		cmocka_unit_test(many_things_are_checked_in_one_pass),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
