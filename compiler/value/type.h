/* Types of values, and one type for several of them. */
#pragma once
#include "value/value.h"

enum type_kind {
	TYPE_ANY, /* of null, and of the elements of what is empty */
	TYPE_BOOL,
	TYPE_NUMBER,
	TYPE_STRING,
	TYPE_RANGE,
	TYPE_LIST,
	TYPE_SET,
	TYPE_MAP,
	TYPE_TUPLE,
	TYPE_OBJECT,
};

/* A list, a set or a map has one part, a tuple and an object as many as elements; an object's are
 * in the order of the addresses of their names. */
struct type {
	enum type_kind kind;
	uint32_t count;
	const struct type **parts;
	const char **names; /* TYPE_OBJECT: interned */
};

/* A type without parts. */
const struct type *type_plain(enum type_kind kind);

const struct type *type_of(struct scope *scope, const struct value *value);

bool type_equal(const struct type *a, const struct type *b);

/* The type to which values of all `types` can be converted: numbers and booleans become strings
 * beside a string, tuples of different lengths lists, objects of different members maps, and what
 * is in them likewise. NULL where there is none. */
const struct type *types_unify(struct scope *scope, const struct type *const *types, uint32_t n);

/* The value as one of `type`, which was unified from its own and others. What changes is copied. */
struct value value_convert(struct scope *scope, const struct value *value, const struct type *type);
