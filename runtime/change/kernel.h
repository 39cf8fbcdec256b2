/* Reading a table from the kernel, without libnftables: it reads all to tell a little. */
#pragma once
#include "runtime/change/view.h"

struct mnl_socket;

/* A connection to nf_tables of the network namespace that it was opened in. */
struct kernel {
	struct mnl_socket *socket;
	uint32_t sequence;
	bool is_torn; /* something changed during a dump each time: what it said may not belong
		       * together */
};

/* 0, or -errno. */
must_check int kernel_open(struct kernel *out);
void kernel_close(struct kernel *kernel);

#define autokernel __attribute__((cleanup(kernel_close)))

/* The number that every change of any table in this network namespace raises. 0, or -errno. */
must_check int kernel_generation(struct kernel *kernel, uint32_t *out);

/* Whether the table is there and none of its chains sees a packet (flags dormant). 0, or -errno. */
must_check int kernel_is_dormant(struct kernel *kernel, const char *table, bool *out);

/* The things of the table with their definitions; nothing where there is no table. Contents are
 * those of empty things so far. 0, or -errno. */
must_check int kernel_things(struct kernel *kernel, struct arena *arena, const char *table,
			     struct view *out);

/* Adds rules: of one chain, or of all where `chain` is NULL. 0, or -errno. */
must_check int kernel_rules(struct kernel *kernel, struct arena *arena, const char *table,
			    struct view *view, struct view_thing *chain);

/* An element as netlink has it. */
struct kernel_element {
	uint64_t digest, key;	/* of all of it, of its key alone */
	const void *attributes; /* its NFTA_SET_ELEM_* */
	uint32_t size;
	bool is_last; /* the end of an interval, no element of its own */
};

struct kernel_elements {
	VEC(struct kernel_element) list;
};

/* Adds the elements to the set's content, unless others fill it; where `list` is not NULL, they are
 * listed too. 0, or -errno. */
must_check int kernel_elements(struct kernel *kernel, struct arena *arena, const char *table,
			       struct view_thing *set, struct kernel_elements *list);

/* Asks for the element with the key of `element`: 0 and its digest, -ENOENT where there is none, or
 * -errno. */
must_check int kernel_element_get(struct kernel *kernel, struct arena *arena, const char *table,
				  struct text set, const struct kernel_element *element,
				  uint64_t *digest);

/* All of the above: a whole table. 0, or -errno; -ENOENT where part of it went meanwhile. */
must_check int kernel_view(struct kernel *kernel, struct arena *arena, const char *table,
			   struct view *out);
