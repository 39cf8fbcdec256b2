#include "config/resolve.h"

#include <string.h>

#include "base/arena.h"
#include "catalog/services.h"
#include "config/choice.h"
#include "config/logging.h"
#include "config/marks.h"
#include "config/names.h"
#include "schema/fault.h"
#include "schema/schema.h"

static enum rule_action action_of(const char *word)
{
	static const char *const words[] = {
		[RULE_ACCEPT] = "accept",     [RULE_DROP] = "drop", [RULE_REJECT] = "reject",
		[RULE_RETURN] = "return",     [RULE_LOG] = "log",   [RULE_NOTRACK] = "notrack",
		[RULE_CONTINUE] = "continue",
	};
	return (enum rule_action)choice_index(word, words, countof(words));
}

static void resolve_action(struct scope *scope, const struct written_rule *written,
			   struct rule *out)
{
	out->action_at = written->action.at;
	/* Written wrong, it is reported already. */
	if (written->action.value) {
		out->action = action_of(written->action.value);
	} else if (!field_is_set(written->action)) {
		struct diag *d = diag_error(scope->diags, D_RULE_ACTION, written->at);
		diag_say(d, "this rule has no action");
		diag_help(d, "set action to \"accept\", \"drop\" or \"reject\"");
	}
}

/* Helpers */

void helper_report_unknown(struct scope *scope, const struct field_text *name)
{
	struct diag *d = diag_error(scope->diags, D_RULE_HELPER, name->at);
	struct name_list names = { &helper_rows[0].name, sizeof helper_rows[0], HELPER_COUNT };
	diag_say(d, "no helper is named %s", fault_quote(scope->arena, text_of(name->value)));
	fault_help_names(scope, d, name->value, names);
}

void helper_report_misfit(struct scope *scope, enum helper helper, struct span at)
{
	const struct helper_row *row = &helper_rows[helper];
	struct diag *d = diag_error(scope->diags, D_RULE_HELPER, at);
	diag_say(d, "the helper %s watches %s%s%s alone", row->name, row->objects[0].protocol,
		 row->objects[1].type ? " and " : "",
		 row->objects[1].type ? row->objects[1].protocol : "");
}

static bool rule_has_protocol(const struct rule *rule, const char *protocol)
{
	for (uint32_t i = 0; i < rule->services.n; i++)
		for (uint32_t k = 0; k < rule->services.at[i].def->parts.n; k++)
			if (strcmp(rule->services.at[i].def->parts.at[k].protocol, protocol) == 0)
				return true;
	for (uint32_t i = 0; rule->services.n == 0 && i < rule->protocols.items.n; i++)
		if (strcmp(rule->protocols.items.at[i].value, protocol) == 0)
			return true;
	return rule->services.n == 0 && rule->protocols.items.n == 0 && rule->icmp_types.n == 0;
}

static bool helper_fits(const struct rule *rule, enum helper helper)
{
	const struct helper_object *objects = helper_rows[helper].objects;
	for (int i = 0; i < HELPER_OBJECTS_MAX && objects[i].type; i++)
		if (rule_has_protocol(rule, objects[i].protocol))
			return true;
	return false;
}

/* A helper reads what passes: on all traffic it would find its protocol where there is none. */
static void check_helper(struct scope *scope, const struct rule *rule, enum helper helper)
{
	struct span at = rule->helper.at;
	if (helper_rows[helper].broadcast) {
		struct diag *d = diag_error(scope->diags, D_RULE_HELPER, at);
		diag_say(d, "the helper %s does nothing for a rule", helper_rows[helper].name);
		diag_note(d, NOWHERE, "it follows broadcasts of this machine itself");
		diag_help(d, "set it in helpers of the conntrack block");
	} else if (!helper_fits(rule, helper)) {
		helper_report_misfit(scope, helper, at);
	} else if (rule->services.n == 0 && rule->dest_ports.items.n == 0) {
		struct diag *d = diag_error(scope->diags, D_RULE_HELPER, at);
		diag_say(d, "a helper needs to know where its servers listen");
		diag_help(d, "set service or dest_port");
	}
}

