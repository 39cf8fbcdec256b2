#include "value/loop.h"

#include <string.h>

#include "base/arena.h"
#include "base/diag.h"
#include "syntax/expr.h"
#include "value/budget.h"
#include "value/make.h"
#include "value/operators.h"

bool loop_start(struct scope *scope, struct loop *loop, struct value collection)
{
	*loop = (struct loop){ .collection = collection };
	if (collection.kind == VALUE_POISON)
		return false;
	if (collection.kind == VALUE_OBJECT)
		loop->members = members_in_order(scope, &collection);
	if (collection.kind == VALUE_OBJECT || collection.kind == VALUE_TUPLE)
		return true;
	struct diag *d = diag_error(scope->diags, D_FOR_EXPRESSION, collection.at);
	diag_say(d, "for goes through a list or an object, and this is %s",
		 value_kind_name(collection.kind));
	return false;
}

bool loop_next(struct scope *scope, struct loop *loop)
{
	uint32_t i = loop->next;
	if (i == loop->collection.count)
		return false;
	loop->next++;
	if (loop->members) {
		const struct member *member = loop->members[i];
		loop->value = member->value;
		loop->key = (struct value){ .kind = VALUE_STRING,
					    .at = member->name_at,
					    .string = text_of(member->name) };
		return true;
	}
	loop->value = loop->collection.items[i];
	loop->key =
		loop->collection.is_set ? loop->value : make_integer(scope, loop->collection.at, i);
	return true;
}

static struct binding *bind(struct scope *scope, struct span name)
{
	struct binding *binding = arena_alloc(scope->arena, sizeof *binding);
	binding->name = name_intern(scope->names, source_text(scope->sources, name));
	binding->outer = scope->bindings;
	scope->bindings = binding;
	return binding;
}

bool named_loop_start(struct scope *scope, struct named_loop *loop, const struct for_intro *intro)
{
	struct value collection = evaluate(scope, intro->collection);
	loop->outer = scope->bindings;
	loop->names[0] = loop->names[1] = NULL;
	if (!loop_start(scope, &loop->loop, collection))
		return false;
	if (span_is_set(intro->key_at))
		loop->names[0] = bind(scope, intro->key_at);
	loop->names[1] = bind(scope, intro->value_at);
	return true;
}

bool named_loop_next(struct scope *scope, struct named_loop *loop)
{
	if (!loop_next(scope, &loop->loop))
		return false;
	if (loop->names[0])
		loop->names[0]->value = loop->loop.key;
	loop->names[1]->value = loop->loop.value;
	return true;
}

void named_loop_leave(struct scope *scope, struct named_loop *loop)
{
	scope->bindings = loop->outer;
}

enum taken { TAKEN_NO, TAKEN_YES, TAKEN_BAD };

static enum taken is_taken(struct scope *scope, const struct expr *condition)
{
	bool truth;
	if (!condition)
		return TAKEN_YES;
	struct value value = evaluate(scope, condition);
	if (value.kind == VALUE_POISON)
		return TAKEN_BAD;
	if (value_to_bool(&value, &truth))
		return truth ? TAKEN_YES : TAKEN_NO;
	struct diag *d = diag_error(scope->diags, D_OPERAND, condition->at);
	diag_say(d, "a condition is a boolean, and this is %s", value_kind_name(value.kind));
	return TAKEN_BAD;
}

/* What a for expression makes, while it is made. Members are found by name: groups grow. */
struct making {
	VEC(struct value) items;
	VEC(struct member) members;
	uint32_t *slots; /* of the members by name, + 1; at most half full */
	uint32_t size;
};

static uint32_t *slot_of(const struct making *making, const char *name)
{
	uint32_t slot = (uint32_t)((uintptr_t)name >> 4) * UINT32_C(2654435761) >> 7;
	for (slot &= making->size - 1; making->slots[slot]; slot = (slot + 1) & (making->size - 1))
		if (making->members.at[making->slots[slot] - 1].name == name)
			break;
	return &making->slots[slot];
}

static void slots_grow(struct scope *scope, struct making *making)
{
	making->size = making->size ? making->size * 2 : 16;
	making->slots = arena_array(scope->arena, making->size, sizeof *making->slots);
	for (uint32_t i = 0; i < making->members.n; i++)
		*slot_of(making, making->members.at[i].name) = i + 1;
}

