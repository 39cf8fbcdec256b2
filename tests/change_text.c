/* The change engine alone: change-text [--print | --renumbers] WANTED [KNOWN TOKEN]. It makes the
 * table of WANTED, takes what is known from KNOWN and TOKEN, and writes the new token to TOKEN. */
#include <stdio.h>
#include <string.h>

#include "runtime/change/change.h"
#include "runtime/memory.h"

static int commit(struct change *change, const char *token_path)
{
	const char *why;
	enum change_result result = change_commit(change, &why);
	struct text token = change_token(change);

	if (why)
		fputs(why, stderr);
	FILE *out = token_path ? fopen(token_path, "w") : NULL;
	if (out) {
		fwrite(token.s, 1, token.n, out);
		fclose(out);
	}
	return (int)result;
}

static struct text text_of_memory(const struct memory *memory)
{
	return (struct text){ memory->text, memory->size };
}

int main(int argc, char *argv[])
{
	automemory struct memory wanted = MEMORY_NONE, known = MEMORY_NONE, token = MEMORY_NONE;
	autoarena struct arena *arena = arena_new();
	bool prints = argc > 1 && strcmp(argv[1], "--print") == 0;
	bool renumbers = argc > 1 && strcmp(argv[1], "--renumbers") == 0;
	char **paths = argv + 1 + (prints || renumbers);
	struct change *change;
	const char *why;

	if (!paths[0] || memory_read(paths[0], &wanted) < 0)
		return 2;
	if (paths[1] && (memory_read(paths[1], &known) < 0 || memory_read(paths[2], &token) < 0))
		known = token = (struct memory)MEMORY_NONE;
	struct change_request request = {
		.table = "flywall",
		.wanted = text_of_memory(&wanted),
		.known = text_of_memory(&known),
		.token = text_of_memory(&token),
		.renumbers = renumbers,
	};
	if (change_plan(arena, &request, &change, &why) < 0) {
		fputs(why, stderr);
		return CHANGE_REFUSED;
	}
	if (!prints)
		return commit(change, paths[1] ? paths[2] : NULL);
	change_print(change, stdout);
	return 0;
}
