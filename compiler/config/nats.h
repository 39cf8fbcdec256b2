/* Address translation, from what is written. */
#pragma once
#include "config/written_more.h"

struct scope;
struct value;
struct written;

/* A reader of targets: what is collected, and what they all have. */
struct target_list {
	struct scope *scope;
	const char *name; /* the attribute */
	VEC(struct nat_target) items;
};

/* Whether `text` has the form of a target: "a", "a-b", "a:port", "[a]:port". Fills `*out`, whose
 * place and weight are the caller's. A network's target goes from its first to its last address.
 */
bool target_parse(struct text text, struct nat_target *out);

/* Adds what a value says: a text, a list of texts, or objects { address, port, weight }. */
void targets_read(struct target_list *list, const struct value *value);

/* Fills in config->nats; zones and sets are resolved already. */
void nats_resolve(struct scope *scope, const struct written *written, struct config *config);

enum { TARGET_WEIGHT_MAX = 256 };
