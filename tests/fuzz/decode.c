/* The tables and checks of a configuration. What is broken is decoded too: what stands in a body
 * that lacks parts must do no harm either. */
#include "config/config.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz fuzz;
	fuzz_begin(&fuzz, data, size);
	if (fuzz.body)
		(void)config_decode(&fuzz.scope, fuzz.body);
	fuzz_end(&fuzz);
	return 0;
}
