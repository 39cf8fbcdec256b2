/* Protection of zones, from what is written. */
#pragma once
#include "config/written_more.h"

struct complaint;
struct scope;
struct written;

/* An interface's name; "*" alone stands for all. */
const char *protection_interface_read(struct scope *scope, struct text text,
				      struct complaint *complaint);

/* What a zone's own block says. */
void protection_resolve(struct scope *scope, const struct written_protection *written,
			struct protection *out);

/* Fills in config->protection and the zones that blocks of the top level name by an interface. */
void protections_resolve(struct scope *scope, const struct written *written, struct config *config);
