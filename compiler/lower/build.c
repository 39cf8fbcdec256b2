#include "lower/build.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "catalog/protocols.h"
#include "ir/name.h"

static const struct base_row {
	const char *name;
	enum ir_hook hook;
	int priority;
} base_rows[BASE_COUNT] = {
	[BASE_ZONE_PRE] = { "zone_pre", IR_PREROUTING, -450 },
	[BASE_RAW_PRE] = { "raw_pre", IR_PREROUTING, -300 },
	[BASE_RAW_OUT] = { "raw_out", IR_OUTPUT, -300 },
	[BASE_FLOW_PRE] = { "flow_pre", IR_PREROUTING, -150 },
	[BASE_FLOW_OUT] = { "flow_out", IR_OUTPUT, -150 },
	[BASE_FW_IN] = { "fw_in", IR_INPUT, 0 },
	[BASE_FW_FWD] = { "fw_fwd", IR_FORWARD, 0 },
};

struct ir_chain *base_chain(struct lowering *lowering, enum base_chain which)
{
	if (!lowering->bases[which]) {
		const struct base_row *row = &base_rows[which];
		struct ir_chain *chain = chain_new(lowering->out, row->name, NOWHERE);
		chain->hook = row->hook;
		chain->type = IR_FILTER;
		chain->priority = row->priority;
		lowering->bases[which] = chain;
	}
	return lowering->bases[which];
}

void base_chains_retire(struct lowering *lowering)
{
	for (int which = 0; which < BASE_COUNT; which++)
		if (!lowering->bases[which])
			base_chain(lowering, (enum base_chain)which)->retired = true;
}

struct ir_term term_of(enum ir_key key)
{
	return (struct ir_term){ .key = key };
}

struct ir_term term_mark(uint32_t mask)
{
	return (struct ir_term){ .key = IR_CT_MARK, .masked = true, .mask = mask };
}

struct ir_value value_symbol(const char *word)
{
	return (struct ir_value){ .kind = IR_SYMBOL, .text = word };
}

struct ir_value value_string(const char *text)
{
	return (struct ir_value){ .kind = IR_STRING, .text = text };
}

struct ir_value value_number(uint32_t number)
{
	return (struct ir_value){ .kind = IR_NUMBER, .number = number };
}

struct ir_value value_mark(uint32_t mark)
{
	return (struct ir_value){ .kind = IR_MARK, .number = mark };
}

struct ir_value value_range(uint32_t low, uint32_t high)
{
	if (low == high)
		return value_number(low);
	return (struct ir_value){ .kind = IR_RANGE, .low = low, .high = high };
}

struct ir_rule *rule_start(struct lowering *lowering, struct ir_chain *chain, struct span at)
{
	return rule_new(lowering->out, chain, at);
}

void rule_match(struct lowering *lowering, struct ir_rule *rule, struct ir_term term,
		struct ir_value value)
{
	struct ir_match *match = &statement_new(lowering->out, rule, IR_MATCH)->match;
	match->terms[0] = term;
	match->terms_n = 1;
	push(lowering->arena, &match->values)->parts[0] = value;
}

void rule_match_set(struct lowering *lowering, struct ir_rule *rule, struct ir_term term,
		    enum ir_op op, const struct ir_set *set)
{
	struct ir_match *match = &statement_new(lowering->out, rule, IR_MATCH)->match;
	match->terms[0] = term;
	match->terms_n = 1;
	match->op = op;
	match->set = set;
}

void rule_vmap(struct lowering *lowering, struct ir_rule *rule, struct ir_term term,
	       const struct ir_set *map)
{
	struct ir_vmap *vmap = &statement_new(lowering->out, rule, IR_VMAP)->vmap;
	vmap->terms[0] = term;
	vmap->terms_n = 1;
	vmap->map = map;
}

void rule_verdict(struct lowering *lowering, struct ir_rule *rule, enum ir_verdict verdict,
		  const struct ir_chain *chain)
{
	statement_new(lowering->out, rule, IR_VERDICT)->target =
		(struct ir_target){ .verdict = verdict, .chain = chain };
}

void rule_count(struct lowering *lowering, struct ir_rule *rule, const struct ir_object *counter)
{
	statement_new(lowering->out, rule, IR_COUNT)->object = counter;
}

void rule_confirmed(struct lowering *lowering, struct ir_chain *chain, enum ir_verdict verdict)
{
	struct ir_rule *rule = rule_start(lowering, chain, NOWHERE);
	rule_match(lowering, rule, term_of(IR_CT_STATUS), value_symbol("confirmed"));
	rule_verdict(lowering, rule, verdict, NULL);
}

struct ir_set *set_start(struct lowering *lowering, struct ir_term term, struct span at)
{
	struct ir_set *set = arena_alloc(lowering->arena, sizeof *set);
	set->terms[0] = term;
	set->terms_n = 1;
	set->at = at;
	return set;
}

