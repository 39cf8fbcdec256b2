#include "grammar/build.h"

#include <stdlib.h>
#include <string.h>

#include "grammar/parser.h"
#include "syntax/literal.h"

static struct text text_at(const struct parser *p, struct span at)
{
	return (struct text){ p->text + (at.start - p->source->base), at.end - at.start };
}

static const char *intern_at(struct parser *p, struct span at)
{
	return name_intern(p->names, text_at(p, at));
}

/* While a body is being read, its items stand on the parser's stacks, and what will be the
 * capacities tell where they begin: bodies are small and many, and this way none has room that it
 * does not use. */
struct body *build_body(struct parser *p)
{
	struct body *body = arena_alloc(p->arena, sizeof *body);
	body->attributes.cap = p->attributes.n;
	body->blocks.cap = p->blocks.n;
	return body;
}

struct body *build_item(struct parser *p, struct body *body, const struct item *item)
{
	/* A body within that was given up for a mistake may have left its items behind. */
	p->attributes.n = body->attributes.cap + body->attributes.n;
	p->blocks.n = body->blocks.cap + body->blocks.n;
	if (item->kind == ITEM_ATTRIBUTE) {
		*push(p->scratch, &p->attributes) = item->attribute;
		body->attributes.n++;
	}
	if (item->kind == ITEM_BLOCK) {
		*push(p->scratch, &p->blocks) = item->block;
		body->blocks.n++;
	}
	return body;
}

static void keep_items(struct parser *p, struct body *body)
{
	uint32_t attribute = body->attributes.cap, block = body->blocks.cap;
	uint32_t attributes = body->attributes.n, blocks = body->blocks.n;
	if (attributes > 0) {
		body->attributes.at = arena_array(p->arena, attributes, sizeof(struct attribute));
		memcpy(body->attributes.at, p->attributes.at + attribute,
		       attributes * sizeof(struct attribute));
	}
	if (blocks > 0) {
		body->blocks.at = arena_array(p->arena, blocks, sizeof(struct block));
		memcpy(body->blocks.at, p->blocks.at + block, blocks * sizeof(struct block));
	}
	body->attributes.cap = attributes;
	body->blocks.cap = blocks;
	p->attributes.n = attribute;
	p->blocks.n = block;
}

struct item *build_no_item(struct parser *p)
{
	p->item.kind = ITEM_NONE;
	return &p->item;
}

struct item *build_attribute(struct parser *p, struct span name, struct expr *value)
{
	p->item = (struct item){ .kind = ITEM_ATTRIBUTE,
				 .attribute = { .name = intern_at(p, name),
						.name_at = name,
						.value = value,
						.at = span_join(name, value->at) } };
	return &p->item;
}

struct item *build_block(struct parser *p, struct span type, const struct labels *labels,
			 struct body *body, struct span header)
{
	p->item = (struct item){ .kind = ITEM_BLOCK,
				 .block = { .type = intern_at(p, type),
					    .type_at = type,
					    .body = body,
					    .header_at = header } };
	/* How many there are is only known now. */
	if (labels->all.n > 0) {
		reserve(p->arena, &p->item.block.labels, labels->all.n);
		p->item.block.labels.n = labels->all.n;
		memcpy(p->item.block.labels.at, labels->all.at,
		       labels->all.n * sizeof *labels->all.at);
	}
	return &p->item;
}

/* An attribute and where it stands among its body's. */
struct entry {
	const struct attribute *attribute;
	uint32_t index;
};

