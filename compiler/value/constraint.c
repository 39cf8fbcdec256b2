#include "value/constraint.h"

#include "base/arena.h"
#include "base/diag.h"
#include "syntax/expr.h"
#include "syntax/tree.h"
#include "value/make.h"
#include "value/operators.h"

/* A value on its way to a type; `declared` is the whole type, for messages. */
struct conversion {
	struct scope *scope;
	const struct expr *declared;
};

static bool refuse(const struct conversion *c, struct value *value, const char *wanted)
{
	struct diag *d = diag_error(c->scope->diags, D_WRONG_TYPE, value->at);
	diag_say(d, "%s is wanted, and this is %s", wanted, value_kind_name(value->kind));
	diag_note(d, c->declared->at, "the type is declared here");
	*value = make_poison(value->at);
	return false;
}

static bool refuse_type(const struct conversion *c, const struct expr *type)
{
	struct diag *d = diag_error(c->scope->diags, D_VARIABLE, type->at);
	diag_say(d, "this is not a type");
	diag_help(d, "there are: string, number, bool, any, list(...), set(...), map(...), "
		     "tuple([...]), object({...})");
	return false;
}

static bool to_named(const struct conversion *c, const struct expr *type, struct value *value)
{
	struct text name = source_text(c->scope->sources, type->at);
	bool truth;
	if (text_is(name, "any") ||
	    (value->kind == VALUE_NULL &&
	     (text_is(name, "string") || text_is(name, "number") || text_is(name, "bool"))))
		return true;
	if (text_is(name, "string"))
		return value_to_string(c->scope, value) || refuse(c, value, "a string");
	if (text_is(name, "number")) {
		const struct number *number = value_to_number(c->scope, value);
		if (!number)
			return refuse(c, value, "a number");
		*value = make_number(value->at, number);
		return true;
	}
	if (!text_is(name, "bool"))
		return refuse_type(c, type);
	if (!value_to_bool(value, &truth))
		return refuse(c, value, "a boolean");
	*value = make_bool(value->at, truth);
	return true;
}

static bool convert(const struct conversion *c, const struct expr *type, struct value *value);

static bool to_list(const struct conversion *c, const struct expr *element, struct value *value,
		    bool is_set)
{
	if (value->kind != VALUE_TUPLE)
		return refuse(c, value, is_set ? "a set" : "a list");
	struct value copy = value_copy(c->scope, value);
	for (uint32_t i = 0; i < copy.count; i++)
		if (!convert(c, element, &copy.items[i]))
			return false;
	*value = is_set ? make_set(c->scope, value->at, copy.items, copy.count)
			: make_list(value->at, copy.items, copy.count);
	return true;
}

static bool to_map(const struct conversion *c, const struct expr *element, struct value *value)
{
	if (value->kind != VALUE_OBJECT)
		return refuse(c, value, "a map");
	struct value copy = value_copy(c->scope, value);
	for (uint32_t i = 0; i < copy.count; i++)
		if (!convert(c, element, &copy.members[i].value))
			return false;
	copy.is_uniform = true;
	*value = copy;
	return true;
}

static bool to_tuple(const struct conversion *c, const struct expr_list *types, struct value *value)
{
	if (value->kind != VALUE_TUPLE || value->count != types->items.n)
		return refuse(c, value, "a tuple of another length");
	struct value copy = value_copy(c->scope, value);
	for (uint32_t i = 0; i < copy.count; i++)
		if (!convert(c, types->items.at[i], &copy.items[i]))
			return false;
	copy.is_uniform = copy.is_set = false;
	*value = copy;
	return true;
}

/* optional(type, default): the type in it, and whether it is one. */
static const struct expr_call *optional_call(const struct conversion *c, const struct expr *type)
{
	const struct expr_call *call = (const struct expr_call *)type;
	bool is_call = type->kind == EXPR_CALL && call->arguments.n > 0;
	if (!is_call || !text_is(source_text(c->scope->sources, call->name_at), "optional"))
		return NULL;
	return call;
}

