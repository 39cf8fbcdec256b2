#include "catalog/manual.h"
#include "flywall/flywall.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/source.h"
#include "config/config.h"
#include "config/written.h"
#include "definitions.h"
#include "emit/annotate.h"
#include "emit/emit.h"
#include "grammar/parse.h"
#include "input.h"
#include "ir/ruleset.h"
#include "ir/settle.h"
#include "lower/lower.h"
#include "management.h"
#include "opt/opt.h"
#include "schema/json_schema.h"
#include "schema/manual.h"
#include "subject.h"
#include "syntax/tree.h"
#include "value/dynamic.h"
#include "value/module.h"
#include "value/value.h"
#include "value/functions/library.h"
#include "values.h"

struct flywall {
	struct arena *arena;
	struct sources sources;
	struct diags diags;
	struct budget budget;
	struct scope scope;
	VEC(const char *) definitions; /* NAME=EXPR */
	struct body *body;	       /* of all files together */
	const struct body *written;    /* the same as it is written */
	struct subject subject;	       /* that was found last */
	bool is_as_written;	       /* rules are not optimised */
	struct ruleset *ruleset;
	struct line_map lines; /* of the last emission as FLYWALL_RULESET */
	VEC(struct flywall_setting) settings;
	VEC(struct flywall_ip_rule) ip_rules;
	VEC(struct flywall_ip_route) ip_routes;
	VEC(struct flywall_requirement) requirements;
	VEC(struct flywall_source) files;
	struct managements managements;
};

struct flywall *flywall_new(void)
{
	struct arena *arena = arena_new();
	struct flywall *flywall = arena_alloc(arena, sizeof *flywall);
	flywall->arena = arena;
	sources_init(&flywall->sources, arena);
	diags_init(&flywall->diags, arena);
	flywall->scope.arena = arena;
	flywall->scope.diags = &flywall->diags;
	flywall->scope.sources = &flywall->sources;
	flywall->scope.names = names_new(arena);
	flywall->scope.functions = &function_library;
	flywall->scope.budget = &flywall->budget;
	flywall->budget.diags = &flywall->diags;
	return flywall;
}

void flywall_free(struct flywall *flywall)
{
	if (flywall)
		arena_free(flywall->arena);
}

void flywall_allow_environment(struct flywall *flywall, bool allow)
{
	flywall->scope.reads_environment = allow;
}

void flywall_set_strict(struct flywall *flywall, bool strict)
{
	flywall->scope.strict = strict;
}

void flywall_set_as_written(struct flywall *flywall, bool is_as_written)
{
	flywall->is_as_written = is_as_written;
}

void flywall_add(struct flywall *flywall, const char *path)
{
	input_add(&flywall->sources, &flywall->diags, path);
}

void flywall_add_text(struct flywall *flywall, const char *name, const char *text, size_t size)
{
	input_add_text(&flywall->sources, &flywall->diags, name, (struct text){ text, size });
}

void flywall_define(struct flywall *flywall, const char *definition)
{
	*push(flywall->arena, &flywall->definitions) = definition;
}

static void body_append(struct arena *arena, struct body *whole, const struct body *part)
{
	for (uint32_t i = 0; i < part->attributes.n; i++)
		*push(arena, &whole->attributes) = part->attributes.at[i];
	for (uint32_t i = 0; i < part->blocks.n; i++)
		*push(arena, &whole->blocks) = part->blocks.at[i];
	whole->at = span_is_set(whole->at) ? whole->at : part->at;
}

/* What the configuration declares for its own use is worked out, and what is left is the body. */
static void resolve(struct flywall *flywall)
{
	struct scope *scope = &flywall->scope;
	struct module *module = module_new(scope);
	module_declare(module, flywall->body);
	definitions_of_environment(scope, module);
	for (uint32_t i = 0; i < flywall->definitions.n; i++)
		definition_add(scope, module, flywall->definitions.at[i]);
	scope->module = module;
	module_check(module);
	flywall->body = dynamic_expand(scope, flywall->body);
}

bool flywall_parse(struct flywall *flywall)
{
	flywall->body = arena_alloc(flywall->arena, sizeof *flywall->body);
	for (uint32_t i = 0; i < flywall->sources.all.n; i++)
		body_append(flywall->arena, flywall->body,
			    parse(flywall->arena, flywall->scope.names, &flywall->diags,
				  flywall->sources.all.at[i]));
	flywall->written = flywall->body;
	if (flywall->diags.errors == 0)
		resolve(flywall);
	return flywall->diags.errors == 0;
}

static bool has_failed(const struct flywall *flywall)
{
	return flywall->diags.errors > 0 || (flywall->scope.strict && flywall->diags.warnings > 0);
}

