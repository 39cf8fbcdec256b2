#include <string.h>

#include "base/arena.h"
#include "grammar/parse.h"
#include "value/functions/folders.h"
#include "value/functions/library.h"
#include "value/make.h"

enum { NULS = 2 };

/* The names of a template are the members of an object, and no others. */
static const struct binding *bind_members(struct scope *scope, const struct value *members)
{
	struct binding *bindings = arena_array(scope->arena, members->count, sizeof *bindings);
	const struct binding *innermost = NULL;
	for (uint32_t i = 0; i < members->count; i++) {
		bindings[i] = (struct binding){ .outer = innermost,
						.name = members->members[i].name,
						.value = members->members[i].value };
		innermost = &bindings[i];
	}
	return innermost;
}

static const struct expr *template_parse(struct call *call, struct text text)
{
	struct scope *scope = call->scope;
	char *copy = arena_alloc(scope->arena, text.n + NULS);
	memcpy(copy, text.s, text.n);
	struct source *source =
		source_add(scope->sources, folder_path(call, call->arguments[0].string.s), copy,
			   (uint32_t)text.n);
	if (!source) {
		file_refuse(call, 0, "all files together are larger than 1 GiB",
			    "write shorter templates");
		return NULL;
	}
	return parse_template(scope->arena, scope->names, scope->diags, source);
}

/* Mistakes in a template are shown where they stand in it. */
static struct value run_templatefile(struct call *call)
{
	struct text text;
	if (!folder_read(call, 0, &text))
		return call_poison(call);
	const struct expr *template = template_parse(call, text);
	if (!template)
		return call_poison(call);
	struct scope inner = *call->scope;
	inner.bindings = bind_members(call->scope, &call->arguments[1]);
	inner.module = NULL;
	inner.functions = &template_library;
	return evaluate(&inner, template);
}

static const struct function rows[] = {
	{ .name = "templatefile",
	  .run = run_templatefile,
	  .parameters = { { "path", PARAMETER_STRING }, { "names", PARAMETER_OBJECT } },
	  .doc = "The text of a file with its ${...} and %{...} evaluated; the members of the "
		 "object are "
		 "its names.",
	  .example = "templatefile(\"motd.tmpl\", { host = \"gate\" })" },
};

const struct function_family template_functions = { "Templates", rows, countof(rows) };
