/* Where the lines of a ruleset came from, so that a generation can tell it without its
 * configuration. */
#pragma once
#include "base/arena.h"
#include "base/text.h"
#include "flywall/flywall.h"
#include "runtime/scope.h"

/* A block of the configuration. */
struct origin_subject {
	const char *name; /* "policy lan -> wan, rule \"web\"" */
	const char *file;
	uint32_t line;
};

/* Lines of the ruleset that follow one another, each `step` (0 or 1) lines further on in the
 * source. */
struct origin_run {
	uint32_t first, count;
	uint32_t step, line; /* in the source */
	uint32_t subject;    /* index */
};

struct origins {
	VEC(struct origin_subject) subjects;
	VEC(struct origin_run) runs; /* by `first` */
};

/* Of a ruleset that was emitted last and has `lines` lines; it points into the compilation. */
void origins_of(struct arena *arena, struct flywall *flywall, uint32_t lines, struct origins *out);

/* As text, and back; false where it is none of these texts. */
must_check struct text origins_write(struct arena *arena, const struct origins *origins);
must_check bool origins_read(struct arena *arena, struct text text, struct origins *out);

/* What line `line` of the ruleset came from, and its line in the subject's file; NULL where it came
 * from nowhere in particular. */
const struct origin_subject *origin_find(const struct origins *origins, uint32_t line,
					 uint32_t *source_line);
