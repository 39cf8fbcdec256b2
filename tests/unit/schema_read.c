#include "check.h"

#include "base/arena.h"
#include "base/diag.h"
#include "schema/read.h"
#include "schema/schema.h"
#include "value/number.h"
#include "value/value.h"

struct lab {
	struct arena *arena;
	struct diags diags;
	struct scope scope;
};

static struct lab lab_new(void)
{
	struct lab lab = { .arena = arena_new() };
	diags_init(&lab.diags, lab.arena);
	return lab;
}

/* The scope points into the lab, so it is made where the lab has come to rest. */
static struct scope *lab_scope(struct lab *lab)
{
	lab->scope = (struct scope){ .arena = lab->arena,
				     .diags = &lab->diags,
				     .names = names_new(lab->arena) };
	return &lab->scope;
}

static struct value string(const char *text)
{
	return (struct value){ .kind = VALUE_STRING, .string = text_of(text), .at = { 1, 2 } };
}

static struct value number(struct lab *lab, const char *text)
{
	return (struct value){ .kind = VALUE_NUMBER,
			       .number = number_parse(lab->arena, text_of(text)),
			       .at = { 1, 2 } };
}

/* The code of the only message, after which all are forgotten; D_COUNT where there is none. */
static enum diag_code take_code(struct lab *lab)
{
	enum diag_code code = lab->diags.all.n ? lab->diags.all.at[0]->code : D_COUNT;
	check(lab->diags.all.n <= 1);
	diags_init(&lab->diags, lab->arena);
	return code;
}

TEST(truth_values_may_be_strings)
{
	static const struct row row = { .name = "x", .kind = ROW_BOOL };
	static const struct {
		const char *text;
		enum diag_code code;
		bool truth;
	} cases[] = {
		{ "true", D_COUNT, true },	{ "1", D_COUNT, true },
		{ "false", D_COUNT, false },	{ "0", D_COUNT, false },
		{ "yes", D_WRONG_TYPE, false }, { "True", D_WRONG_TYPE, false },
		{ "", D_WRONG_TYPE, false },
	};
	struct lab lab = lab_new();
	struct scope *scope = lab_scope(&lab);

	for (size_t i = 0; i < countof(cases); i++) {
		struct value value = string(cases[i].text);
		bool truth = false;
		check_number(read_bool(scope, &row, &value, &truth), cases[i].code == D_COUNT);
		check_number(take_code(&lab), cases[i].code);
		check_number(truth, cases[i].truth);
	}
	struct value one = number(&lab, "1");
	bool truth;
	check(!read_bool(scope, &row, &one, &truth));
	arena_free(lab.arena);
}

TEST(whole_numbers_are_kept_in_their_range)
{
	static const struct row row = {
		.name = "x", .kind = ROW_NUMBER, .low = 1, .high = 4294967295
	};
	static const struct {
		const char *text;
		enum diag_code as_number, as_string;
		uint64_t value;
	} cases[] = {
		{ "1", D_COUNT, D_COUNT, 1 },
		{ "4294967295", D_COUNT, D_COUNT, 4294967295 },
		{ "65536.0", D_COUNT, D_COUNT, 65536 },
		{ "0", D_OUT_OF_RANGE, D_OUT_OF_RANGE, 0 },
		{ "4294967296", D_OUT_OF_RANGE, D_OUT_OF_RANGE, 0 },
		{ "18446744073709551617", D_OUT_OF_RANGE, D_OUT_OF_RANGE, 0 },
		{ "1e400", D_OUT_OF_RANGE, D_OUT_OF_RANGE, 0 },
		{ "1.5", D_NOT_WHOLE, D_NOT_WHOLE, 0 },
	};
	struct lab lab = lab_new();
	struct scope *scope = lab_scope(&lab);

	for (size_t i = 0; i < countof(cases); i++) {
		struct value values[] = { number(&lab, cases[i].text), string(cases[i].text) };
		enum diag_code codes[] = { cases[i].as_number, cases[i].as_string };
		for (int k = 0; k < 2; k++) {
			uint64_t found = 0;
			check_number(read_number(scope, &row, &values[k], &found),
				     codes[k] == D_COUNT);
			check_number(take_code(&lab), codes[k]);
			check(found == cases[i].value);
		}
	}
	arena_free(lab.arena);
}

TEST(negative_numbers_are_out_of_range)
{
	static const struct row row = { .name = "x", .kind = ROW_NUMBER, .high = UINT64_MAX };
	struct lab lab = lab_new();
	struct scope *scope = lab_scope(&lab);
	struct value value = number(&lab, "5");
	uint64_t found;
	value.number = number_negate(lab.arena, value.number);
	check(!read_number(scope, &row, &value, &found));
	check_number(take_code(&lab), D_OUT_OF_RANGE);
	arena_free(lab.arena);
}

TEST(what_is_no_number_is_of_the_wrong_type)
{
	static const struct row row = { .name = "x", .kind = ROW_NUMBER, .high = 10 };
	struct lab lab = lab_new();
	struct scope *scope = lab_scope(&lab);
	struct value values[] = {
		string("ten"),
		string(""),
		{ .kind = VALUE_BOOL, .truth = true, .at = { 1, 2 } },
		{ .kind = VALUE_TUPLE, .at = { 1, 2 } },
		{ .kind = VALUE_OBJECT, .at = { 1, 2 } },
	};
	struct value null = { .kind = VALUE_NULL, .at = { 1, 2 } }, poison = { 0 };
	uint64_t found;

	for (size_t i = 0; i < countof(values); i++) {
		check(!read_number(scope, &row, &values[i], &found));
		check_number(take_code(&lab), D_WRONG_TYPE);
	}
	check(!read_number(scope, &row, &null, &found));
	check_number(take_code(&lab), D_NULL_VALUE);
	check(!read_number(scope, &row, &poison, &found));
	check_number(take_code(&lab), D_COUNT);
	arena_free(lab.arena);
}

