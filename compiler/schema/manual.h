/* The reference of the language, out of the tables that it is decoded by. */
#pragma once
#include <stdio.h>

struct arena;
struct table;

/* Writes it as Markdown: how values are written, each block and attribute below `root`, and each
 * message. */
void manual_write(struct arena *arena, const struct table *root, FILE *out);
