#include "opt/dispatch.h"

#include <string.h>

#include "base/text.h"
#include "catalog/protocols.h"
#include "ir/content.h"
#include "ir/index.h"
#include "ir/name.h"
#include "opt/fall.h"
#include "opt/normal.h"

/* So many rules in a row are cheaper to walk through than to look up. */
enum { RUN_MIN = 3 };

/* A range of so many ports is written out; a longer one stays a rule. */
enum { PORTS_MAX = 16 };

/* Maps that one chain alone looks into, of chains with a fact and of others: see dispatch_ports. */
enum { OWN_OF_FACTS_MAX = 512, OWN_OF_OTHERS_MAX = 256 };

enum { WITH_PORTS = 1u << FIELD_PROTOCOL | 1u << FIELD_PORT };

/* What a look-up has besides protocol and port: nothing, or a single address. */
static const struct shape {
	uint32_t mask;
	enum field field; /* FIELD_COUNT: none */
	enum ir_key key;
} shapes[] = {
	{ WITH_PORTS, FIELD_COUNT },
	{ WITH_PORTS | 1u << FIELD_SOURCE4, FIELD_SOURCE4, IR_IP_SADDR },
	{ WITH_PORTS | 1u << FIELD_SOURCE6, FIELD_SOURCE6, IR_IP6_SADDR },
	{ WITH_PORTS | 1u << FIELD_DESTINATION4, FIELD_DESTINATION4, IR_IP_DADDR },
	{ WITH_PORTS | 1u << FIELD_DESTINATION6, FIELD_DESTINATION6, IR_IP6_DADDR },
};

/* One of the elements that a rule becomes: without padding, to be compared as bytes. */
struct key {
	uint32_t protocol; /* its number */
	uint32_t port;
	struct prefix address; /* zero: none */
};

/* Keys that are taken: of two rules for one key the first one counts. */
struct taken {
	struct arena *arena;
	struct key *keys; /* a hash table; a free one has protocol and port 0 */
	uint32_t size, n;
};

struct dispatcher {
	struct ruleset *ruleset;
	const struct fall *fall;
	/* What chains with a fact share, by shape: the n-th run of each is in the n-th map. Only
	 * one rule looks into a map, in a chain of its own: the kernel goes through all elements of
	 * a verdict map for every rule that refers to it. */
	struct {
		VEC(struct ir_set *) maps;
		VEC(struct ir_chain *) chains;
	} shared[countof(shapes)];
	uint32_t own_of_facts, own_of_others;
	struct index sets; /* of the ruleset, by name */
};

/* A run of rules of one shape, in one chain. */
struct run {
	const struct shape *shape;
	struct ir_chain *chain;
	const struct ir_fact *fact; /* that the look-up shares a map by; NULL: it has its own */
	uint32_t first, n;
	const struct normal *normals; /* of these rules */
	bool drops;		      /* what is in none of them is dropped */
	struct ir_set *map;
	struct taken taken;
	uint32_t added;
};

static bool key_is_free(const struct key *key)
{
	return key->protocol == 0 && key->port == 0;
}

static bool taken_insert(struct taken *taken, const struct key *key)
{
	uint32_t at = hash_bytes(HASH_START, key, sizeof *key) & (taken->size - 1);
	for (; !key_is_free(&taken->keys[at]); at = (at + 1) & (taken->size - 1))
		if (memcmp(&taken->keys[at], key, sizeof *key) == 0)
			return false;
	taken->keys[at] = *key;
	taken->n++;
	return true;
}

/* Adds a key; false where it is there already. */
static bool taken_add(struct taken *taken, const struct key *key)
{
	if (taken->n * 2 >= taken->size) {
		struct taken larger = { .arena = taken->arena,
					.size = taken->size ? taken->size * 4 : 64 };
		larger.keys = arena_array(taken->arena, larger.size, sizeof *larger.keys);
		for (uint32_t i = 0; i < taken->size; i++)
			if (!key_is_free(&taken->keys[i]))
				taken_insert(&larger, &taken->keys[i]);
		*taken = larger;
	}
	return taken_insert(taken, key);
}