static void describe(struct flywall *flywall, struct span at, struct flywall_place *out)
{
	struct place place = source_place(&flywall->sources, at.start);
	out->place = arena_printf(flywall->arena, "%s:%u:%u", place.source->name, place.line,
				  place.column);
	out->content = text_copy(flywall->arena, place.content);
	out->subject = subject_find(flywall->arena, flywall->written, at, &flywall->subject)
			       ? flywall->subject.name
			       : NULL;
}

static void collect_settings(struct flywall *flywall)
{
	for (uint32_t i = 0; i < flywall->ruleset->settings.n; i++) {
		const struct ir_setting *from = &flywall->ruleset->settings.at[i];
		struct flywall_setting *to = push(flywall->arena, &flywall->settings);
		to->kind =
			from->kind == IR_SYSCTL ? FLYWALL_SET_SYSCTL : FLYWALL_SET_MODULE_PARAMETER;
		to->key = from->key;
		to->value = from->value;
		to->init_only = from->init_only;
		to->global = from->global;
		describe(flywall, from->at, &to->place);
	}
}

static void collect_routing(struct flywall *flywall)
{
	const struct ruleset *ruleset = flywall->ruleset;
	for (uint32_t i = 0; i < ruleset->ip_rules.n; i++) {
		const struct ir_ip_rule *from = &ruleset->ip_rules.at[i];
		struct flywall_ip_rule *to = push(flywall->arena, &flywall->ip_rules);
		to->family = from->family;
		to->priority = from->priority;
		to->mark = from->mark;
		to->mask = from->mask;
		to->table = from->table;
		describe(flywall, from->at, &to->place);
	}
	for (uint32_t i = 0; i < ruleset->ip_routes.n; i++) {
		const struct ir_ip_route *from = &ruleset->ip_routes.at[i];
		struct flywall_ip_route *to = push(flywall->arena, &flywall->ip_routes);
		to->family = from->to.family;
		memcpy(to->to, from->to.bytes, sizeof to->to);
		to->to_length = from->to.length;
		to->has_gateway = from->gateway.family != 0;
		memcpy(to->gateway, from->gateway.bytes, sizeof to->gateway);
		to->interface = from->interface;
		to->table = from->table;
		to->copies_connected = from->copies_connected;
		describe(flywall, from->at, &to->place);
	}
}

static void collect_requirements(struct flywall *flywall)
{
	for (uint32_t i = 0; i < flywall->ruleset->requirements.n; i++) {
		const struct ir_requirement *from = &flywall->ruleset->requirements.at[i];
		struct flywall_requirement *to = push(flywall->arena, &flywall->requirements);
		switch (from->need) {
		case IR_NEEDS_FLOWTABLE:
			to->need = FLYWALL_NEEDS_FLOWTABLE;
			break;
		case IR_NEEDS_SYNPROXY:
			to->need = FLYWALL_NEEDS_SYNPROXY;
			break;
		case IR_NEEDS_DAYS:
			to->need = FLYWALL_NEEDS_DAYS;
			break;
		}
		to->is_optional = from->is_optional;
		describe(flywall, from->at, &to->place);
	}
}

static void collect_files(struct flywall *flywall)
{
	for (uint32_t i = 0; i < flywall->sources.all.n; i++) {
		const struct source *source = flywall->sources.all.at[i];
		*push(flywall->arena, &flywall->files) =
			(struct flywall_source){ source->name, source->text, source->size };
	}
}

bool flywall_compile(struct flywall *flywall)
{
	/* What could not be read or parsed would be missed by the checks: they would report what is
	 * not so. */
	if (flywall->diags.errors > 0 || (!flywall->body && !flywall_parse(flywall)))
		return false;
	const struct config *config = config_decode(&flywall->scope, flywall->body);
	if (has_failed(flywall))
		return false;

	flywall->ruleset = lower(flywall->arena, config);
	warn_dead(flywall->ruleset, &flywall->diags);
	if (has_failed(flywall))
		return false;
	if (!flywall->is_as_written)
		optimise(flywall->ruleset);
	sets_settle(flywall->ruleset);
	const char *mistake = ruleset_verify(flywall->ruleset);
	if (mistake) {
		fprintf(stderr, "flywall: mistake in the compiler: %s\n", mistake);
		abort();
	}
	collect_settings(flywall);
	collect_routing(flywall);
	collect_requirements(flywall);
	collect_files(flywall);
	managements_collect(flywall->arena, config, &flywall->managements);
	return true;
}

void flywall_messages(struct flywall *flywall, FILE *out, uint32_t limit, bool colour)
{
	diags_render(&flywall->diags, &flywall->sources, out, limit, colour);
}

void flywall_annotate(struct flywall *flywall, enum flywall_annotation annotation, FILE *out)
{
	switch (annotation) {
	case FLYWALL_ANNOTATE_JSON:
		annotate_json(&flywall->diags, &flywall->sources, out);
		return;
	case FLYWALL_ANNOTATE_GITHUB:
		annotate_github(&flywall->diags, &flywall->sources, out);
		return;
	}
}

