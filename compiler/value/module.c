#include "value/module.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/suggest.h"
#include "syntax/expr.h"
#include "syntax/tree.h"
#include "value/constraint.h"
#include "value/make.h"
#include "value/operators.h"

enum progress { PROGRESS_NONE, PROGRESS_RUNNING, PROGRESS_DONE };

/* A variable or a local. */
struct declaration {
	const char *name;
	struct span name_at;
	const struct expr *expr;   /* of a local, or of a variable's default; NULL: none */
	const struct expr *given;  /* of a variable: what the caller set */
	const struct expr *type;   /* of a variable; NULL: any */
	const struct block *block; /* of a variable */
	enum progress progress;
	struct span used_at; /* while it is evaluated: who asked for it */
	struct value value;
};

/* Found by name: interned, so their addresses are hashed. */
struct declarations {
	VEC(struct declaration *) all;
	struct declaration **slots;
	uint32_t size; /* at most half full */
};

struct module {
	struct scope scope;
	struct declarations variables, locals;
	VEC(struct declaration *) running; /* each asked for by the one before */
};

struct module *module_new(struct scope *scope)
{
	struct module *module = arena_alloc(scope->arena, sizeof *module);
	module->scope = *scope;
	module->scope.module = module;
	return module;
}

static struct declaration **slot_of(const struct declarations *in, const char *name)
{
	uint32_t slot = (uint32_t)((uintptr_t)name >> 4) * UINT32_C(2654435761) >> 7;
	for (slot &= in->size - 1; in->slots[slot] && in->slots[slot]->name != name;)
		slot = (slot + 1) & (in->size - 1);
	return &in->slots[slot];
}

static void slots_grow(struct arena *arena, struct declarations *in)
{
	in->size = in->size ? in->size * 2 : 32;
	in->slots = arena_array(arena, in->size, sizeof *in->slots);
	for (uint32_t i = 0; i < in->all.n; i++)
		*slot_of(in, in->all.at[i]->name) = in->all.at[i];
}

static struct declaration *declare(struct module *module, struct declarations *in, const char *name,
				   struct span at)
{
	struct arena *arena = module->scope.arena;
	if (in->all.n * 2 >= in->size)
		slots_grow(arena, in);
	struct declaration **slot = slot_of(in, name);
	if (*slot) {
		struct diag *d = diag_error(module->scope.diags, D_REPEATED, at);
		diag_say(d, "\"%s\" is declared already", name);
		diag_note(d, (*slot)->name_at, "it is declared here first");
		return NULL;
	}
	*slot = arena_alloc(arena, sizeof **slot);
	(*slot)->name = name;
	(*slot)->name_at = at;
	*push(arena, &in->all) = *slot;
	return *slot;
}

static struct declaration *find(struct module *module, const struct declarations *in,
				struct text name)
{
	return in->size ? *slot_of(in, name_intern(module->scope.names, name)) : NULL;
}

static void variable_attribute(struct module *module, struct declaration *variable,
			       const struct attribute *attribute)
{
	static const char *const known[] = { "default", "description", "type", "nullable",
					     "sensitive" };
	struct text name = text_of(attribute->name);
	if (text_is(name, "default"))
		variable->expr = attribute->value;
	else if (text_is(name, "type"))
		variable->type = attribute->value;
	for (size_t i = 0; i < countof(known); i++)
		if (text_is(name, known[i]))
			return;
	struct diag *d = diag_error(module->scope.diags, D_UNKNOWN_ATTRIBUTE, attribute->name_at);
	diag_say(d, "variable has no attribute \"%s\"", attribute->name);
	const char *near = suggest(attribute->name, known, countof(known));
	diag_help(d, "%s%s", near ? "did you mean " : "there are: default, description, type",
		  near ? near : "");
}

static void declare_variable(struct module *module, const struct block *block)
{
	if (block->labels.n != 1) {
		struct diag *d = diag_error(module->scope.diags, D_WRONG_LABELS, block->type_at);
		diag_say(d, "variable needs a label: its name");
		diag_help(d, "for example: variable \"uplink\" {");
		return;
	}
	struct declaration *variable = declare(module, &module->variables, block->labels.at[0].text,
					       block->labels.at[0].at);
	if (!variable)
		return;
	variable->block = block;
	for (uint32_t i = 0; i < block->body->attributes.n; i++)
		variable_attribute(module, variable, &block->body->attributes.at[i]);
	for (uint32_t i = 0; i < block->body->blocks.n; i++) {
		const struct block *inner = &block->body->blocks.at[i];
		if (text_is(text_of(inner->type), "validation"))
			continue;
		struct diag *d = diag_error(module->scope.diags, D_UNKNOWN_BLOCK, inner->type_at);
		diag_say(d, "variable has no block \"%s\"", inner->type);
	}
}

static void declare_locals(struct module *module, const struct block *block)
{
	if (block->labels.n > 0)
		diag_say(diag_error(module->scope.diags, D_WRONG_LABELS, block->labels.at[0].at),
			 "a block locals takes no label");
	for (uint32_t i = 0; i < block->body->blocks.n; i++) {
		const struct block *inner = &block->body->blocks.at[i];
		struct diag *d = diag_error(module->scope.diags, D_UNKNOWN_BLOCK, inner->type_at);
		diag_say(d, "locals holds values, and no blocks");
		diag_help(d, "write: %s = {", inner->type);
	}
	for (uint32_t i = 0; i < block->body->attributes.n; i++) {
		const struct attribute *attribute = &block->body->attributes.at[i];
		struct declaration *local =
			declare(module, &module->locals, attribute->name, attribute->name_at);
		if (local)
			local->expr = attribute->value;
	}
}

