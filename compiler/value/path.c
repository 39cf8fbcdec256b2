#include "value/path.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/suggest.h"
#include "syntax/expr.h"
#include "value/budget.h"
#include "value/make.h"
#include "value/module.h"
#include "value/names.h"
#include "value/operators.h"
#include "value/type.h"

bool path_is_plain(const struct expr_path *path)
{
	if (path->root->kind != EXPR_NAME)
		return false;
	for (uint32_t i = 0; i < path->steps.n; i++) {
		const struct step *step = &path->steps.at[i];
		bool is_literal = step->kind == STEP_INDEX && (step->key->kind == EXPR_STRING ||
							       step->key->kind == EXPR_NUMBER);
		if (step->kind != STEP_ATTRIBUTE && step->kind != STEP_LEGACY_INDEX && !is_literal)
			return false;
	}
	return true;
}

static void help_members(struct scope *scope, struct diag *d, const struct value *object,
			 struct text name)
{
	VEC(const char *) names = { 0 };
	for (uint32_t i = 0; i < object->count; i++)
		*push(scope->arena, &names) = object->members[i].name;
	const char *near = suggest(text_copy(scope->arena, name), names.at, names.n);
	if (near)
		diag_help(d, "did you mean %s?", near);
	else if (names.n == 1)
		diag_help(d, "it has %s alone", names.at[0]);
}

static struct value member_value(struct scope *scope, const struct value *of, struct text name,
				 struct span at)
{
	const struct value *found = member_find(of, name);
	if (found)
		return *found;
	struct diag *d = diag_error(scope->diags, D_PATH, at);
	diag_say(d, "there is no member \"%.*s\"", (int)name.n, name.s);
	help_members(scope, d, of, name);
	return make_poison(at);
}

static struct value attribute_value(struct scope *scope, const struct value *of, struct text name,
				    struct span at)
{
	if (of->kind == VALUE_OBJECT)
		return member_value(scope, of, name, at);
	struct diag *d = diag_error(scope->diags, D_PATH, at);
	diag_say(d, "%s has no attributes", value_kind_name(of->kind));
	if (of->kind == VALUE_TUPLE && of->count > 0)
		diag_help(d, "[0].%.*s is that of the first element, [*].%.*s are those of all",
			  (int)name.n, name.s, (int)name.n, name.s);
	return make_poison(at);
}

static struct value item_value(struct scope *scope, const struct value *of, const struct value *key,
			       struct span at)
{
	const struct number *number = value_to_number(scope, key);
	int64_t index;
	if (number && number_to_int64(number, &index) && index >= 0 && index < of->count)
		return of->items[index];
	struct diag *d = diag_error(scope->diags, D_PATH, at);
	if (!number)
		diag_say(d, "the index of a list is a number, and this is %s",
			 value_kind_name(key->kind));
	else if (!number_is_integer(number) || number_is_negative(number))
		diag_say(d, "the index of a list is a whole number from 0, and this is %s",
			 number_format(scope->arena, number));
	else
		diag_say(d, "there is no element %s: the list has %" PRIu32,
			 number_format(scope->arena, number), of->count);
	return make_poison(at);
}

struct value index_evaluate(struct scope *scope, const struct value *of, const struct value *key,
			    struct span at)
{
	struct value name = *key;
	if (of->kind == VALUE_POISON || key->kind == VALUE_POISON)
		return make_poison(at);
	if (key->kind != VALUE_NULL && of->kind == VALUE_TUPLE && !of->is_set)
		return item_value(scope, of, key, at);
	if (of->kind == VALUE_OBJECT && value_to_string(scope, &name))
		return member_value(scope, of, name.string, at);
	struct diag *d = diag_error(scope->diags, D_PATH, at);
	if (of->kind == VALUE_TUPLE && of->is_set)
		diag_say(d, "the elements of a set have no index");
	else if (of->kind == VALUE_TUPLE || of->kind == VALUE_OBJECT)
		diag_say(d, "%s cannot be an index", value_kind_name(key->kind));
	else
		diag_say(d, "%s has no elements", value_kind_name(of->kind));
	return make_poison(at);
}

static struct value legacy_index(struct scope *scope, const struct value *of,
				 const struct step *step)
{
	const struct number *number =
		number_parse(scope->arena, source_text(scope->sources, step->name_at));
	if (!number)
		return make_poison(step->at);
	struct value key = make_number(step->name_at, number);
	return index_evaluate(scope, of, &key, step->at);
}

