#include "schema/fault.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "schema/schema.h"
#include "value/value.h"

enum {
	QUOTED_MAX = 60, /* bytes of somebody's text in a message */
	LISTED_MAX = 24, /* names that are worth listing */
	ERRORS_MAX = 500,
	OWNERS_MAX = 3, /* places that are worth naming */
	DEPTH_MAX = 4,	/* of tables in each other */
};

bool fault_is_hopeless(const struct scope *scope)
{
	return scope->diags->errors >= ERRORS_MAX;
}

const char *fault_quote(struct arena *arena, struct text text)
{
	size_t n = text.n;
	if (n > QUOTED_MAX)
		for (n = QUOTED_MAX; n > 0 && ((unsigned char)text.s[n] & 0xc0) == 0x80;)
			n--;
	return arena_printf(arena, "\"%.*s%s\"", (int)n, text.s, n < text.n ? "..." : "");
}

const char *fault_show(struct arena *arena, const struct value *value)
{
	if (value->kind == VALUE_STRING)
		return fault_quote(arena, value->string);
	if (value->kind == VALUE_BOOL)
		return value->truth ? "true" : "false";
	if (value->kind != VALUE_NUMBER)
		return value_kind_name(value->kind);
	struct text digits = text_of(number_format(arena, value->number));
	return arena_printf(arena, "%.*s%s", QUOTED_MAX, digits.s,
			    digits.n > QUOTED_MAX ? "..." : "");
}

static const char *join(struct arena *arena, struct name_list names)
{
	const char *joined = "";
	for (uint32_t i = 0; i < names.n; i++)
		joined = arena_printf(arena, "%s%s%s", joined, i ? ", " : "", name_at(names, i));
	return joined;
}

void fault_reversed(struct scope *scope, const struct value *value)
{
	struct diag *d = diag_error(scope->diags, D_BAD_ADDRESS, value->at);
	diag_say(d, "the range %s goes down", fault_show(scope->arena, value));
	diag_help(d, "the lower address comes first");
}

/* Suggests any of the names; lists the first `listed` of them. */
static void help_names(struct scope *scope, struct diag *diag, const char *typed,
		       struct name_list names, uint32_t listed)
{
	const char **candidates = arena_array(scope->arena, names.n, sizeof *candidates);
	for (uint32_t i = 0; i < names.n; i++)
		candidates[i] = name_at(names, i);
	const char *near = suggest(typed, candidates, names.n);
	names.n = listed;
	if (near)
		diag_help(diag, "did you mean \"%s\"?", near);
	else if (listed <= LISTED_MAX)
		diag_help(diag, "there are: %s", join(scope->arena, names));
}

void fault_help_names(struct scope *scope, struct diag *diag, const char *typed,
		      struct name_list names)
{
	help_names(scope, diag, typed, names, names.n);
}

void fault_help_row(struct scope *scope, struct diag *diag, const struct row *row)
{
	struct name_list words = { NULL, sizeof *row->words, row->words_n };
	if (row->words_n > 0) {
		words.first = &row->words->name;
		diag_help(diag, "one of: %s", join(scope->arena, words));
	} else if (row->example) {
		diag_help(diag, "for example: %s = %s", row->name, row->example);
	}
}

/* What a row takes, after "must be". */
static const char *wanted(const struct row *row)
{
	switch (row->kind) {
	case ROW_BOOL:
		return "true or false";
	case ROW_NUMBER:
		return "a whole number";
	case ROW_DURATION:
		return "a duration: seconds, or a string such as \"1h30m\"";
	case ROW_RATE:
		return "a rate: a number, or a string such as \"100/minute\"";
	case ROW_TEXT:
		return "a string";
	case ROW_TEXTS:
		return "a string or a list of strings";
	case ROW_PORTS:
		return "a port, a range of ports, or a list of them";
	case ROW_PREFIXES:
		return "an address, a network, a range, or a list of them";
	case ROW_ANY:
		return "a value";
	case ROW_OBJECT:
		return "an object";
	case ROW_BLOCKS:
		break;
	}
	return "a block";
}

void fault_type(struct scope *scope, const struct row *row, const struct value *value)
{
	if (value->kind == VALUE_POISON)
		return;
	if (value->kind == VALUE_NULL) {
		struct diag *d = diag_error(scope->diags, D_NULL_VALUE, value->at);
		diag_say(d, "%s must not be null", row->name);
		diag_help(d, "leave the attribute out to get its default");
		return;
	}
	struct diag *d = diag_error(scope->diags, D_WRONG_TYPE, value->at);
	const char *shown = value->kind == VALUE_STRING ? fault_show(scope->arena, value)
							: value_kind_name(value->kind);
	diag_say(d, "%s must be %s, not %s", row->name, wanted(row), shown);
	fault_help_row(scope, d, row);
}

