/* Marks, untracked traffic and shielded servers: rules with conditions outside of policies. */
#pragma once
#include "config/written_more.h"

struct scope;
struct written;

/* The bits of a connection's mark that are the user's. */
#define MARK_USER UINT32_C(0x00000fff)

/* A mark or a mask, `what` says which, that has bits of others. */
void mark_report_field(struct scope *scope, struct span at, const char *what, uint32_t value);

/* Each fills in its part of the configuration; zones, sets and services are resolved already. */
void mark_rules_resolve(struct scope *scope, const struct written *written, struct config *config);
void notracks_resolve(struct scope *scope, const struct written *written, struct config *config);
void synproxies_resolve(struct scope *scope, const struct written *written, struct config *config);