/* The helper of the rule's own, else of its service. */
static void resolve_helper(struct scope *scope, const struct written_rule *written,
			   struct rule *out)
{
	const char *name = written->helper.value;
	const struct service_use *use = out->services.n == 1 ? &out->services.at[0] : NULL;
	if (name && strcmp(name, "none") == 0) {
		out->helper.at = written->helper.at;
		return;
	}
	if (!name) {
		bool has_own = use && use->def->helper < HELPER_COUNT &&
			       out->action == RULE_ACCEPT &&
			       !helper_rows[use->def->helper].broadcast;
		if (has_own)
			out->helper =
				(struct field_text){ helper_rows[use->def->helper].name, use->at };
		return;
	}
	enum helper helper = helper_find(name);
	if (helper == HELPER_COUNT) {
		helper_report_unknown(scope, &written->helper);
		return;
	}
	out->helper = written->helper;
	check_helper(scope, out, helper);
}

/* Timeouts */

/* Gives the one value to what stands for long in each of the rule's protocols. Those that nft has
 * no words for count only where the rule is for nothing else: a rule for everything means TCP and
 * UDP.
 */
static bool timeout_spread(const struct rule *rule, const struct field_number *timeout,
			   struct written_timeouts *out)
{
	static const struct {
		const char *protocol;
		enum timeout_key keys[2];
		bool is_common;
	} rows[] = {
		{ "tcp", { KEY_TCP, KEY_TCP }, true },
		{ "udp", { KEY_UDP, KEY_UDP }, true },
		{ "udplite", { KEY_UDPLITE, KEY_UDPLITE }, false },
		{ "icmp", { KEY_ICMP, KEY_ICMP }, false },
		{ "icmpv6", { KEY_ICMP, KEY_ICMP }, false },
		{ "sctp", { KEY_SCTP_ESTABLISHED, KEY_SCTP_ESTABLISHED }, false },
	};
	bool has_common = rule_has_protocol(rule, "tcp") || rule_has_protocol(rule, "udp");
	bool found = false;

	for (size_t i = 0; i < countof(rows); i++) {
		if (rows[i].is_common != has_common || !rule_has_protocol(rule, rows[i].protocol))
			continue;
		found = true;
		for (size_t k = 0; k < countof(rows[i].keys); k++)
			if (!field_is_set(out->key[rows[i].keys[k]]))
				out->key[rows[i].keys[k]] = *timeout;
	}
	return found;
}

static void resolve_timeouts(struct scope *scope, const struct written_rule *written,
			     struct rule *out)
{
	struct written_timeouts timeouts = { 0 };
	if (!written->timeouts && !field_is_set(written->timeout))
		return;
	if (written->timeouts)
		timeouts = *written->timeouts;
	timeouts_check_own(scope, &timeouts, "rule");
	if (field_is_set(written->timeout)) {
		if (!timeout_spread(out, &written->timeout, &timeouts)) {
			struct diag *d =
				diag_error(scope->diags, D_RULE_OPTION, written->timeout.at);
			diag_say(d, "this rule matches no protocol that has timeouts of its own");
		}
		timeouts.at = written->timeout.at;
	}
	if (!span_is_set(timeouts.at))
		return;
	struct timeouts *resolved = arena_alloc(scope->arena, sizeof *resolved);
	timeouts_resolve(&timeouts, true, resolved);
	out->timeouts = resolved;
}

struct option {
	struct span at;
	const char *name;
};

/* The first option that is set. */
static const struct option *first_set(const struct option *options, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_is_set(options[i].at))
			return &options[i];
	return NULL;
}

/* What belongs to connections that a rule accepts. */
static void check_accepted(struct scope *scope, const struct written_rule *written,
			   const struct rule *rule)
{
	const struct option options[] = {
		{ written->max_connections.at, "max_connections" },
		{ written->max_per_ip.at, "max_per_ip" },
		{ written->timeout.at, "timeout" },
		{ written->timeouts ? written->timeouts->at : NOWHERE, "timeouts" },
		{ written->helper.at, "helper" },
	};
	const struct option *option = first_set(options, countof(options));
	if (!option || !written->action.value || rule->action == RULE_ACCEPT)
		return;
	struct diag *d = diag_error(scope->diags, D_RULE_OPTION, option->at);
	diag_say(d, "%s is for connections that a rule accepts", option->name);
	diag_note(d, rule->action_at, "this rule does not accept any");
}

/* What is untracked is let through packet by packet, in both directions. */
static void check_untracked(struct scope *scope, const struct written_rule *written,
			    const struct rule *rule)
{
	const struct option options[] = {
		{ written->limit.at, "limit" },
		{ written->limit_per_ip.at, "limit_per_ip" },
		{ written->set_mark.at, "set_mark" },
	};
	const struct option *option = first_set(options, countof(options));
	if (!option || rule->action != RULE_NOTRACK)
		return;
	struct diag *d = diag_error(scope->diags, D_RULE_OPTION, option->at);
	diag_say(d, "%s is for tracked connections", option->name);
	diag_note(d, rule->action_at, "this rule leaves them untracked");
}

