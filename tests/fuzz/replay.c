/* Feeds all *.hcl below folders to a fuzz target in an ordinary build:
 *
 *	replay [--prefixes|--bytes] DIRECTORY...
 *
 * --prefixes gives it each beginning of each file too, --bytes each byte value at both ends of each
 * line. */
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

struct input {
	uint8_t *bytes;
	size_t size;
};

enum way { WHOLE, PREFIXES, BYTES };

static struct input input_read(const char *path)
{
	struct input input = { 0 };
	FILE *file = fopen(path, "rb");
	if (!file || fseek(file, 0, SEEK_END) != 0)
		return input;
	long size = ftell(file);
	rewind(file);
	input.bytes = malloc((size_t)size + 1);
	if (input.bytes)
		input.size = fread(input.bytes, 1, (size_t)size, file);
	fclose(file);
	return input;
}

/* A copy of its own size, so that a sanitizer sees what is read behind its end. */
static void feed(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	if (!copy)
		abort();
	if (size)
		memcpy(copy, bytes, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void feed_bytes(struct input input)
{
	for (size_t i = 0; i < input.size; i++) {
		uint8_t kept = input.bytes[i];
		bool is_edge = kept == '\n' || i == 0 || input.bytes[i - 1] == '\n';
		for (unsigned byte = 0; is_edge && byte < 256; byte++) {
			input.bytes[i] = (uint8_t)byte;
			feed(input.bytes, input.size);
		}
		input.bytes[i] = kept;
	}
}

static void feed_file(const char *path, enum way way)
{
	struct input input = input_read(path);
	feed(input.bytes, input.size);
	for (size_t size = 0; way == PREFIXES && size < input.size; size++)
		feed(input.bytes, size);
	if (way == BYTES)
		feed_bytes(input);
	free(input.bytes);
}

static bool is_input(const FTSENT *entry)
{
	return entry->fts_info == FTS_F && entry->fts_namelen > 4 &&
	       strcmp(entry->fts_name + entry->fts_namelen - 4, ".hcl") == 0;
}

static unsigned feed_all(char *const paths[], enum way way)
{
	unsigned n = 0;
	FTS *tree = fts_open(paths, FTS_LOGICAL | FTS_NOCHDIR, NULL);
	if (!tree)
		return 0;
	for (FTSENT *entry; (entry = fts_read(tree)) != NULL;)
		if (is_input(entry)) {
			feed_file(entry->fts_accpath, way);
			n++;
		}
	fts_close(tree);
	return n;
}

int main(int argc, char *argv[])
{
	enum way way = WHOLE;
	int first = 1;
	if (argc > 1 && strcmp(argv[1], "--prefixes") == 0)
		way = PREFIXES;
	else if (argc > 1 && strcmp(argv[1], "--bytes") == 0)
		way = BYTES;
	first += way != WHOLE;
	unsigned n = first < argc ? feed_all(argv + first, way) : 0;
	printf("%u inputs\n", n);
	return n > 0 ? 0 : 1;
}