static bool to_member(const struct conversion *c, const struct object_member *member,
		      const struct value *from, struct object_maker *maker)
{
	struct text name = source_text(c->scope->sources, member->key->at);
	if (member->key->kind == EXPR_STRING)
		name = (struct text){ name.s + 1, name.n - 2 };
	const struct expr_call *optional = optional_call(c, member->value);
	const struct expr *type = optional ? optional->arguments.at[0] : member->value;
	const struct value *found = member_find(from, name);
	struct value value = found ? *found : make_null(from->at);
	if (!found && !optional) {
		struct diag *d = diag_error(c->scope->diags, D_WRONG_TYPE, from->at);
		diag_say(d, "the member \"%.*s\" is missing", (int)name.n, name.s);
		diag_note(d, member->key->at, "it is declared here");
		return false;
	}
	if (!found && optional->arguments.n > 1)
		value = evaluate(c->scope, optional->arguments.at[1]);
	if (value.kind != VALUE_NULL && !convert(c, type, &value))
		return false;
	object_put(c->scope, maker, text_copy(c->scope->arena, name), value);
	return true;
}

static bool to_object(const struct conversion *c, const struct expr_object *types,
		      struct value *value)
{
	if (value->kind != VALUE_OBJECT)
		return refuse(c, value, "an object");
	struct object_maker maker = object_start(c->scope, value->at, types->members.n);
	for (uint32_t i = 0; i < types->members.n; i++)
		if (!to_member(c, &types->members.at[i], value, &maker))
			return false;
	*value = maker.object;
	return true;
}

static bool convert(const struct conversion *c, const struct expr *type, struct value *value)
{
	if (value->kind == VALUE_POISON)
		return false;
	if (type->kind == EXPR_NAME)
		return to_named(c, type, value);
	const struct expr_call *call = (const struct expr_call *)type;
	if (type->kind != EXPR_CALL || call->arguments.n != 1)
		return refuse_type(c, type);
	struct text name = source_text(c->scope->sources, call->name_at);
	const struct expr *inner = call->arguments.at[0];
	if (value->kind == VALUE_NULL)
		return true;
	if (text_is(name, "list") || text_is(name, "set"))
		return to_list(c, inner, value, text_is(name, "set"));
	if (text_is(name, "map"))
		return to_map(c, inner, value);
	if (text_is(name, "tuple") && inner->kind == EXPR_TUPLE)
		return to_tuple(c, (const struct expr_list *)inner, value);
	if (text_is(name, "object") && inner->kind == EXPR_OBJECT)
		return to_object(c, (const struct expr_object *)inner, value);
	return refuse_type(c, type);
}

void constraint_convert(struct scope *scope, const struct expr *type, struct value *value)
{
	const struct conversion conversion = { scope, type };
	if (!convert(&conversion, type, value))
		*value = make_poison(value->at);
}

bool constraint_validate(struct scope *scope, const struct body *validation,
			 const struct value *value)
{
	const struct attribute *condition = NULL, *message = NULL;
	for (uint32_t i = 0; i < validation->attributes.n; i++) {
		const struct attribute *attribute = &validation->attributes.at[i];
		if (text_is(text_of(attribute->name), "condition"))
			condition = attribute;
		else if (text_is(text_of(attribute->name), "error_message"))
			message = attribute;
	}
	if (!condition)
		return true;
	struct value holds = evaluate(scope, condition->value);
	bool truth;
	if (holds.kind == VALUE_POISON)
		return false;
	if (value_to_bool(&holds, &truth) && truth)
		return true;
	struct value text = message ? evaluate(scope, message->value) : make_null(condition->at);
	struct diag *d = diag_error(scope->diags, D_VARIABLE, value->at);
	if (text.kind == VALUE_STRING)
		diag_say(d, "%s", text.string.s);
	else
		diag_say(d, "the variable's condition does not hold for this");
	diag_note(d, condition->at, "the condition");
	return false;
}
