#include "runtime/change/origins.h"

#include <stdio.h>
#include <string.h>

#include "runtime/change/lookup.h"
#include "runtime/scope.h"

static const char title[] = "origins 1\n";

/* Collecting */

static uint32_t subject_index(struct arena *arena, const struct flywall_origin *origin,
			      struct lookup *known, struct origins *out)
{
	const char *key = arena_printf(arena, "%u %s %s", origin->subject_line, origin->file,
				       origin->subject);
	uint32_t *index = lookup_at(arena, known, text_of(key));

	if (*index == 0) {
		*push(arena, &out->subjects) =
			(struct origin_subject){ origin->subject, origin->file,
						 origin->subject_line };
		*index = out->subjects.n;
	}
	return *index - 1;
}

static bool run_takes(struct origin_run *run, uint32_t line, uint32_t subject, uint32_t at)
{
	if (run->subject != subject || run->first + run->count != line)
		return false;
	if (run->count == 1 && (at == run->line || at == run->line + 1))
		run->step = at - run->line;
	else if (at != run->line + run->step * run->count)
		return false;
	run->count++;
	return true;
}

static void add_line(struct arena *arena, struct origins *out, uint32_t line, uint32_t subject,
		     uint32_t at)
{
	if (out->runs.n > 0 && run_takes(&out->runs.at[out->runs.n - 1], line, subject, at))
		return;
	*push(arena, &out->runs) =
		(struct origin_run){ .first = line, .count = 1, .line = at, .subject = subject };
}

void origins_of(struct arena *arena, struct flywall *flywall, uint32_t lines, struct origins *out)
{
	struct flywall_origin origin, last = { 0 };
	struct lookup known = { 0 };
	uint32_t subject = 0;

	*out = (struct origins){ 0 };
	for (uint32_t line = 1; line <= lines; line++) {
		if (!flywall_line_origin(flywall, line, &origin))
			continue;
		if (origin.subject != last.subject || origin.file != last.file)
			subject = subject_index(arena, &origin, &known, out);
		last = origin;
		add_line(arena, out, line, subject, origin.line);
	}
}

/* Writing */

/* Names are parts of lines here. */
static void put_name(FILE *out, const char *name)
{
	for (; *name; name++)
		fputc((unsigned char)*name < ' ' ? '?' : *name, out);
}

struct text origins_write(struct arena *arena, const struct origins *origins)
{
	autofree char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return (struct text){ "", 0 };
	fputs(title, out);
	for (uint32_t i = 0; i < origins->subjects.n; i++) {
		const struct origin_subject *subject = &origins->subjects.at[i];
		fprintf(out, "subject\t%u\t", subject->line);
		put_name(out, subject->file);
		fputc('\t', out);
		put_name(out, subject->name);
		fputc('\n', out);
	}
	for (uint32_t i = 0; i < origins->runs.n; i++) {
		const struct origin_run *run = &origins->runs.at[i];
		fprintf(out, "%u\t%u\t%u\t%u\t%u\n", run->first, run->count, run->step, run->line,
			run->subject);
	}
	if (fclose(out) != 0)
		return (struct text){ "", 0 };
	return (struct text){ text_copy(arena, (struct text){ text, size }), size };
}

/* Reading */

static bool subject_read(struct arena *arena, struct text line, struct origins *out)
{
	const char *end = line.s + line.n;
	const char *file = memchr(line.s, '\t', line.n);
	const char *name = file ? memchr(file + 1, '\t', (size_t)(end - file - 1)) : NULL;

	if (!name)
		return false;
	file++;
	*push(arena, &out->subjects) = (struct origin_subject){
		.line = (uint32_t)strtoul(line.s, NULL, 10),
		.file = text_copy(arena, (struct text){ file, (size_t)(name - file) }),
		.name = text_copy(arena, (struct text){ name + 1, (size_t)(end - name - 1) }),
	};
	return true;
}

static bool run_read(struct arena *arena, struct text line, struct origins *out)
{
	struct origin_run run;
	char copy[64];
	int n = 0;

	if (line.n >= sizeof copy)
		return false;
	memcpy(copy, line.s, line.n);
	copy[line.n] = '\0';
	if (sscanf(copy, "%u\t%u\t%u\t%u\t%u%n", &run.first, &run.count, &run.step, &run.line,
		   &run.subject, &n) != 5 ||
	    copy[n] != '\0' || run.subject >= out->subjects.n)
		return false;
	*push(arena, &out->runs) = run;
	return true;
}

bool origins_read(struct arena *arena, struct text text, struct origins *out)
{
	static const char word[] = "subject\t";
	const size_t skipped = sizeof title - 1, length = sizeof word - 1;
	struct origins origins = { 0 };

	if (text.n < skipped || memcmp(text.s, title, skipped) != 0)
		return false;
	for (const char *at = text.s + skipped, *end = text.s + text.n; at < end;) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));
		if (!feed)
			return false;
		size_t n = (size_t)(feed - at);
		bool is_subject = n > length && memcmp(at, word, length) == 0;
		bool read = is_subject
				    ? subject_read(arena, (struct text){ at + length, n - length },
						   &origins)
				    : run_read(arena, (struct text){ at, n }, &origins);
		if (!read)
			return false;
		at = feed + 1;
	}
	*out = origins;
	return true;
}

const struct origin_subject *origin_find(const struct origins *origins, uint32_t line,
					 uint32_t *source_line)
{
	uint32_t low = 0, high = origins->runs.n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (origins->runs.at[middle].first <= line)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	const struct origin_run *run = &origins->runs.at[low - 1];
	if (line - run->first >= run->count)
		return NULL;
	*source_line = run->line + run->step * (line - run->first);
	return &origins->subjects.at[run->subject];
}
