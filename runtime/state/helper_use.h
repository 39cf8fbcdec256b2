/* Helpers, and how many connections each serves. */
#pragma once
#include <stdint.h>

#include "runtime/state/connection.h"
#include "runtime/state/expectation.h"

/* A helper of one protocol. */
struct helper_use {
	const char *helper;
	const char *object; /* of flywall's table; NULL: it has none */
	uint8_t protocol;
	uint64_t connections, expectations;
	uint64_t working; /* connections that have got as far as to need expectations */
};

struct helper_uses {
	struct arena *arena;
	VEC(struct helper_use) all;
};

/* Begins with the helpers of table inet `table`. 0, or -errno. */
must_check int helper_uses_read(struct arena *arena, const char *table, struct helper_uses *out);

/* What helper_uses_count reads of a connection. */
enum { HELPER_FIELDS = FIELD_HELPER | FIELD_ORIGINAL | FIELD_STATUS };

/* Counts a connection where it has a helper. */
void helper_uses_count(struct helper_uses *uses, const struct connection *connection);
void helper_uses_expect(struct helper_uses *uses, const struct expectations *expectations);
