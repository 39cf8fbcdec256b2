#include "value/dynamic.h"

#include "base/arena.h"
#include "base/diag.h"
#include "syntax/expr.h"
#include "syntax/tree.h"
#include "value/budget.h"
#include "value/loop.h"
#include "value/make.h"
#include "value/operators.h"

/* A dynamic block, taken apart. */
struct dynamic {
	const struct block *block;
	const struct attribute *for_each, *labels;
	const struct block *content;
	const char *iterator;
};

static const char *const DYNAMIC = "dynamic";

static bool is_dynamic(const struct block *block)
{
	return text_is(text_of(block->type), DYNAMIC);
}

static struct diag *refuse(struct scope *scope, struct span at)
{
	return diag_error(scope->diags, D_DYNAMIC, at);
}

static bool take_iterator(struct scope *scope, struct dynamic *dynamic,
			  const struct attribute *attribute)
{
	if (attribute->value->kind == EXPR_NAME) {
		dynamic->iterator = name_intern(scope->names,
						source_text(scope->sources, attribute->value->at));
		return true;
	}
	struct diag *d = refuse(scope, attribute->value->at);
	diag_say(d, "iterator is a name without quotes");
	return false;
}

static bool take_attribute(struct scope *scope, struct dynamic *dynamic,
			   const struct attribute *attribute)
{
	struct text name = text_of(attribute->name);
	if (text_is(name, "iterator"))
		return take_iterator(scope, dynamic, attribute);
	if (text_is(name, "for_each"))
		dynamic->for_each = attribute;
	else if (text_is(name, "labels"))
		dynamic->labels = attribute;
	else {
		struct diag *d = refuse(scope, attribute->name_at);
		diag_say(d, "a dynamic block has no attribute \"%s\"", attribute->name);
		diag_help(d, "what the blocks hold stands in content { }");
		return false;
	}
	return true;
}

static bool take_content(struct scope *scope, struct dynamic *dynamic, const struct block *block)
{
	bool is_content = text_is(text_of(block->type), "content");
	if (is_content && !dynamic->content) {
		dynamic->content = block;
		return true;
	}
	struct diag *d = refuse(scope, block->type_at);
	if (is_content)
		diag_say(d, "a dynamic block has one content");
	else
		diag_say(d, "a dynamic block has no block \"%s\"", block->type);
	diag_help(d, "what the blocks hold stands in content { }");
	return false;
}

static bool is_complete(struct scope *scope, const struct dynamic *dynamic)
{
	if (dynamic->for_each && dynamic->content)
		return true;
	struct diag *d = refuse(scope, dynamic->block->header_at);
	diag_say(d, "%s is missing", dynamic->for_each ? "content { }" : "for_each");
	return false;
}

static bool take_apart(struct scope *scope, const struct block *block, struct dynamic *dynamic)
{
	*dynamic = (struct dynamic){ .block = block };
	if (block->labels.n != 1) {
		struct diag *d = refuse(scope, block->header_at);
		diag_say(d, "a dynamic block has one label: the type of the blocks it makes");
		diag_help(d, "for example: dynamic \"rule\" {");
		return false;
	}
	dynamic->iterator = block->labels.at[0].text;
	for (uint32_t i = 0; i < block->body->attributes.n; i++)
		if (!take_attribute(scope, dynamic, &block->body->attributes.at[i]))
			return false;
	for (uint32_t i = 0; i < block->body->blocks.n; i++)
		if (!take_content(scope, dynamic, &block->body->blocks.at[i]))
			return false;
	return is_complete(scope, dynamic);
}

static const struct binding *bind(struct scope *scope, const char *name, const struct loop *loop)
{
	struct binding *binding = arena_alloc(scope->arena, sizeof *binding);
	struct object_maker maker = object_start(scope, loop->value.at, 2);
	object_put(scope, &maker, "key", loop->key);
	object_put(scope, &maker, "value", loop->value);
	*binding = (struct binding){ scope->bindings, name, maker.object };
	return binding;
}

