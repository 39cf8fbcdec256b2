/* meta.json of a generation: when, who, and the digests by which a torn generation is told. */
#pragma once
#include "runtime/digest.h"
#include "runtime/store/store.h"

/* A file of the generation, by its path in it. */
struct meta_file {
	const char *name;
	char digest[DIGEST_TEXT_SIZE];
};

struct meta_files {
	VEC(struct meta_file) all;
};

/* Adds a file with the digest of its text. */
void meta_add(struct arena *arena, struct meta_files *files, const char *name, struct text text);

/* The text of meta.json; sets `whole`, the digest of everything. */
struct text meta_write(struct arena *arena, const struct meta_files *files,
		       struct generation *generation);

/* Reads it: what the generation says about itself, and the digests that its files should have.
 * NULL, or why it cannot be used. */
const char *meta_read(struct arena *arena, struct text text, struct generation *generation,
		      struct meta_files *files);
