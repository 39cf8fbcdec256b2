/* The characters that the text of a template stands for. */
#pragma once
#include <stdbool.h>

#include "base/text.h"

/* Writes what `raw` stands for to `out`, which has room for as many bytes, and returns how many
 * those are: the sequences $${ and %%{ lose a character, and in a quoted string escapes are
 * decoded. */
size_t literal_decode(struct text raw, bool is_quoted, char *out);
