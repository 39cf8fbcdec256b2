/* The difference of two texts, as a person and patch(1) read it. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* One text and the name that it goes by. */
struct diff_side {
	const char *name;
	const char *text;
	size_t size;
};

/* Writes the unified diff with three lines of context; nothing where the texts are equal. Returns
 * whether they differ. */
bool diff_write(FILE *out, const struct diff_side *before, const struct diff_side *after,
		bool colour);
