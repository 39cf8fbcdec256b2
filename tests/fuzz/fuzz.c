#include "fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "emit/annotate.h"
#include "grammar/parse.h"

void fuzz_begin(struct fuzz *fuzz, const uint8_t *data, size_t size)
{
	memset(fuzz, 0, sizeof *fuzz);
	fuzz->arena = arena_new();
	sources_init(&fuzz->sources, fuzz->arena);
	diags_init(&fuzz->diags, fuzz->arena);
	fuzz->scope.arena = fuzz->arena;
	fuzz->scope.diags = &fuzz->diags;
	fuzz->scope.sources = &fuzz->sources;
	fuzz->scope.names = names_new(fuzz->arena);

	char *text = arena_alloc(fuzz->arena, size + 2);
	if (size)
		memcpy(text, data, size);
	struct source *source = source_add(&fuzz->sources, "input.hcl", text, (uint32_t)size);
	if (source)
		fuzz->body = parse(fuzz->arena, fuzz->scope.names, &fuzz->diags, source);
}

void fuzz_end(struct fuzz *fuzz)
{
	FILE *nobody = fopen("/dev/null", "w");
	assert(nobody);
	diags_render(&fuzz->diags, &fuzz->sources, nobody, 20, true);
	annotate_json(&fuzz->diags, &fuzz->sources, nobody);
	annotate_github(&fuzz->diags, &fuzz->sources, nobody);
	fclose(nobody);
	arena_free(fuzz->arena);
}
