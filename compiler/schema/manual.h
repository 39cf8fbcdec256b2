/* The reference of the language as Markdown, out of the tables that it is read by. */
#pragma once
#include <stdio.h>

struct arena;
struct table;

/* How values are written, and each block and attribute below `root`. */
void manual_write(struct arena *arena, const struct table *root, FILE *out);

/* Each message. */
void manual_write_messages(FILE *out);
