/* Texts and lists that grow. */
#pragma once
#include "base/arena.h"
#include "value/value.h"

struct text_maker {
	struct arena *arena;
	VEC(char) all;
};

void maker_add(struct text_maker *maker, struct text text);
void maker_add_string(struct text_maker *maker, const char *string);
void maker_repeat(struct text_maker *maker, char c, size_t n);
void maker_add_code_point(struct text_maker *maker, uint32_t c);

/* A string of JSON, with its quotes; < > & are escaped, as the reference does. */
void maker_add_json(struct text_maker *maker, struct text text);

/* What was written so far. */
struct text maker_text(const struct text_maker *maker);

struct list_maker {
	struct arena *arena;
	VEC(struct value) all;
};

void list_maker_add(struct list_maker *list, struct value value);
