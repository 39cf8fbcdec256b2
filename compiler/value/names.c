#include "value/names.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/suggest.h"
#include "syntax/expr.h"
#include "value/make.h"

const struct value *name_find(const struct scope *scope, struct text name)
{
	for (const struct binding *b = scope->bindings; b; b = b->outer)
		if (text_is(name, b->name))
			return &b->value;
	return NULL;
}

static const char *nearest(struct scope *scope, struct text name)
{
	VEC(const char *) names = { 0 };
	for (const struct binding *b = scope->bindings; b; b = b->outer)
		*push(scope->arena, &names) = b->name;
	if (scope->module) {
		*push(scope->arena, &names) = "var";
		*push(scope->arena, &names) = "local";
	}
	return suggest(text_copy(scope->arena, name), names.at, names.n);
}

/* Other languages' words for true and false. */
static const char *truth_of(struct text name)
{
	if (text_is(name, "yes") || text_is(name, "on") || text_is(name, "enabled"))
		return "true";
	if (text_is(name, "no") || text_is(name, "off") || text_is(name, "disabled"))
		return "false";
	return NULL;
}

static struct value unknown(struct scope *scope, const struct expr *expr, struct text name)
{
	struct diag *d = diag_error(scope->diags, D_VARIABLE, expr->at);
	if (scope->module && (text_is(name, "var") || text_is(name, "local"))) {
		diag_say(d, "%.*s stands for nothing by itself", (int)name.n, name.s);
		diag_help(d, "write %.*s.NAME", (int)name.n, name.s);
		return make_poison(expr->at);
	}
	const char *near = truth_of(name) ? truth_of(name) : nearest(scope, name);
	diag_say(d, "nothing is named \"%.*s\" here", (int)name.n, name.s);
	if (near)
		diag_help(d, "did you mean %s?", near);
	else
		diag_help(d, "a string stands in quotes: \"%.*s\"", (int)name.n, name.s);
	return make_poison(expr->at);
}

struct value name_evaluate(struct scope *scope, const struct expr *expr)
{
	struct text name = source_text(scope->sources, expr->at);
	if (text_is(name, "true") || text_is(name, "false"))
		return make_bool(expr->at, text_is(name, "true"));
	if (text_is(name, "null"))
		return make_null(expr->at);
	const struct value *bound = name_find(scope, name);
	if (!bound)
		return unknown(scope, expr, name);
	struct value value = *bound;
	value.at = expr->at;
	return value;
}
