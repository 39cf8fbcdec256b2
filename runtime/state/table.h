/* What is loaded in the kernel's nftables, as far as the reports need to know. */
#pragma once
#include "runtime/scope.h"

/* Room for a generation's digest with its NUL. */
enum { GENERATION_MAX = 65 };

/* The generation that the loaded table inet `table` says it is of: what stands behind the slash in
 * the name of its chain "generation/...". -ENOENT: there is no such table; an empty text where the
 * table has no such chain. 0, or -errno. */
must_check int table_generation(const char *table, char out[GENERATION_MAX]);
