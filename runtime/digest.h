/* SHA-256, as the names of generations and markers have it. */
#pragma once
#include <stddef.h>

enum { DIGEST_TEXT_SIZE = 65 };

/* The digest of `size` bytes in lower-case hexadecimal, ended by a NUL. */
void digest_text(const void *bytes, size_t size, char out[DIGEST_TEXT_SIZE]);