void module_declare(struct module *module, struct body *body)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < body->blocks.n; i++) {
		const struct block *block = &body->blocks.at[i];
		if (text_is(text_of(block->type), "variable"))
			declare_variable(module, block);
		else if (text_is(text_of(block->type), "locals"))
			declare_locals(module, block);
		else
			body->blocks.at[kept++] = *block;
	}
	body->blocks.n = kept;
}

const char *module_variable(const struct module *module, uint32_t index)
{
	return index < module->variables.all.n ? module->variables.all.at[index]->name : NULL;
}

bool module_takes_text(struct module *module, const char *name)
{
	struct declaration *variable = find(module, &module->variables, text_of(name));
	if (!variable)
		return false;
	if (variable->type)
		return variable->type->kind == EXPR_NAME &&
		       text_is(source_text(module->scope.sources, variable->type->at), "string");
	return variable->expr &&
	       (variable->expr->kind == EXPR_STRING || variable->expr->kind == EXPR_TEMPLATE);
}

static const char *nearest(struct module *module, const struct declarations *in, struct text name)
{
	VEC(const char *) names = { 0 };
	for (uint32_t i = 0; i < in->all.n; i++)
		*push(module->scope.arena, &names) = in->all.at[i]->name;
	return suggest(text_copy(module->scope.arena, name), names.at, names.n);
}

void module_set(struct module *module, const struct attribute *attribute)
{
	struct text name = text_of(attribute->name);
	struct declaration *variable = find(module, &module->variables, name);
	if (variable) {
		variable->given = attribute->value;
		return;
	}
	struct diag *d = diag_error(module->scope.diags, D_VARIABLE, attribute->name_at);
	const char *near = nearest(module, &module->variables, name);
	diag_say(d, "no variable is named \"%s\"", attribute->name);
	if (near)
		diag_help(d, "did you mean \"%s\"?", near);
	else
		diag_help(d, "declare it: variable \"%s\" {}", attribute->name);
}

/* Each link of the cycle that closes here. */
static void report_cycle(struct module *module, const struct declaration *again, struct span at)
{
	struct diag *d = diag_error(module->scope.diags, D_CYCLE, at);
	uint32_t i = module->running.n;
	while (i > 0 && module->running.at[i - 1] != again)
		i--;
	diag_say(d, "\"%s\" is made of itself", again->name);
	for (; i < module->running.n; i++)
		diag_note(d, module->running.at[i]->used_at, "\"%s\" is used here",
			  module->running.at[i]->name);
	diag_help(d, "write one of these values without the other");
}

static struct value missing(struct module *module, const struct declaration *variable)
{
	struct diag *d = diag_error(module->scope.diags, D_VARIABLE, variable->name_at);
	diag_say(d, "the variable \"%s\" has no value", variable->name);
	diag_help(d, "give it a default, or set it with -D %s=...", variable->name);
	return make_poison(variable->name_at);
}

static bool is_local(const struct declaration *declaration)
{
	return !declaration->block;
}

static void check_validations(struct module *module, struct declaration *variable)
{
	const struct body *body = variable->block->body;
	for (uint32_t i = 0; i < body->blocks.n && variable->value.kind != VALUE_POISON; i++)
		if (!constraint_validate(&module->scope, body->blocks.at[i].body, &variable->value))
			variable->value = make_poison(variable->name_at);
}

static void run(struct module *module, struct declaration *declaration)
{
	const struct expr *expr = declaration->given ? declaration->given : declaration->expr;
	struct scope *scope = &module->scope;
	declaration->progress = PROGRESS_RUNNING;
	*push(scope->arena, &module->running) = declaration;
	declaration->value = expr ? evaluate(scope, expr) : missing(module, declaration);
	if (declaration->type && declaration->value.kind != VALUE_POISON)
		constraint_convert(scope, declaration->type, &declaration->value);
	declaration->progress = PROGRESS_DONE;
	if (!is_local(declaration))
		check_validations(module, declaration);
	module->running.n--;
}

static struct value declared(struct module *module, const struct declarations *in, struct text name,
			     struct span at)
{
	struct declaration *declaration = find(module, in, name);
	bool is_variable = in == &module->variables;
	if (!declaration) {
		struct diag *d = diag_error(module->scope.diags, D_VARIABLE, at);
		const char *near = nearest(module, in, name);
		diag_say(d, "no %s is named \"%.*s\"", is_variable ? "variable" : "local",
			 (int)name.n, name.s);
		if (near)
			diag_help(d, "did you mean %s.%s?", is_variable ? "var" : "local", near);
		else
			diag_help(d,
				  is_variable ? "declare it: variable \"%.*s\" {}"
					      : "declare it: locals { %.*s = ... }",
				  (int)name.n, name.s);
		return make_poison(at);
	}
	if (declaration->progress == PROGRESS_NONE) {
		declaration->used_at = at;
		run(module, declaration);
	} else if (declaration->progress == PROGRESS_RUNNING) {
		report_cycle(module, declaration, at);
		return make_poison(at);
	}
	struct value value = declaration->value;
	value.at = at;
	return value;
}

struct value module_variable_value(struct module *module, struct text name, struct span at)
{
	return declared(module, &module->variables, name, at);
}

struct value module_local_value(struct module *module, struct text name, struct span at)
{
	return declared(module, &module->locals, name, at);
}

static void check_all(struct module *module, const struct declarations *in)
{
	for (uint32_t i = 0; i < in->all.n; i++)
		if (in->all.at[i]->progress == PROGRESS_NONE) {
			in->all.at[i]->used_at = in->all.at[i]->name_at;
			run(module, in->all.at[i]);
		}
}

void module_check(struct module *module)
{
	check_all(module, &module->variables);
	check_all(module, &module->locals);
}
