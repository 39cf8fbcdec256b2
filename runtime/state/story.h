/* Events about connections as lines of text, JSON or YAML. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "runtime/state/command.h"
#include "runtime/state/connection.h"

enum event_kind { EVENT_NEW, EVENT_UPDATE, EVENT_DESTROY, EVENT_KINDS };

/* `is_resync`: not told by the kernel at the time, but found out afterwards. */
struct event {
	enum event_kind kind;
	bool is_resync;
	const struct connection *connection;
};

/* Writes one event to standard output. */
void story_event(struct session *session, const struct event *event);

/* Says how many events the kernel could not deliver, and what came of looking at its table again.
 */
void story_lost(struct session *session, uint64_t lost);
void story_resync(struct session *session, const uint64_t found[EVENT_KINDS]);