/* Limits */

static bool refuses(const struct rule *rule)
{
	return rule->action == RULE_DROP || rule->action == RULE_REJECT;
}

/* Leaving by a jump has no place for a table of sources. */
static void check_returned(struct scope *scope, const struct written_rule *written,
			   const struct rule *rule)
{
	bool has_log_limit = written->log.limit.value.count > 0 && field_is_set(written->limit);
	struct span at = has_log_limit ? written->log.limit.at : written->limit_per_ip.at;
	if (rule->action != RULE_RETURN || !span_is_set(at))
		return;
	struct diag *d = diag_error(scope->diags, D_RULE_OPTION, at);
	diag_say(d, "%s is for rules that decide, and return does not",
		 has_log_limit ? "log_limit beside limit" : "limit_per_ip");
	diag_note(d, rule->action_at, "this rule leaves it to the policy");
	diag_help(d, "set limit, or another action");
}

static void warn_limited_refusal(struct scope *scope, const struct rule *rule)
{
	bool has_limit = rule->limit.value.count > 0;
	if (!refuses(rule) || (!has_limit && rule->limit_per_ip.value.count == 0))
		return;
	struct span at = has_limit ? rule->limit.at : rule->limit_per_ip.at;
	struct diag *d = diag_warning(scope->diags, D_LIMITED_REFUSAL, at);
	diag_say(d, "only so many packets are refused, and the rest goes on to the next rule");
	diag_help(d, "to let through so many and no more, accept with the limit, and drop in a "
		     "rule behind");
}

/* burst and ipv6_prefix say nothing by themselves. */
static void warn_idle(struct scope *scope, const struct written_rule *written)
{
	bool has_rate = field_is_set(written->limit) || field_is_set(written->limit_per_ip);
	bool has_source = field_is_set(written->limit_per_ip) || field_is_set(written->max_per_ip);
	if (field_is_set(written->burst) && !has_rate) {
		struct diag *d = diag_warning(scope->diags, D_IDLE_LIMIT, written->burst.at);
		diag_say(d, "burst does nothing without limit or limit_per_ip");
	}
	if (field_is_set(written->ipv6_prefix) && !has_source) {
		struct diag *d = diag_warning(scope->diags, D_IDLE_LIMIT, written->ipv6_prefix.at);
		diag_say(d, "ipv6_prefix does nothing without limit_per_ip or max_per_ip");
	}
}

static void resolve_limits(struct scope *scope, const struct written_rule *written,
			   struct rule *out)
{
	out->limit = written->limit;
	out->limit_per_ip = written->limit_per_ip;
	out->burst = written->burst;
	out->max_connections = written->max_connections;
	out->max_per_ip = written->max_per_ip;
	out->ipv6_prefix = written->ipv6_prefix;
	check_returned(scope, written, out);
	warn_limited_refusal(scope, out);
	warn_idle(scope, written);
}

/* Marks */

static void resolve_mark(struct scope *scope, const struct written_rule *written, struct rule *out)
{
	if (!written->set_mark.value)
		return;
	struct mark_value mark = { .at = written->set_mark.at };
	mark_parse(written->set_mark.value, &mark);
	if (!strchr(written->set_mark.value, '/'))
		mark.mask = MARK_USER;
	if (mark.value & ~MARK_USER)
		mark_report_field(scope, mark.at, "mark", mark.value);
	else if (mark.mask & ~MARK_USER)
		mark_report_field(scope, mark.at, "mask", mark.mask);
	out->set_mark = mark;
}

/* Putting it together */

static void resolve_rule(struct scope *scope, const struct config *config,
			 const struct written_rule *written, struct rule *out)
{
	out->name = written->name.value;
	out->at = written->at;
	out->log = written->log;
	out->counter = written->counter;
	logging_resolve(&out->log);
	if (written->name.value)
		shown_name_check(scope, &written->name, "rule");
	if (written->counter.value)
		shown_name_check(scope, &written->counter, "counter");
	resolve_action(scope, written, out);
	out->log.enabled.value |= written->action.value && out->action == RULE_LOG;
	conditions_resolve(scope, config, &written->conditions, out);
	check_accepted(scope, written, out);
	check_untracked(scope, written, out);
	resolve_limits(scope, written, out);
	resolve_helper(scope, written, out);
	resolve_timeouts(scope, written, out);
	resolve_mark(scope, written, out);
}

