/* What delete and update have in common: which connections, whether that is agreed to, and the
 * report. */
#pragma once
#include "runtime/state/batch.h"
#include "runtime/state/filter.h"

/* The connections that a command's IDs and filters are about. */
struct selection {
	struct session *session;
	struct filter *filter;
	bool is_yes, is_preview;
	const char *done; /* "deleted": for the report */
};

/* Reads the ID of a connection; false after it has said that the word is none. */
bool selection_id(const char *word, uint32_t *out);

/* --yes and --dry-run; the target is the selection. */
struct option_group selection_options(struct selection *selection);

/* Takes the words that are no options as IDs, and finishes the filter. STATUS_DONE, or the exit
 * status after it has said why; nothing may be touched then. */
int selection_finish(struct selection *selection, char *const words[]);

/* Finds the connections. STATUS_DONE: all of `out` is to be touched. Another status: it has shown
 * what would be, or said that there are none. */
int selection_find(struct selection *selection, struct targets *out);

/* "deleted 5 connections; 1 was gone already". */
void selection_report(const struct selection *selection, const struct batch_result *result);
