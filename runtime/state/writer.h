/* Structured results as JSON or YAML, written as they come: nothing is kept. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "runtime/state/command.h"

struct writer;

/* What a writer is asked to do; each key is followed by one value. */
struct writer *writer_new(FILE *out, enum format format); /* FORMAT_JSON or FORMAT_YAML */
void writer_begin_map(struct writer *writer);
void writer_end_map(struct writer *writer);
void writer_begin_list(struct writer *writer);
void writer_end_list(struct writer *writer);
void writer_key(struct writer *writer, const char *key);
void writer_text(struct writer *writer, const char *text);
void writer_number(struct writer *writer, uint64_t number);
void writer_real(struct writer *writer, double number, int decimals);
void writer_bool(struct writer *writer, bool value);

/* A key and its value. */
void writer_pair_text(struct writer *writer, const char *key, const char *text);
void writer_pair_number(struct writer *writer, const char *key, uint64_t number);

/* A whole value with all that is in it. */
void writer_json(struct writer *writer, json_t *json);

/* Ends the document with a newline and gives the writer back. */
void writer_close(struct writer *writer);

/* JSON on one line instead of indented: one object a line, each ended by writer_end_line. */
void writer_set_lines(struct writer *writer);
void writer_end_line(struct writer *writer);