uint32_t flywall_errors(const struct flywall *flywall)
{
	return flywall->diags.errors;
}

uint32_t flywall_warnings(const struct flywall *flywall)
{
	return flywall->diags.warnings;
}

static void warn_of_json(struct flywall *flywall, enum diag_code code, struct span at)
{
	struct diag *d = diag_warning(&flywall->diags, code, at);
	diag_help(d, "load the text form, or use flywall-apply");
}

/* What nft's reader of JSON lacks. */
static void warn_of_json_gaps(struct flywall *flywall)
{
	const struct ruleset *ruleset = flywall->ruleset;
	for (uint32_t i = 0; i < ruleset->objects.n; i++)
		if (ruleset->objects.at[i]->kind == IR_CT_TIMEOUT_OBJECT &&
		    object_is_in_nft(ruleset->objects.at[i]))
			warn_of_json(flywall, D_JSON_TIMEOUT, ruleset->objects.at[i]->at);
	for (uint32_t i = 0; i < ruleset->flowtables.n; i++) {
		const struct ir_flowtable *flowtable = ruleset->flowtables.at[i];
		if (flowtable->is_hardware || flowtable->has_counter)
			warn_of_json(flywall, D_JSON_FLOWTABLE, flowtable->at);
	}
}

/* Once: one object is enough to make it so. */
static void warn_of_foreign_objects(struct flywall *flywall)
{
	const struct ruleset *ruleset = flywall->ruleset;
	for (uint32_t i = 0; i < ruleset->objects.n; i++) {
		const struct ir_object *object = ruleset->objects.at[i];
		if (object_is_in_nft(object))
			continue;
		struct diag *d = diag_warning(&flywall->diags, D_APPLY_ONLY, object->at);
		diag_say(d,
			 "only flywall-apply can load this ruleset: nft cannot set timeouts of %s",
			 timeout_protocol_rows[object->timeout.protocol].name);
		return;
	}
}

bool flywall_check_form(struct flywall *flywall, enum flywall_form form)
{
	if (form == FLYWALL_RULESET || form == FLYWALL_JSON)
		warn_of_foreign_objects(flywall);
	if (form == FLYWALL_JSON)
		warn_of_json_gaps(flywall);
	return !has_failed(flywall);
}

static const struct form_row {
	const char *name;
	enum flywall_form form;
} form_rows[] = {
	{ "ruleset", FLYWALL_RULESET }, { "json", FLYWALL_JSON },     { "sysctl", FLYWALL_SYSCTL },
	{ "modules", FLYWALL_MODULES }, { "values", FLYWALL_VALUES }, { "ir", FLYWALL_IR },
	{ "ip", FLYWALL_IP },		{ "names", FLYWALL_NAMES },
};

bool flywall_form_find(const char *name, enum flywall_form *form)
{
	for (size_t i = 0; i < countof(form_rows); i++)
		if (strcmp(form_rows[i].name, name) == 0) {
			*form = form_rows[i].form;
			return true;
		}
	return false;
}

void flywall_emit(struct flywall *flywall, enum flywall_form form, FILE *out)
{
	assert(form == FLYWALL_VALUES ? flywall->body != NULL : flywall->ruleset != NULL);
	switch (form) {
	case FLYWALL_RULESET:
		flywall->lines = (struct line_map){ .arena = flywall->arena };
		emit_nft(flywall->ruleset, out, &flywall->lines);
		return;
	case FLYWALL_JSON:
		emit_json(flywall->ruleset, out);
		return;
	case FLYWALL_SYSCTL:
		emit_sysctl(flywall->ruleset, out);
		return;
	case FLYWALL_MODULES:
		emit_modules(flywall->ruleset, out);
		return;
	case FLYWALL_IP:
		emit_ip(flywall->ruleset, out);
		return;
	case FLYWALL_NAMES:
		emit_names(flywall->ruleset, out);
		return;
	case FLYWALL_VALUES:
		values_write(&flywall->scope, flywall->body, out);
		return;
	case FLYWALL_IR:
		emit_ir(flywall->ruleset, &flywall->sources, out);
		return;
	}
}

bool flywall_line_place(struct flywall *flywall, uint32_t line, struct flywall_place *place)
{
	if (line == 0 || line > flywall->lines.lines.n)
		return false;
	struct span at = flywall->lines.lines.at[line - 1];
	if (!span_is_set(at))
		return false;
	describe(flywall, at, place);
	return true;
}

