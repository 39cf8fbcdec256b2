/* The characters that the text of a template stands for. */
#pragma once
#include <stdbool.h>

#include "base/text.h"

struct arena;

/* `text` (which literal_append returned before, or empty) followed by what `raw` stands for: the
 * sequences $${ and %%{, and in a quoted string the escapes. */
struct text literal_append(struct arena *arena, struct text text, struct text raw, bool is_quoted);
