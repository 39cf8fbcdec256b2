/* What libnftables says when the kernel refuses a ruleset, told in the words of the configuration.
 */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

struct flywall;
struct memory;
struct report;

/* One complaint. */
struct refusal {
	uint32_t line, column, end; /* in the ruleset, from 1; line 0: nowhere in particular */
	const char *words;	    /* "Could not process rule: File exists" */
};

struct refusals {
	struct refusal *at;
	uint32_t n, cap;
};

/* Something that a kernel may be built without. */
struct feature {
	const char *text; /* what stands in a line of the ruleset that needs it */
	const char *what; /* "synproxy" */
	const char *module;
	const char *option; /* "NFT_SYNPROXY", without the CONFIG_ */
};

/* The feature that the part `refused` of a line needs, else one that its `block` needs; NULL where
 * neither needs any that is known. */
const struct feature *feature_find(struct text refused, struct text block);

/* Reads libnftables' messages; what they quote of the ruleset is left out. */
void refusals_parse(struct arena *arena, const char *messages, struct refusals *out);

/* Shows what was refused at its place in the configuration, each with the line of `ruleset`, the
 * words of libnftables, and what to do. What is only a consequence of something refused before is
 * left out. Messages that are none of libnftables' own are passed on as they are. */
void refusals_report(const struct report *report, struct flywall *flywall,
		     const struct memory *ruleset, const char *messages);
