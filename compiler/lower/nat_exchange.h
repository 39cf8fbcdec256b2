/* Addresses that stand for others, both ways: one for one, and network for network. */
#pragma once
#include "lower/nat_rules.h"

struct neighbours;

/* One interface or zone is named, the outer one, whichever word was used for it. */
void lower_exchange(struct lowering *lowering, const struct nat *nat,
		    struct neighbours *neighbours);

/* What comes to the outside addresses, in a chain behind the translation or in `base`; without what
 * it does. */
struct nat_rules exchange_inward(struct lowering *lowering, const struct nat *nat,
				 enum base_chain base);
