#include "check.h"

#include "base/arena.h"
#include "base/diag.h"
#include "schema/schema.h"
#include "syntax/expr.h"
#include "syntax/tree.h"
#include "value/value.h"

/* A table of nothing in particular. */
struct leaf {
	struct field_number size;
	struct span at;
};

struct branch {
	struct field_text name;
	struct field_bool thick;
	struct span at;
};

struct tree {
	struct field_number age;
	struct field_rate growth;
	struct field_text kind;
	struct field_texts birds;
	struct leaf leaf;
	struct leaf fruits[2];
	VEC(struct branch) branches;
	struct span at;
};

static const struct row leaf_rows[] = {
	{ .name = "size",
	  NUMBER_ROW(struct leaf, size),
	  .low = 1,
	  .high = 100,
	  .value = "7",
	  .example = "7" },
};
static const struct table leaf_table = { .noun = "a leaf",
					 ROWS(leaf_rows),
					 .size = sizeof(struct leaf),
					 .at = OFFSET_OF(struct span, struct leaf, at) };

static const struct row branch_rows[] = {
	{ .name = "thick", BOOL_ROW(struct branch, thick), .value = "true", .example = "true" },
};
static const struct table branch_table = { .noun = "a branch",
					   ROWS(branch_rows),
					   .size = sizeof(struct branch),
					   .at = OFFSET_OF(struct span, struct branch, at),
					   .label = OFFSET_OF(struct field_text, struct branch,
							      name) };

static const char *const fruits[] = { "apple", "pear" };
static const struct keys fruit_keys = {
	.noun = "fruit",
	.names = { fruits, sizeof fruits[0], countof(fruits) },
	.table = &leaf_table,
	.offset = OFFSET_OF(struct leaf, struct tree, fruits[0]),
};
static const struct stranger strangers[] = { { "moss", false, "it grows by itself" },
					     { "saw", true, "it ends the tree" } };
static const struct row tree_rows[] = {
	{ .name = "age",
	  NUMBER_ROW(struct tree, age),
	  .high = 1000,
	  .value = "100",
	  .example = "100" },
	{ .name = "growth",
	  RATE_ROW(struct tree, growth),
	  .high = 10,
	  .per = 60,
	  .value = "\"5/day\"",
	  .example = "5" },
	{ .name = "kind",
	  .alias = "sort",
	  TEXT_ROW(struct tree, kind),
	  .value = "\"oak\"",
	  .example = "\"ash\"" },
	{ .name = "birds", TEXTS_ROW(struct tree, birds), .example = "[\"owl\"]" },
	{ .name = "leaf",
	  OBJECT_ROW(struct leaf, struct tree, leaf),
	  .table = &leaf_table,
	  .example = "{ size = 7 }" },
	{ .name = "branch",
	  BLOCKS_ROW(struct branch, struct tree, branches),
	  .table = &branch_table,
	  .label = "its name",
	  .example = "branch \"left\"" },
};
static const struct table tree_table = { .noun = "a tree",
					 ROWS(tree_rows),
					 .size = sizeof(struct tree),
					 .at = OFFSET_OF(struct span, struct tree, at),
					 .keys = &fruit_keys,
					 .strangers = strangers,
					 .strangers_n = countof(strangers) };

/* A table whose blocks have two labels, or may have none, and that takes any other name. */
struct path {
	struct field_text labels[2];
	struct field_bool paved;
	struct span at;
};

struct grove {
	VEC(struct path) paths;
	VEC(struct branch) logs;
	VEC(struct branch) others;
	struct span at;
};

static const struct row path_rows[] = {
	{ .name = "paved", BOOL_ROW(struct path, paved), .value = "true", .example = "true" },
};
static const struct table path_table = { .noun = "a path",
					 ROWS(path_rows),
					 .size = sizeof(struct path),
					 .at = OFFSET_OF(struct span, struct path, at),
					 .label = OFFSET_OF(struct field_text, struct path,
							    labels[0]) };
static const struct row grove_rows[] = {
	{ .name = "path",
	  BLOCKS_ROW(struct path, struct grove, paths),
	  .table = &path_table,
	  .label = "from where and to where",
	  .labels = 2,
	  .example = "path \"brook\" \"hill\"" },
	{ .name = "log",
	  BLOCKS_ROW(struct branch, struct grove, logs),
	  .table = &branch_table,
	  .label = "its name",
	  .label_optional = true,
	  .example = "log \"old\"" },
};
static const struct row grove_rest = { .name = "OTHER",
				       BLOCKS_ROW(struct branch, struct grove, others),
				       .table = &branch_table };
static const struct stranger grove_strangers[] = {
	{ "fence", true, "it keeps deer out", false },
	{ "mushrooms", false, "they come and go", true },
};
static const struct table grove_table = { .noun = "a grove",
					  ROWS(grove_rows),
					  .size = sizeof(struct grove),
					  .at = OFFSET_OF(struct span, struct grove, at),
					  .rest = &grove_rest,
					  .strangers = grove_strangers,
					  .strangers_n = countof(grove_strangers) };

