#include "opt/normal.h"

#include <string.h>

#include "catalog/protocols.h"

/* The field of a key, and the protocol that the key implies. */
static const struct key_row {
	enum ir_key key;
	enum field field;
	const char *protocol; /* NULL: none */
} key_rows[] = {
	{ IR_L4PROTO, FIELD_PROTOCOL },
	{ IR_TCP_SPORT, FIELD_SOURCE_PORT, "tcp" },
	{ IR_UDP_SPORT, FIELD_SOURCE_PORT, "udp" },
	{ IR_TH_SPORT, FIELD_SOURCE_PORT },
	{ IR_TCP_DPORT, FIELD_PORT, "tcp" },
	{ IR_UDP_DPORT, FIELD_PORT, "udp" },
	{ IR_TH_DPORT, FIELD_PORT },
	{ IR_IP_SADDR, FIELD_SOURCE4 },
	{ IR_IP6_SADDR, FIELD_SOURCE6 },
	{ IR_IP_DADDR, FIELD_DESTINATION4 },
	{ IR_IP6_DADDR, FIELD_DESTINATION6 },
	{ IR_IIFNAME, FIELD_IN },
	{ IR_OIFNAME, FIELD_OUT },
	{ IR_ICMP_TYPE, FIELD_ICMP, "icmp" },
	{ IR_ICMPV6_TYPE, FIELD_ICMP6, "ipv6-icmp" },
};

static const struct key_row *key_find(enum ir_key key)
{
	for (size_t i = 0; i < countof(key_rows); i++)
		if (key_rows[i].key == key)
			return &key_rows[i];
	return NULL;
}

struct list {
	struct arena *arena;
	struct values values;
	uint32_t room;
	struct range_value *ranges;
	struct prefix *prefixes;
	const char **words;
};

static void list_start(struct list *list, uint32_t room)
{
	list->room = room;
	list->values = (struct values){ 0 };
}

static void list_add_range(struct list *list, const struct ir_value *value)
{
	struct values *values = &list->values;
	uint16_t low = (uint16_t)(value->kind == IR_RANGE ? value->low : value->number);
	uint16_t high = (uint16_t)(value->kind == IR_RANGE ? value->high : value->number);
	values->low = values->n == 0 || low < values->low ? low : values->low;
	values->high = values->n == 0 || high > values->high ? high : values->high;
	list->ranges[values->n++] = (struct range_value){ low, high };
}

static bool list_add(struct list *list, const struct ir_value *value)
{
	struct values *values = &list->values;
	switch (value->kind) {
	case IR_NUMBER:
	case IR_RANGE:
		if (!list->values.n) {
			list->ranges = arena_array(list->arena, list->room, sizeof *list->ranges);
			values->kind = VALUES_RANGES;
			values->ranges = list->ranges;
		}
		list_add_range(list, value);
		return values->kind == VALUES_RANGES;
	case IR_PREFIX:
		if (!list->values.n) {
			list->prefixes =
				arena_array(list->arena, list->room, sizeof *list->prefixes);
			values->kind = VALUES_PREFIXES;
			values->prefixes = list->prefixes;
		}
		list->prefixes[values->n++] = value->prefix;
		return values->kind == VALUES_PREFIXES;
	case IR_SYMBOL:
	case IR_STRING:
		if (!list->values.n) {
			list->words = arena_array(list->arena, list->room, sizeof *list->words);
			values->kind = VALUES_WORDS;
			values->words = list->words;
		}
		list->words[values->n++] = value->text;
		return values->kind == VALUES_WORDS;
	case IR_MARK:
	case IR_MAC:
	case IR_FLAGS:
	case IR_HOURS:
	case IR_ADDRESS_RANGE:
		return false;
	}
	return false;
}

static bool read_set(struct arena *arena, const struct ir_set *set, struct values *out)
{
	struct list list = { .arena = arena };
	if (set->is_dynamic || set->terms_n != 1)
		return false;
	if (set->prefixes_n > 0) {
		*out = (struct values){ .kind = VALUES_PREFIXES,
					.n = set->prefixes_n,
					.prefixes = set->prefixes };
		return true;
	}
	list_start(&list, set->elements.n);
	for (uint32_t i = 0; i < set->elements.n; i++)
		if (!list_add(&list, &set->elements.at[i].parts[0]))
			return false;
	*out = list.values;
	return out->n > 0;
}

