/* for: going through a collection with names for its keys and values. */
#pragma once
#include "value/value.h"

struct expr_for;
struct for_intro;

/* The tuple or object that a for expression makes, or poison with a message. */
struct value for_evaluate(struct scope *scope, const struct expr_for *expr);

/* A collection that is being gone through, in HCL's order: lists by index, objects by the bytes of
 * their names. */
struct loop {
	struct value collection;
	struct member **members; /* of an object, in order */
	uint32_t next;
	struct value key, value; /* of the element that loop_next came to */
};

/* False, with a message, where there is nothing to go through. */
bool loop_start(struct scope *scope, struct loop *loop, struct value collection);
bool loop_next(struct scope *scope, struct loop *loop);

/* The same with the names of an intro bound: those are `names`, and stay so until `loop_leave`. */
struct named_loop {
	struct loop loop;
	const struct binding *outer;
	struct binding *names[2]; /* key, value; the key may be NULL */
};

bool named_loop_start(struct scope *scope, struct named_loop *loop, const struct for_intro *intro);

bool named_loop_next(struct scope *scope, struct named_loop *loop);
void named_loop_leave(struct scope *scope, struct named_loop *loop);
