/* What has to happen to a table so that it becomes another one. */
#pragma once
#include "runtime/change/view.h"

enum delta_kind {
	DELTA_SAME,
	DELTA_NEW,     /* it is not there */
	DELTA_EDIT,    /* some of its lines change */
	DELTA_REWRITE, /* all of its lines change */
	DELTA_REMAKE,  /* it goes, and comes anew: what it is cannot change in place */
};

/* One thing that is wanted. */
struct delta {
	enum delta_kind kind;
	const struct model_thing *wanted;
	const struct model_thing *former; /* what it is in the kernel; NULL: nobody knows */
	bool is_redeclared;		  /* a chain that gets another policy */
	bool is_ahead;			  /* it has to be there before anything looks at it */
	/* For DELTA_EDIT: which lines of `wanted` are added, which of `former` removed. */
	bool *added, *removed;
	uint32_t added_n, removed_n;
};

struct difference {
	VEC(struct delta) deltas; /* one for each thing of the wanted model, in its order */
	VEC(const struct view_thing *) gone;	/* in the kernel, and not wanted */
	VEC(const struct view_thing *) strange; /* those of them that nobody knows */
	bool goes_at_once; /* the chains and sets of what is gone, with the transaction itself */
	bool is_empty;
};

/* What is known. All must outlive the difference. */
struct standing {
	const struct model *former;   /* what was loaded last; may be empty */
	const struct view *then;      /* what the kernel had made of that */
	const struct view *live;      /* what is in the kernel */
	const struct view *rehearsed; /* what the kernel makes of the wanted; NULL: not tried */
	const char *const *stale;     /* change_request */
};

/* Whether what was loaded last still is what the kernel has under that name. */
bool standing_knows(const struct standing *standing, struct text key);

void difference_find(struct arena *arena, const struct model *wanted,
		     const struct standing *standing, struct difference *out);

/* Calls `take` for each word in the line that could be a name. */
void line_names(struct text line, void (*take)(void *data, struct text name), void *data);
