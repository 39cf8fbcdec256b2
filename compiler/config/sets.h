/* Sets of the user: what is written, and what files say. */
#pragma once
#include "config/written_more.h"

struct scope;
struct written;

/* A year; and what one hash table of the kernel can hold with some sense. */
#define SET_TIMEOUT_MAX (UINT64_C(365) * 86400)
#define SET_SIZE_MAX	(UINT64_C(1) << 26)

enum { SET_NAME_MAX = 31, SET_SIZE_DYNAMIC = 65536 };

/* A set while it is being read. */
struct set_reading {
	struct scope *scope;
	const struct written_ipset *written;
	struct ipset *set;
	uint8_t family; /* the only one that it takes; 0: both */
	VEC(struct prefix) prefixes;
	uint32_t entries;
};

/* Adds what `text` says. What is wrong with it is reported at `at`, and false returned. */
bool set_add_entry(struct set_reading *reading, struct text text, struct span at);

/* Adds what is in the attribute `entries`. */
void set_read_entries(struct set_reading *reading, const struct field_any *entries);

/* Adds what is in the files. */
void set_read_files(struct set_reading *reading);

/* Fills in config->sets, sorted by name. */
void sets_resolve(struct scope *scope, const struct written *written, struct config *config);
