#include "ir/content.h"

#include "check.h"
#include "element.h"
#include "ir/ruleset.h"

struct fixture {
	struct arena *arena;
	struct ir_set set;
};

static void start(struct fixture *f, enum ir_key first, enum ir_key second, uint32_t n)
{
	*f = (struct fixture){ .arena = arena_new() };
	f->set.terms[0].key = first;
	f->set.terms[1].key = second;
	f->set.terms_n = n;
}

static struct ir_element *add(struct fixture *f, struct ir_value first, struct ir_value second)
{
	struct ir_element *element = with_room(f->arena, push(f->arena, &f->set.elements));
	element->parts[0] = first;
	element->parts[1] = second;
	return element;
}

static struct ir_value port(uint32_t number)
{
	return (struct ir_value){ .kind = IR_NUMBER, .number = number };
}

static struct ir_value mark(uint32_t number)
{
	return (struct ir_value){ .kind = IR_MARK, .number = number };
}

static struct ir_value name(const char *text)
{
	return (struct ir_value){ .kind = IR_STRING, .text = text };
}

TEST(single_values_are_sorted_by_number)
{
	struct fixture f;
	start(&f, IR_TCP_DPORT, 0, 1);
	add(&f, port(256), port(0));
	add(&f, (struct ir_value){ .kind = IR_RANGE, .low = 2, .high = 9 }, port(0));
	add(&f, port(1), port(0));
	set_sort(&f.set);
	check_number(f.set.elements.at[0].parts[0].number, 1);
	check_number(f.set.elements.at[1].parts[0].low, 2);
	check_number(f.set.elements.at[2].parts[0].number, 256);
	arena_free(f.arena);
}

TEST(days_are_sorted_from_sunday_on)
{
	struct fixture f;
	start(&f, IR_META_DAY, 0, 1);
	add(&f, name("Monday"), port(0));
	add(&f, name("Saturday"), port(0));
	add(&f, name("Sunday"), port(0));
	set_sort(&f.set);
	check_text(f.set.elements.at[0].parts[0].text, "Sunday");
	check_text(f.set.elements.at[2].parts[0].text, "Saturday");
	arena_free(f.arena);
}

/* The last byte in memory counts most: of a port its low byte, of a mark its high byte. */
TEST(concatenations_are_sorted_from_their_end)
{
	struct fixture f;
	start(&f, IR_CT_MARK, IR_TH_DPORT, 2);
	add(&f, mark(1), port(0x0002));
	add(&f, mark(2), port(0x0101));
	add(&f, mark(0x01000000), port(0x0001));
	add(&f, mark(3), port(0x0001));
	set_sort(&f.set);
	check_number(f.set.elements.at[0].parts[0].number, 3);
	check_number(f.set.elements.at[1].parts[0].number, 0x01000000);
	check_number(f.set.elements.at[2].parts[0].number, 2);
	check_number(f.set.elements.at[3].parts[0].number, 1);
	arena_free(f.arena);
}

TEST(every_part_counts_for_the_hash)
{
	struct fixture a, b;
	start(&a, IR_IIFNAME, IR_TCP_DPORT, 2);
	start(&b, IR_IIFNAME, IR_TCP_DPORT, 2);
	struct ir_element *x = add(&a, name("eth0"), port(80));
	struct ir_element *y = add(&b, name("eth0"), port(80));
	check(set_equal(&a.set, &b.set));
	check(set_hash(&a.set) == set_hash(&b.set));

	y->parts[1] = port(81);
	check(!set_equal(&a.set, &b.set));
	check(set_hash(&a.set) != set_hash(&b.set));
	y->parts[1] = port(80);

	a.set.is_map = b.set.is_map = true;
	a.set.data[0] = b.set.data[0] = IR_CT_MARK;
	a.set.data_n = b.set.data_n = 1;
	x->data[0] = mark(1);
	y->data[0] = mark(2);
	check(!set_equal(&a.set, &b.set));
	check(set_hash(&a.set) != set_hash(&b.set));
	y->data[0] = mark(1);

	b.set.terms[1].key = IR_UDP_DPORT;
	check(!set_equal(&a.set, &b.set));
	check(set_hash(&a.set) != set_hash(&b.set));
	arena_free(a.arena);
	arena_free(b.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_values_are_sorted_by_number),
		cmocka_unit_test(days_are_sorted_from_sunday_on),
		cmocka_unit_test(concatenations_are_sorted_from_their_end),
		cmocka_unit_test(every_part_counts_for_the_hash),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
