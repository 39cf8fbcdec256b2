/* What a connection takes of the kernel's memory. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* The estimate where the kernel does not tell, and what a bucket takes. */
enum { ENTRY_BYTES = 350, BUCKET_BYTES = 8 };

/* From /proc/slabinfo, which root alone may read: an entry without its extensions (counters, times,
 * helper). The estimate where it says nothing; `is_measured` says which. */
uint64_t entry_size(bool *is_measured);
