/* The largest segment that TCP announces, for links that carry less than Ethernet. */
#include "lower/feature.h"
#include "lower/match.h"

static void add_rule(struct lowering *lowering, const struct mss_clamp *clamp, enum ir_key key)
{
	enum { SYN = 0x02, RST = 0x04 };
	const struct ir_term flags = { .key = IR_TCP_FLAGS, .masked = true, .mask = SYN | RST };
	struct ir_chain *base = base_chain(lowering, BASE_MSS);
	struct ir_rule *rule = rule_start(lowering, base, clamp->at);
	if (clamp->interfaces.items.n > 0)
		match_interfaces(lowering, rule, key, &clamp->interfaces);
	rule_match(lowering, rule, flags, (struct ir_value){ .kind = IR_FLAGS, .number = SYN });
	statement_new(lowering->out, rule, IR_SET_MSS)->mss = (uint16_t)clamp->size.value;
}

/* Each side is told what the link takes: those beyond it by what leaves through it, those before it
 * by what comes in. */
void lower_mss(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->mss_clamps.n; i++) {
		const struct mss_clamp *clamp = &config->mss_clamps.at[i];
		add_rule(lowering, clamp, IR_OIFNAME);
		if (clamp->interfaces.items.n > 0)
			add_rule(lowering, clamp, IR_IIFNAME);
	}
}