static uint32_t ports_of(const struct values *ports)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < ports->n; i++) {
		uint32_t length = ports->ranges[i].high - ports->ranges[i].low + 1u;
		if (length > PORTS_MAX)
			return UINT32_MAX;
		count += length;
	}
	return count;
}

static bool has_known_protocols(const struct values *protocols)
{
	for (uint32_t i = 0; i < protocols->n; i++)
		if (protocol_number(protocols->words[i]) < 0)
			return false;
	return true;
}

static bool has_hosts(const struct values *addresses)
{
	for (uint32_t i = 0; i < addresses->n; i++)
		if (!prefix_is_host(&addresses->prefixes[i]))
			return false;
	return addresses->n <= PORTS_MAX;
}

/* A rule that is nothing but ports, perhaps an address, and a verdict that ends; NULL where it is
 * something else. One that may come back must be followed by the very next rule. */
static const struct shape *shape_of(struct arena *arena, const struct ir_rule *rule,
				    struct normal *normal)
{
	if (!rule_normalise(arena, rule, normal) || !normal->is_pure ||
	    normal->target.verdict == IR_JUMP || normal->fields[FIELD_PORT].kind != VALUES_RANGES ||
	    ports_of(&normal->fields[FIELD_PORT]) > PORTS_MAX * 4u ||
	    !has_known_protocols(&normal->fields[FIELD_PROTOCOL]))
		return NULL;
	for (size_t i = 0; i < countof(shapes); i++)
		if (shapes[i].mask == normal->mask &&
		    (shapes[i].field == FIELD_COUNT || has_hosts(&normal->fields[shapes[i].field])))
			return &shapes[i];
	return NULL;
}

/* Maps */

static struct ir_set *map_new(struct dispatcher *d, const struct run *run)
{
	const struct ir_fact *fact = run->fact;
	struct ir_set *map = arena_alloc(d->ruleset->arena, sizeof *map);
	if (fact)
		map->terms[map->terms_n++] = fact->term;
	if (run->shape->field != FIELD_COUNT)
		map->terms[map->terms_n++] = (struct ir_term){ .key = run->shape->key };
	map->terms[map->terms_n++] = (struct ir_term){ .key = IR_L4PROTO };
	map->terms[map->terms_n++] = (struct ir_term){ .key = IR_TH_DPORT };
	map->is_map = true;
	return map;
}

static void look_into(struct dispatcher *d, struct ir_rule *rule, const struct ir_set *map)
{
	if (map->is_map) {
		struct ir_vmap *vmap = &statement_new(d->ruleset, rule, IR_VMAP)->vmap;
		memcpy(vmap->terms, map->terms, sizeof vmap->terms);
		vmap->terms_n = map->terms_n;
		vmap->map = map;
		return;
	}
	struct ir_match *match = &statement_new(d->ruleset, rule, IR_MATCH)->match;
	memcpy(match->terms, map->terms, sizeof match->terms);
	match->terms_n = map->terms_n;
	match->set = map;
	statement_new(d->ruleset, rule, IR_VERDICT)->target.verdict = IR_ACCEPT;
}

static void share_map(struct dispatcher *d, const struct run *run, size_t shape)
{
	static const char *const names[countof(shapes)] = { "ports", "source4", "source6",
							    "destination4", "destination6" };
	struct ruleset *ruleset = d->ruleset;
	struct ir_set *map = map_new(d, run);
	*push(ruleset->arena, &d->shared[shape].maps) = map;
	*push(ruleset->arena, &d->shared[shape].chains) = chain_new(
		ruleset,
		arena_printf(ruleset->arena, "look/%s/%u", names[shape], d->shared[shape].maps.n),
		NOWHERE);
}

