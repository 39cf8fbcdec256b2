#include "value/unify.h"

#include "base/arena.h"
#include "value/members.h"
#include "value/operators.h"

/* Values that are to have one type. */
struct group {
	struct value **at;
	uint32_t n, cap;
};

static bool unify_scalars(struct scope *scope, const struct group *all)
{
	bool have_string = false, are_alike = true;
	for (uint32_t i = 0; i < all->n; i++) {
		enum value_kind kind = all->at[i]->kind;
		if (kind != VALUE_BOOL && kind != VALUE_NUMBER && kind != VALUE_STRING)
			return false;
		have_string |= kind == VALUE_STRING;
		are_alike &= kind == all->at[0]->kind;
	}
	if (!have_string)
		return are_alike;
	for (uint32_t i = 0; i < all->n; i++)
		value_to_string(scope, all->at[i]);
	return true;
}

/* The elements of several tuples or objects, each in an order that makes those that belong together
 * stand at the same place. */
struct columns {
	struct value **at; /* one column behind the other */
	uint32_t rows, width;
};

static struct value *row_element(const struct value *row, struct member **sorted, uint32_t k)
{
	return sorted ? &sorted[k]->value : &row->items[k];
}

/* False where the rows are not of one shape: as many elements, and the same names. */
static bool columns_collect(struct scope *scope, const struct group *all, struct columns *out)
{
	bool is_object = all->at[0]->kind == VALUE_OBJECT;
	struct columns columns = { .rows = all->n, .width = all->at[0]->count };
	struct member **first = NULL;
	for (uint32_t i = 0; i < all->n; i++)
		if (all->at[i]->count != columns.width)
			return false;
	columns.at =
		arena_array(scope->arena, (size_t)columns.rows * columns.width, sizeof *columns.at);
	for (uint32_t i = 0; i < all->n; i++) {
		struct member **row = is_object ? members_sorted(scope->arena, all->at[i]) : NULL;
		first = first ? first : row;
		for (uint32_t k = 0; k < columns.width; k++) {
			if (is_object && row[k]->name != first[k]->name)
				return false;
			columns.at[(size_t)k * columns.rows + i] = row_element(all->at[i], row, k);
		}
	}
	*out = columns;
	return true;
}

static bool unify_columns(struct scope *scope, const struct columns *columns)
{
	for (uint32_t k = 0; k < columns->width; k++)
		if (!values_unify(scope, columns->at + (size_t)k * columns->rows, columns->rows))
			return false;
	return true;
}

/* Shapes that differ make a list or a map, which has one type for all its elements. */
static bool unify_elements(struct scope *scope, const struct group *all)
{
	struct group elements = { 0 };
	for (uint32_t i = 0; i < all->n; i++)
		for (uint32_t k = 0; k < all->at[i]->count; k++)
			*push(scope->arena, &elements) = all->at[0]->kind == VALUE_TUPLE
								 ? &all->at[i]->items[k]
								 : &all->at[i]->members[k].value;
	return values_unify(scope, elements.at, elements.n);
}

bool values_unify(struct scope *scope, struct value *const *values, uint32_t n)
{
	struct group all = { 0 };
	for (uint32_t i = 0; i < n; i++)
		if (values[i]->kind != VALUE_NULL && values[i]->kind != VALUE_POISON)
			*push(scope->arena, &all) = values[i];
	if (all.n < 2)
		return true;
	enum value_kind kind = all.at[0]->kind;
	if (kind != VALUE_TUPLE && kind != VALUE_OBJECT && kind != VALUE_RANGE)
		return unify_scalars(scope, &all);
	for (uint32_t i = 1; i < all.n; i++)
		if (all.at[i]->kind != kind)
			return false;
	if (kind == VALUE_RANGE)
		return true;
	struct columns columns;
	return columns_collect(scope, &all, &columns) ? unify_columns(scope, &columns)
						      : unify_elements(scope, &all);
}
