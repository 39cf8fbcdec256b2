#include "definitions.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/diag.h"
#include "grammar/parse.h"
#include "syntax/tree.h"
#include "value/module.h"

/* Places in what was given are shown as those of a file of this name. */
static void define(struct scope *scope, struct module *module, const char *shown, const char *text)
{
	size_t n = strlen(text);
	uint32_t errors = scope->diags->errors;
	char *copy = arena_alloc(scope->arena, n + 2);
	memcpy(copy, text, n);
	struct source *source =
		n < SOURCE_MAX ? source_add(scope->sources, shown, copy, (uint32_t)n) : NULL;
	if (!source) {
		diag_error(scope->diags, D_TOO_LARGE, NOWHERE);
		return;
	}
	const struct body *body = parse(scope->arena, scope->names, scope->diags, source);
	if (scope->diags->errors > errors)
		return;
	if (body->attributes.n == 1 && body->blocks.n == 0) {
		module_set(module, &body->attributes.at[0]);
		return;
	}
	struct span whole = { source->base, source->base + source->size };
	struct diag *d = diag_error(scope->diags, D_VARIABLE, whole);
	diag_say(d, "this gives no variable a value");
	diag_help(d, "write NAME=EXPR, for example: uplink='\"eth0\"'");
}

void definition_add(struct scope *scope, struct module *module, const char *definition)
{
	define(scope, module, "<-D>", definition);
}

/* "NAME=" and the text as a string in HCL. */
static const char *quoted(struct arena *arena, const char *name, const char *text)
{
	size_t room = strlen(name) + 2 * strlen(text) + 4;
	char *out = arena_alloc(arena, room), *end = out + strlen(name);
	memcpy(out, name, strlen(name));
	*end++ = '=';
	*end++ = '"';
	for (; *text; text++) {
		if (strchr("\"\\\n\r", *text))
			*end++ = '\\';
		else if ((*text == '$' || *text == '%') && text[1] == '{')
			*end++ = *text;
		*end++ = *text == '\n' ? 'n' : *text == '\r' ? 'r' : *text;
	}
	*end = '"';
	return out;
}

void definitions_of_environment(struct scope *scope, struct module *module)
{
	const char *name;
	for (uint32_t i = 0; (name = module_variable(module, i)); i++) {
		const char *key = arena_printf(scope->arena, "FLYWALL_VAR_%s", name);
		const char *text = getenv(key);
		if (!text)
			continue;
		define(scope, module, key,
		       module_takes_text(module, name)
			       ? quoted(scope->arena, name, text)
			       : arena_printf(scope->arena, "%s=%s", name, text));
	}
}
