/* What stands in a table, each thing as a digest of what it is: enough to tell what differs. */
#pragma once
#include <stdio.h>

#include "runtime/change/model.h"
#include "runtime/scope.h"

/* Digests leave out what moves by itself: counts, used quotas, handles, and the elements of sets
 * that others fill. */
struct view_thing {
	enum model_kind kind;
	uint32_t type; /* of an object */
	struct text name;
	uint64_t definition; /* all but rules and elements */
	uint64_t content;    /* rules in their order, elements in any */
	bool is_base;	     /* a chain with a hook */
	bool is_dynamic;     /* a set whose elements are not looked at */
	bool is_map;	     /* a set that has values */
	bool is_interval;    /* a set of ranges; not stored */
	bool is_anonymous;   /* a set within a rule; not stored */
	VEC(uint64_t) rules; /* of a chain: their handles; not stored */
};

struct view {
	VEC(struct view_thing) things;
	struct lookup by_name; /* index + 1, by model_key */
};

/* The thing with that key, or NULL. */
struct view_thing *view_find(const struct view *view, struct text key);

/* Adds a thing that is not there yet. */
struct view_thing *view_add(struct arena *arena, struct view *view, const struct view_thing *thing);

/* The thing's key (model_key). */
struct text view_key(struct arena *arena, const struct view_thing *thing);

/* Whether nft(8) can read its name. */
bool view_is_readable(const struct view_thing *thing);

/* "chain fw_in" */
const char *view_describe(struct arena *arena, const struct view_thing *thing);

bool view_thing_equal(const struct view_thing *a, const struct view_thing *b);

/* A line a thing. */
void view_write(const struct view *view, FILE *out);

/* Reads such lines; the view points into the text. False where there is something else. */
must_check bool view_parse(struct arena *arena, struct text text, struct view *out);
