/* Values: what expressions evaluate to. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/source.h"
#include "base/text.h"

struct arena;
struct diags;
struct expr;
struct names;

enum value_kind {
	VALUE_POISON, /* a message has been given; whoever meets it stays silent */
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_NUMBER,
	VALUE_STRING,
	VALUE_TUPLE,
	VALUE_OBJECT,
	VALUE_RANGE, /* a:b, the extension for port lists */
};

struct number;
struct member;

struct value {
	enum value_kind kind;
	uint32_t count; /* of items or members */
	struct span at; /* the expression that it came from */
	union {
		bool truth;
		const struct number *number;
		struct text string;	/* UTF-8, NUL behind it */
		struct value *items;	/* VALUE_TUPLE; VALUE_RANGE: two numbers */
		struct member *members; /* in the order of the source, names unique */
	};
};

struct member {
	const char *name; /* interned */
	struct span name_at;
	struct value value;
};

/* What evaluation needs besides the expression. */
struct scope {
	struct arena *arena;
	struct diags *diags;
	struct names *names;
	const struct sources *sources;
};

/* The value of `expr`. Mistakes are reported once; what depends on them is poisoned. */
struct value evaluate(struct scope *scope, const struct expr *expr);

/* Where `expr` is a tuple written out ("[a, b, c]"), calls `each` with the value of one element
 * after the other, so that a long list never stands in memory as values; the element's value may
 * live in `scratch`, which the caller may empty between calls. Returns false, having called
 * nothing, for any other expression. */
bool evaluate_elements(struct scope *scope, const struct expr *expr,
		       void (*each)(void *context, const struct value *element), void *context);

/* "a number", "a string", "an object", ... for messages. */
const char *value_kind_name(enum value_kind kind);

/* Whether the number is an integer that fits; fills `*out`. */
bool number_to_int64(const struct number *number, int64_t *out);
bool number_is_integer(const struct number *number);
bool number_is_negative(const struct number *number);

/* Its shortest decimal text, in the arena. */
const char *number_format(struct arena *arena, const struct number *number);
