/* The syntax tree of HCL: everything that the source says, with places, nothing evaluated. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/source.h"
#include "base/text.h"

/* The tree of an expression is for compiler/value alone; other layers pass it on. */
struct expr;

/* name = expression */
struct attribute {
	const char *name; /* interned */
	struct span name_at;
	struct expr *value;
	struct span at; /* from the name to the end of the value */
};

struct label {
	const char *text; /* interned */
	struct span at;	  /* with the quotes, where it has them */
};

struct body;

/* type "label" ... { body } */
struct block {
	const char *type; /* interned */
	struct span type_at;
	VEC(struct label) labels;
	struct body *body;
	struct span header_at; /* type and labels */
};

/* Attributes and blocks in the order of the source. An attribute that is set twice is reported by
 * the parser and stands here once, with its first value. */
struct body {
	VEC(struct attribute) attributes;
	VEC(struct block) blocks;
	struct span at;
};
