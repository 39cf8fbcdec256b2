/* What can be wrong with a translation that is resolved. */
#pragma once
#include "config/nats.h"

/* What the types of translation have and need. */
struct nat_form {
	const char *word;
	bool is_source;	     /* done where packets leave, else where they come in */
	bool takes_address;  /* may have targets with an address */
	bool needs_target;   /* means nothing without one */
	bool is_pair;	     /* of inside and outside */
	const char *instead; /* the type that fits what this one does not take */
};

extern const struct nat_form nat_forms[];

/* Addresses at the edges of zones' networks, sorted: no host has them. */
struct edge {
	struct prefix address;
	const struct zone *zone;
	struct span at;
	bool is_broadcast;
};

struct edges {
	VEC(struct edge) all;
};

void edges_collect(struct scope *scope, const struct config *config, struct edges *out);

/* Ports of protocols that have none, and ranges that do not fit each other. */
void nat_check_ports(struct scope *scope, const struct written_nat *written, const struct nat *nat);

/* Addresses of one family that can only meet those of the other. */
void nat_check_families(struct scope *scope, const struct config *config, const struct nat *nat);

/* Targets that are no host's address. */
void nat_check_edges(struct scope *scope, const struct edges *edges, const struct nat *nat);

/* Reports what contradicts itself or could never work. */
void nat_check(struct scope *scope, const struct config *config, const struct edges *edges,
	       const struct written_nat *written, const struct nat *nat);
