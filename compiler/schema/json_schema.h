/* The JSON Schema of a configuration, out of the tables that it is decoded by. */
#pragma once
#include <stdio.h>

struct arena;
struct table;

/* Writes a schema (draft 2020-12) of what HCL's JSON syntax makes of the blocks and attributes
 * below `root`: a block is an object by its labels, or a list of them where there are several. */
void json_schema_write(struct arena *arena, const struct table *root, FILE *out);
