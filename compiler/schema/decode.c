#include "schema/schema.h"

#include <assert.h>
#include <inttypes.h>
#include <stdalign.h>
#include <string.h>

#include "base/arena.h"
#include "schema/fault.h"
#include "schema/list.h"
#include "schema/read.h"
#include "syntax/tree.h"
#include "value/value.h"

/* Something that is named in a body or in an object: it has a value, or it is a block. */
struct entry {
	const char *name;
	struct span name_at;
	struct given given;
	const struct block *block;
};

/* What was found out about tables before: a large configuration asks the same ten thousand times.
 */
enum { FOUND_ROWS = 256, FOUND_DEFAULTS = 32 };

struct found {
	const struct table *root; /* of the whole configuration */
	struct found_row {
		const struct table *table;
		const char *name; /* interned, as all names in a tree are */
		uint32_t index;
	} rows[FOUND_ROWS];
	struct found_defaults {
		const struct table *table;
		const void *image; /* a struct of the table in which nothing is set */
	} defaults[FOUND_DEFAULTS];
};

/* A struct while it is being filled. */
struct filling {
	struct scope *scope;
	const struct table *table;
	char *out;
	const struct body *body; /* that is being decoded; NULL where it is an object */
	struct span *seen;	 /* where each row, and each key behind the rows, was set */
	struct found *found;
};

/* What all VECs look like. */
struct vector {
	void *at;
	uint32_t n, cap;
};

static void decode_entry(struct filling *filling, const struct entry *entry);

static struct value given_value(struct scope *scope, const struct given *given)
{
	return given->expr ? evaluate(scope, given->expr) : *given->value;
}

static uint32_t vector_count(const void *vec)
{
	struct vector vector;
	memcpy(&vector, vec, sizeof vector);
	return vector.n;
}

static void *vector_push(struct arena *arena, void *vec, size_t size)
{
	struct vector vector;
	memcpy(&vector, vec, sizeof vector);
	if (vector.n == vector.cap)
		vector.at = arena_grow(arena, vector.at, &vector.cap, size);
	void *element = (char *)vector.at + vector.n++ * size;
	memcpy(vec, &vector, sizeof vector);
	return element;
}

/* Blocks of one type are counted when the first of them comes. */
static void vector_expect(struct filling *filling, void *vec, const char *type, size_t size)
{
	struct vector vector;
	memcpy(&vector, vec, sizeof vector);
	if (vector.cap > 0 || !filling->body)
		return;
	for (uint32_t i = 0; i < filling->body->blocks.n; i++)
		vector.cap += filling->body->blocks.at[i].type == type;
	vector.at = arena_array(filling->scope->arena, vector.cap, size);
	memcpy(vec, &vector, sizeof vector);
}

static void decode_body(struct filling *filling, const struct body *body)
{
	filling->body = body;
	for (uint32_t i = 0; i < body->attributes.n && !fault_is_hopeless(filling->scope); i++) {
		const struct attribute *attribute = &body->attributes.at[i];
		struct entry entry = { .name = attribute->name,
				       .name_at = attribute->name_at,
				       .given = { .expr = attribute->value, .at = attribute->at } };
		decode_entry(filling, &entry);
	}
	for (uint32_t i = 0; i < body->blocks.n && !fault_is_hopeless(filling->scope); i++) {
		const struct block *block = &body->blocks.at[i];
		struct entry entry = { .name = block->type,
				       .name_at = block->type_at,
				       .given = { .at = block->header_at },
				       .block = block };
		decode_entry(filling, &entry);
	}
}

static void report_repeated(struct scope *scope, const char *name, struct span at,
			    struct span first_at)
{
	struct diag *d = diag_error(scope->diags, D_REPEATED, at);
	diag_say(d, "%s is set already", name);
	diag_note(d, first_at, "it is set here first");
}

