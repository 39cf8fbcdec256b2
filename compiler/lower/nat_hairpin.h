/* Hosts that reach what is beside them by its outside address. */
#pragma once
#include "config/config.h"

struct ir_set;
struct lowering;

/* Sets of what is beside itself, made when first asked for; NULL besides where there is nothing. */
struct neighbours {
	const struct ir_set *interfaces, *zones;
	bool is_made;
};

/* What the targets answer to those beside them comes by this machine. */
void lower_way_back(struct lowering *lowering, const struct nat *nat,
		    struct neighbours *neighbours);

/* The translation for every entrance, and the way back. */
void lower_hairpin(struct lowering *lowering, const struct nat *nat, struct neighbours *neighbours);
