/* Writing a ruleset out: nft text, libnftables JSON, and the host settings. */
#pragma once
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/source.h"
#include "ir/ruleset.h"

/* Which source text a line of output came from: line N of the output is `lines.at[N - 1]`. */
struct line_map {
	struct arena *arena;
	VEC(struct span) lines;
};

/* The nft batch: comments with the host settings, skeleton, flush of every chain, content.
 * Canonical nft spelling. `map` may be NULL. */
void emit_nft(const struct ruleset *ruleset, FILE *out, struct line_map *map);

/* The same batch as libnftables JSON (libnftables-json(5)). */
void emit_json(const struct ruleset *ruleset, FILE *out);

/* A sysctl.d(5) fragment. */
void emit_sysctl(const struct ruleset *ruleset, FILE *out);

/* Fragments of modprobe.d(5) and modules-load.d(5), each under a comment that names it. */
void emit_modules(const struct ruleset *ruleset, FILE *out);

/* The ip rules and routes as ip(8) commands, one a line. */
void emit_ip(const struct ruleset *ruleset, FILE *out);

/* What the numbers in marks and the counters are called, as JSON. */
void emit_names(const struct ruleset *ruleset, FILE *out);

/* The ruleset as YAML, with the place of each thing in the source. */
void emit_ir(const struct ruleset *ruleset, struct sources *sources, FILE *out);
