/* A ruleset in the form that flywall_emit writes, taken apart into things and lines. */
#pragma once
#include "base/arena.h"
#include "runtime/change/lookup.h"

enum model_kind { MODEL_CHAIN, MODEL_SET, MODEL_FLOWTABLE, MODEL_OBJECT };

/* A rule or an element, and its line in the text (from 1). */
struct model_line {
	struct text text; /* without the indent, and an element without its comma */
	uint32_t line;
};

struct model_thing {
	enum model_kind kind;
	uint32_t type;	    /* of an object: the kernel's number (NFT_OBJECT_*) */
	struct text word;   /* "chain", "map", "ct helper" */
	struct text name;   /* "fw_in" */
	struct text header; /* what stands in it ahead of the lines, whole lines, may be empty */
	uint32_t line;	    /* of `word` */
	bool is_interval;
	bool is_dynamic; /* others add elements, and they must stay */
	VEC(struct model_line) lines;
};

/* In the order of the text; a thing that is declared twice stands once. */
struct model {
	VEC(struct model_thing) things;
	struct lookup by_name; /* index + 1, by model_key */
};

/* Takes a text apart; the model points into it. 0, or the number of the first line that such a text
 * does not have. An empty text gives an empty model. */
uint32_t model_parse(struct arena *arena, struct text text, struct model *out);

/* "chain fw_in": sets and maps have names in common, objects of different types do not. */
struct text model_key(struct arena *arena, enum model_kind kind, uint32_t type, struct text name);

/* The thing with that key, or NULL. */
struct model_thing *model_find(const struct model *model, struct text key);
