/* Values: what expressions evaluate to. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/source.h"
#include "base/text.h"
#include "value/number.h"

struct arena;
struct diags;
struct expr;
struct names;
struct functions;
struct module;

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

struct member;
struct type;

/* A tuple whose elements have one type is a list, or a set where its elements are sorted and
 * unique; an object whose members have one type is a map. */
struct value {
	enum value_kind kind : 8;
	bool is_uniform : 1; /* a list, a set or a map, not a tuple or an object */
	bool is_set : 1;
	uint32_t count; /* of items or members */
	struct span at; /* the expression that it came from */
	union {
		bool truth;
		const struct number *number;
		struct text string; /* UTF-8, NUL behind it */
		struct {
			union {
				struct value *items;	/* VALUE_TUPLE; VALUE_RANGE: two numbers */
				struct member *members; /* in the order of the source, names unique
							 */
			};
			/* Of null, or of the elements of an empty list, set or map, where it is
			 * known, else NULL. Of others it says nothing. */
			const struct type *type;
		};
	};
};

struct member {
	const char *name; /* interned */
	struct span name_at;
	struct span first_at; /* where the same name was set before; the last one counts */
	struct value value;
};

/* A name with its value, and what is bound outside of it. */
struct binding {
	const struct binding *outer;
	const char *name;
	struct value value;
};

/* What evaluation may make and how deep it may go, counted for a whole configuration. */
struct budget {
	struct diags *diags;
	uint64_t values, bytes;
	uint32_t depth;
	bool is_spent; /* said once; everything is poison from there on */
};

/* What evaluation needs besides the expression. */
struct scope {
	struct arena *arena;
	struct diags *diags;
	struct names *names;
	struct sources *sources;
	const struct functions *functions; /* NULL: there are none */
	const struct binding *bindings;	   /* innermost first */
	struct module *module;		   /* what var and local stand for; NULL: nothing */
	struct budget *budget;		   /* NULL: nothing is counted */
	bool strict;			   /* warnings count as errors */
	bool reads_environment;		   /* env() is allowed */
};

/* The value of `expr`. Mistakes are reported once; what depends on them is poisoned. */
struct value evaluate(struct scope *scope, const struct expr *expr);

/* Where `expr` is a tuple written out ("[a, b, c]"), calls `each` with the value of one element
 * after the other, so that a long list never stands in memory as values; a plain string's text is
 * gone after the call. Returns false, having called nothing, for any other expression. */
bool evaluate_elements(struct scope *scope, const struct expr *expr,
		       void (*each)(void *context, const struct value *element), void *context);

/* "a number", "a string", "an object", ... for messages. */
const char *value_kind_name(enum value_kind kind);