static void decode_members(struct filling *filling, const struct value *object)
{
	for (uint32_t i = 0; i < object->count && !fault_is_hopeless(filling->scope); i++) {
		const struct member *member = &object->members[i];
		if (span_is_set(member->first_at))
			report_repeated(filling->scope, member->name, member->name_at,
					member->first_at);
		struct entry entry = { .name = member->name,
				       .name_at = member->name_at,
				       .given = { .value = &member->value,
						  .at = span_join(member->name_at,
								  member->value.at) } };
		decode_entry(filling, &entry);
	}
}

/* A single value. `value->at` is NOWHERE for a default. */
static void decode_value(struct scope *scope, const struct row *row, const struct value *value,
			 char *field)
{
	switch (row->kind) {
	case ROW_BOOL:
		((struct field_bool *)field)->at = value->at;
		(void)read_bool(scope, row, value, &((struct field_bool *)field)->value);
		return;
	case ROW_NUMBER:
		((struct field_number *)field)->at = value->at;
		(void)read_number(scope, row, value, &((struct field_number *)field)->value);
		return;
	case ROW_DURATION:
		((struct field_number *)field)->at = value->at;
		(void)read_duration(scope, row, value, &((struct field_number *)field)->value);
		return;
	case ROW_RATE:
		((struct field_rate *)field)->at = value->at;
		(void)read_rate(scope, row, value, &((struct field_rate *)field)->value);
		return;
	case ROW_TEXT:
		((struct field_text *)field)->at = value->at;
		(void)read_text(scope, row, value, &((struct field_text *)field)->value);
		return;
	case ROW_TEXTS:
	case ROW_PORTS:
	case ROW_PREFIXES:
	case ROW_ANY:
	case ROW_OBJECT:
	case ROW_BLOCKS:
		break;
	}
	assert(!"a row of single values");
}

static bool row_is_list(const struct row *row)
{
	return row->kind == ROW_TEXTS || row->kind == ROW_PORTS || row->kind == ROW_PREFIXES;
}

/* The value of a row that nobody set, from its HCL spelling. */
static void decode_default(struct scope *scope, const struct row *row, char *field)
{
	struct text spelling = text_of(row->value);
	if (spelling.n > 1 && spelling.s[0] == '"')
		spelling = (struct text){ spelling.s + 1, spelling.n - 2 };
	struct value value = { .kind = VALUE_STRING, .string = spelling };
	decode_value(scope, row, &value, field);
}

/* What nobody sets, and what is set wrong. */
static void set_defaults(struct scope *scope, const struct table *table, char *out)
{
	for (uint32_t i = 0; i < table->rows_n; i++) {
		const struct row *row = &table->rows[i];
		if (row->kind == ROW_OBJECT && !row->is_apart)
			set_defaults(scope, row->table, out + row->offset);
		else if (row->value)
			decode_default(scope, row, out + row->offset);
	}
}

/* What nobody sets in a struct that was zeroed. */
static void copy_defaults(struct filling *filling, const struct table *table, char *out)
{
	struct found_defaults *found =
		&filling->found->defaults[(uintptr_t)table / alignof(max_align_t) % FOUND_DEFAULTS];
	if (found->table != table) {
		char *image = arena_alloc(filling->scope->arena, table->size);
		set_defaults(filling->scope, table, image);
		*found = (struct found_defaults){ table, image };
	}
	memcpy(out, found->image, table->size);
}

/* The most rows and keys of a table; a test holds the tables to it. */
enum { SEEN_MAX = 128 };

/* `seen` has SEEN_MAX places. */
static struct filling start(const struct filling *outer, const struct table *table, void *out,
			    struct span at, struct span *seen)
{
	struct filling filling = { outer->scope, table, out, NULL, seen, outer->found };
	uint32_t count = table->rows_n + (table->keys ? table->keys->names.n : 0);
	assert(count <= SEEN_MAX);
	memset(seen, 0, count * sizeof *seen);
	*(struct span *)(filling.out + table->at) = at;
	return filling;
}