TEST(durations_and_rates_are_texts_or_numbers)
{
	static const struct row duration = {
		.name = "x", .kind = ROW_DURATION, .low = 1, .high = 100000
	};
	static const struct row rate = { .name = "x", .kind = ROW_RATE, .high = 1000, .per = 60 };
	static const struct {
		const char *text;
		enum diag_code duration;
		uint64_t seconds;
		enum diag_code rate;
		uint64_t count, per;
	} cases[] = {
		{ "90", D_COUNT, 90, D_COUNT, 90, 60 },
		{ "1h30m", D_COUNT, 5400, D_BAD_RATE, 0, 0 },
		{ "90/s", D_BAD_DURATION, 0, D_COUNT, 90, 1 },
		{ "2d", D_OUT_OF_RANGE, 0, D_BAD_RATE, 0, 0 },
		{ "99999999999999999999d", D_OUT_OF_RANGE, 0, D_BAD_RATE, 0, 0 },
		{ "1001/day", D_BAD_DURATION, 0, D_OUT_OF_RANGE, 0, 0 },
		{ "99999999999999999999/day", D_BAD_DURATION, 0, D_OUT_OF_RANGE, 0, 0 },
		{ "1.5", D_NOT_WHOLE, 0, D_NOT_WHOLE, 0, 0 },
	};
	struct lab lab = lab_new();
	struct scope *scope = lab_scope(&lab);

	for (size_t i = 0; i < countof(cases); i++) {
		struct value value = string(cases[i].text);
		uint64_t seconds = 0;
		struct rate found = { 0 };
		(void)read_duration(scope, &duration, &value, &seconds);
		check_number(take_code(&lab), cases[i].duration);
		check(seconds == cases[i].seconds);
		(void)read_rate(scope, &rate, &value, &found);
		check_number(take_code(&lab), cases[i].rate);
		check(found.count == cases[i].count && found.seconds == cases[i].per);
	}
	arena_free(lab.arena);
}

TEST(ports_are_numbers_and_ranges)
{
	static const struct row row = { .name = "x", .kind = ROW_PORTS };
	static const struct {
		const char *text;
		enum diag_code code;
		uint16_t low, high;
	} cases[] = {
		{ "1", D_COUNT, 1, 1 },
		{ "65535", D_COUNT, 65535, 65535 },
		{ "10000-20000", D_COUNT, 10000, 20000 },
		{ "10000:20000", D_COUNT, 10000, 20000 },
		{ "5-5", D_COUNT, 5, 5 },
		{ "0", D_BAD_PORT, 0, 0 },
		{ "65536", D_BAD_PORT, 0, 0 },
		{ "1-65536", D_BAD_PORT, 0, 0 },
		{ "0-5", D_BAD_PORT, 0, 0 },
		{ "20-10", D_BAD_PORT, 0, 0 },
		{ "1-2-3", D_BAD_PORT, 0, 0 },
		{ "-", D_BAD_PORT, 0, 0 },
		{ "5-", D_BAD_PORT, 0, 0 },
		{ "-5", D_BAD_PORT, 0, 0 },
		{ "http", D_BAD_PORT, 0, 0 },
		{ "", D_BAD_PORT, 0, 0 },
	};
	struct lab lab = lab_new();
	struct scope *scope = lab_scope(&lab);

	for (size_t i = 0; i < countof(cases); i++) {
		struct value value = string(cases[i].text);
		struct field_port port = { 0 };
		(void)read_port(scope, &row, &value, &port);
		check_number(take_code(&lab), cases[i].code);
		check_number(port.low, cases[i].low);
		check_number(port.high, cases[i].high);
	}
	struct value ends[] = { number(&lab, "5060"), number(&lab, "5070") };
	struct value range = { .kind = VALUE_RANGE, .count = 2, .items = ends, .at = { 1, 2 } };
	struct field_port port;
	check(read_port(scope, &row, &range, &port));
	check_number(port.low, 5060);
	check_number(port.high, 5070);
	arena_free(lab.arena);
}

TEST(texts_may_be_limited_to_words)
{
	static const struct word words[] = { { "up", NULL, "Up." }, { "top", "up", "Up too." } };
	static const struct row row = { .name = "x", .kind = ROW_TEXT, WORDS(words) };
	static const struct row any = { .name = "x", .kind = ROW_TEXT };
	struct lab lab = lab_new();
	struct scope *scope = lab_scope(&lab);
	struct value up = string("up"), top = string("top"), down = string("down");
	struct value five = number(&lab, "5");
	const char *text = NULL;

	check(read_text(scope, &row, &up, &text));
	check_text(text, "up");
	check(read_text(scope, &row, &top, &text));
	check_text(text, "up");
	check(!read_text(scope, &row, &down, &text));
	check_number(take_code(&lab), D_UNKNOWN_WORD);
	check(read_text(scope, &any, &five, &text));
	check_text(text, "5");
	arena_free(lab.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(truth_values_may_be_strings),
		cmocka_unit_test(whole_numbers_are_kept_in_their_range),
		cmocka_unit_test(negative_numbers_are_out_of_range),
		cmocka_unit_test(what_is_no_number_is_of_the_wrong_type),
		cmocka_unit_test(durations_and_rates_are_texts_or_numbers),
		cmocka_unit_test(ports_are_numbers_and_ranges),
		cmocka_unit_test(texts_may_be_limited_to_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
