/* The connections that a listener has heard of, so that it can tell what it missed. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/state/connection.h"

struct known_entry {
	struct tuple original;
	uint16_t ct_zone;
	uint32_t id, status, mark;
	uint8_t state;
	bool is_used;
	bool is_told; /* it was shown that the connection is there */
	bool is_gone; /* it was shown that it has gone, and the kernel's own word is still to come
		       */
	bool is_seen; /* by the comparison that is going on */
};

struct known;

/* Never NULL: running out of memory ends the process. */
struct known *known_new(void);
void known_free(struct known *known);

/* The entry, or NULL. */
struct known_entry *known_find(struct known *known, const struct connection *connection);

/* Adds one that is not there. What known_find has returned before may have moved. */
struct known_entry *known_add(struct known *known, const struct connection *connection);
/* A copy of an entry of another set, that is not there. */
void known_copy(struct known *known, const struct known_entry *entry);

void known_remove(struct known *known, struct known_entry *entry);

/* Takes over what the connection tells of status, mark and state; whether any of it is new. */
bool known_note(struct known_entry *entry, const struct connection *connection);

/* All entries, one at a time; `*at` begins as 0. NULL: there are no more. None may be added or
 * removed on the way. */
struct known_entry *known_next(struct known *known, size_t *at);
