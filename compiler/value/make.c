#include "value/make.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/arena.h"
#include "value/type.h"

struct value make_poison(struct span at)
{
	return (struct value){ .kind = VALUE_POISON, .at = at };
}

struct value make_null(struct span at)
{
	return (struct value){ .kind = VALUE_NULL, .at = at };
}

struct value make_bool(struct span at, bool truth)
{
	return (struct value){ .kind = VALUE_BOOL, .at = at, .truth = truth };
}

struct value make_number(struct span at, const struct number *number)
{
	return (struct value){ .kind = VALUE_NUMBER, .at = at, .number = number };
}

struct value make_integer(struct scope *scope, struct span at, int64_t integer)
{
	return make_number(at, number_of_integer(scope->arena, integer));
}

/* Text that does not change by it is not copied. */
static struct text normalize(struct scope *scope, struct text text)
{
	utf8proc_uint8_t *composed = NULL;
	utf8proc_ssize_t n =
		utf8proc_map((const utf8proc_uint8_t *)text.s, (utf8proc_ssize_t)text.n, &composed,
			     UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (n < 0)
		return text;
	struct text out = { (const char *)composed, (size_t)n };
	out.s = text_copy(scope->arena, out);
	free(composed);
	return out;
}

struct value make_string(struct scope *scope, struct span at, struct text text)
{
	struct text own = { text_copy(scope->arena, text), text.n };
	return (struct value){ .kind = VALUE_STRING,
			       .at = at,
			       .string = text_is_ascii(own) ? own : normalize(scope, own) };
}

struct value make_tuple(struct span at, struct value *items, uint32_t n)
{
	return (struct value){ .kind = VALUE_TUPLE, .at = at, .count = n, .items = items };
}

struct value make_list(struct span at, struct value *items, uint32_t n)
{
	struct value list = make_tuple(at, items, n);
	list.is_uniform = true;
	return list;
}

struct object_maker object_start(struct scope *scope, struct span at, uint32_t room)
{
	struct object_maker maker = { .object = { .kind = VALUE_OBJECT, .at = at },
				      .index = member_index_new(scope->arena, room) };
	maker.object.members = arena_array(scope->arena, room, sizeof *maker.object.members);
	return maker;
}

void object_put(struct scope *scope, struct object_maker *maker, const char *name,
		struct value value)
{
	const char *own = name_intern(scope->names, text_of(name));
	struct member *member = member_place(&maker->object, &maker->index, own);
	member->name_at = value.at;
	member->value = value;
}

static int by_name(const void *left, const void *right)
{
	const struct member *const *a = left, *const *b = right;
	return strcmp((*a)->name, (*b)->name);
}

struct member **members_in_order(struct scope *scope, const struct value *object)
{
	struct member **sorted = arena_array(scope->arena, object->count, sizeof *sorted);
	for (uint32_t i = 0; i < object->count; i++)
		sorted[i] = &object->members[i];
	qsort(sorted, object->count, sizeof *sorted, by_name);
	return sorted;
}

const struct value *member_find(const struct value *object, struct text name)
{
	for (uint32_t i = 0; i < object->count; i++)
		if (text_is(name, object->members[i].name))
			return &object->members[i].value;
	return NULL;
}

static struct value *items_copy(struct scope *scope, const struct value *items, uint32_t n)
{
	struct value *copy = arena_array(scope->arena, n, sizeof *copy);
	for (uint32_t i = 0; i < n; i++)
		copy[i] = value_copy(scope, &items[i]);
	return copy;
}

struct value value_copy(struct scope *scope, const struct value *value)
{
	struct value copy = *value;
	if (value->kind == VALUE_TUPLE)
		copy.items = items_copy(scope, value->items, value->count);
	if (value->kind != VALUE_OBJECT)
		return copy;
	copy.members = arena_array(scope->arena, value->count, sizeof *copy.members);
	for (uint32_t i = 0; i < value->count; i++) {
		copy.members[i] = value->members[i];
		copy.members[i].value = value_copy(scope, &value->members[i].value);
	}
	return copy;
}

struct value *values_of_one_type(struct scope *scope, const struct value *values, uint32_t n)
{
	const struct type **types = arena_array(scope->arena, n, sizeof *types);
	for (uint32_t i = 0; i < n; i++)
		types[i] = type_of(scope, &values[i]);
	const struct type *type = types_unify(scope, types, n);
	if (!type)
		return NULL;
	struct value *copies = items_copy(scope, values, n);
	for (uint32_t i = 0; i < n; i++)
		copies[i] = value_convert(scope, &copies[i], type);
	return copies;
}

static int order_texts(struct text a, struct text b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.s, b.s, n) : 0;
	return order ? order : (a.n > b.n) - (a.n < b.n);
}

static int order_items(struct scope *scope, const struct value *a, const struct value *b)
{
	for (uint32_t i = 0; i < a->count && i < b->count; i++) {
		int order = value_order(scope, &a->items[i], &b->items[i]);
		if (order)
			return order;
	}
	return (a->count > b->count) - (a->count < b->count);
}

static int order_members(struct scope *scope, const struct value *a, const struct value *b)
{
	struct member **x = members_in_order(scope, a), **y = members_in_order(scope, b);
	for (uint32_t i = 0; i < a->count && i < b->count; i++) {
		int order = strcmp(x[i]->name, y[i]->name);
		if (!order)
			order = value_order(scope, &x[i]->value, &y[i]->value);
		if (order)
			return order;
	}
	return (a->count > b->count) - (a->count < b->count);
}

int value_order(struct scope *scope, const struct value *a, const struct value *b)
{
	if ((a->kind == VALUE_NULL) != (b->kind == VALUE_NULL))
		return a->kind == VALUE_NULL ? 1 : -1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	switch (a->kind) {
	case VALUE_POISON:
	case VALUE_NULL:
		return 0;
	case VALUE_BOOL:
		return a->truth - b->truth;
	case VALUE_NUMBER:
		return number_compare(a->number, b->number);
	case VALUE_STRING:
		return order_texts(a->string, b->string);
	case VALUE_OBJECT:
		return order_members(scope, a, b);
	case VALUE_TUPLE:
	case VALUE_RANGE:
		return order_items(scope, a, b);
	}
	return 0;
}

static int by_order(const void *left, const void *right, void *scope)
{
	return value_order(scope, left, right);
}

struct value make_set(struct scope *scope, struct span at, struct value *items, uint32_t n)
{
	uint32_t kept = 0;
	if (n > 1)
		qsort_r(items, n, sizeof *items, by_order, scope);
	for (uint32_t i = 0; i < n; i++)
		if (kept == 0 || value_order(scope, &items[kept - 1], &items[i]) != 0)
			items[kept++] = items[i];
	struct value set = make_list(at, items, kept);
	set.is_set = true;
	return set;
}

bool value_is_poisoned(const struct value *value)
{
	if (value->kind == VALUE_POISON)
		return true;
	for (uint32_t i = 0; value->kind == VALUE_TUPLE && i < value->count; i++)
		if (value_is_poisoned(&value->items[i]))
			return true;
	for (uint32_t i = 0; value->kind == VALUE_OBJECT && i < value->count; i++)
		if (value_is_poisoned(&value->members[i].value))
			return true;
	return false;
}
