/* What the numbers in a connection's mark are called, after the configuration that was applied. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "runtime/state/command.h"

enum { NAMES_ZONES = 256, NAMES_UPLINKS = 16 };

/* Names live as long as the session. Without an applied configuration, or where another one's table
 * is loaded, all are NULL. */
struct names {
	bool is_loaded;
	const char *why_not; /* where it is not: a line for the user */
	int error;	     /* that the kernel gave for it: -errno, or 0 */
	json_t *content; /* the whole names.json (flywall-compile --emit=names); NULL: not loaded */
	const char *zones[NAMES_ZONES];	    /* by number; [0] is this machine */
	const char *uplinks[NAMES_UPLINKS]; /* by number */
	const char **policies;		    /* NAMES_ZONES * from + to */
};

/* Reads STATE_DIR/current/names.json and compares it with the loaded table, once; what is missing
 * is said in `why_not`. Never NULL. */
const struct names *names_get(struct session *session);

/* Gives back what names_get has read, where it has: at the end of a session. */
void names_end(struct session *session);

/* What flywall's table is called. */
const char *names_table(struct session *session);

/* Says `why_not` on standard error, once, where names cannot be shown. */
void names_warn(struct session *session);

/* The number of a zone ("self" and its other names are 0) or uplink; false where there is none of
 * that name or number. */
bool names_find_zone(const struct names *names, const char *text, uint8_t *zone);
bool names_find_uplink(const struct names *names, const char *text, uint8_t *uplink);

/* The zone, policy or uplink (`list`: "zones", "policies", "uplinks") that somebody may have meant,
 * or NULL. */
const char *names_suggest(const struct names *names, const char *list, const char *text);

/* All names of a list with commas between them, the first of very many; empty where there are none.
 */
const char *names_all(struct session *session, const char *list);

/* A zone or uplink by number: its name, or the number as text. `text` has room for NAME_TEXT_MAX.
 */
enum { NAME_TEXT_MAX = 8 };
const char *names_zone(const struct names *names, uint8_t zone, char text[NAME_TEXT_MAX]);
const char *names_uplink(const struct names *names, uint8_t uplink, char text[NAME_TEXT_MAX]);

/* The pairs of zones that a policy decides on, one at a time; `*at` begins as 0. False: there are
 * no more. */
bool names_next_pair(const struct names *names, const char *policy, size_t *at, uint8_t *from,
		     uint8_t *to);

/* The policies that connections between two zones meet, such as "lan to wan"; NULL: none, or not
 * known. */
const char *names_policy(const struct names *names, uint8_t from, uint8_t to);