static struct value step_value(struct scope *scope, struct value of, const struct step *step)
{
	if (of.kind == VALUE_POISON)
		return of;
	if (step->kind == STEP_ATTRIBUTE)
		return attribute_value(scope, &of, source_text(scope->sources, step->name_at),
				       step->at);
	if (step->kind == STEP_LEGACY_INDEX)
		return legacy_index(scope, &of, step);
	struct value key = evaluate(scope, step->key);
	return index_evaluate(scope, &of, &key, step->at);
}

static bool is_splat(const struct step *step)
{
	return step->kind == STEP_ATTRIBUTE_SPLAT || step->kind == STEP_FULL_SPLAT;
}

/* The first step behind those that a splat at `from` takes to each element. */
static uint32_t splat_end(const struct expr_path *path, uint32_t from, uint32_t end)
{
	if (path->steps.at[from].kind == STEP_FULL_SPLAT)
		return end;
	uint32_t i = from + 1;
	while (i < end && (path->steps.at[i].kind == STEP_ATTRIBUTE ||
			   path->steps.at[i].kind == STEP_LEGACY_INDEX))
		i++;
	return i;
}

/* Steps from..end of a path. */
struct stretch {
	const struct expr_path *path;
	uint32_t from, end;
};

static struct value walk(struct scope *scope, struct value value, struct stretch stretch);

static bool is_null_list(const struct value *value)
{
	return value->kind == VALUE_NULL && value->type &&
	       (value->type->kind == TYPE_LIST || value->type->kind == TYPE_SET ||
		value->type->kind == TYPE_TUPLE);
}

/* What has no elements serves as a list of one; null as an empty one, unless it stands for a list.
 */
static struct value splat(struct scope *scope, const struct value *of, struct stretch each)
{
	struct span at = each.path->expr.at;
	bool is_list = of->kind == VALUE_TUPLE;
	uint32_t n = of->kind == VALUE_NULL ? 0 : is_list ? of->count : 1;
	const struct value *from = is_list ? of->items : of;
	if (of->kind == VALUE_POISON || !budget_take_values(scope, at, n))
		return make_poison(at);
	if (is_null_list(of)) {
		struct diag *d = diag_error(scope->diags, D_PATH, at);
		diag_say(d, "the list is null, so it has no elements to go through");
		return make_poison(at);
	}
	struct value *items = arena_array(scope->arena, n, sizeof *items);
	bool is_whole = true;
	for (uint32_t i = 0; i < n; i++) {
		items[i] = walk(scope, from[i], each);
		is_whole &= items[i].kind != VALUE_POISON;
	}
	if (!is_whole)
		return make_poison(at);
	return is_list && of->is_uniform ? make_list(at, items, n) : make_tuple(at, items, n);
}

static struct value walk(struct scope *scope, struct value value, struct stretch stretch)
{
	const struct expr_path *path = stretch.path;
	while (stretch.from < stretch.end) {
		const struct step *step = &path->steps.at[stretch.from];
		if (!is_splat(step)) {
			value = step_value(scope, value, step);
			stretch.from++;
			continue;
		}
		uint32_t end = splat_end(path, stretch.from, stretch.end);
		value = splat(scope, &value, (struct stretch){ path, stretch.from + 1, end });
		stretch.from = end;
	}
	return value;
}

/* var.NAME and local.NAME are no members of an object: each is evaluated when it is asked for. */
static bool declared_value(struct scope *scope, const struct expr_path *path, struct value *out)
{
	const struct step *first = &path->steps.at[0];
	struct text root = source_text(scope->sources, path->root->at);
	if (!scope->module || path->root->kind != EXPR_NAME || first->kind != STEP_ATTRIBUTE ||
	    name_find(scope, root))
		return false;
	struct text name = source_text(scope->sources, first->name_at);
	struct span at = { path->root->at.start, first->at.end };
	if (text_is(root, "var"))
		*out = module_variable_value(scope->module, name, at);
	else if (text_is(root, "local"))
		*out = module_local_value(scope->module, name, at);
	else
		return false;
	return true;
}

struct value path_evaluate(struct scope *scope, const struct expr_path *path)
{
	struct value value;
	uint32_t from = declared_value(scope, path, &value);
	if (from == 0)
		value = evaluate(scope, path->root);
	value = walk(scope, value, (struct stretch){ path, from, path->steps.n });
	value.at = path->expr.at;
	return value;
}