static int by_name(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	uintptr_t x = (uintptr_t)a->attribute->name, y = (uintptr_t)b->attribute->name;
	if (x != y)
		return x < y ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

static void report_duplicate(struct parser *p, const struct attribute *again,
			     const struct attribute *first)
{
	struct diag *d = diag_error(p->diags, D_DUPLICATE_ATTRIBUTE, again->name_at);
	diag_say(d, "\"%s\" is set twice", again->name);
	diag_note(d, first->name_at, "it is set here first");
	diag_help(d, "remove one of the two");
}

/* A handful is compared, each with each, before anything is sorted. */
enum { COMPARED_MAX = 16 };

static bool has_duplicates(const struct body *body)
{
	const struct attribute *attributes = body->attributes.at;
	uint32_t n = body->attributes.n;
	if (n > COMPARED_MAX)
		return true;
	for (uint32_t i = 1; i < n; i++)
		for (uint32_t k = 0; k < i; k++)
			if (attributes[i].name == attributes[k].name)
				return true;
	return false;
}

/* Names are interned, so equal ones stand together when sorted by their addresses. */
static void drop_duplicates(struct parser *p, struct body *body)
{
	uint32_t n = body->attributes.n, kept = 0;
	struct entry *entries = arena_array(p->scratch, n, sizeof *entries);
	bool *is_duplicate = arena_array(p->scratch, n, sizeof *is_duplicate);
	for (uint32_t i = 0; i < n; i++)
		entries[i] = (struct entry){ &body->attributes.at[i], i };
	qsort(entries, n, sizeof *entries, by_name);
	for (uint32_t i = 1, first = 0; i < n; i++) {
		if (entries[i].attribute->name != entries[first].attribute->name) {
			first = i;
			continue;
		}
		report_duplicate(p, entries[i].attribute, entries[first].attribute);
		is_duplicate[entries[i].index] = true;
	}
	for (uint32_t i = 0; i < n; i++)
		if (!is_duplicate[i])
			body->attributes.at[kept++] = body->attributes.at[i];
	body->attributes.n = kept;
}

struct body *build_body_end(struct parser *p, struct body *body, struct span at)
{
	keep_items(p, body);
	body->at = at;
	if (has_duplicates(body))
		drop_duplicates(p, body);
	return body;
}

struct labels *build_labels(struct parser *p)
{
	return arena_alloc(p->scratch, sizeof(struct labels));
}

struct labels *build_label(struct parser *p, struct labels *labels, struct span at, bool is_quoted)
{
	struct span inner = at;
	inner.start += is_quoted;
	inner.end -= is_quoted;
	*push(p->scratch, &labels->all) = (struct label){ intern_at(p, inner), at };
	return labels;
}

/* A label with escapes. */
struct labels *build_template_label(struct parser *p, struct labels *labels,
				    const struct expr_template *template, struct span at)
{
	size_t n = 0;
	char *text = arena_alloc(p->scratch, at.end - at.start);
	for (uint32_t i = 0; i < template->parts.n; i++) {
		const struct template_part *part = &template->parts.at[i];
		if (part->kind != PART_LITERAL &&
		    parser_is_faulty(p, part->at.start - p->source->base))
			break;
		if (part->kind != PART_LITERAL) {
			struct diag *d = diag_error(p->diags, D_LABEL_TEMPLATE, part->at);
			diag_help(d, "write the label out");
			break;
		}
		n += literal_decode(text_at(p, part->at), true, text + n);
	}
	*push(p->scratch, &labels->all) =
		(struct label){ name_intern(p->names, (struct text){ text, n }), at };
	return labels;
}

struct expr *build_node(struct parser *p, struct expr *node)
{
	if (node->height <= EXPR_HEIGHT_MAX)
		return node;
	if (!p->has_given_up) {
		struct diag *d = diag_error(p->diags, D_TOO_DEEP, node->at);
		diag_say(d, "the expression is nested more than %d deep", EXPR_HEIGHT_MAX);
	}
	p->has_given_up = true;
	return expr_leaf(p->arena, EXPR_BAD, node->at);
}

struct expr *build_binary(struct parser *p, enum operator op, struct expr *left, struct expr *right)
{
	return build_node(p, expr_binary(p->arena, EXPR_BINARY, op, left, right));
}

struct expr *build_unary(struct parser *p, enum operator op, struct span at, struct expr *inner)
{
	return build_node(p, expr_unary(p->arena, EXPR_UNARY, op, at, inner));
}

static const char *skip_digits(const char *s, const char *end)
{
	while (s < end && *s >= '0' && *s <= '9')
		s++;
	return s;
}

/* The scanner takes more than is a number, so that "10.0.0.1" is one mistake and not four. */
static bool is_number(struct text text)
{
	const char *end = text.s + text.n, *s = skip_digits(text.s, end);
	if (s < end && *s == '.')
		s = skip_digits(s + 1, end);
	if (s < end && (*s == 'e' || *s == 'E')) {
		s++;
		s += s < end && (*s == '+' || *s == '-');
		s = skip_digits(s, end);
	}
	return s == end;
}

struct expr *build_number(struct parser *p, struct span at)
{
	struct text text = text_at(p, at);
	if (is_number(text))
		return expr_leaf(p->arena, EXPR_NUMBER, at);
	/* "10.0.0.0/8" is one mistake. */
	uint32_t start = at.start - p->source->base;
	struct text word = parser_word(p, start);
	if (start >= p->word_end) {
		struct diag *d = parser_error(p, D_BAD_NUMBER, (uint32_t)(word.s - p->text),
					      (uint32_t)word.n);
		diag_say(d, "%.*s is not a number", (int)word.n, word.s);
		diag_help(d, "addresses, versions and the like are strings: write \"%.*s\"",
			  (int)word.n, word.s);
		p->word_end = (uint32_t)(word.s + word.n - p->text);
	}
	return expr_leaf(p->arena, EXPR_BAD, at);
}

struct expr *build_call(struct parser *p, struct expr_call *call, struct span name, struct span at)
{
	call->name_at = name;
	call->expr.at = at;
	return build_node(p, &call->expr);
}

struct expr_call *build_argument(struct parser *p, struct expr_call *call, struct expr *argument)
{
	*push(p->arena, &call->arguments) = argument;
	expr_covers(&call->expr, argument);
	return call;
}

struct expr_list *build_element(struct parser *p, struct expr_list *list, struct expr *element)
{
	*push(p->arena, &list->items) = element;
	expr_covers(&list->expr, element);
	return list;
}

/* The reference takes `for` behind a bracket for a for expression whatever follows. */
static void check_for(struct parser *p, struct span content)
{
	struct text text = text_at(p, content);
	uint32_t length = identifier_length(text.s, text.n);
	if (length == 3 && memcmp(text.s, "for", 3) == 0) {
		struct span at = { content.start, content.start + 3 };
		struct diag *d = diag_error(p->diags, D_FOR_RESERVED, at);
		diag_help(d, "put the name in parentheses: (for)");
	}
}

struct expr *build_tuple(struct parser *p, struct expr_list *list, struct span at,
			 struct span content)
{
	list->expr.at = at;
	if (list->items.n > 0 && list->items.at[0]->kind != EXPR_BAD)
		check_for(p, content);
	return build_node(p, &list->expr);
}

struct expr_object *build_member(struct parser *p, struct expr_object *object,
				 const struct object_member *member)
{
	if (!member->key)
		return object;
	*push(p->arena, &object->members) = *member;
	expr_covers(&object->expr, member->key);
	expr_covers(&object->expr, member->value);
	return object;
}

struct expr *build_object(struct parser *p, struct expr_object *object, struct span at)
{
	object->expr.at = at;
	return build_node(p, &object->expr);
}

struct expr *build_for(struct parser *p, struct expr_for *node)
{
	return build_node(p, &node->expr);
}

struct expr *build_bad_for(struct parser *p, struct span at, enum diag_code code, struct span whole)
{
	diag_error(p->diags, code, at);
	return expr_leaf(p->arena, EXPR_BAD, whole);
}

static struct step *step_add(struct parser *p, struct expr_path *path, enum step_kind kind,
			     struct span at)
{
	struct step *step = push(p->arena, &path->steps);
	step->kind = kind;
	step->at = (struct span){ path->expr.at.end, at.end };
	path->expr.at = at;
	return step;
}

struct expr_path *build_attribute_step(struct parser *p, struct expr_path *path, struct span at,
				       struct span name)
{
	step_add(p, path, STEP_ATTRIBUTE, at)->name_at = name;
	return path;
}

struct expr_path *build_legacy_index(struct parser *p, struct expr_path *path, struct span at,
				     struct span number)
{
	struct text text = text_at(p, number);
	if (memchr(text.s, '.', text.n)) {
		struct diag *d = diag_error(p->diags, D_LEGACY_INDEX, number);
		diag_help(d, "write the indexes in brackets: [0][1]");
	}
	step_add(p, path, STEP_LEGACY_INDEX, at)->name_at = number;
	return path;
}

/* Whether the path is inside the steps of an attribute splat, which cannot hold another. */
static bool is_in_splat(const struct expr_path *path)
{
	for (uint32_t i = path->steps.n; i-- > 0;) {
		enum step_kind kind = path->steps.at[i].kind;
		if (kind == STEP_ATTRIBUTE_SPLAT)
			return true;
		if (kind == STEP_INDEX || kind == STEP_FULL_SPLAT)
			return false;
	}
	return false;
}

struct expr_path *build_splat(struct parser *p, struct expr_path *path, enum step_kind kind,
			      struct span at)
{
	if (kind == STEP_ATTRIBUTE_SPLAT && is_in_splat(path)) {
		struct span here = { at.end - 1, at.end };
		struct diag *d = diag_error(p->diags, D_NESTED_SPLAT, here);
		diag_help(d, "write [*] instead of .*");
	}
	step_add(p, path, kind, at);
	return path;
}

struct expr_path *build_index(struct parser *p, struct expr_path *path, struct span at,
			      struct expr *key)
{
	step_add(p, path, STEP_INDEX, at)->key = key;
	expr_covers(&path->expr, key);
	return path;
}

struct expr_path *build_bad_index(struct parser *p, struct expr_path *path, struct span at)
{
	return build_index(p, path, at, expr_leaf(p->arena, EXPR_BAD, at));
}

struct for_intro *build_intro(struct parser *p, struct span key, struct span value,
			      struct expr *collection)
{
	struct for_intro *intro = arena_alloc(p->scratch, sizeof *intro);
	*intro = (struct for_intro){ key, value, collection };
	return intro;
}

struct template_part *build_text(struct parser *p, struct span at)
{
	p->part = (struct template_part){ .kind = PART_LITERAL, .at = at };
	return &p->part;
}

struct template_part *build_sequence(struct parser *p, enum part_kind kind, struct span at,
				     struct expr *expr)
{
	struct text text = text_at(p, at);
	p->part = (struct template_part){ .kind = kind,
					  .at = at,
					  .expr = expr,
					  .strips_before = text.n > 2 && text.s[2] == '~',
					  .strips_after = text.n > 1 && text.s[text.n - 2] == '~' };
	return &p->part;
}

struct expr_template *build_part(struct parser *p, struct expr_template *template,
				 const struct template_part *part)
{
	*push(p->arena, &template->parts) = *part;
	expr_covers(&template->expr, part->expr);
	expr_covers(&template->expr, part->intro.collection);
	return template;
}

struct expr *build_template(struct parser *p, struct expr_template *template, struct span at)
{
	template->expr.at = at;
	return build_node(p, &template->expr);
}

struct expr *build_heredoc(struct parser *p, struct expr_template *template, struct span opener,
			   struct span at)
{
	struct text text = text_at(p, opener);
	template->is_heredoc = true;
	template->is_flush = text.n > 2 && text.s[2] == '-';
	return build_template(p, template, at);
}
