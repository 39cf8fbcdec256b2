/* From a row's words to an enumerator. */
#pragma once
#include <assert.h>
#include <stddef.h>
#include <string.h>

/* The index of `word` among `words`, which hold it. */
static inline unsigned choice_index(const char *word, const char *const words[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (words[i] && strcmp(words[i], word) == 0)
			return (unsigned)i;
	assert(!"a word that its row has");
	return 0;
}
