/* Files of entries, read in place: no line is copied. */
#pragma once
#include "config/sets.h"

/* A file while it is being read. */
struct set_file {
	struct set_reading *reading;
	const struct source *source;
	uint32_t bad; /* entries */
};

/* The place of bytes of the file. */
struct span set_file_span(const struct set_file *file, const char *start, const char *end);

/* Where the content begins: behind a byte order mark. */
const char *set_file_start(const struct set_file *file);

/* Adds an entry. False where so many are bad that the rest is not worth a look. */
bool set_file_entry(struct set_file *file, struct text text, struct span at);

/* Each reads the whole file. */
void set_read_text(struct set_file *file);
void set_read_csv(struct set_file *file);
void set_read_json(struct set_file *file);
void set_read_yaml(struct set_file *file);