/* Services that one rule cannot have together: types of ICMP messages are not ports, and a helper
 * is for the connections of its own service. */
enum kind { KIND_PORTS, KIND_ICMP, KIND_HELPER };

static enum kind kind_of(const struct config *config, const char *name)
{
	const struct service_def *def = config_service(config, name);
	if (!def || def->parts.n == 0)
		return KIND_PORTS;
	if (def->parts.at[0].icmp_type)
		return KIND_ICMP;
	return def->helper < HELPER_COUNT && !helper_rows[def->helper].broadcast ? KIND_HELPER
										 : KIND_PORTS;
}

static bool needs_split(const struct config *config, const struct written_rule *written)
{
	const struct field_texts *services = &written->conditions.services;
	for (uint32_t i = 0; i < services->items.n; i++)
		if (services->items.n > 1 &&
		    kind_of(config, services->items.at[i].value) != KIND_PORTS)
			return true;
	return false;
}

/* A limit is for a rule as a whole, so such a rule cannot become several. */
static bool check_split(struct scope *scope, const struct written_rule *written)
{
	const struct option limits[] = {
		{ written->limit.at, "limit" },
		{ written->limit_per_ip.at, "limit_per_ip" },
		{ written->max_connections.at, "max_connections" },
		{ written->max_per_ip.at, "max_per_ip" },
	};
	const struct option *limit = first_set(limits, countof(limits));
	if (!limit)
		return true;
	struct diag *d = diag_error(scope->diags, D_SERVICE_MIX, limit->at);
	diag_say(d, "one %s cannot hold for these services together", limit->name);
	diag_note(d, written->conditions.services.at,
		  "ICMP services, and those with a helper, become rules of their own");
	diag_help(d, "write a rule for each");
	return false;
}

/* The rule for services of one kind; of those with helpers, for one. */
static void resolve_part(struct scope *scope, const struct config *config,
			 const struct written_rule *written, const struct field_texts *services,
			 struct policy *out)
{
	struct written_rule part = *written;
	const char *first = services->items.at[0].value;
	part.conditions.services = *services;
	if (written->name.value && out->rules.n > 0 &&
	    out->rules.at[out->rules.n - 1].name == written->name.value)
		part.name.value = arena_printf(scope->arena, "%.*s %s", SHOWN_NAME_MAX / 2,
					       written->name.value, first);
	struct rule rule = { 0 };
	resolve_rule(scope, config, &part, &rule);
	*push(scope->arena, &out->rules) = rule;
}

static void resolve_split(struct scope *scope, const struct config *config,
			  const struct written_rule *written, struct policy *out)
{
	const struct field_texts *services = &written->conditions.services;
	struct field_texts ports = { .at = services->at }, icmp = ports;
	if (!check_split(scope, written))
		return;
	for (uint32_t i = 0; i < services->items.n; i++) {
		const struct field_text *name = &services->items.at[i];
		enum kind kind = kind_of(config, name->value);
		if (kind != KIND_HELPER)
			*push(scope->arena, kind == KIND_ICMP ? &icmp.items : &ports.items) = *name;
	}
	if (ports.items.n > 0)
		resolve_part(scope, config, written, &ports, out);
	if (icmp.items.n > 0)
		resolve_part(scope, config, written, &icmp, out);
	for (uint32_t i = 0; i < services->items.n; i++) {
		struct field_texts one = { .at = services->at };
		if (kind_of(config, services->items.at[i].value) != KIND_HELPER)
			continue;
		*push(scope->arena, &one.items) = services->items.at[i];
		resolve_part(scope, config, written, &one, out);
	}
}

void rules_resolve(struct scope *scope, const struct config *config,
		   const struct written_policy *written, struct policy *out)
{
	reserve(scope->arena, &out->rules, written->rules.n);
	for (uint32_t i = 0; i < written->rules.n && !fault_is_hopeless(scope); i++) {
		const struct written_rule *from = &written->rules.at[i];
		bool is_off = from->disabled.value || !from->enabled.value;
		uint32_t before = out->rules.n;
		if (needs_split(config, from)) {
			resolve_split(scope, config, from, out);
		} else {
			struct rule rule = { 0 };
			resolve_rule(scope, config, from, &rule);
			*push(scope->arena, &out->rules) = rule;
		}
		if (is_off)
			out->rules.n = before;
	}
}
