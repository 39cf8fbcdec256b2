/* Characters as people see them: grapheme clusters of Unicode. */
#pragma once
#include "base/text.h"

/* The bytes of the first one; 0 at the end. A byte that is not UTF-8 stands for itself. */
size_t grapheme_size(struct text text);

size_t graphemes_count(struct text text);

/* The bytes of the first `n`, or of all where there are fewer. */
size_t graphemes_size(struct text text, size_t n);