/* The map for a run that is the n-th of its shape in its chain. */
static struct ir_set *map_for(struct dispatcher *d, const struct run *run, uint32_t n)
{
	size_t shape = (size_t)(run->shape - shapes);
	if (!run->fact) {
		*(run->chain->fact ? &d->own_of_facts : &d->own_of_others) += 1;
		return map_new(d, run);
	}
	while (d->shared[shape].maps.n <= n)
		share_map(d, run, shape);
	return d->shared[shape].maps.at[n];
}

static void add_element(struct dispatcher *d, struct run *run, const struct ir_rule *rule,
			const char *protocol, const struct key *key)
{
	const struct ir_fact *fact = run->fact;
	const struct ir_target target = rule->statements.at[rule->statements.n - 1].target;
	if (!taken_add(&run->taken, key) || (run->drops && target.verdict == IR_DROP))
		return;
	run->added++;
	struct ir_element *element = push(d->ruleset->arena, &run->map->elements);
	element->parts = arena_array(d->ruleset->arena, run->map->terms_n, sizeof *element->parts);
	uint32_t n = 0;
	if (fact)
		element->parts[n++] = fact->value;
	if (run->shape->field != FIELD_COUNT)
		element->parts[n++] =
			(struct ir_value){ .kind = IR_PREFIX, .prefix = key->address };
	element->parts[n++] = (struct ir_value){ .kind = IR_SYMBOL, .text = protocol };
	element->parts[n++] = (struct ir_value){ .kind = IR_NUMBER, .number = key->port };
	element->target = target;
	element->at = rule->at;
}

static void add_ports(struct dispatcher *d, struct run *run, uint32_t index,
		      const struct prefix *address)
{
	const struct ir_rule *rule = &run->chain->rules.at[run->first + index];
	const struct values *protocols = &run->normals[index].fields[FIELD_PROTOCOL];
	const struct values *ports = &run->normals[index].fields[FIELD_PORT];
	for (uint32_t i = 0; i < protocols->n; i++)
		for (uint32_t k = 0; k < ports->n; k++)
			for (uint32_t port = ports->ranges[k].low; port <= ports->ranges[k].high;
			     port++) {
				struct key key = { .protocol = (uint32_t)protocol_number(
							   protocols->words[i]),
						   .port = port };
				if (address)
					key.address = *address;
				add_element(d, run, rule, protocols->words[i], &key);
			}
}

static void add_rule(struct dispatcher *d, struct run *run, uint32_t index)
{
	if (run->shape->field == FIELD_COUNT) {
		add_ports(d, run, index, NULL);
		return;
	}
	const struct values *addresses = &run->normals[index].fields[run->shape->field];
	for (uint32_t i = 0; i < addresses->n; i++)
		add_ports(d, run, index, &addresses->prefixes[i]);
}

/* The rule that stands where the run stood: to the shared chain, from which it comes back where
 * there is more to look at. */
static struct ir_rule lookup_rule(struct dispatcher *d, const struct run *run,
				  const struct ir_set *map, uint32_t number)
{
	bool is_last = run->first + run->n == run->chain->rules.n;
	struct ir_rule rule = { .at = run->chain->rules.at[run->first].at };
	if (run->fact)
		statement_new(d->ruleset, &rule, IR_VERDICT)->target =
			(struct ir_target){ is_last ? IR_GOTO : IR_JUMP,
					    d->shared[run->shape - shapes].chains.at[number] };
	else
		look_into(d, &rule, map);
	return rule;
}

static bool accepts_all(const struct ir_set *map)
{
	for (uint32_t i = 0; i < map->elements.n; i++)
		if (map->elements.at[i].target.verdict != IR_ACCEPT)
			return false;
	return true;
}

/* Where all verdicts are the same, a set says as much in two thirds of the text. */
static void finish_map(struct dispatcher *d, struct ir_set *map)
{
	map->is_map = !accepts_all(map);
	set_sort(map);
	map->size = map->elements.n;
	map->name = name_hashed(d->ruleset->arena, "ports", set_hash(map));
}

