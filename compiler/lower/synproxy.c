/* TCP handshakes that this machine answers for a server, so that only real clients reach it. */
#include "ir/name.h"
#include "lower/conditions.h"
#include "lower/feature.h"
#include "lower/policy.h"
#include "lower/raw.h"

enum { FIN = 0x01, SYN = 0x02, RST = 0x04, ACK = 0x10 };

static const char *name_of(struct lowering *lowering, const char *what,
			   const struct synproxy *synproxy)
{
	return name_make(lowering->arena, what, slug(lowering, synproxy->name));
}

/* The opening segment is not tracked: the connection begins once the client has proven itself. */
static void skip_opening(struct lowering *lowering, const struct synproxy *synproxy)
{
	const struct ir_term flags = { .key = IR_TCP_FLAGS,
				       .masked = true,
				       .mask = FIN | SYN | RST | ACK };
	const struct view view = { .has_no_output = true, .is_stateless = true };
	struct ir_chain *chain =
		chain_new(lowering->out, name_of(lowering, "synproxy", synproxy), synproxy->at);
	uint32_t n = conditions_lower(lowering, chain, &synproxy->match, &view);
	for (uint32_t i = chain->rules.n - n; i < chain->rules.n; i++) {
		rule_match(lowering, &chain->rules.at[i], flags,
			   (struct ir_value){ .kind = IR_FLAGS, .number = SYN });
		statement_new(lowering->out, &chain->rules.at[i], IR_NOTRACK);
	}
	call_for_zones(lowering, base_chain(lowering, BASE_RAW_PRE), SIDE_FROM, &synproxy->from,
		       chain, name_of(lowering, "synproxy_from", synproxy));
}

void lower_synproxy(struct lowering *lowering)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->synproxies.n; i++) {
		skip_opening(lowering, &config->synproxies.at[i]);
		*push(lowering->out->arena, &lowering->out->requirements) =
			(struct ir_requirement){ .need = IR_NEEDS_SYNPROXY,
						 .at = config->synproxies.at[i].at };
	}
}

/* An acknowledgement of what was never tracked is invalid to tracking, so both are answered here,
 * ahead of the look-up of the state. */
static void add_synproxy(struct lowering *lowering, struct ir_chain *base,
			 const struct synproxy *synproxy)
{
	static const char *const states[] = { "invalid", "untracked" };
	const struct view view = { .is_stateless = true };
	uint32_t n = conditions_lower(lowering, base, &synproxy->match, &view);
	for (uint32_t i = base->rules.n - n; i < base->rules.n; i++) {
		struct ir_rule *rule = &base->rules.at[i];
		struct ir_match *match = &statement_new(lowering->out, rule, IR_MATCH)->match;
		match->terms[0] = term_of(IR_CT_STATE);
		match->terms_n = 1;
		match->bits = true;
		for (size_t k = 0; k < countof(states); k++)
			push(lowering->arena, &match->values)->parts[0] = value_symbol(states[k]);
		statement_new(lowering->out, rule, IR_SYNPROXY)->synproxy = (struct ir_synproxy){
			.mss = (uint16_t)synproxy->mss.value,
			.wscale = (uint8_t)synproxy->wscale.value,
			.timestamp = synproxy->timestamp.value,
			.sack = synproxy->sack.value,
		};
	}
}

void synproxy_filter(struct lowering *lowering, struct ir_chain *base)
{
	const struct config *config = lowering->config;
	for (uint32_t i = 0; i < config->synproxies.n; i++)
		add_synproxy(lowering, base, &config->synproxies.at[i]);
}
