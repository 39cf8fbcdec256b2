#include "config/schedules.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "config/resolve.h"
#include "schema/fault.h"
#include "schema/schema.h"

/* A point of the week as cron has it: minute, hour, and days of the week. */
struct cron {
	unsigned minute, hour;
	uint8_t days; /* bit 0 is Sunday */
};

enum { CRON_FIELDS = 5, EVERY_DAY = 0x7f, DAYS = 7 };

static const char *const day_words[DAYS] = {
	"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
};

static bool take_number(struct text text, unsigned most, unsigned *out)
{
	unsigned number = 0;
	if (text.n == 0 || text.n > 2)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] < '0' || text.s[i] > '9')
			return false;
		number = number * 10 + (unsigned)(text.s[i] - '0');
	}
	if (number > most)
		return false;
	*out = number;
	return true;
}

/* 0 and 7 are Sunday; names have three letters. */
static bool take_day(struct text text, unsigned *out)
{
	for (unsigned i = 0; i < DAYS; i++) {
		if (text.n != 3 || strncasecmp(day_words[i], text.s, 3) != 0)
			continue;
		*out = i;
		return true;
	}
	return take_number(text, DAYS, out);
}

/* A day, or a range of them. */
static bool take_days(struct text item, uint8_t *days)
{
	const char *dash = memchr(item.s, '-', item.n);
	size_t n = dash ? (size_t)(dash - item.s) : item.n;
	unsigned first, last;
	if (!take_day((struct text){ item.s, n }, &first))
		return false;
	last = first;
	if (dash && !take_day((struct text){ dash + 1, item.n - n - 1 }, &last))
		return false;
	if (last < first)
		return false;
	for (unsigned day = first; day <= last; day++)
		*days |= (uint8_t)(1 << day % DAYS);
	return true;
}

static bool read_days(struct text text, uint8_t *days)
{
	*days = 0;
	if (text_is(text, "*")) {
		*days = EVERY_DAY;
		return true;
	}
	for (size_t start = 0; start <= text.n;) {
		const char *from = text.s + start;
		const char *comma = memchr(from, ',', text.n - start);
		size_t n = comma ? (size_t)(comma - from) : text.n - start;
		if (!take_days((struct text){ from, n }, days))
			return false;
		start += n + 1;
	}
	return true;
}

static bool cron_parse(const char *text, struct cron *out)
{
	struct text fields[CRON_FIELDS];
	unsigned n = 0;
	for (const char *at = text + strspn(text, " \t"); *at; at += strspn(at, " \t")) {
		if (n == CRON_FIELDS)
			return false;
		fields[n] = (struct text){ at, strcspn(at, " \t") };
		at += fields[n++].n;
	}
	return n == CRON_FIELDS && take_number(fields[0], 59, &out->minute) &&
	       take_number(fields[1], 23, &out->hour) && text_is(fields[2], "*") &&
	       text_is(fields[3], "*") && read_days(fields[4], &out->days);
}

static bool read_cron(struct scope *scope, const struct field_text *text, struct cron *out)
{
	if (cron_parse(text->value, out))
		return true;
	struct diag *d = diag_error(scope->diags, D_SCHEDULE, text->at);
	diag_say(d, "%s is no schedule that a rule can have",
		 fault_quote(scope->arena, text_of(text->value)));
	diag_help(d, "write a minute, an hour and days of the week: \"30 22 * * 1-5\"; or "
		     "time_start, time_end and days");
	return false;
}

static void set_clock(struct scope *scope, const struct cron *cron, struct span at,
		      struct field_text *out)
{
	out->value = arena_printf(scope->arena, "%02u:%02u", cron->hour, cron->minute);
	out->at = at;
}

static void set_days(struct scope *scope, uint8_t days, struct span at, struct field_texts *out)
{
	out->at = at;
	for (unsigned i = 0; i < DAYS; i++)
		if (days >> i & 1)
			*push(scope->arena, &out->items) = (struct field_text){
				name_intern(scope->names, text_of(day_words[i])), at
			};
}

/* The days on which a span ends that begins on `days`. */
static uint8_t end_days(uint8_t days, bool is_overnight)
{
	return is_overnight ? (uint8_t)((days << 1 | days >> (DAYS - 1)) & EVERY_DAY) : days;
}

static void resolve_crons(struct scope *scope, const struct written_scheduled_rule *written,
			  struct written_conditions *out)
{
	struct cron start, end;
	if (!read_cron(scope, &written->schedule, &start) ||
	    !read_cron(scope, &written->end_schedule, &end))
		return;
	bool is_overnight = end.hour * 60 + end.minute <= start.hour * 60 + start.minute;
	if (end.days != EVERY_DAY && end.days != end_days(start.days, is_overnight)) {
		struct diag *d = diag_error(scope->diags, D_SCHEDULE, written->end_schedule.at);
		diag_say(d, "a rule holds for a day at most");
		diag_note(d, written->schedule.at, "it begins here");
		diag_help(d, "write a scheduled_rule for each day");
		return;
	}
	set_clock(scope, &start, written->schedule.at, &out->time_start);
	set_clock(scope, &end, written->end_schedule.at, &out->time_end);
	if (start.days != EVERY_DAY)
		set_days(scope, start.days, written->schedule.at, &out->days);
}

