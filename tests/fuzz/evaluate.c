/* Every expression of a file. */
#include <assert.h>
#include <stdio.h>

#include "fuzz.h"
#include "values.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz fuzz;
	fuzz_begin(&fuzz, data, size);
	if (fuzz.body && fuzz.diags.errors == 0) {
		FILE *nobody = fopen("/dev/null", "w");
		assert(nobody);
		values_write(&fuzz.scope, fuzz.body, nobody);
		fclose(nobody);
	}
	fuzz_end(&fuzz);
	return 0;
}
