/* Single values in the form that a row wants. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "schema/field.h"

struct row;
struct scope;
struct value;

/* Each returns false, having said why, and leaves `*out` alone where the value will not do. Poison
 * is silent. */
bool read_bool(struct scope *scope, const struct row *row, const struct value *value, bool *out);
bool read_number(struct scope *scope, const struct row *row, const struct value *value,
		 uint64_t *out);
bool read_duration(struct scope *scope, const struct row *row, const struct value *value,
		   uint64_t *out);
bool read_rate(struct scope *scope, const struct row *row, const struct value *value,
	       struct rate *out);
bool read_text(struct scope *scope, const struct row *row, const struct value *value,
	       const char **out);
bool read_port(struct scope *scope, const struct row *row, const struct value *value,
	       struct field_port *out);
bool read_prefix(struct scope *scope, const struct row *row, const struct value *value,
		 struct prefix *out);
