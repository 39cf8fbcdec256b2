/* `ct timeout` objects in the kernel, by netlink. */
#pragma once
#include "base/arena.h"
#include "base/text.h"
#include "runtime/scope.h"

enum { TIMEOUT_STATES_MAX = 16 };

/* An object of any protocol, in a table of family inet. */
struct timeout_object {
	const char *table, *name;
	uint8_t protocol; /* IPPROTO_* */
	bool is_narrow;	  /* of one family alone: somebody else's */
	bool is_replaced; /* one of this name that is another has to go first */
	/* By the number of the attribute that the kernel has for the state; 0: none. */
	uint32_t seconds[TIMEOUT_STATES_MAX];
	uint32_t line; /* of the ruleset that it comes from */
	struct text text;
};

struct timeout_objects {
	struct timeout_object *at;
	uint32_t n, cap;
};

/* Makes them all, and their table where it is not there, in one transaction; what they replace
 * goes. 0, or -errno and in
 * `*refused` the number of the object that the kernel does not take, or the count of all. */
must_check int timeout_objects_create(const struct timeout_objects *objects, uint32_t *refused);

/* Deletes them all in one transaction. 0, or -errno. */
must_check int timeout_objects_delete(const struct timeout_objects *objects);

/* Lists the objects of a table, none where there is no table. 0, or -errno. */
must_check int timeout_objects_list(struct arena *arena, const char *table,
				    struct timeout_objects *out);

/* Deletes the table where nothing is in it. 0, or -errno. */
must_check int timeout_table_delete_empty(const char *table);
