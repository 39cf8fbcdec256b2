/* Flow tables and segment sizes, from what is written. */
#pragma once
#include "config/written_more.h"

struct complaint;
struct scope;
struct written;

/* A size in bytes as digits, "pmtu", or "off"; a truth value says one of the two words. */
const char *mss_read(struct scope *scope, struct text text, struct complaint *complaint);

/* Fills in config->flowtables and config->mss_clamps; zones are resolved already. */
void offload_resolve(struct scope *scope, const struct written *written, struct config *config);

/* What every TCP must be able to take, and what fits into an IPv4 packet. */
enum { MSS_MIN = 536, MSS_MAX = 65495 };