static struct expr *bound(struct scope *scope, const struct expr *inner)
{
	struct expr_bound *expr = arena_alloc(scope->arena, sizeof *expr);
	*expr = (struct expr_bound){
		.expr = { .kind = EXPR_BOUND, .height = inner->height, .at = inner->at },
		.inner = inner,
		.bindings = scope->bindings
	};
	return &expr->expr;
}

static bool evaluate_labels(struct scope *scope, const struct dynamic *dynamic, struct block *block)
{
	struct value labels = evaluate(scope, dynamic->labels->value);
	if (labels.kind != VALUE_TUPLE && labels.kind != VALUE_POISON) {
		struct diag *d = refuse(scope, labels.at);
		diag_say(d, "labels is a list of strings, and this is %s",
			 value_kind_name(labels.kind));
	}
	if (labels.kind != VALUE_TUPLE)
		return false;
	for (uint32_t i = 0; i < labels.count; i++) {
		struct value label = labels.items[i];
		if (label.kind == VALUE_POISON)
			return false;
		if (!value_to_string(scope, &label)) {
			struct diag *d = refuse(scope, label.at);
			diag_say(d, "a label is a string, and this is %s",
				 value_kind_name(label.kind));
			return false;
		}
		*push(scope->arena, &block->labels) =
			(struct label){ name_intern(scope->names, label.string), label.at };
	}
	return true;
}

struct blocks {
	VEC(struct block) all;
};

static struct body *expand(struct scope *scope, const struct body *body);

static void make_blocks(struct scope *scope, const struct block *block, struct blocks *out)
{
	struct dynamic dynamic;
	struct loop loop;
	const struct binding *outer = scope->bindings;
	if (!take_apart(scope, block, &dynamic) ||
	    !loop_start(scope, &loop, evaluate(scope, dynamic.for_each->value)))
		return;
	while (loop_next(scope, &loop) && budget_take_values(scope, block->header_at, 1)) {
		struct block made = { .type = block->labels.at[0].text,
				      .type_at = block->labels.at[0].at,
				      .header_at = block->header_at };
		scope->bindings = bind(scope, dynamic.iterator, &loop);
		if (!dynamic.labels || evaluate_labels(scope, &dynamic, &made)) {
			made.body = expand(scope, dynamic.content->body);
			*push(scope->arena, &out->all) = made;
		}
		scope->bindings = outer;
	}
}

/* A copy in which expressions keep what is bound here. */
static struct body *expand(struct scope *scope, const struct body *body)
{
	struct body *copy = arena_alloc(scope->arena, sizeof *copy);
	struct blocks blocks = { 0 };
	copy->at = body->at;
	for (uint32_t i = 0; i < body->attributes.n; i++) {
		struct attribute *attribute = push(scope->arena, &copy->attributes);
		*attribute = body->attributes.at[i];
		if (scope->bindings)
			attribute->value = bound(scope, attribute->value);
	}
	for (uint32_t i = 0; i < body->blocks.n; i++) {
		const struct block *block = &body->blocks.at[i];
		if (is_dynamic(block)) {
			make_blocks(scope, block, &blocks);
			continue;
		}
		struct block *same = push(scope->arena, &blocks.all);
		*same = *block;
		same->body = expand(scope, block->body);
	}
	copy->blocks.at = blocks.all.at;
	copy->blocks.n = blocks.all.n;
	copy->blocks.cap = blocks.all.cap;
	return copy;
}

static bool has_dynamic(const struct body *body)
{
	for (uint32_t i = 0; i < body->blocks.n; i++)
		if (is_dynamic(&body->blocks.at[i]) || has_dynamic(body->blocks.at[i].body))
			return true;
	return false;
}

struct body *dynamic_expand(struct scope *scope, struct body *body)
{
	return has_dynamic(body) ? expand(scope, body) : body;
}