static void group_add(struct scope *scope, struct value *group, struct value value)
{
	/* Room doubles where the count is a power of two. */
	if ((group->count & (group->count - 1)) == 0) {
		uint32_t room = group->count ? group->count * 2 : 1;
		struct value *items = arena_array(scope->arena, room, sizeof *items);
		if (group->count)
			memcpy(items, group->items, group->count * sizeof *items);
		group->items = items;
	}
	group->items[group->count++] = value;
}

static bool member_add(struct scope *scope, struct making *making, const struct expr_for *expr,
		       struct member member)
{
	if (making->members.n * 2 >= making->size)
		slots_grow(scope, making);
	uint32_t *slot = slot_of(making, member.name);
	if (*slot && !expr->groups) {
		struct diag *d = diag_error(scope->diags, D_FOR_EXPRESSION, expr->key->at);
		diag_say(d, "two elements have the key \"%s\"", member.name);
		diag_help(d, "to collect the values of equal keys, write ... behind the value");
		return false;
	}
	if (*slot) {
		group_add(scope, &making->members.at[*slot - 1].value, member.value);
		return true;
	}
	if (expr->groups) {
		struct value first = member.value;
		member.value = make_tuple(expr->value->at, NULL, 0);
		group_add(scope, &member.value, first);
	}
	*push(scope->arena, &making->members) = member;
	*slot = making->members.n;
	return true;
}

static bool key_evaluate(struct scope *scope, const struct expr *expr, const char **name)
{
	struct value key = evaluate(scope, expr);
	enum value_kind kind = key.kind;
	if (kind == VALUE_POISON)
		return false;
	if (!value_to_string(scope, &key)) {
		struct diag *d = diag_error(scope->diags, D_OBJECT_KEY, expr->at);
		diag_say(d, "%s cannot be a key", value_kind_name(kind));
		return false;
	}
	*name = name_intern(scope->names, key.string);
	return true;
}

static bool make_one(struct scope *scope, const struct expr_for *expr, struct making *making)
{
	enum taken taken = is_taken(scope, expr->condition);
	if (taken != TAKEN_YES)
		return taken == TAKEN_NO;
	if (!budget_take_values(scope, expr->expr.at, 1))
		return false;
	struct member member = { .name_at = expr->key ? expr->key->at : NOWHERE };
	if (expr->key && !key_evaluate(scope, expr->key, &member.name))
		return false;
	member.value = evaluate(scope, expr->value);
	if (member.value.kind == VALUE_POISON)
		return false;
	if (expr->key)
		return member_add(scope, making, expr, member);
	*push(scope->arena, &making->items) = member.value;
	return true;
}

/* Where there is no element, what is wrong with the condition would not show until there is one:
 * its names stand for poison then, which says nothing itself. */
static bool idle_condition_is_sound(struct scope *scope, const struct loop *loop,
				    const struct expr *condition)
{
	uint32_t errors = scope->diags->errors;
	if (loop->collection.count == 0)
		is_taken(scope, condition);
	return scope->diags->errors == errors;
}

struct value for_evaluate(struct scope *scope, const struct expr_for *expr)
{
	struct named_loop loop;
	struct making making = { 0 };
	if (!named_loop_start(scope, &loop, &expr->intro))
		return make_poison(expr->expr.at);
	bool is_whole = idle_condition_is_sound(scope, &loop.loop, expr->condition);
	/* What is wrong with one element is mostly wrong with all: loops in loops would say so, and
	 * look for what was meant, millions of times. */
	while (is_whole && named_loop_next(scope, &loop) && !budget_is_spent(scope))
		is_whole = make_one(scope, expr, &making);
	named_loop_leave(scope, &loop);
	if (!is_whole || budget_is_spent(scope))
		return make_poison(expr->expr.at);
	if (!expr->key)
		return make_tuple(expr->expr.at, making.items.at, making.items.n);
	return (struct value){ .kind = VALUE_OBJECT,
			       .at = expr->expr.at,
			       .count = making.members.n,
			       .members = making.members.at };
}