/* Without a time the rule would hold always, which nobody calls scheduled. */
static void resolve_time(struct scope *scope, const struct written_scheduled_rule *written,
			 struct written_conditions *out)
{
	bool has_cron = field_is_set(written->schedule),
	     has_end = field_is_set(written->end_schedule);
	bool has_clock = field_is_set(out->time_start) || field_is_set(out->time_end) ||
			 field_is_set(out->days);
	if (has_cron && has_end && !has_clock) {
		if (written->schedule.value && written->end_schedule.value)
			resolve_crons(scope, written, out);
		return;
	}
	if (has_clock && !has_cron && !has_end)
		return;
	struct span cron = has_cron ? written->schedule.at : written->end_schedule.at;
	struct diag *d =
		diag_error(scope->diags, D_SCHEDULE, has_cron || has_end ? cron : written->rule.at);
	if (has_clock)
		diag_say(d, "the rule has a time of its own");
	else
		diag_say(d, has_cron || has_end ? "schedule needs end_schedule, and the other way "
						  "round"
						: "this scheduled_rule has no time");
	diag_help(d, "set time_start and time_end, days, or schedule and end_schedule");
}

static bool is_named(struct scope *scope, const struct written_policy *policy, const char *name)
{
	const char *from = policy->labels[POLICY_FROM].value, *to = policy->labels[POLICY_TO].value;
	static const char *const links[] = { "-to-", " to ", "-", "_" };
	if (policy->name.value)
		return strcmp(policy->name.value, name) == 0;
	for (size_t i = 0; from && to && i < countof(links); i++)
		if (strcmp(arena_printf(scope->arena, "%s%s%s", from, links[i], to), name) == 0)
			return true;
	return false;
}

static struct written_policy *find_policy(struct scope *scope, struct written *written,
					  const struct field_text *name)
{
	for (uint32_t i = 0; i < written->policies.n; i++)
		if (is_named(scope, &written->policies.at[i], name->value))
			return &written->policies.at[i];
	struct diag *d = diag_error(scope->diags, D_SCHEDULED_RULE, name->at);
	diag_say(d, "no policy is named %s", fault_quote(scope->arena, text_of(name->value)));
	diag_help(d, "name a policy, or set zone_from and zone_to");
	return NULL;
}

/* The policy between the zones that holds scheduled rules; those of the file come before `first`.
 */
static struct written_policy *policy_between(struct scope *scope, struct written *written,
					     const struct written_scheduled_rule *rule,
					     uint32_t first)
{
	for (uint32_t i = first; i < written->policies.n; i++) {
		const struct field_text *labels = written->policies.at[i].labels;
		if (strcmp(labels[POLICY_FROM].value, rule->from.value) == 0 &&
		    strcmp(labels[POLICY_TO].value, rule->to.value) == 0)
			return &written->policies.at[i];
	}
	struct written_policy *policy = push(scope->arena, &written->policies);
	schema_defaults(scope, &policy_table, policy);
	policy->labels[POLICY_FROM] = rule->from;
	policy->labels[POLICY_TO] = rule->to;
	policy->name.value =
		arena_printf(scope->arena, "%s to %s at times", rule->from.value, rule->to.value);
	policy->priority.value = 0;
	policy->at = rule->rule.at;
	return policy;
}

static struct written_policy *policy_of(struct scope *scope, struct written *written,
					const struct written_scheduled_rule *rule, uint32_t first)
{
	bool has_zones = field_is_set(rule->from) && field_is_set(rule->to);
	if (field_is_set(rule->policy) && !field_is_set(rule->from) && !field_is_set(rule->to))
		return rule->policy.value ? find_policy(scope, written, &rule->policy) : NULL;
	if (has_zones && !field_is_set(rule->policy))
		return rule->from.value && rule->to.value
			       ? policy_between(scope, written, rule, first)
			       : NULL;
	struct diag *d = diag_error(scope->diags, D_SCHEDULED_RULE, rule->rule.at);
	diag_say(d, "a scheduled_rule is of a policy, or between two zones");
	diag_help(d, "set policy, or zone_from and zone_to");
	return NULL;
}

/* What is written in the block itself counts unless there is a rule block in it. */
static struct written_rule rule_of(const struct written_scheduled_rule *written)
{
	if (written->rules.n == 0)
		return written->rule;
	struct written_rule rule = written->rules.at[0];
	rule.disabled.value |= written->rule.disabled.value;
	rule.enabled.value &= written->rule.enabled.value;
	if (!rule.name.value)
		rule.name = written->rule.name;
	return rule;
}

static bool is_once(struct scope *scope, const struct written_scheduled_rule *written)
{
	if (written->rules.n == 0 || !field_is_set(written->rule.action))
		return true;
	struct diag *d = diag_error(scope->diags, D_REPEATED, written->rules.at[0].at);
	diag_say(d, "the rule is written beside this block already");
	diag_note(d, written->rule.action.at, "its action is here");
	return false;
}

void schedules_resolve(struct scope *scope, struct written *written)
{
	uint32_t first = written->policies.n;
	for (uint32_t i = 0; i < written->scheduled_rules.n; i++) {
		const struct written_scheduled_rule *scheduled = &written->scheduled_rules.at[i];
		struct written_rule rule = rule_of(scheduled);
		if (!is_once(scope, scheduled))
			continue;
		resolve_time(scope, scheduled, &rule.conditions);
		struct written_policy *policy = policy_of(scope, written, scheduled, first);
		if (policy)
			*push(scope->arena, &policy->rules) = rule;
	}
}
