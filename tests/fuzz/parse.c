/* Scanner and grammar. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz fuzz;
	fuzz_begin(&fuzz, data, size);
	fuzz_end(&fuzz);
	return 0;
}