static void refuse_labels(struct scope *scope, const struct block *block)
{
	if (block->labels.n == 0)
		return;
	struct diag *d = diag_error(
		scope->diags, D_WRONG_LABELS,
		span_join(block->labels.at[0].at, block->labels.at[block->labels.n - 1].at));
	diag_say(d, "a block %s takes no label", block->type);
	diag_help(d, "write: %s {", block->type);
}

/* Whether an entry that needs an object is one. */
static bool wants_object(struct scope *scope, const struct row *row, const struct value *value)
{
	if (value->kind == VALUE_OBJECT)
		return true;
	fault_type(scope, row, value);
	return false;
}

/* The value of the table's first row, under the name by which it was set. */
static void decode_bare(struct filling *filling, const char *name, const struct value *value)
{
	struct row bare = filling->table->rows[0];
	bare.name = name;
	decode_value(filling->scope, &bare, value, filling->out + bare.offset);
}

/* Where the struct of an object is. */
static char *object_place(struct filling *filling, const struct row *row)
{
	char *field = filling->out + row->offset;
	if (!row->is_apart)
		return field;
	char *apart = arena_alloc(filling->scope->arena, row->table->size);
	set_defaults(filling->scope, row->table, apart);
	memcpy(field, &apart, sizeof apart);
	return apart;
}

static void decode_object(struct filling *filling, const struct row *row, const struct entry *entry)
{
	struct span seen[SEEN_MAX];
	struct filling nested =
		start(filling, row->table, object_place(filling, row), entry->name_at, seen);
	if (entry->block) {
		refuse_labels(filling->scope, entry->block);
		decode_body(&nested, entry->block->body);
		return;
	}
	struct value value = given_value(filling->scope, &entry->given);
	if (row->takes_bare && value.kind != VALUE_OBJECT)
		decode_bare(&nested, entry->name, &value);
	else if (wants_object(filling->scope, row, &value))
		decode_members(&nested, &value);
}

static const char *label_count(struct arena *arena, const struct row *row, uint32_t n)
{
	if (row->labels > 1)
		return arena_printf(arena, "%" PRIu32 " labels:", row->labels);
	return n == 0 ? "a label:" : "one label only:";
}

static void decode_labels(struct filling *filling, const struct row *row, const struct block *block,
			  struct field_text *out)
{
	uint32_t wanted = row->labels ? row->labels : 1, n = block->labels.n;
	for (uint32_t i = 0; i < n && n <= wanted; i++) {
		out[i].value = block->labels.at[i].text;
		out[i].at = block->labels.at[i].at;
	}
	bool is_enough = row->labels_least > 0 && n >= row->labels_least && n <= wanted;
	if (n == wanted || is_enough || (n == 0 && row->label_optional))
		return;
	struct diag *d = diag_error(filling->scope->diags, D_WRONG_LABELS,
				    n < wanted ? block->type_at : block->labels.at[wanted].at);
	diag_say(d, "%s needs %s %s", row->name, label_count(filling->scope->arena, row, n),
		 row->label);
	diag_help(d, "for example: %s {", row->example);
}

/* Once, at the first that is too many. */
static void refuse_more(struct filling *filling, const struct row *row, const struct entry *entry)
{
	struct span *seen = &filling->seen[row - filling->table->rows];
	if (span_is_set(*seen))
		return;
	*seen = entry->given.at;
	struct diag *d = diag_error(filling->scope->diags, D_TOO_MANY_BLOCKS, entry->given.at);
	diag_say(d, "there may be %" PRIu64 " %s blocks, and this is one more", row->high,
		 row->name);
	if (row->limits)
		diag_note(d, NOWHERE, "%s", row->limits);
}

/* Whether an entry switches something off. */
static bool is_off(struct scope *scope, const struct entry *entry)
{
	if (entry->block)
		return false;
	struct value value = given_value(scope, &entry->given);
	return value.kind == VALUE_BOOL && !value.truth;
}

