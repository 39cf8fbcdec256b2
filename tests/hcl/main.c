/* hcl-values: a file of HCL, evaluated without schema, as JSON. For conformance suites. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/source.h"
#include "base/text.h"
#include "emit/annotate.h"
#include "grammar/parse.h"
#include "input.h"
#include "syntax/expr.h"
#include "syntax/tree.h"
#include "value/functions.h"
#include "value/functions/library.h"
#include "value/make.h"
#include "value/value.h"
#include "values.h"

enum { STATUS_OK, STATUS_NO, STATUS_USAGE, STATUS_SYSTEM };

static const char help[] =
	"Usage: hcl-values [--scope FILE.json] [--mode config|template] FILE\n"
	"Evaluate a file of HCL and print what it holds, as JSON.\n"
	"\n"
	"      --scope=FILE.json  bind the members of a JSON object as names\n"
	"      --mode=MODE        config (default), or template: the whole file is one\n"
	"  -h, --help             show this\n";

/* One evaluation. */
struct session {
	struct arena *arena;
	struct sources sources;
	struct diags diags;
	struct budget budget;
	struct scope scope;
	bool is_template;
};

static void session_start(struct session *session)
{
	session->arena = arena_new();
	sources_init(&session->sources, session->arena);
	diags_init(&session->diags, session->arena);
	session->budget.diags = &session->diags;
	session->scope = (struct scope){ .arena = session->arena,
					 .diags = &session->diags,
					 .names = names_new(session->arena),
					 .sources = &session->sources,
					 .functions = &function_library,
					 .budget = &session->budget };
}

/* The last file that was added, or NULL where it could not be read. */
static struct source *load(struct session *session, const char *path)
{
	uint32_t n = session->sources.all.n;
	input_add(&session->sources, &session->diags, path);
	return session->sources.all.n == n + 1 ? session->sources.all.at[n] : NULL;
}

/* jsondecode() keeps numbers exact; what it cannot read is reported by it. */
static bool bind_scope(struct session *session, const char *path)
{
	struct source *source = load(session, path);
	const struct function *decode = function_find(&function_library, TEXT("jsondecode"));
	if (!source || !decode)
		return false;
	struct span at = { source->base, source->base + source->size };
	const struct expr_call expr = { .expr = { .kind = EXPR_CALL, .at = at }, .name_at = at };
	struct text text = { source->text, source->size };
	struct value argument = make_string(&session->scope, at, text);
	struct call call = { .scope = &session->scope,
			     .function = decode,
			     .expr = &expr,
			     .at = at,
			     .arguments = &argument,
			     .n = 1 };
	struct value object = decode->run(&call);
	if (object.kind != VALUE_OBJECT)
		return false;
	for (uint32_t i = 0; i < object.count; i++) {
		struct binding *binding = arena_alloc(session->arena, sizeof *binding);
		*binding = (struct binding){ session->scope.bindings, object.members[i].name,
					     object.members[i].value };
		session->scope.bindings = binding;
	}
	return true;
}

static void put_diagnostics(struct session *session)
{
	diags_sort(&session->diags);
	for (uint32_t i = 0; i < session->diags.all.n; i++) {
		fputs(i ? ",\n  " : "\n  ", stdout);
		annotate_diag(&session->sources, session->diags.all.at[i], stdout);
	}
}

/* The JSON member that the file became, written to memory: the messages stand ahead of it. */
static char *evaluate_file(struct session *session, struct source *source, bool *parsed)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	const struct body *body = NULL;
	const struct expr *template = NULL;
	if (session->is_template)
		template = parse_template(session->arena, session->scope.names, &session->diags,
					  source);
	else
		body = parse(session->arena, session->scope.names, &session->diags, source);
	*parsed = session->diags.errors == 0;
	fputs(session->is_template ? "\"value\": " : "\"body\": ", out);
	/* What the parser refused lacks parts: nothing in it is worth a message of its own. */
	if (!*parsed)
		fputs("null", out);
	else if (template)
		values_write_one(&session->scope, template, out);
	else
		values_write(&session->scope, body, out);
	return fclose(out) == 0 ? text : NULL;
}

static int run(struct session *session, const char *scope, const char *path)
{
	struct source *source = NULL;
	bool parsed = false;
	char *result = NULL;
	if (!scope || bind_scope(session, scope))
		source = load(session, path);
	if (source)
		result = evaluate_file(session, source, &parsed);
	bool done = parsed && session->diags.errors == 0;
	printf("{\"parse_ok\": %s, \"eval_ok\": %s,\n \"diagnostics\": [",
	       parsed ? "true" : "false", done ? "true" : "false");
	put_diagnostics(session);
	printf("],\n %s}\n", result ? result : "\"body\": null");
	free(result);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "hcl-values: cannot write: %s\n", strerror(errno));
		return STATUS_SYSTEM;
	}
	return done ? STATUS_OK : STATUS_NO;
}

int main(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "scope", required_argument, NULL, 's' },
		{ "mode", required_argument, NULL, 'm' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct session session = { 0 };
	const char *scope = NULL, *mode = "config";
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h')
			return fputs(help, stdout) < 0 ? STATUS_SYSTEM : STATUS_OK;
		if (option == 's')
			scope = optarg;
		else if (option == 'm')
			mode = optarg;
		else
			return STATUS_USAGE;
	}
	session.is_template = strcmp(mode, "template") == 0;
	if (optind + 1 != argc || (!session.is_template && strcmp(mode, "config") != 0)) {
		fputs(help, stderr);
		return STATUS_USAGE;
	}
	session_start(&session);
	int status = run(&session, scope, argv[optind]);
	arena_free(session.arena);
	return status;
}
