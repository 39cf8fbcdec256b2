#include "config/set_tree.h"

#include <string.h>

#include "base/diag.h"
#include "schema/schema.h"
#include "value/value.h"

void tree_start(struct tree *tree, struct set_file *file)
{
	memset(tree, 0, sizeof *tree);
	tree->file = file;
	tree->next.is_on_path = true;
	const char *at = file->reading->written->key.value;
	while (at && *at) {
		size_t n = strcspn(at, ".");
		*push(file->reading->scope->arena, &tree->path) = (struct text){ at, n };
		at += n;
		at += *at == '.';
	}
}

struct diag *tree_fault(struct tree *tree, struct span at, const char *message)
{
	struct diag *d = diag_error(tree->file->reading->scope->diags, D_SET_FORMAT, at);
	diag_say(d, "%s", message);
	return d;
}

static bool is_wanted(const struct tree *tree)
{
	return tree->next.is_on_path && tree->next.matched == tree->path.n;
}

/* After a value: an object goes on with a name, a list with its next element. */
static void value_ends(struct tree *tree)
{
	if (tree->depth == 0)
		return;
	struct tree_level *level = &tree->levels[tree->depth - 1];
	level->wants_key = level->is_object;
	tree->next.is_on_path = level->is_on_path;
	tree->next.matched = level->matched;
}

static void take_key(struct tree *tree, struct text name)
{
	struct tree_level *level = &tree->levels[tree->depth - 1];
	level->wants_key = false;
	bool is_step = level->is_on_path && level->matched < tree->path.n &&
		       text_equal(name, tree->path.at[level->matched]);
	tree->next.is_on_path = is_step;
	tree->next.matched = level->matched + is_step;
}

static bool expects_key(const struct tree *tree)
{
	return tree->depth > 0 && tree->levels[tree->depth - 1].wants_key;
}

bool tree_wants_scalar(const struct tree *tree)
{
	return expects_key(tree) || is_wanted(tree);
}

bool tree_open(struct tree *tree, bool is_object, struct span at)
{
	if (expects_key(tree)) {
		tree_fault(tree, at, "a name must be a single value");
		return false;
	}
	if (tree->depth == TREE_DEPTH_MAX) {
		tree_fault(tree, at, "this is nested too deep");
		return false;
	}
	if (is_object && is_wanted(tree)) {
		struct diag *d = diag_error(tree->file->reading->scope->diags, D_SET_PLACE, at);
		diag_say(d, "this is an object, not an entry");
		diag_help(d, "set key to the names that lead to the entries, with dots between "
			     "them");
		return false;
	}
	tree->is_found |= is_wanted(tree);
	struct tree_level *level = &tree->levels[tree->depth++];
	*level = tree->next;
	level->is_object = level->wants_key = is_object;
	return true;
}

void tree_close(struct tree *tree)
{
	tree->depth--;
	value_ends(tree);
}

bool tree_scalar(struct tree *tree, struct text text, struct span at)
{
	if (expects_key(tree)) {
		take_key(tree, text);
		return true;
	}
	bool goes_on = true;
	if (is_wanted(tree)) {
		tree->is_found = true;
		goes_on = set_file_entry(tree->file, text, at);
	}
	value_ends(tree);
	return goes_on;
}

void tree_finish(struct tree *tree)
{
	if (tree->is_found)
		return;
	const struct set_reading *reading = tree->file->reading;
	const struct field_text *key = &reading->written->key;
	struct diag *d = diag_error(reading->scope->diags, D_SET_PLACE,
				    field_is_set(*key) ? key->at : reading->written->at);
	diag_say(d, field_is_set(*key) ? "%s has nothing at this key" : "%s is empty",
		 tree->file->source->name);
	diag_help(d, "write the names that lead to the entries, with dots between them");
}
