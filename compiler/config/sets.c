#include "config/sets.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "config/choice.h"
#include "config/logging.h"
#include "config/resolve.h"
#include "schema/fault.h"
#include "schema/schema.h"
#include "value/value.h"

static bool is_name_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '.';
}

static void check_name(struct scope *scope, const struct field_text *name)
{
	struct text text = text_of(name->value);
	bool is_name = text.n > 0 && text.n <= SET_NAME_MAX;
	for (size_t i = 0; i < text.n; i++)
		is_name &= is_name_character(text.s[i]);
	if (is_name)
		return;
	struct diag *d = diag_error(scope->diags, D_SET_NAME, name->at);
	const char *shown = fault_quote(scope->arena, text);
	if (text.n > SET_NAME_MAX)
		diag_say(d, "%s has %zu bytes", shown, text.n);
	else
		diag_say(d, "%s is no name for a set", shown);
	diag_help(d, "use up to %d letters, digits, \"_\", \"-\" and \".\"", SET_NAME_MAX);
}

/* What a type's word means. */
static const struct {
	const char *word;
	enum set_kind kind;
	uint8_t family;
} types[] = {
	{ "addresses", SET_ADDRESSES, 0 },
	{ "ipv4", SET_ADDRESSES, FAMILY_IPV4 },
	{ "ipv6", SET_ADDRESSES, FAMILY_IPV6 },
	{ "ports", SET_PORTS, 0 },
	{ "macs", SET_MACS, 0 },
	{ "interfaces", SET_INTERFACES, 0 },
};

static void read_type(struct set_reading *reading)
{
	for (size_t i = 0; i < countof(types); i++) {
		if (strcmp(types[i].word, reading->written->type.value) != 0)
			continue;
		reading->set->kind = types[i].kind;
		reading->family = types[i].family;
	}
}

/* A list that is fetched needs somebody who fetches it, and a place where it is put. */
static bool is_unfilled(const struct written_ipset *written)
{
	return field_is_set(written->origins) && !field_is_set(written->files) &&
	       !written->dynamic.value && written->timeout.value == 0;
}

static void warn_unfilled(struct scope *scope, const struct written_ipset *written)
{
	struct diag *d = diag_warning(scope->diags, D_SET_UNFILLED, written->origins.at);
	diag_say(d, "flywall fetches nothing: another program must fill the set \"%s\"",
		 written->name.value);
	diag_help(d, "fetch the list to a file and set file, or set dynamic = true and add the "
		     "entries while the firewall runs");
}

static void read_content(struct set_reading *reading)
{
	const struct written_ipset *written = reading->written;
	if (field_is_set(written->entries))
		set_read_entries(reading, &written->entries);
	set_read_files(reading);
	reading->set->prefixes = reading->prefixes.at;
	reading->set->prefixes_n = reading->prefixes.n;
}

static void check_content(const struct set_reading *reading)
{
	struct scope *scope = reading->scope;
	if (!is_sound(scope) || reading->entries > 0 || reading->set->is_dynamic)
		return;
	struct diag *d = diag_warning(scope->diags, D_SET_EMPTY, reading->set->at);
	diag_say(d, "the set \"%s\" is empty: it matches nothing", reading->set->name);
	diag_help(d, "set entries or file, or dynamic = true for a set that is filled later");
}

static void resolve_size(const struct set_reading *reading)
{
	const struct written_ipset *written = reading->written;
	struct ipset *set = reading->set;
	struct scope *scope = reading->scope;
	set->is_dynamic =
		written->dynamic.value || written->timeout.value > 0 || is_unfilled(written);
	set->timeout = written->timeout;
	set->size = written->size;
	if (!field_is_set(written->size)) {
		set->size.value = reading->entries;
		if (set->is_dynamic && set->size.value < SET_SIZE_DYNAMIC)
			set->size.value = SET_SIZE_DYNAMIC;
	} else if (is_sound(scope) && set->size.value < reading->entries) {
		struct diag *d = diag_error(scope->diags, D_SET_SIZE, written->size.at);
		diag_say(d, "the set holds %" PRIu32 " entries, more than its size of %" PRIu64,
			 reading->entries, set->size.value);
		diag_help(d, "raise size, or leave it out");
	}
	if (is_sound(scope) && field_is_set(written->timeout) && written->timeout.value > 0 &&
	    field_is_set(written->dynamic) && !written->dynamic.value) {
		struct diag *d = diag_warning(scope->diags, D_SET_IDLE, written->dynamic.at);
		diag_say(d, "the set is dynamic because its entries have a timeout");
		diag_note(d, written->timeout.at, "the timeout is set here");
	}
}

static enum rule_action action_of(const char *word)
{
	static const char *const words[] = {
		[RULE_ACCEPT] = "accept", [RULE_DROP] = "drop",	    [RULE_REJECT] = "reject",
		[RULE_LOG] = "log",	  [RULE_CONTINUE] = "none",
	};
	return (enum rule_action)choice_index(word, words, countof(words));
}

static unsigned hooks_of(const char *word)
{
	static const char *const words[] = {
		[SET_AT_INPUT] = "input",
		[SET_AT_FORWARD] = "forward",
		[SET_AT_INPUT | SET_AT_FORWARD] = "both",
	};
	return choice_index(word, words, countof(words));
}

