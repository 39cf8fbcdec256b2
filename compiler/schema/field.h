/* What the schema engine fills in: each field is a value with the place in the source that set it.
 * A field whose place is NOWHERE was not written by the user; it then holds its default. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/source.h"
#include "base/units.h"

struct expr;
struct value;

struct field_bool {
	bool value;
	struct span at;
};

/* Counts, and durations in seconds. */
struct field_number {
	uint64_t value;
	struct span at;
};

struct field_rate {
	struct rate value;
	struct span at;
};

struct field_text {
	const char *value; /* interned; NULL without a default */
	struct span at;
};

struct field_texts {
	VEC(struct field_text) items;
	struct span at;
};

struct field_port {
	uint16_t low, high;
	struct span at;
};

struct field_ports {
	VEC(struct field_port) items;
	struct span at;
};

struct field_prefix {
	struct prefix value;
	struct span at;
};

struct field_prefixes {
	VEC(struct field_prefix) items;
	struct span at;
};

/* An attribute's value as it was written, for whoever can tell what it may be. */
struct field_any {
	const struct expr *expr;   /* one of the two */
	const struct value *value; /* where it was evaluated already */
	struct span at;		   /* the whole attribute */
};

#define field_is_set(field) span_is_set((field).at)
