/* UTF-8: decoding, and how wide text is on a terminal. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The code point at `s`, strictly (no overlong forms, no surrogates, nothing over U+10FFFF).
 * Returns the bytes that it takes, 0 where the text is empty, -1 where it is not UTF-8. */
int code_point_decode(const char *s, size_t n, uint32_t *code_point);

/* Writes `code_point` to `out` and returns the bytes written (1 to 4). */
int code_point_encode(uint32_t code_point, char out[4]);

/* Columns on a terminal: 0 for combining and control characters, 2 for wide ones, else 1. */
int code_point_width(uint32_t code_point);

/* ID_Start and ID_Continue of UAX 31. */
bool code_point_starts_name(uint32_t code_point);
bool code_point_continues_name(uint32_t code_point);
