#include "value/type.h"

#include <assert.h>

#include "base/arena.h"
#include "value/make.h"
#include "value/members.h"
#include "value/operators.h"

/* Types without parts need no memory. */
static const struct type plain[] = {
	[TYPE_ANY] = { TYPE_ANY },	 [TYPE_BOOL] = { TYPE_BOOL },
	[TYPE_NUMBER] = { TYPE_NUMBER }, [TYPE_STRING] = { TYPE_STRING },
	[TYPE_RANGE] = { TYPE_RANGE },
};

const struct type *type_plain(enum type_kind kind)
{
	assert(kind < countof(plain));
	return &plain[kind];
}

static struct type *type_new(struct scope *scope, enum type_kind kind, uint32_t count)
{
	struct type *type = arena_alloc(scope->arena, sizeof *type);
	*type = (struct type){ .kind = kind, .count = count };
	type->parts = arena_array(scope->arena, count, sizeof *type->parts);
	return type;
}

static const struct type *type_of_collection(struct scope *scope, enum type_kind kind,
					     const struct type *part)
{
	struct type *type = type_new(scope, kind, 1);
	type->parts[0] = part;
	return type;
}

static const struct type *known_or_any(const struct type *type)
{
	return type ? type : &plain[TYPE_ANY];
}

static const struct type *type_of_items(struct scope *scope, const struct value *value)
{
	if (value->is_uniform) {
		enum type_kind kind = value->is_set ? TYPE_SET : TYPE_LIST;
		return type_of_collection(scope, kind,
					  value->count ? type_of(scope, &value->items[0])
						       : known_or_any(value->type));
	}
	struct type *type = type_new(scope, TYPE_TUPLE, value->count);
	for (uint32_t i = 0; i < value->count; i++)
		type->parts[i] = type_of(scope, &value->items[i]);
	return type;
}

static const struct type *type_of_members(struct scope *scope, const struct value *value)
{
	if (value->is_uniform)
		return type_of_collection(scope, TYPE_MAP,
					  value->count ? type_of(scope, &value->members[0].value)
						       : known_or_any(value->type));
	struct type *type = type_new(scope, TYPE_OBJECT, value->count);
	struct member **sorted = members_sorted(scope->arena, value);
	type->names = arena_array(scope->arena, value->count, sizeof *type->names);
	for (uint32_t i = 0; i < value->count; i++) {
		type->names[i] = sorted[i]->name;
		type->parts[i] = type_of(scope, &sorted[i]->value);
	}
	return type;
}

const struct type *type_of(struct scope *scope, const struct value *value)
{
	switch (value->kind) {
	case VALUE_POISON:
		return &plain[TYPE_ANY];
	case VALUE_NULL:
		return known_or_any(value->type);
	case VALUE_BOOL:
		return &plain[TYPE_BOOL];
	case VALUE_NUMBER:
		return &plain[TYPE_NUMBER];
	case VALUE_STRING:
		return &plain[TYPE_STRING];
	case VALUE_RANGE:
		return &plain[TYPE_RANGE];
	case VALUE_TUPLE:
		return type_of_items(scope, value);
	case VALUE_OBJECT:
		return type_of_members(scope, value);
	}
	return &plain[TYPE_ANY];
}

bool type_equal(const struct type *a, const struct type *b)
{
	if (a == b)
		return true;
	if (a->kind != b->kind || a->count != b->count)
		return false;
	for (uint32_t i = 0; i < a->count; i++) {
		if (a->names && a->names[i] != b->names[i])
			return false;
		if (!type_equal(a->parts[i], b->parts[i]))
			return false;
	}
	return true;
}

struct types {
	VEC(const struct type *) all;
};

/* How many of them are of each kind. */
struct tally {
	uint32_t of[TYPE_OBJECT + 1];
	uint32_t known; /* all but TYPE_ANY */
};

static const struct type *unify_scalars(const struct tally *tally)
{
	static const enum type_kind kinds[] = { TYPE_BOOL, TYPE_NUMBER, TYPE_STRING };
	uint32_t scalars = 0;
	for (size_t i = 0; i < countof(kinds); i++)
		scalars += tally->of[kinds[i]];
	if (scalars < tally->known)
		return tally->of[TYPE_RANGE] == tally->known ? &plain[TYPE_RANGE] : NULL;
	if (tally->of[TYPE_STRING])
		return &plain[TYPE_STRING];
	if (tally->of[TYPE_BOOL] && tally->of[TYPE_NUMBER])
		return NULL;
	return &plain[tally->of[TYPE_BOOL] ? TYPE_BOOL : TYPE_NUMBER];
}

static bool are_of_one_shape(const struct types *types)
{
	const struct type *first = types->all.at[0];
	for (uint32_t i = 1; i < types->all.n; i++) {
		const struct type *type = types->all.at[i];
		if (type->kind != first->kind || type->count != first->count)
			return false;
		for (uint32_t k = 0; type->names && k < type->count; k++)
			if (type->names[k] != first->names[k])
				return false;
	}
	return true;
}

