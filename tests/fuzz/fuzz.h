/* What the fuzz targets share: one input as the only file of a configuration. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/source.h"
#include "value/value.h"

struct body;

struct fuzz {
	struct arena *arena;
	struct sources sources;
	struct diags diags;
	struct scope scope;
	struct body *body; /* NULL: the input is too large */
};

/* Parses the input. */
void fuzz_begin(struct fuzz *fuzz, const uint8_t *data, size_t size);

/* Shows the messages to nobody, in each of their forms, and gives back all memory. */
void fuzz_end(struct fuzz *fuzz);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