static void decode_block(struct filling *filling, const struct row *row, const struct entry *entry)
{
	if (row->may_be_off && is_off(filling->scope, entry))
		return;
	if (!entry->block) {
		struct diag *d = diag_error(filling->scope->diags, D_NEEDS_BLOCK, entry->name_at);
		diag_say(d, "%s is a block, not an attribute", row->name);
		diag_help(d, "write: %s {", row->label ? row->example : row->name);
		return;
	}
	char *vec = filling->out + row->offset;
	if (row->high > 0 && vector_count(vec) == row->high) {
		refuse_more(filling, row, entry);
		return;
	}
	vector_expect(filling, vec, entry->block->type, row->table->size);
	char *out = vector_push(filling->scope->arena, vec, row->table->size);
	copy_defaults(filling, row->table, out);
	struct span seen[SEEN_MAX];
	struct filling nested = start(filling, row->table, out, entry->given.at, seen);
	if (row->label)
		decode_labels(filling, row, entry->block,
			      (struct field_text *)(out + row->table->label));
	else
		refuse_labels(filling->scope, entry->block);
	decode_body(&nested, entry->block->body);
}

static void needs_attribute(struct scope *scope, const struct row *row, const struct entry *entry)
{
	struct diag *d = diag_error(scope->diags, D_NEEDS_ATTRIBUTE, entry->name_at);
	diag_say(d, "%s is an attribute, not a block", row->name);
	if (row->example)
		diag_help(d, "write: %s = %s", row->name, row->example);
}

/* Reports what is set a second time. */
static bool is_first(struct filling *filling, uint32_t index, const struct entry *entry)
{
	struct span *seen = &filling->seen[index];
	if (!span_is_set(*seen)) {
		*seen = entry->name_at;
		return true;
	}
	report_repeated(filling->scope, entry->name, entry->name_at, *seen);
	return false;
}

static void decode_row(struct filling *filling, uint32_t index, const struct entry *entry)
{
	const struct row *row = &filling->table->rows[index];
	char *field = filling->out + row->offset;
	if (row->kind == ROW_BLOCKS) {
		decode_block(filling, row, entry);
		return;
	}
	if (!is_first(filling, index, entry))
		return;
	if (row->kind == ROW_OBJECT) {
		decode_object(filling, row, entry);
	} else if (entry->block) {
		needs_attribute(filling->scope, row, entry);
	} else if (row->kind == ROW_ANY) {
		*(struct field_any *)field =
			(struct field_any){ entry->given.expr, entry->given.value,
					    entry->given.at };
	} else if (row_is_list(row)) {
		list_decode(filling->scope, row, &entry->given, field);
	} else {
		struct value value = given_value(filling->scope, &entry->given);
		decode_value(filling->scope, row, &value, field);
	}
}

/* What has a table of its own and may be written as an object, a block, or a bare value, which is
 * that of the table's first row. */
static void decode_named(struct filling *filling, const struct table *table, char *out,
			 const struct entry *entry)
{
	set_defaults(filling->scope, table, out);
	struct span seen[SEEN_MAX];
	struct filling nested = start(filling, table, out, entry->name_at, seen);
	if (entry->block) {
		refuse_labels(filling->scope, entry->block);
		decode_body(&nested, entry->block->body);
		return;
	}
	struct value value = given_value(filling->scope, &entry->given);
	if (value.kind == VALUE_OBJECT) {
		decode_members(&nested, &value);
		return;
	}
	struct row bare = table->rows[0];
	bare.name = entry->name;
	decode_value(filling->scope, &bare, &value, out + bare.offset);
}

/* An attribute named after a row of a catalogue. */
static void decode_key(struct filling *filling, uint32_t index, const struct entry *entry)
{
	const struct keys *keys = filling->table->keys;
	char *out = filling->out + keys->offset + index * keys->table->size;
	if (is_first(filling, filling->table->rows_n + index, entry))
		decode_named(filling, keys->table, out, entry);
}

