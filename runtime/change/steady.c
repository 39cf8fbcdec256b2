#include "runtime/change/steady.h"

#include <errno.h>
#include <string.h>

enum { VIEW_TRIES = 10 };

static bool views_equal(struct arena *arena, const struct view *a, const struct view *b)
{
	if (a->things.n != b->things.n)
		return false;
	for (uint32_t i = 0; i < a->things.n; i++) {
		const struct view_thing *thing = &a->things.at[i];
		const struct view_thing *other = view_find(b, view_key(arena, thing));
		if (!other || !view_thing_equal(thing, other))
			return false;
	}
	return true;
}

int steady_view(struct kernel *kernel, struct arena *arena, const char *table, struct view *out,
		uint32_t *generation)
{
	struct view last = { 0 };
	bool has_last = false;

	for (int i = 0; i < VIEW_TRIES; i++) {
		struct view view;
		uint32_t before, after;
		int error = kernel_generation(kernel, &before);
		if (!error)
			error = kernel_view(kernel, arena, table, &view);
		if (error == -ENOENT) {
			has_last = false;
			continue;
		}
		if (!error)
			error = kernel_generation(kernel, &after);
		if (error)
			return error;
		if (before == after || (has_last && views_equal(arena, &last, &view))) {
			*out = view;
			*generation = before;
			return 0;
		}
		last = view;
		has_last = true;
	}
	return -EAGAIN;
}

const char *steady_error(int error)
{
	return error == -EAGAIN
		       ? "another program goes on changing the table: stop it, or try again "
			 "when it is done"
		       : strerror(-error);
}
