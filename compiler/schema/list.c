#include "schema/list.h"

#include <stdlib.h>

#include "schema/fault.h"
#include "schema/read.h"
#include "schema/schema.h"
#include "value/value.h"

struct list {
	struct scope *scope;
	const struct row *row;
	void *field;
	struct span at;
	uint32_t count;
};

static void add_text(struct list *list, const struct value *value)
{
	struct field_texts *texts = list->field;
	const char *text;
	if (!read_text(list->scope, list->row, value, &text))
		return;
	struct field_text *item = push(list->scope->arena, &texts->items);
	item->value = text;
	item->at = value->at;
}

static void add_port(struct list *list, const struct value *value)
{
	struct field_ports *ports = list->field;
	struct field_port port;
	if (!read_port(list->scope, list->row, value, &port))
		return;
	*push(list->scope->arena, &ports->items) = port;
}

/* A range as the prefixes that it consists of. */
static void add_range(struct list *list, struct range *range, struct span at)
{
	struct field_prefixes *prefixes = list->field;
	struct prefix prefix;
	while (range_take(range, &prefix))
		*push(list->scope->arena, &prefixes->items) = (struct field_prefix){ prefix, at };
}

static void add_prefix(struct list *list, const struct value *value)
{
	struct field_prefixes *prefixes = list->field;
	struct prefix prefix;
	struct range range;
	bool is_text = value->kind == VALUE_STRING;
	switch (is_text ? range_parse(value->string, &range) : RANGE_NOT_ONE) {
	case RANGE_OK:
		add_range(list, &range, value->at);
		return;
	case RANGE_REVERSED:
		fault_reversed(list->scope, value);
		return;
	case RANGE_NOT_ONE:
		break;
	}
	if (!read_prefix(list->scope, list->row, value, &prefix))
		return;
	*push(list->scope->arena, &prefixes->items) = (struct field_prefix){ prefix, value->at };
}

static void add(void *context, const struct value *value)
{
	struct list *list = context;
	list->count++;
	if (fault_is_hopeless(list->scope))
		return;
	if (list->row->kind == ROW_TEXTS)
		add_text(list, value);
	else if (list->row->kind == ROW_PORTS)
		add_port(list, value);
	else
		add_prefix(list, value);
}

/* Most lists are written as a single value. */
static void expect_one(struct list *list)
{
	struct arena *arena = list->scope->arena;
	if (list->row->kind == ROW_TEXTS)
		reserve(arena, &((struct field_texts *)list->field)->items, 1);
	else if (list->row->kind == ROW_PORTS)
		reserve(arena, &((struct field_ports *)list->field)->items, 1);
	else
		reserve(arena, &((struct field_prefixes *)list->field)->items, 1);
}

static void add_all(struct list *list, const struct value *value)
{
	if (value->kind != VALUE_TUPLE) {
		expect_one(list);
		add(list, value);
		return;
	}
	for (uint32_t i = 0; i < value->count; i++)
		add(list, &value->items[i]);
}

/* By the text, then by the place in the list. Texts are interned. */
static int by_text(const void *left, const void *right)
{
	const struct field_text *a = *(struct field_text *const *)left;
	const struct field_text *b = *(struct field_text *const *)right;
	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* Takes out what stands in the list twice. */
static void drop_repeated(struct list *list, struct field_texts *texts)
{
	uint32_t n = texts->items.n;
	struct field_text **sorted =
		arena_array(list->scope->arena, n, sizeof(struct field_text *));
	for (uint32_t i = 0; i < n; i++)
		sorted[i] = &texts->items.at[i];
	qsort(sorted, n, sizeof *sorted, by_text);

	const struct field_text *first = sorted[0];
	for (uint32_t i = 1; i < n; i++) {
		if (sorted[i]->value != first->value) {
			first = sorted[i];
			continue;
		}
		struct diag *d = diag_warning(list->scope->diags, D_REPEATED_ITEM, sorted[i]->at);
		diag_say(d, "%s stands in the list twice",
			 fault_quote(list->scope->arena, text_of(first->value)));
		diag_note(d, first->at, "it is here already");
		sorted[i]->value = NULL;
	}

	uint32_t kept = 0;
	for (uint32_t i = 0; i < n; i++)
		if (texts->items.at[i].value)
			texts->items.at[kept++] = texts->items.at[i];
	texts->items.n = kept;
}

static void finish(struct list *list)
{
	if (list->count == 0 && list->row->may_be_empty)
		return;
	if (list->count == 0) {
		struct diag *d = diag_error(list->scope->diags, D_EMPTY_LIST, list->at);
		diag_say(d, "%s must not be empty", list->row->name);
		diag_help(d, "%s",
			  list->row->limits ? list->row->limits
					    : "leave it out, or put something in");
		return;
	}
	struct field_texts *texts = list->field;
	if (list->row->kind == ROW_TEXTS && texts->items.n > 1)
		drop_repeated(list, texts);
}

static void set_place(const struct row *row, void *field, struct span at)
{
	if (row->kind == ROW_TEXTS)
		((struct field_texts *)field)->at = at;
	else if (row->kind == ROW_PORTS)
		((struct field_ports *)field)->at = at;
	else
		((struct field_prefixes *)field)->at = at;
}

void list_decode(struct scope *scope, const struct row *row, const struct given *given, void *field)
{
	struct list list = { .scope = scope, .row = row, .field = field, .at = given->at };
	set_place(row, field, given->at);
	if (given->value) {
		add_all(&list, given->value);
	} else if (!evaluate_elements(scope, given->expr, add, &list)) {
		struct value whole = evaluate(scope, given->expr);
		add_all(&list, &whole);
	}
	finish(&list);
}