static void decode_rest(struct filling *filling, const struct row *row, const struct entry *entry)
{
	char *out =
		vector_push(filling->scope->arena, filling->out + row->offset, row->table->size);
	struct field_text *name = (struct field_text *)(out + row->table->label);
	name->value = entry->name;
	name->at = entry->name_at;
	decode_named(filling, row->table, out, entry);
}

static void meet_stranger(struct scope *scope, const struct stranger *stranger,
			  const struct entry *entry)
{
	if (stranger->is_silent || (stranger->is_refused && is_off(scope, entry)))
		return;
	if (stranger->is_refused) {
		struct diag *d = diag_error(scope->diags, D_NOT_COMPILED, entry->given.at);
		diag_say(d, "%s is not compiled by this version of flywall", stranger->name);
		diag_note(d, NOWHERE, "%s", stranger->doc);
		return;
	}
	struct diag *d = scope->strict ? diag_error(scope->diags, D_FOREIGN, entry->given.at)
				       : diag_info(scope->diags, D_FOREIGN, entry->given.at);
	diag_say(d, "%s is for other programs%s", stranger->name,
		 scope->strict ? "" : " and is skipped");
}

static bool has_alias(const struct row *row, const char *name)
{
	size_t n = strlen(name);
	for (const char *at = row->alias; at && *at; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");
		if (length == n && memcmp(at, name, n) == 0)
			return true;
		at += length;
	}
	return false;
}

static bool search_row(const struct table *table, const char *name, uint32_t *index)
{
	for (uint32_t i = 0; i < table->rows_n; i++) {
		const struct row *row = &table->rows[i];
		if (strcmp(row->name, name) == 0 || has_alias(row, name)) {
			*index = i;
			return true;
		}
	}
	return false;
}

static bool find_row(struct filling *filling, const char *name, uint32_t *index)
{
	const struct table *table = filling->table;
	uintptr_t mixed = (uintptr_t)table / 8 + (uintptr_t)name;
	struct found_row *found = &filling->found->rows[(mixed ^ mixed / FOUND_ROWS) % FOUND_ROWS];
	if (found->table == table && found->name == name) {
		*index = found->index;
		return true;
	}
	if (!search_row(table, name, index))
		return false;
	*found = (struct found_row){ table, name, *index };
	return true;
}

static bool find_key(const struct table *table, const char *name, uint32_t *index)
{
	for (uint32_t i = 0; table->keys && i < table->keys->names.n; i++) {
		if (strcmp(name_at(table->keys->names, i), name) == 0) {
			*index = i;
			return true;
		}
	}
	return false;
}

static const struct stranger *find_stranger(const struct table *table, const char *name)
{
	for (uint32_t i = 0; i < table->strangers_n; i++)
		if (strcmp(table->strangers[i].name, name) == 0)
			return &table->strangers[i];
	return NULL;
}

static void decode_entry(struct filling *filling, const struct entry *entry)
{
	const struct stranger *stranger;
	uint32_t index;
	if (find_row(filling, entry->name, &index))
		decode_row(filling, index, entry);
	else if (find_key(filling->table, entry->name, &index))
		decode_key(filling, index, entry);
	else if ((stranger = find_stranger(filling->table, entry->name)))
		meet_stranger(filling->scope, stranger, entry);
	else if (filling->table->rest)
		decode_rest(filling, filling->table->rest, entry);
	else
		fault_unknown(filling->scope,
			      &(struct unknown){ filling->found->root, filling->table, entry->name,
						 entry->name_at, entry->block != NULL });
}

void schema_defaults(struct scope *scope, const struct table *table, void *out)
{
	set_defaults(scope, table, out);
}

void schema_decode(struct scope *scope, const struct table *table, const struct body *body,
		   void *out)
{
	struct found found = { .root = table };
	struct span seen[SEEN_MAX];
	const struct filling outside = { .scope = scope, .found = &found };
	set_defaults(scope, table, out);
	struct filling filling = start(&outside, table, out, body->at, seen);
	decode_body(&filling, body);
}
