/* From the table that stands in the kernel to the one that is wanted: what differs, and no more, in
 * one transaction; then read back, and put back where it came out different. Ahead of it comes what
 * the kernel puts in force too late, after it goes what packets may still look at. */
#pragma once
#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"
#include "runtime/scope.h"

struct change;

/* What to make of the table. Rulesets are what flywall_emit writes for FLYWALL_RULESET; all that
 * the request points to must live as long as the change. */
struct change_request {
	const char *table;  /* "flywall"; its family is inet */
	struct text wanted; /* empty: no table at all */
	/* The ruleset that was loaded last and what change_token gave then; both empty where nobody
	 * knows. They need not be true: the kernel is asked what still holds. */
	struct text known, token;
	/* Zones' numbers mean others than before: while packets are under way that carry those of
	 * before, no connection begins. */
	bool renumbers;
	/* The ruleset of a change that was interrupted, of which anything may be there; empty where
	 * there was none. */
	struct text begun;
	/* `ct timeout` objects that may go although connections could still use them, ended by
	 * NULL. Those that `wanted` does not have stay otherwise. */
	const char *const *stale;
};

/* Compares, and changes nothing. 0 and the change, or -errno with `*why` as for change_commit. It
 * lives in the arena. */
must_check int change_plan(struct arena *arena, const struct change_request *request,
			   struct change **out, const char **why);

/* Whether the table is as wanted already: committing sends nothing. */
bool change_is_empty(const struct change *change);

/* Has the kernel look at what would be committed, in a network namespace of its own. 0, or -errno;
 * -EINVAL where it refuses, with `*why` as for change_commit, which looks as well. */
must_check int change_check(struct change *change, const char **why);

/* What the transactions say, as nft(8) reads it. */
void change_print(const struct change *change, FILE *out);

/* A rule or an element. */
struct change_line {
	bool is_added; /* else removed */
	struct text text;
	uint32_t line; /* of the wanted ruleset, or the known one where it is removed; 0: nobody
			* knows */
};

/* What happens to one thing. */
struct change_step {
	enum { STEP_ADDED, STEP_REMOVED, STEP_CHANGED } kind;
	const char *thing; /* "chain pair/lan/wan" */
	const char *head;  /* what it is: "rate over 50/second burst 50 packets"; may be empty */
	uint32_t line;	   /* as above */
	const struct change_line *lines;
	size_t lines_n;
};

/* What the transaction does, for people, thing by thing, line by line. Of things that nobody knows
 * all lines are added. */
size_t change_steps(const struct change *change, const struct change_step **steps);

enum change_result {
	CHANGE_DONE,	/* as wanted, read back and compared */
	CHANGE_REFUSED, /* nothing has changed: `why` is what libnftables says, lines are `wanted`'s
			 */
	CHANGE_UNDONE,	/* it came out different, and the former state is back: `why` names what */
	CHANGE_BROKEN,	/* it came out different and could not be put back */
};

/* Does it. `*why` lives in the arena and may have several lines. */
must_check enum change_result change_commit(struct change *change, const char **why);

/* To be kept together with the wanted ruleset and given back as `token` next time; valid after a
 * commit that was done. Text of several lines. */
struct text change_token(const struct change *change);

/* What somebody else has changed in the table since `known` was loaded. What was added stands in no
 * ruleset, and its lines are the kernel's. To be asked before a commit. */
struct change_drift {
	enum { DRIFT_ADDED, DRIFT_REMOVED, DRIFT_CHANGED } kind;
	bool is_ours;			 /* an interrupted change left it (`begun`) */
	const char *thing;		 /* "chain fw_in" */
	uint32_t line;			 /* of the known ruleset; 0: it stands in none */
	const struct change_line *lines; /* of what has changed, and of what was added */
	size_t lines_n;
};
size_t change_drifts(struct change *change, const struct change_drift **drifts);
