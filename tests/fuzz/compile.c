/* From text to each form that can be written out. */
#include <assert.h>
#include <stdio.h>

#include "flywall/flywall.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flywall *flywall = flywall_new();
	FILE *nobody = fopen("/dev/null", "w");
	assert(nobody);
	flywall_add_text(flywall, "input.hcl", (const char *)data, size);
	if (flywall_compile(flywall))
		for (enum flywall_form form = FLYWALL_RULESET; form <= FLYWALL_IP; form++)
			flywall_emit(flywall, form, nobody);
	flywall_messages(flywall, nobody, 20, false);
	fclose(nobody);
	flywall_free(flywall);
	return 0;
}
