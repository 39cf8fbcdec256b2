/* Making values, and giving several of them one type. */
#pragma once
#include "value/members.h"
#include "value/value.h"

struct value make_poison(struct span at);
struct value make_null(struct span at);
struct value make_bool(struct span at, bool truth);
struct value make_number(struct span at, const struct number *number);
struct value make_integer(struct scope *scope, struct span at, int64_t integer);

/* A string in Unicode's normal form C, as all strings are; `text` is UTF-8. */
struct value make_string(struct scope *scope, struct span at, struct text text);

/* These take over `items`. Those of a list have one type. A set's are sorted here, and of equal
 * ones one is left. */
struct value make_tuple(struct span at, struct value *items, uint32_t n);
struct value make_list(struct span at, struct value *items, uint32_t n);
struct value make_set(struct scope *scope, struct span at, struct value *items, uint32_t n);

/* An object whose members come one after the other; of equal names the last one counts. */
struct object_maker {
	struct value object;
	struct member_index index;
};

struct object_maker object_start(struct scope *scope, struct span at, uint32_t room);
void object_put(struct scope *scope, struct object_maker *maker, const char *name,
		struct value value);

/* The members in the order of the bytes of their names, which is the order of HCL. */
struct member **members_in_order(struct scope *scope, const struct value *object);

/* The member of that name, or NULL. */
const struct value *member_find(const struct value *object, struct text name);

/* A copy that shares nothing that can change. */
struct value value_copy(struct scope *scope, const struct value *value);

/* Copies of `values` that have one type, or NULL where there is none. */
struct value *values_of_one_type(struct scope *scope, const struct value *values, uint32_t n);

/* An order of all values, by which sets are sorted: booleans, numbers, strings by their bytes, then
 * what has elements, and null last. */
int value_order(struct scope *scope, const struct value *a, const struct value *b);

/* Whether a message was given for the value or something in it. */
bool value_is_poisoned(const struct value *value);