bool flywall_line_origin(struct flywall *flywall, uint32_t line, struct flywall_origin *origin)
{
	struct subject *subject = &flywall->subject;

	if (line == 0 || line > flywall->lines.lines.n)
		return false;
	struct span at = flywall->lines.lines.at[line - 1];
	if (!span_is_set(at) || !subject_find(flywall->arena, flywall->written, at, subject))
		return false;
	*origin = (struct flywall_origin){
		.subject = subject->name,
		.file = source_find(&flywall->sources, at.start)->name,
		.line = source_line(&flywall->sources, at.start),
		.subject_line = source_line(&flywall->sources, subject->at.start),
	};
	return true;
}

size_t flywall_settings(struct flywall *flywall, const struct flywall_setting **settings)
{
	*settings = flywall->settings.at;
	return flywall->settings.n;
}

size_t flywall_ip_rules(struct flywall *flywall, const struct flywall_ip_rule **rules)
{
	*rules = flywall->ip_rules.at;
	return flywall->ip_rules.n;
}

size_t flywall_ip_routes(struct flywall *flywall, const struct flywall_ip_route **routes)
{
	*routes = flywall->ip_routes.at;
	return flywall->ip_routes.n;
}

size_t flywall_requirements(struct flywall *flywall, const struct flywall_requirement **list)
{
	*list = flywall->requirements.at;
	return flywall->requirements.n;
}

size_t flywall_sources(struct flywall *flywall, const struct flywall_source **sources)
{
	*sources = flywall->files.at;
	return flywall->files.n;
}

size_t flywall_management(struct flywall *flywall, const struct flywall_management **list)
{
	*list = flywall->managements.all.at;
	return flywall->managements.all.n;
}

void flywall_do_without(struct flywall *flywall, const struct flywall_requirement *requirement)
{
	assert(requirement->is_optional && requirement->need == FLYWALL_NEEDS_FLOWTABLE);
	ruleset_drop_flowtables(flywall->ruleset);
}

size_t flywall_modules(struct flywall *flywall, const char *const **modules)
{
	*modules = flywall->ruleset->modules.at;
	return flywall->ruleset->modules.n;
}

const char *flywall_table(const struct flywall *flywall)
{
	return flywall->ruleset->table;
}

static bool owns_chain(const struct ruleset *ruleset, const char *name)
{
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		if (!ruleset->chains.at[i]->retired &&
		    strcmp(ruleset->chains.at[i]->name, name) == 0)
			return true;
	return false;
}

static bool owns_set(const struct ruleset *ruleset, const char *name, bool is_map)
{
	for (uint32_t i = 0; i < ruleset->sets.n; i++)
		if (ruleset->sets.at[i]->is_map == is_map &&
		    strcmp(ruleset->sets.at[i]->name, name) == 0)
			return true;
	return false;
}

static bool owns_object(const struct ruleset *ruleset, const char *name)
{
	for (uint32_t i = 0; i < ruleset->objects.n; i++)
		if (strcmp(ruleset->objects.at[i]->name, name) == 0)
			return true;
	return false;
}

static bool owns_flowtable(const struct ruleset *ruleset, const char *name)
{
	for (uint32_t i = 0; i < ruleset->flowtables.n; i++)
		if (strcmp(ruleset->flowtables.at[i]->name, name) == 0)
			return true;
	return false;
}

bool flywall_owns(const struct flywall *flywall, enum flywall_thing thing, const char *name)
{
	switch (thing) {
	case FLYWALL_CHAIN:
		return owns_chain(flywall->ruleset, name);
	case FLYWALL_SET:
		return owns_set(flywall->ruleset, name, false);
	case FLYWALL_MAP:
		return owns_set(flywall->ruleset, name, true);
	case FLYWALL_OBJECT:
		return owns_object(flywall->ruleset, name);
	case FLYWALL_FLOWTABLE:
		return owns_flowtable(flywall->ruleset, name);
	}
	return false;
}

bool flywall_explain(const char *code, struct flywall_explanation *explanation)
{
	for (size_t i = 0; flywall_explanation_at(i, explanation); i++)
		if (strcasecmp(explanation->code, code) == 0)
			return true;
	return false;
}

bool flywall_explanation_at(size_t index, struct flywall_explanation *explanation)
{
	if (index >= D_COUNT)
		return false;
	enum diag_code code = (enum diag_code)index;
	explanation->code = diag_code_name(code);
	explanation->title = diag_code_title(code);
	explanation->text = diag_code_explanation(code);
	explanation->wrong = diag_code_wrong(code);
	explanation->right = diag_code_right(code);
	return true;
}

void flywall_manual(FILE *out)
{
	struct arena *arena = arena_new();
	manual_write(arena, &written_table, out);
	catalog_manual(out);
	functions_manual(arena, out);
	manual_write_messages(out);
	arena_free(arena);
}

void flywall_schema(FILE *out)
{
	struct arena *arena = arena_new();
	json_schema_write(arena, &written_table, out);
	arena_free(arena);
}

const char *flywall_version(void)
{
	return FLYWALL_VERSION;
}