/* Each part by itself. */
static const struct type *unify_parts(struct scope *scope, const struct types *types)
{
	const struct type *first = types->all.at[0];
	struct type *type = type_new(scope, first->kind, first->count);
	const struct type **column = arena_array(scope->arena, types->all.n, sizeof *column);
	type->names = first->names;
	for (uint32_t k = 0; k < type->count; k++) {
		for (uint32_t i = 0; i < types->all.n; i++)
			column[i] = types->all.at[i]->parts[k];
		type->parts[k] = types_unify(scope, column, types->all.n);
		if (!type->parts[k])
			return NULL;
	}
	return type;
}

/* All parts together. */
static const struct type *unify_elements(struct scope *scope, const struct types *types,
					 enum type_kind kind)
{
	struct types elements = { 0 };
	for (uint32_t i = 0; i < types->all.n; i++)
		for (uint32_t k = 0; k < types->all.at[i]->count; k++)
			*push(scope->arena, &elements.all) = types->all.at[i]->parts[k];
	const struct type *part = types_unify(scope, elements.all.at, elements.all.n);
	return part ? type_of_collection(scope, kind, part) : NULL;
}

static const struct type *unify_known(struct scope *scope, const struct types *types,
				      const struct tally *tally)
{
	uint32_t ordered = tally->of[TYPE_LIST] + tally->of[TYPE_SET] + tally->of[TYPE_TUPLE];
	uint32_t named = tally->of[TYPE_MAP] + tally->of[TYPE_OBJECT];
	if (ordered + named == 0)
		return unify_scalars(tally);
	if (ordered < tally->known && named < tally->known)
		return NULL;
	/* Null beside these is of any type. */
	if (tally->of[TYPE_ANY])
		return &plain[TYPE_ANY];
	bool has_shape =
		tally->of[TYPE_TUPLE] == tally->known || tally->of[TYPE_OBJECT] == tally->known;
	if (has_shape && are_of_one_shape(types))
		return unify_parts(scope, types);
	/* A set beside a list is a list, beside a tuple it stays a set. */
	bool is_set = tally->of[TYPE_SET] && !tally->of[TYPE_LIST];
	return unify_elements(scope, types, named ? TYPE_MAP : is_set ? TYPE_SET : TYPE_LIST);
}

const struct type *types_unify(struct scope *scope, const struct type *const *types, uint32_t n)
{
	struct types known = { 0 };
	struct tally tally = { 0 };
	bool are_equal = true;
	for (uint32_t i = 0; i < n; i++) {
		tally.of[types[i]->kind]++;
		are_equal = are_equal && type_equal(types[0], types[i]);
		if (types[i]->kind != TYPE_ANY)
			*push(scope->arena, &known.all) = types[i];
	}
	tally.known = known.all.n;
	if (known.all.n == 0)
		return &plain[TYPE_ANY];
	if (are_equal)
		return types[0];
	const struct type *type = unify_known(scope, &known, &tally);
	/* Beside null everything stays what it is. */
	return type || tally.of[TYPE_ANY] == 0 ? type : &plain[TYPE_ANY];
}

static const struct type *part_of(const struct type *type, uint32_t i)
{
	return type->parts[type->kind == TYPE_TUPLE || type->kind == TYPE_OBJECT ? i : 0];
}

/* The elements of a list of anything have their own type in common, where there is one. */
static const struct type *settle(struct scope *scope, const struct value *value,
				 const struct type *type)
{
	if (type->kind == TYPE_TUPLE || type->kind == TYPE_OBJECT ||
	    type->parts[0]->kind != TYPE_ANY)
		return type;
	struct types own = { 0 };
	for (uint32_t i = 0; i < value->count; i++)
		*push(scope->arena, &own.all) =
			type_of(scope, value->kind == VALUE_TUPLE ? &value->items[i]
								  : &value->members[i].value);
	const struct type *part = types_unify(scope, own.all.at, own.all.n);
	return part ? type_of_collection(scope, type->kind, part) : type;
}

static struct value convert_items(struct scope *scope, const struct value *value,
				  const struct type *type)
{
	struct value *items = arena_array(scope->arena, value->count, sizeof *items);
	for (uint32_t i = 0; i < value->count; i++)
		items[i] = value_convert(scope, &value->items[i], part_of(type, i));
	if (type->kind == TYPE_TUPLE)
		return make_tuple(value->at, items, value->count);
	struct value made = type->kind == TYPE_SET ? make_set(scope, value->at, items, value->count)
						   : make_list(value->at, items, value->count);
	made.type = type->parts[0];
	return made;
}

static struct value convert_members(struct scope *scope, const struct value *value,
				    const struct type *type)
{
	struct value copy = value_copy(scope, value);
	struct member **sorted = members_sorted(scope->arena, &copy);
	for (uint32_t i = 0; i < copy.count; i++)
		sorted[i]->value = value_convert(scope, &sorted[i]->value, part_of(type, i));
	copy.is_uniform = type->kind == TYPE_MAP;
	if (copy.is_uniform)
		copy.type = type->parts[0];
	return copy;
}

struct value value_convert(struct scope *scope, const struct value *value, const struct type *type)
{
	struct value converted = *value;
	if (type->kind == TYPE_ANY)
		return converted;
	if (value->kind == VALUE_NULL)
		converted.type = type;
	else if (value->kind == VALUE_TUPLE)
		converted = convert_items(scope, value, settle(scope, value, type));
	else if (value->kind == VALUE_OBJECT)
		converted = convert_members(scope, value, settle(scope, value, type));
	else if (type->kind == TYPE_STRING)
		value_to_string(scope, &converted);
	return converted;
}