static void resolve_sides(const struct written_ipset *written, struct ipset *set)
{
	const char *word = written->match_on.value;
	bool is_written = word || field_is_set(written->match_source) ||
			  field_is_set(written->match_destination);
	set->match_source = written->match_source.value;
	set->match_destination = written->match_destination.value;
	if (word) {
		set->match_source |= strcmp(word, "destination") != 0;
		set->match_destination |= strcmp(word, "source") != 0;
	}
	set->match_source |= !is_written;
}

/* What is for the action alone. */
static void check_idle(struct scope *scope, const struct written_ipset *written)
{
	const struct {
		struct span at;
		const char *name;
	} idle[] = {
		{ written->apply_to.at, "apply_to" },
		{ written->match_on.at, "match_on" },
		{ written->match_source.at, "match_on_source" },
		{ written->match_destination.at, "match_on_dest" },
		{ written->log.enabled.at, "log" },
		{ written->log.prefix.at, "log_prefix" },
		{ written->log.limit.at, "log_limit" },
	};
	for (size_t i = 0; i < countof(idle) && is_sound(scope); i++) {
		if (!span_is_set(idle[i].at))
			continue;
		struct diag *d = diag_warning(scope->diags, D_SET_IDLE, idle[i].at);
		diag_say(d, "%s does nothing without action", idle[i].name);
		return;
	}
}

/* What says how files are read, where there is none. */
static void check_reading(struct scope *scope, const struct written_ipset *written)
{
	const struct {
		struct span at;
		const char *name;
	} idle[] = {
		{ written->format.at, "format" },
		{ written->column.at, "column" },
		{ written->key.at, "key" },
	};
	for (size_t i = 0; i < countof(idle) && is_sound(scope); i++) {
		if (!span_is_set(idle[i].at) || span_is_set(written->files.at))
			continue;
		struct diag *d = diag_warning(scope->diags, D_SET_IDLE, idle[i].at);
		diag_say(d, "%s does nothing without file", idle[i].name);
	}
}

static void check_action(struct scope *scope, const struct written_ipset *written,
			 const struct ipset *set)
{
	if (set->action == RULE_CONTINUE) {
		check_idle(scope, written);
	} else if (set->kind != SET_ADDRESSES) {
		struct diag *d = diag_error(scope->diags, D_SET_ACTION, written->action.at);
		diag_say(d, "action is for sets of addresses");
		diag_note(d, written->type.at, "this set holds %s", written->type.value);
		diag_help(d, "name the set in a policy's rule");
	} else if (!set->match_source && !set->match_destination) {
		struct diag *d = diag_error(scope->diags, D_SET_ACTION, written->action.at);
		diag_say(d, "action looks at neither source nor destination");
		diag_help(d, "set match_on to \"source\", \"destination\" or \"both\"");
	}
}

static void resolve_action(struct scope *scope, const struct written_ipset *written,
			   struct ipset *set)
{
	check_reading(scope, written);
	set->action = action_of(written->action.value);
	set->apply_to = hooks_of(written->apply_to.value);
	resolve_sides(written, set);
	check_action(scope, written, set);
	set->log = written->log;
	logging_resolve(&set->log);
	set->log.enabled.value |= set->action == RULE_LOG;
}

static void resolve_set(struct scope *scope, const struct written_ipset *written, struct ipset *set)
{
	struct set_reading reading = { .scope = scope, .written = written, .set = set };
	set->name = written->name.value;
	set->at = written->at;
	check_name(scope, &written->name);
	read_type(&reading);
	if (is_unfilled(written))
		warn_unfilled(scope, written);
	read_content(&reading);
	resolve_size(&reading);
	check_content(&reading);
	resolve_action(scope, written, set);
}

static int by_name(const void *left, const void *right)
{
	const struct ipset *a = *(const struct ipset *const *)left,
			   *b = *(const struct ipset *const *)right;
	int order = strcmp(a->name, b->name);
	if (order != 0)
		return order;
	return a < b ? -1 : a > b;
}

static void check_twice(struct scope *scope, const struct config *config)
{
	for (uint32_t i = 1; i < config->sets.n; i++) {
		const struct ipset *first = config->sets_by_name[i - 1],
				   *set = config->sets_by_name[i];
		if (strcmp(first->name, set->name) != 0)
			continue;
		struct diag *d = diag_error(scope->diags, D_SET_TWICE, set->at);
		diag_say(d, "the set \"%s\" is declared already", set->name);
		diag_note(d, first->at, "the other one is here");
	}
}

void sets_resolve(struct scope *scope, const struct written *written, struct config *config)
{
	for (uint32_t i = 0; i < written->ipsets.n; i++)
		if (written->ipsets.at[i].name.value)
			resolve_set(scope, &written->ipsets.at[i],
				    push(scope->arena, &config->sets));
	if (config->sets.n == 0)
		return;
	config->sets_by_name =
		arena_array(scope->arena, config->sets.n, sizeof *config->sets_by_name);
	for (uint32_t i = 0; i < config->sets.n; i++)
		config->sets_by_name[i] = &config->sets.at[i];
	qsort(config->sets_by_name, config->sets.n, sizeof *config->sets_by_name, by_name);
	check_twice(scope, config);
}

const struct ipset *config_set(const struct config *config, const char *name)
{
	uint32_t low = 0, high = config->sets.n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(config->sets_by_name[middle]->name, name);
		if (order == 0)
			return config->sets_by_name[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
