#include "lower/build.h"

#include <string.h>

#include "ir/content.h"
#include "ir/name.h"

static const struct base_row {
	const char *name;
	enum ir_hook hook;
	int priority;
	enum ir_chain_type type;
} base_rows[BASE_COUNT] = {
	[BASE_ZONE_PRE] = { "zone_pre", IR_PREROUTING, -450 },
	[BASE_RAW_PRE] = { "raw_pre", IR_PREROUTING, -300 },
	[BASE_RAW_OUT] = { "raw_out", IR_OUTPUT, -300 },
	[BASE_SAVE_PRE] = { "save_pre", IR_PREROUTING, -175 },
	[BASE_SAVE_OUT] = { "save_out", IR_OUTPUT, -175 },
	[BASE_FLOW_PRE] = { "flow_pre", IR_PREROUTING, -150 },
	[BASE_FLOW_OUT] = { "flow_out", IR_OUTPUT, -150 },
	[BASE_MARK_PRE] = { "mark_pre", IR_PREROUTING, -125 },
	/* What is marked here is routed once more. */
	[BASE_MARK_OUT] = { "mark_out", IR_OUTPUT, -125, IR_ROUTE },
	[BASE_FW_IN] = { "fw_in", IR_INPUT, 0 },
	[BASE_FW_FWD] = { "fw_fwd", IR_FORWARD, 0 },
	[BASE_FW_OUT] = { "fw_out", IR_OUTPUT, 0 },
	[BASE_NAT_PRE] = { "nat_pre", IR_PREROUTING, -100, IR_NAT },
	[BASE_NAT_OUT] = { "nat_out", IR_OUTPUT, -100, IR_NAT },
	/* The way out depends on what a destination has become. */
	[BASE_UPLINK_PRE] = { "uplink_pre", IR_PREROUTING, -75 },
	[BASE_UPLINK_OUT] = { "uplink_out", IR_OUTPUT, -75, IR_ROUTE },
	[BASE_MSS] = { "mss_post", IR_POSTROUTING, -150 },
	[BASE_NAT_POST] = { "nat_post", IR_POSTROUTING, 100, IR_NAT },
};

struct ir_chain *base_chain(struct lowering *lowering, enum base_chain which)
{
	if (!lowering->bases[which]) {
		const struct base_row *row = &base_rows[which];
		struct ir_chain *chain = chain_new(lowering->out, row->name, NOWHERE);
		chain->hook = row->hook;
		chain->type = row->type;
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

struct ir_value value_prefix(struct prefix prefix)
{
	return (struct ir_value){ .kind = IR_PREFIX, .prefix = prefix };
}

struct ir_rule *rule_start(struct lowering *lowering, struct ir_chain *chain, struct span at)
{
	return rule_new(lowering->out, chain, at);
}

void match_add(struct lowering *lowering, struct ir_match *match, struct ir_value value)
{
	struct ir_element *element = push(lowering->arena, &match->values);
	element->parts = arena_alloc(lowering->arena, sizeof *element->parts);
	*element->parts = value;
}

void rule_match(struct lowering *lowering, struct ir_rule *rule, struct ir_term term,
		struct ir_value value)
{
	struct ir_match *match = &statement_new(lowering->out, rule, IR_MATCH)->match;
	match->terms[0] = term;
	match->terms_n = 1;
	reserve(lowering->arena, &match->values, 1);
	match_add(lowering, match, value);
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

void rule_match_terms(struct lowering *lowering, struct ir_rule *rule, const struct ir_term *terms,
		      uint32_t n, enum ir_op op, const struct ir_set *set)
{
	rule_match_set(lowering, rule, terms[0], op, set);
	struct ir_match *match = &rule->statements.at[rule->statements.n - 1].match;
	memcpy(match->terms, terms, n * sizeof *terms);
	match->terms_n = n;
}

void rule_vmap_terms(struct lowering *lowering, struct ir_rule *rule, const struct ir_term *terms,
		     uint32_t n, const struct ir_set *map)
{
	rule_vmap(lowering, rule, terms[0], map);
	struct ir_vmap *vmap = &rule->statements.at[rule->statements.n - 1].vmap;
	memcpy(vmap->terms, terms, n * sizeof *terms);
	vmap->terms_n = n;
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
	element->parts = arena_array(lowering->arena, set->terms_n, sizeof *element->parts);
	if (set->data_n > 0)
		element->data = arena_array(lowering->arena, set->data_n, sizeof *element->data);
	element->parts[0] = value;
	element->at = at;
	return element;
}

struct ir_set *set_start_terms(struct lowering *lowering, const struct ir_term *terms, uint32_t n,
			       struct span at)
{
	struct ir_set *set = set_start(lowering, terms[0], at);
	memcpy(set->terms, terms, n * sizeof *terms);
	set->terms_n = n;
	return set;
}

struct ir_element *set_add_parts(struct lowering *lowering, struct ir_set *set,
				 const struct ir_value *values, struct span at)
{
	struct ir_element *element = set_add(lowering, set, values[0], at);
	memcpy(element->parts, values, set->terms_n * sizeof *values);
	return element;
}

/* From so many elements on it pays to tell the kernel how many there are: it takes a table of that
 * size, and fills it two to four times as fast as one that grows. */
enum { SIZED_SET = 32 };

const struct ir_set *set_done(struct lowering *lowering, struct ir_set *set, const char *base)
{
	set_sort(set);
	if (!set->is_interval && !set->is_dynamic && (set->is_map || set->elements.n > SIZED_SET))
		set->size = set->elements.n;
	for (uint32_t hash = set_hash(set);; hash++) {
		set->name = name_hashed(lowering->arena, base, hash);
		const struct ir_set *known = index_find(&lowering->sets, set->name);
		if (!known)
			break;
		/* Another content may have the same hash. */
		if (set_equal(known, set))
			return known;
	}
	index_add(lowering->arena, &lowering->sets, set->name, set);
	*push(lowering->out->arena, &lowering->out->sets) = set;
	return set;
}

struct ir_object *object_find(struct lowering *lowering, const char *name)
{
	const struct ruleset *out = lowering->out;
	for (; lowering->objects_n < out->objects.n; lowering->objects_n++) {
		struct ir_object *object = out->objects.at[lowering->objects_n];
		if (!index_find(&lowering->objects, object->name))
			index_add(lowering->arena, &lowering->objects, object->name, object);
	}
	return index_find(&lowering->objects, name);
}

const struct ir_object *counter_get(struct lowering *lowering, const char *name, struct span at)
{
	const struct ir_object *known = object_find(lowering, name);
	return known ? known : object_new(lowering->out, IR_COUNTER_OBJECT, name, at);
}

const char *zone_name(struct lowering *lowering, const char *what, const struct zone *zone)
{
	return name_make(lowering->arena, what, zone->name);
}

struct ir_chain *zone_chain(struct lowering *lowering, const char *what, const struct zone *zone)
{
	return chain_new(lowering->out, zone_name(lowering, what, zone), zone->at);
}
