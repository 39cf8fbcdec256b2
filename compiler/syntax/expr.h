/* Expressions in the syntax tree. Each kind is a struct that begins with `struct expr`. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/source.h"

enum expr_kind {
	EXPR_BAD, /* a message has been given */
	EXPR_NUMBER,
	EXPR_STRING,   /* quoted, without escapes and sequences: the text between the quotes */
	EXPR_TEMPLATE, /* quoted or heredoc, in parts */
	EXPR_NAME,     /* a variable, or true, false, null */
	EXPR_TUPLE,
	EXPR_OBJECT,
	EXPR_RANGE, /* a:b */
	EXPR_PARENTHESES,
	EXPR_UNARY,
	EXPR_BINARY,
	EXPR_CONDITIONAL,
	EXPR_CALL,
	EXPR_PATH, /* x.name, x.0, x[key], x.*, x[*] */
	EXPR_FOR,
	EXPR_BOUND, /* made by expanding blocks: an expression with names that are bound */
};

enum operator{
	OPERATOR_OR,
	OPERATOR_AND,
	OPERATOR_EQUAL,
	OPERATOR_NOT_EQUAL,
	OPERATOR_LESS,
	OPERATOR_GREATER,
	OPERATOR_AT_MOST,
	OPERATOR_AT_LEAST,
	OPERATOR_ADD,
	OPERATOR_SUBTRACT,
	OPERATOR_MULTIPLY,
	OPERATOR_DIVIDE,
	OPERATOR_REMAINDER,
	OPERATOR_NEGATE,
	OPERATOR_NOT,
};

/* How deep a tree may be, so that walking it is safe. */
#define EXPR_HEIGHT_MAX 2000

struct expr {
	uint8_t kind, op;
	uint16_t height;
	struct span at;
};

/* Unary, parentheses. */
struct expr_unary {
	struct expr expr;
	struct expr *inner;
};

/* Binary, range. */
struct expr_binary {
	struct expr expr;
	struct expr *left, *right;
};

struct expr_conditional {
	struct expr expr;
	struct expr *condition, *yes, *no;
};

struct expr_list {
	struct expr expr;
	VEC(struct expr *) items;
};

struct object_member {
	struct expr *key; /* EXPR_NAME without parentheses is the name itself */
	struct expr *value;
};

struct expr_object {
	struct expr expr;
	VEC(struct object_member) members;
};

enum step_kind {
	STEP_ATTRIBUTE,
	STEP_LEGACY_INDEX,
	STEP_INDEX,
	STEP_ATTRIBUTE_SPLAT,
	STEP_FULL_SPLAT
};

struct step {
	enum step_kind kind;
	struct span at;
	struct span name_at; /* of an attribute or a legacy index */
	struct expr *key;    /* of an index */
};

/* The steps from a root, as written. `.*` goes with the attributes and legacy indexes that follow
 * it,
 * `[*]` with all that follows. */
struct expr_path {
	struct expr expr;
	struct expr *root;
	VEC(struct step) steps;
};

struct expr_call {
	struct expr expr;
	struct span name_at;
	bool expands; /* the last argument is followed by ... */
	VEC(struct expr *) arguments;
};

struct for_intro {
	struct span key_at, value_at; /* names; the key may be NOWHERE */
	struct expr *collection;
};

struct expr_for {
	struct expr expr;
	struct for_intro intro;
	struct expr *key; /* NULL: a tuple is built */
	struct expr *value;
	struct expr *condition; /* NULL: none */
	bool groups;
};

struct binding;

struct expr_bound {
	struct expr expr;
	const struct expr *inner;
	const struct binding *bindings;
};

enum part_kind {
	PART_LITERAL,
	PART_INTERPOLATION,
	PART_IF,
	PART_ELSE,
	PART_ENDIF,
	PART_FOR,
	PART_ENDFOR,
	PART_BAD,
};

/* A piece of a template. Pieces stand flat, in order; directives are known to be nested well. */
struct template_part {
	enum part_kind kind;
	bool strips_before, strips_after; /* ~ */
	struct span at;
	struct expr *expr;	/* of an interpolation, of an if */
	struct for_intro intro; /* of a for */
};

struct expr_template {
	struct expr expr;
	bool is_heredoc, is_flush; /* <<- */
	VEC(struct template_part) parts;
};

/* New nodes; heights are filled in. `parser`-wide limits are the caller's. */
struct expr *expr_leaf(struct arena *arena, enum expr_kind kind, struct span at);
struct expr *expr_unary(struct arena *arena, enum expr_kind kind, enum operator op, struct span at,
			struct expr *inner);
struct expr *expr_binary(struct arena *arena, enum expr_kind kind, enum operator op,
			 struct expr *left, struct expr *right);
struct expr *expr_conditional(struct arena *arena, struct expr *condition, struct expr *yes,
			      struct expr *no);
struct expr_list *expr_tuple(struct arena *arena);
struct expr_object *expr_object(struct arena *arena);
struct expr_call *expr_call(struct arena *arena);
struct expr_path *expr_path(struct arena *arena, struct expr *root);
struct expr_template *expr_template(struct arena *arena);
struct expr_for *expr_for(struct arena *arena, const struct for_intro *intro, struct expr *key,
			  struct expr *value, bool groups, struct expr *condition, struct span at);

/* Raises the height of `over` above that of `child` (which may be NULL). */
void expr_covers(struct expr *over, const struct expr *child);