struct ir_element *set_add(struct lowering *lowering, struct ir_set *set, struct ir_value value,
			   struct span at)
{
	struct ir_element *element = push(lowering->arena, &set->elements);
	element->parts[0] = value;
	element->at = at;
	return element;
}

static uint32_t hash_number(uint32_t hash, uint32_t number)
{
	return hash_bytes(hash, &number, sizeof number);
}

static uint32_t hash_value(uint32_t hash, const struct ir_value *value)
{
	hash = hash_number(hash, value->kind);
	switch (value->kind) {
	case IR_NUMBER:
	case IR_MARK:
		return hash_number(hash, value->number);
	case IR_SYMBOL:
	case IR_STRING:
	case IR_MAC:
		return hash_string(hash, value->text);
	case IR_PREFIX:
		return hash_bytes(hash, &value->prefix, sizeof value->prefix);
	case IR_RANGE:
		return hash_number(hash_number(hash, value->low), value->high);
	}
	return hash;
}

static uint32_t hash_set(const struct ir_set *set)
{
	uint32_t hash = hash_number(HASH_START, set->terms[0].key);
	hash = hash_number(hash, set->is_map | set->is_interval << 1 | set->is_dynamic << 2);
	hash = hash_number(hash, set->timeout);
	for (uint32_t i = 0; i < set->elements.n; i++) {
		const struct ir_element *element = &set->elements.at[i];
		hash = hash_value(hash, &element->parts[0]);
		hash = hash_number(hash, element->target.verdict);
		hash = hash_string(hash, element->target.chain ? element->target.chain->name : "");
	}
	return hash_bytes(hash, set->prefixes, set->prefixes_n * sizeof *set->prefixes);
}

/* Interface names are compared as the kernel's little-endian registers hold them: the last byte
 * first. */
static int compare_names(const char *a, const char *b)
{
	size_t m = strlen(a), n = strlen(b);
	if (m != n)
		return m < n ? -1 : 1;
	for (size_t i = n; i-- > 0;)
		if (a[i] != b[i])
			return (unsigned char)a[i] < (unsigned char)b[i] ? -1 : 1;
	return 0;
}

static int compare_elements(const void *left, const void *right)
{
	const struct ir_value *a = &((const struct ir_element *)left)->parts[0];
	const struct ir_value *b = &((const struct ir_element *)right)->parts[0];
	switch (a->kind) {
	case IR_NUMBER:
	case IR_MARK:
	case IR_RANGE: {
		uint32_t x = a->kind == IR_RANGE ? a->low : a->number;
		uint32_t y = b->kind == IR_RANGE ? b->low : b->number;
		return x < y ? -1 : x > y;
	}
	case IR_STRING:
		return strchr(a->text, '*') ? strcmp(a->text, b->text)
					    : compare_names(a->text, b->text);
	case IR_MAC:
		return strcmp(a->text, b->text);
	case IR_SYMBOL:
		return protocol_number(a->text) - protocol_number(b->text);
	case IR_PREFIX:
		return prefix_compare(&a->prefix, &b->prefix);
	}
	return 0;
}

/* In the order in which nft lists them, so that a listing reads like what was written. */
static void sort_elements(struct ir_set *set)
{
	bool has_words = set->elements.n > 0 && set->elements.at[0].parts[0].kind == IR_SYMBOL;
	if (set->elements.n > 1 && (!has_words || set->terms[0].key == IR_L4PROTO))
		qsort(set->elements.at, set->elements.n, sizeof *set->elements.at,
		      compare_elements);
}

const struct ir_set *set_done(struct lowering *lowering, struct ir_set *set, const char *base)
{
	sort_elements(set);
	set->name = name_hashed(lowering->arena, base, hash_set(set));
	for (uint32_t i = 0; i < lowering->out->sets.n; i++)
		if (strcmp(lowering->out->sets.at[i]->name, set->name) == 0)
			return lowering->out->sets.at[i];
	*push(lowering->out->arena, &lowering->out->sets) = set;
	return set;
}

const struct ir_object *counter_get(struct lowering *lowering, const char *name, struct span at)
{
	for (uint32_t i = 0; i < lowering->out->objects.n; i++)
		if (strcmp(lowering->out->objects.at[i]->name, name) == 0)
			return lowering->out->objects.at[i];
	return object_new(lowering->out, IR_COUNTER_OBJECT, name, at);
}

const char *zone_name(struct lowering *lowering, const char *what, const struct zone *zone)
{
	return name_make(lowering->arena, what, zone->name);
}

struct ir_chain *zone_chain(struct lowering *lowering, const char *what, const struct zone *zone)
{
	return chain_new(lowering->out, zone_name(lowering, what, zone), zone->at);
}
