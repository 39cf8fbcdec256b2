/* What was found in the kernel after a commit, and how to tell that nothing has changed since. */
#pragma once
#include "runtime/change/view.h"

struct token {
	char boot[64];	     /* the kernel's id of this boot */
	uint64_t net;	     /* the network namespace */
	uint32_t generation; /* kernel_generation */
	struct view view;
};

/* This boot, this network namespace. 0, or -errno. */
must_check int token_here(struct token *out);

/* Whether both are of the same boot and network namespace. */
bool token_is_same_place(const struct token *a, const struct token *b);

/* As text that lives in the arena. */
struct text token_write(struct arena *arena, const struct token *token);

/* Reads it; the token points into the text. False where it is none. */
must_check bool token_parse(struct arena *arena, struct text text, struct token *out);
