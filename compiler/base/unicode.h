/* Tables of the Unicode character database: sorted ranges of code points. */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct code_points {
	uint32_t first, last;
};

/* ID_Start and ID_Continue (UAX 31); East Asian wide and full-width; marks and format characters,
 * which take no column. */
extern const struct code_points names_start[], names_continue[], wide[], narrow[];
extern const size_t names_start_n, names_continue_n, wide_n, narrow_n;