struct lab {
	struct arena *arena;
	struct diags diags;
	struct sources sources;
	struct scope scope;
	struct body body;
	struct tree tree;
	uint32_t place; /* each thing stands behind the one before */
};

static int lab_set_up(void **state)
{
	struct arena *arena = arena_new();
	struct lab *lab = arena_alloc(arena, sizeof *lab);
	lab->arena = arena;
	diags_init(&lab->diags, arena);
	sources_init(&lab->sources, arena);
	source_add(&lab->sources, "words", text_copy(arena, TEXT("true false\0")), 10);
	lab->scope = (struct scope){ .arena = arena,
				     .diags = &lab->diags,
				     .names = names_new(arena),
				     .sources = &lab->sources };
	lab->place = 20;
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

static struct block *add_block(struct lab *lab, struct body *body, const char *type,
			       const char *label)
{
	struct block *block = push(lab->arena, &body->blocks);
	block->type = name_intern(lab->scope.names, text_of(type));
	block->type_at = block->header_at = next_place(lab);
	block->body = arena_alloc(lab->arena, sizeof *block->body);
	if (label) {
		struct label *first = push(lab->arena, &block->labels);
		first->text = name_intern(lab->scope.names, text_of(label));
		first->at = next_place(lab);
	}
	return block;
}

/* An attribute whose value is wrong already, so that only its name counts. */
static void add_attribute(struct lab *lab, struct body *body, const char *name)
{
	struct attribute *attribute = push(lab->arena, &body->attributes);
	attribute->name = name_intern(lab->scope.names, text_of(name));
	attribute->name_at = attribute->at = next_place(lab);
	attribute->value = arena_alloc(lab->arena, sizeof *attribute->value);
	attribute->value->kind = EXPR_BAD;
}

static void add_label(struct lab *lab, struct block *block, const char *text)
{
	struct label *label = push(lab->arena, &block->labels);
	label->text = name_intern(lab->scope.names, text_of(text));
	label->at = next_place(lab);
}

/* An attribute that is true or false. */
static void add_switch(struct lab *lab, struct body *body, const char *name, bool is_on)
{
	add_attribute(lab, body, name);
	struct expr *value = body->attributes.at[body->attributes.n - 1].value;
	value->kind = EXPR_NAME;
	uint32_t start = lab->sources.all.at[0]->base + (is_on ? 0 : 5);
	value->at = (struct span){ start, start + (is_on ? 4 : 5) };
}

static void check_codes(const struct lab *lab, const enum diag_code *codes, size_t n)
{
	check_number(lab->diags.all.n, n);
	for (size_t i = 0; i < n; i++)
		check_number(lab->diags.all.at[i]->code, codes[i]);
}

TEST(an_empty_body_gives_the_defaults)
{
	struct lab *lab = *state;
	schema_decode(&lab->scope, &tree_table, &lab->body, &lab->tree);
	check_codes(lab, NULL, 0);
	check_number(lab->tree.age.value, 100);
	check(!field_is_set(lab->tree.age));
	check_number(lab->tree.growth.value.count, 5);
	check_number(lab->tree.growth.value.seconds, 86400);
	check_text(lab->tree.kind.value, "oak");
	check_number(lab->tree.leaf.size.value, 7);
	check(!span_is_set(lab->tree.leaf.at));
	check_number(lab->tree.branches.n, 0);
}

TEST(blocks_are_objects_too)
{
	struct lab *lab = *state;
	add_block(lab, &lab->body, "leaf", NULL);
	add_block(lab, &lab->body, "pear", NULL);
	schema_decode(&lab->scope, &tree_table, &lab->body, &lab->tree);
	check_codes(lab, NULL, 0);
	check(span_is_set(lab->tree.leaf.at));
	check(!span_is_set(lab->tree.fruits[0].at));
	check(span_is_set(lab->tree.fruits[1].at));
	check_number(lab->tree.fruits[1].size.value, 7);
}

TEST(blocks_may_be_many)
{
	struct lab *lab = *state;
	char name[] = "a";
	for (; *name < 'z'; (*name)++)
		add_block(lab, &lab->body, "branch", name);
	schema_decode(&lab->scope, &tree_table, &lab->body, &lab->tree);
	check_codes(lab, NULL, 0);
	check_number(lab->tree.branches.n, 25);
	check_text(lab->tree.branches.at[24].name.value, "y");
	check(lab->tree.branches.at[24].thick.value);
}

TEST(each_mistake_has_one_message)
{
	static const enum diag_code codes[] = {
		D_UNKNOWN_ATTRIBUTE, /* agee */
		D_REPEATED,	     /* sort beside kind */
		D_NEEDS_BLOCK,	     /* branch = */
		D_NOT_COMPILED,	     /* saw = */
		D_UNKNOWN_BLOCK,     /* twig */
		D_NEEDS_ATTRIBUTE,   /* age { } */
		D_WRONG_LABELS,	     /* leaf "x" */
		D_REPEATED,	     /* the second leaf */
		D_WRONG_LABELS,	     /* branch without a label */
		D_REPEATED,	     /* the second pear */
		D_FOREIGN,	     /* moss */
		D_UNKNOWN_ATTRIBUTE, /* shape in a leaf's body */
	};
	struct lab *lab = *state;
	add_attribute(lab, &lab->body, "agee");
	add_attribute(lab, &lab->body, "kind");
	add_attribute(lab, &lab->body, "sort");
	add_attribute(lab, &lab->body, "branch");
	add_attribute(lab, &lab->body, "saw");
	add_block(lab, &lab->body, "twig", NULL);
	add_block(lab, &lab->body, "age", NULL);
	add_block(lab, &lab->body, "leaf", "x");
	add_block(lab, &lab->body, "leaf", NULL);
	add_block(lab, &lab->body, "branch", NULL);
	add_block(lab, &lab->body, "pear", NULL);
	add_block(lab, &lab->body, "pear", NULL);
	add_block(lab, &lab->body, "moss", NULL);
	add_attribute(lab, add_block(lab, &lab->body, "apple", NULL)->body, "shape");
	schema_decode(&lab->scope, &tree_table, &lab->body, &lab->tree);
	check_codes(lab, codes, countof(codes));
	check_number(lab->diags.errors, countof(codes) - 1);
}

TEST(what_is_set_wrong_keeps_its_default)
{
	struct lab *lab = *state;
	add_attribute(lab, &lab->body, "age");
	schema_decode(&lab->scope, &tree_table, &lab->body, &lab->tree);
	check_codes(lab, NULL, 0);
	check_number(lab->tree.age.value, 100);
}

TEST(strictness_turns_strangers_into_errors)
{
	struct lab *lab = *state;
	lab->scope.strict = true;
	add_block(lab, &lab->body, "moss", NULL);
	schema_decode(&lab->scope, &tree_table, &lab->body, &lab->tree);
	check_number(lab->diags.errors, 1);
}

TEST(blocks_have_the_labels_that_they_need)
{
	static const enum diag_code codes[] = {
		D_WRONG_LABELS, /* path with one */
		D_WRONG_LABELS, /* path with three */
		D_WRONG_LABELS, /* log with two */
	};
	struct lab *lab = *state;
	struct grove grove = { 0 };
	add_label(lab, add_block(lab, &lab->body, "path", "brook"), "hill");
	add_block(lab, &lab->body, "log", NULL);
	add_block(lab, &lab->body, "log", "old");
	add_block(lab, &lab->body, "path", "brook");
	struct block *block = add_block(lab, &lab->body, "path", "brook");
	add_label(lab, block, "hill");
	add_label(lab, block, "dale");
	add_label(lab, add_block(lab, &lab->body, "log", "old"), "older");
	schema_decode(&lab->scope, &grove_table, &lab->body, &grove);
	check_codes(lab, codes, countof(codes));
	check_number(grove.paths.n, 3);
	check_text(grove.paths.at[0].labels[0].value, "brook");
	check_text(grove.paths.at[0].labels[1].value, "hill");
	check(!grove.logs.at[0].name.value);
	check_text(grove.logs.at[1].name.value, "old");
}

TEST(any_other_name_may_be_taken)
{
	struct lab *lab = *state;
	struct grove grove = { 0 };
	add_switch(lab, &lab->body, "oak", false);
	add_switch(lab, add_block(lab, &lab->body, "elm", NULL)->body, "thick", false);
	add_block(lab, &lab->body, "ash", NULL);
	schema_decode(&lab->scope, &grove_table, &lab->body, &grove);
	check_codes(lab, NULL, 0);
	check_number(grove.others.n, 3);
	check_text(grove.others.at[0].name.value, "oak");
	check(!grove.others.at[0].thick.value && !grove.others.at[1].thick.value);
	check(grove.others.at[2].thick.value && span_is_set(grove.others.at[2].at));
}

TEST(what_is_switched_off_is_not_missed)
{
	static const enum diag_code codes[] = { D_NOT_COMPILED };
	struct lab *lab = *state;
	struct grove grove = { 0 };
	add_switch(lab, &lab->body, "fence", false);
	add_switch(lab, &lab->body, "mushrooms", true);
	schema_decode(&lab->scope, &grove_table, &lab->body, &grove);
	check_codes(lab, NULL, 0);
	add_switch(lab, &lab->body, "fence", true);
	schema_decode(&lab->scope, &grove_table, &lab->body, &grove);
	check_codes(lab, codes, countof(codes));
	check_number(grove.others.n, 0);
}

#define LAB_TEST(name) cmocka_unit_test_setup_teardown(name, lab_set_up, lab_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LAB_TEST(an_empty_body_gives_the_defaults),
		LAB_TEST(blocks_are_objects_too),
		LAB_TEST(blocks_may_be_many),
		LAB_TEST(each_mistake_has_one_message),
		LAB_TEST(what_is_set_wrong_keeps_its_default),
		LAB_TEST(strictness_turns_strangers_into_errors),
		LAB_TEST(blocks_have_the_labels_that_they_need),
		LAB_TEST(any_other_name_may_be_taken),
		LAB_TEST(what_is_switched_off_is_not_missed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
