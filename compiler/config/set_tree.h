/* Finding a list of entries in a document of objects and lists: what JSON and YAML have in common.
 */
#pragma once
#include "config/set_files.h"

enum { TREE_DEPTH_MAX = 64 };

/* An object or a list that is open. */
struct tree_level {
	bool is_object;
	bool wants_key;	  /* of an object: what comes next is a name */
	bool is_on_path;  /* so far it is where `key` leads */
	uint32_t matched; /* names of the path that led here */
};

struct tree {
	struct set_file *file;
	VEC(struct text) path;
	struct tree_level levels[TREE_DEPTH_MAX];
	uint32_t depth;
	struct tree_level next; /* what the next value would be */
	bool is_found;		/* something stood where the path leads */
};

void tree_start(struct tree *tree, struct set_file *file);

/* Each returns false where the rest of the file is not worth a look; a message tells why. */
bool tree_open(struct tree *tree, bool is_object, struct span at);
void tree_close(struct tree *tree);
bool tree_scalar(struct tree *tree, struct text text, struct span at);

/* Whether the next scalar is looked at. */
bool tree_wants_scalar(const struct tree *tree);

/* Reports a path that leads nowhere. */
void tree_finish(struct tree *tree);

/* What is wrong with the file itself. */
struct diag *tree_fault(struct tree *tree, struct span at, const char *message);
