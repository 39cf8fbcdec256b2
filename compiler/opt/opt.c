#include "opt/opt.h"

#include "opt/dispatch.h"
#include "opt/fall.h"
#include "opt/late.h"
#include "opt/merge.h"
#include "opt/share.h"

void optimise(struct ruleset *ruleset)
{
	merge_rules(ruleset);
	const struct fall *fall = fall_find(ruleset);
	dispatch_ports(ruleset, fall);
	mark_late(ruleset, fall);
	share_chains(ruleset);
	share_tails(ruleset);
	drop_unused(ruleset);
}