/* Another map of the same content, or this one, added to the ruleset. */
static const struct ir_set *keep_map(struct dispatcher *d, struct ir_set *map)
{
	const struct ir_set *known = index_find(&d->sets, map->name);
	if (known)
		return known;
	index_add(d->ruleset->arena, &d->sets, map->name, map);
	*push(d->ruleset->arena, &d->ruleset->sets) = map;
	return map;
}

/* Chains */

/* The rules from `first` on that have one shape. */
static void find_run(const struct dispatcher *d, struct run *run, struct normal *normals)
{
	run->n = 0;
	run->shape = NULL;
	run->normals = normals;
	for (uint32_t i = run->first; i < run->chain->rules.n; i++) {
		const struct shape *shape =
			shape_of(d->ruleset->arena, &run->chain->rules.at[i], &normals[run->n]);
		if (!shape || (run->shape && shape != run->shape))
			return;
		run->shape = shape;
		run->n++;
	}
}

static const struct ir_set *look_up(struct dispatcher *d, struct run *run, uint32_t number)
{
	run->map = map_for(d, run, number);
	run->taken = (struct taken){ .arena = d->ruleset->arena };
	run->drops =
		run->first + run->n == run->chain->rules.n && falls_to_drop(d->fall, run->chain);
	run->added = 0;
	for (uint32_t i = 0; i < run->n; i++)
		add_rule(d, run, i);
	if (run->fact || run->added == 0)
		return run->map;
	finish_map(d, run->map);
	return keep_map(d, run->map);
}

static void dispatch_chain(struct dispatcher *d, struct ir_chain *chain, struct normal *normals)
{
	uint32_t kept = 0, numbers[countof(shapes)] = { 0 };
	struct run run = { .chain = chain };
	while (run.first < chain->rules.n) {
		run.fact = d->own_of_facts >= OWN_OF_FACTS_MAX ? chain->fact : NULL;
		find_run(d, &run, normals);
		if (run.n < RUN_MIN || (!chain->fact && d->own_of_others >= OWN_OF_OTHERS_MAX)) {
			run.n = run.n ? run.n : 1;
			for (uint32_t i = 0; i < run.n; i++)
				chain->rules.at[kept++] = chain->rules.at[run.first + i];
		} else {
			uint32_t number = numbers[run.shape - shapes]++;
			const struct ir_set *map = look_up(d, &run, number);
			if (run.added > 0)
				chain->rules.at[kept++] = lookup_rule(d, &run, map, number);
		}
		run.first += run.n;
	}
	chain->rules.n = kept;
}

static uint32_t longest_chain(const struct ruleset *ruleset)
{
	uint32_t longest = 0;
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		if (ruleset->chains.at[i]->rules.n > longest)
			longest = ruleset->chains.at[i]->rules.n;
	return longest;
}

static void finish_shared(struct dispatcher *d, size_t shape)
{
	struct ruleset *ruleset = d->ruleset;
	for (uint32_t i = 0; i < d->shared[shape].maps.n; i++) {
		struct ir_set *map = d->shared[shape].maps.at[i];
		if (map->elements.n == 0)
			continue;
		finish_map(d, map);
		look_into(d, rule_new(ruleset, d->shared[shape].chains.at[i], NOWHERE), map);
		*push(ruleset->arena, &ruleset->sets) = map;
	}
}

void dispatch_ports(struct ruleset *ruleset, const struct fall *fall)
{
	struct dispatcher d = { .ruleset = ruleset, .fall = fall };
	for (uint32_t i = 0; i < ruleset->sets.n; i++)
		index_add(ruleset->arena, &d.sets, ruleset->sets.at[i]->name, ruleset->sets.at[i]);
	struct normal *normals =
		arena_array(ruleset->arena, longest_chain(ruleset) + 1, sizeof *normals);
	uint32_t chains = ruleset->chains.n;
	for (uint32_t i = 0; i < chains; i++)
		if (ruleset->chains.at[i]->rules.n >= RUN_MIN)
			dispatch_chain(&d, ruleset->chains.at[i], normals);
	for (size_t shape = 0; shape < countof(shapes); shape++)
		finish_shared(&d, shape);
}
