#include "opt/opt.h"

#include "opt/dispatch.h"
#include "opt/merge.h"
#include "opt/share.h"

void optimise(struct ruleset *ruleset)
{
	merge_rules(ruleset);
	dispatch_ports(ruleset);
	share_chains(ruleset);
	share_tails(ruleset);
	drop_unused(ruleset);
}
