#include "runtime/devices.h"

#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/scope.h"

static const char start[] = "\t\tdevices = { ";

struct devices {
	struct arena *arena;
	bool (*is_there)(const char *name);
	struct absent_devices *absent;
	uint32_t line;
};

/* A kernel with flow tables takes one without devices, so a line of none is left out. */
static void write_devices(const struct devices *devices, struct text line, FILE *out)
{
	const char *at = line.s, *end = line.s + line.n;
	uint32_t n = 0;

	while ((at = memchr(at, '"', (size_t)(end - at)))) {
		const char *close = memchr(at + 1, '"', (size_t)(end - at - 1));
		if (!close)
			break;
		const char *name = text_copy(devices->arena,
					     (struct text){ at + 1, (size_t)(close - at - 1) });
		at = close + 1;
		if (!devices->is_there(name)) {
			*push(devices->arena, devices->absent) =
				(struct absent_device){ name, devices->line };
			continue;
		}
		fprintf(out, "%s\"%s\"", n++ ? ", " : start, name);
	}
	fputs(n ? " };\n" : "\n", out);
}

static void write_all(struct devices *devices, struct text rest, FILE *out)
{
	while (rest.n > 0) {
		const char *feed = memchr(rest.s, '\n', rest.n);
		size_t n = feed ? (size_t)(feed + 1 - rest.s) : rest.n;
		bool names = n >= sizeof start && memcmp(rest.s, start, sizeof start - 1) == 0;
		devices->line++;
		if (names)
			write_devices(devices, (struct text){ rest.s, n }, out);
		else
			fwrite(rest.s, 1, n, out);
		rest = (struct text){ rest.s + n, rest.n - n };
	}
}

struct text devices_drop(struct arena *arena, struct text ruleset,
			 bool (*is_there)(const char *name), struct absent_devices *absent)
{
	struct absent_devices found = { 0 };
	struct devices devices = { arena, is_there, &found, 0 };
	autofree char *text = NULL;
	size_t size = 0;

	/* Generation 0 has no text at all. */
	if (ruleset.n == 0 || !memmem(ruleset.s, ruleset.n, start, sizeof start - 1))
		return ruleset;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return ruleset;
	write_all(&devices, ruleset, out);
	if (fclose(out) != 0 || found.n == 0)
		return ruleset;
	*absent = found;
	return (struct text){ text_copy(arena, (struct text){ text, size }), size };
}

bool device_is_there(const char *name)
{
	return if_nametoindex(name) != 0;
}