static const char *bound(struct arena *arena, const struct row *row, uint64_t value)
{
	char text[DURATION_TEXT_MAX];
	if (row->kind != ROW_DURATION)
		return arena_printf(arena, "%" PRIu64, value);
	duration_format(value, text);
	return text_copy(arena, text_of(text));
}

void fault_range(struct scope *scope, const struct row *row, struct span at, const char *found)
{
	struct diag *d = diag_error(scope->diags, D_OUT_OF_RANGE, at);
	diag_say(d, "%s must be from %s to %s, not %s", row->name,
		 bound(scope->arena, row, row->low), bound(scope->arena, row, row->high), found);
	if (row->limits)
		diag_note(d, NOWHERE, "%s", row->limits);
}

/* The names that may stand in a body: first those worth listing, then the other spellings. */
static struct name_list known_names(struct arena *arena, const struct table *table,
				    uint32_t *listed)
{
	uint32_t keys = table->keys ? table->keys->names.n : 0;
	VEC(const char *) names = { 0 };
	for (uint32_t i = 0; i < table->rows_n; i++)
		*push(arena, &names) = table->rows[i].name;
	for (uint32_t i = 0; i < keys; i++)
		*push(arena, &names) = name_at(table->keys->names, i);
	*listed = names.n;
	for (uint32_t i = 0; i < table->rows_n; i++) {
		const char *at = table->rows[i].alias;
		for (; at && *at; at += strspn(at, " ")) {
			size_t length = strcspn(at, " ");
			*push(arena, &names) = text_copy(arena, (struct text){ at, length });
			at += length;
		}
	}
	return (struct name_list){ names.at, sizeof *names.at, names.n };
}

/* Tables that have a row of that name. */
struct owners {
	const char *name;
	const char *nouns[OWNERS_MAX + 1];
	uint32_t n;
};

static bool has_row(const struct table *table, const char *name)
{
	for (uint32_t i = 0; i < table->rows_n; i++)
		if (strcmp(table->rows[i].name, name) == 0)
			return true;
	return false;
}

static void add_owner(struct owners *owners, const char *noun)
{
	for (uint32_t i = 0; i < owners->n; i++)
		if (strcmp(owners->nouns[i], noun) == 0)
			return;
	if (owners->n <= OWNERS_MAX)
		owners->nouns[owners->n++] = noun;
}

static void find_owners(struct owners *owners, const struct table *table, unsigned depth)
{
	if (has_row(table, owners->name))
		add_owner(owners, table->noun);
	for (uint32_t i = 0; depth > 0 && i < table->rows_n; i++)
		if (table->rows[i].table)
			find_owners(owners, table->rows[i].table, depth - 1);
}

/* Whether few enough places have the name to say which. */
static bool help_elsewhere(struct scope *scope, struct diag *diag, const struct unknown *unknown)
{
	struct owners owners = { .name = unknown->name };
	find_owners(&owners, unknown->root, DEPTH_MAX);
	if (owners.n == 0 || owners.n > OWNERS_MAX)
		return false;
	const struct name_list nouns = { owners.nouns, sizeof *owners.nouns, owners.n };
	diag_help(diag, "%s belongs into: %s", unknown->name, join(scope->arena, nouns));
	return true;
}

void fault_unknown(struct scope *scope, const struct unknown *unknown)
{
	const struct table *table = unknown->table;
	enum diag_code code = unknown->is_block ? D_UNKNOWN_BLOCK : D_UNKNOWN_ATTRIBUTE;
	struct diag *d = diag_error(scope->diags, code, unknown->at);
	const char *shown = fault_quote(scope->arena, text_of(unknown->name));
	if (table->keys && table->rows_n == 0)
		diag_say(d, "no %s is named %s", table->keys->noun, shown);
	else
		diag_say(d, "%s has no %s %s", table->noun,
			 unknown->is_block ? "block" : "attribute", shown);
	if (help_elsewhere(scope, d, unknown))
		return;
	uint32_t listed;
	struct name_list names = known_names(scope->arena, table, &listed);
	help_names(scope, d, unknown->name, names, listed);
}