static bool read_match(struct arena *arena, const struct ir_match *match, struct values *out)
{
	struct list list = { .arena = arena };
	if (match->terms_n != 1 || match->terms[0].masked || match->bits || match->op != IR_EQ)
		return false;
	if (match->set)
		return read_set(arena, match->set, out);
	list_start(&list, match->values.n);
	for (uint32_t i = 0; i < match->values.n; i++)
		if (!list_add(&list, &match->values.at[i].parts[0]))
			return false;
	*out = list.values;
	return out->n > 0;
}

static bool set_field(struct normal *normal, enum field field, const struct values *values)
{
	if (normal->mask >> field & 1)
		return false;
	normal->fields[field] = *values;
	normal->mask |= 1u << field;
	return true;
}

static bool add_match(struct arena *arena, const struct ir_match *match, struct normal *normal)
{
	const struct key_row *row = key_find(match->terms[0].key);
	struct values values;
	if (!row || !read_match(arena, match, &values) || !set_field(normal, row->field, &values))
		return false;
	if (!row->protocol || normal->mask >> FIELD_PROTOCOL & 1)
		return true;
	const char **word = arena_alloc(arena, sizeof *word);
	*word = row->protocol;
	return set_field(normal, FIELD_PROTOCOL,
			 &(struct values){ .kind = VALUES_WORDS, .n = 1, .words = word });
}

bool rule_normalise(struct arena *arena, const struct ir_rule *rule, struct normal *out)
{
	*out = (struct normal){ .is_pure = true };
	for (uint32_t i = 0; i < rule->statements.n; i++) {
		const struct ir_statement *statement = &rule->statements.at[i];
		bool is_last = i + 1 == rule->statements.n;
		if (statement->kind == IR_MATCH) {
			if (!add_match(arena, &statement->match, out))
				return false;
		} else if (statement->kind == IR_VERDICT && is_last) {
			out->target = statement->target;
		} else {
			out->is_pure = false;
		}
	}
	out->is_pure &= rule->statements.n > 0 &&
			rule->statements.at[rule->statements.n - 1].kind == IR_VERDICT;
	return true;
}

static bool word_is_in(const struct values *values, const char *word)
{
	for (uint32_t i = 0; i < values->n; i++) {
		if (values->words[i] == word)
			return true;
		size_t length = strcspn(values->words[i], "*");
		bool is_prefix = values->words[i][length] == '*';
		if (is_prefix ? strncmp(values->words[i], word, length) == 0
			      : strcmp(values->words[i], word) == 0)
			return true;
	}
	return false;
}

static bool prefix_is_in(const struct values *values, const struct prefix *prefix)
{
	for (uint32_t i = 0; i < values->n; i++)
		if (prefix_contains(&values->prefixes[i], prefix))
			return true;
	return false;
}

/* One range may be covered by several that touch each other. */
static bool range_is_in(const struct values *values, struct range_value range)
{
	uint32_t next = range.low;
	for (bool has_moved = true; has_moved && next <= range.high;) {
		has_moved = false;
		for (uint32_t i = 0; i < values->n; i++)
			if (values->ranges[i].low <= next && values->ranges[i].high >= next) {
				next = values->ranges[i].high + 1u;
				has_moved = true;
			}
	}
	return next > range.high;
}

/* Longer lists than this are not compared: the answer is no. */
enum { COMPARED_MAX = 256 };

bool values_covered(const struct values *outer, const struct values *inner)
{
	if (outer->kind == VALUES_ANY)
		return true;
	if (outer->kind != inner->kind || outer->n > COMPARED_MAX || inner->n > COMPARED_MAX)
		return false;
	if (outer->kind == VALUES_RANGES && (inner->low < outer->low || inner->high > outer->high))
		return false;
	for (uint32_t i = 0; i < inner->n; i++) {
		bool is_in = outer->kind == VALUES_RANGES ? range_is_in(outer, inner->ranges[i])
			     : outer->kind == VALUES_PREFIXES
				     ? prefix_is_in(outer, &inner->prefixes[i])
				     : word_is_in(outer, inner->words[i]);
		if (!is_in)
			return false;
	}
	return true;
}

bool normal_covers(const struct normal *outer, const struct normal *inner)
{
	if ((outer->mask & inner->mask) != outer->mask)
		return false;
	/* Ports first: they tell most rules apart. */
	if ((outer->mask >> FIELD_PORT & 1) &&
	    !values_covered(&outer->fields[FIELD_PORT], &inner->fields[FIELD_PORT]))
		return false;
	for (int field = 0; field < FIELD_COUNT; field++)
		if (field != FIELD_PORT && (outer->mask >> field & 1) &&
		    !values_covered(&outer->fields[field], &inner->fields[field]))
			return false;
	return true;
}
