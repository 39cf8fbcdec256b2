/* Guessing the name somebody meant. */
#pragma once
#include <stddef.h>

/* The candidate nearest to `typed` by Damerau-Levenshtein distance (ASCII case ignored), or NULL
 * where none is near enough to be worth offering. Ties go to the earlier one. */
const char *suggest(const char *typed, const char *const *names, size_t count);
