/* Ways out, from what is written. */
#pragma once
#include "config/written_more.h"

struct scope;
struct written;

/* An uplink's number has four bits of a connection's mark. */
enum { UPLINKS_MAX = 15, UPLINK_MARK_SHIFT = 12, UPLINK_TABLE_FIRST = 700 };

/* Fills in config->uplink_groups; zones are resolved already. */
void uplinks_resolve(struct scope *scope, const struct written *written, struct config *config);
