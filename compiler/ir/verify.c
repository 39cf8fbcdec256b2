/* What an emitter may rely on. A mistake here is one of ours, never the user's. */
#include "ir/index.h"
#include "ir/name.h"
#include "ir/ruleset.h"

/* NF_LOG_PREFIXLEN and IFNAMSIZ less their NULs, and NFTNL_UDATA_COMMENT_MAXLEN. */
enum { PREFIX_MAX = 127, INTERFACE_MAX = 15, COMMENT_MAX = 128 };

/* Sets and maps share one space of names; chains, flowtables and each kind of object have their
 * own. */
struct verifier {
	const struct ruleset *ruleset;
	struct index chains, sets, flowtables;
	struct index objects[IR_COUNTER_OBJECT + 1];
	const char *mistake;
};

static void fail(struct verifier *v, const char *what, const char *name)
{
	if (!v->mistake)
		v->mistake = arena_printf(v->ruleset->arena, "%s: %s", what, name);
}

static void check_name(struct verifier *v, const char *name)
{
	if (!name_is_valid(name))
		fail(v, "invalid name", name);
}

static void check_string(struct verifier *v, const char *text, unsigned most)
{
	if (!string_is_safe(text, most))
		fail(v, "unsafe text", text);
}

static void collect(struct verifier *v, struct index *index, const char *name, void *thing)
{
	check_name(v, name);
	if (index_find(index, name))
		fail(v, "two things of one name", name);
	else
		index_add(v->ruleset->arena, index, name, thing);
}

static void collect_all(struct verifier *v)
{
	const struct ruleset *r = v->ruleset;
	for (uint32_t i = 0; i < r->chains.n; i++)
		collect(v, &v->chains, r->chains.at[i]->name, r->chains.at[i]);
	for (uint32_t i = 0; i < r->sets.n; i++)
		collect(v, &v->sets, r->sets.at[i]->name, r->sets.at[i]);
	for (uint32_t i = 0; i < r->flowtables.n; i++)
		collect(v, &v->flowtables, r->flowtables.at[i]->name, r->flowtables.at[i]);
	for (uint32_t i = 0; i < r->objects.n; i++)
		collect(v, &v->objects[r->objects.at[i]->kind], r->objects.at[i]->name,
			r->objects.at[i]);
}

static bool has_set(const struct verifier *v, const struct ir_set *set)
{
	return set && index_find(&v->sets, set->name) == set;
}

static void check_target(struct verifier *v, const struct ir_target *target, const char *where)
{
	bool moves = target->verdict == IR_JUMP || target->verdict == IR_GOTO;
	if (moves != (target->chain != NULL))
		fail(v, "verdict and chain do not fit", where);
	if (target->chain && (index_find(&v->chains, target->chain->name) != target->chain ||
			      target->chain->hook != IR_HOOK_NONE || target->chain->retired))
		fail(v, "no chain to go to", where);
}

static void check_addresses(struct verifier *v, const struct prefix *first,
			    const struct prefix *last, const char *where)
{
	if (first->family != last->family || !prefix_is_host(first) || !prefix_is_host(last) ||
	    prefix_compare(first, last) > 0)
		fail(v, "no range of addresses", where);
}

enum { TCP_FLAGS_ALL = 0xff, DAY_SECONDS = 24 * 60 * 60 };

static void check_value(struct verifier *v, const struct ir_value *value, const char *where)
{
	switch (value->kind) {
	case IR_NUMBER:
	case IR_MARK:
		return;
	case IR_SYMBOL:
	case IR_STRING:
	case IR_MAC:
		check_string(v, value->text, PREFIX_MAX);
		return;
	case IR_PREFIX:
		if (value->prefix.family != FAMILY_IPV4 && value->prefix.family != FAMILY_IPV6)
			fail(v, "address of no family", where);
		return;
	case IR_RANGE:
		if (value->low >= value->high)
			fail(v, "empty range", where);
		return;
	case IR_FLAGS:
		if (value->number > TCP_FLAGS_ALL)
			fail(v, "unknown flags", where);
		return;
	case IR_HOURS:
		if (value->low > value->high || value->high >= DAY_SECONDS)
			fail(v, "no hours of one day", where);
		return;
	case IR_ADDRESS_RANGE:
		check_addresses(v, value->first, value->last, where);
		return;
	}
}

static void check_values(struct verifier *v, const struct ir_value *values, uint32_t n,
			 const char *where)
{
	for (uint32_t i = 0; i < n; i++)
		check_value(v, &values[i], where);
}

/* Of flags, marks and addresses there can be parts; numgen and jhash have no meaning without a
 * modulus. */
static void check_term(struct verifier *v, const struct ir_term *term, const char *where)
{
	bool counts = term->key == IR_NUMGEN_INC || term->key == IR_JHASH_IP_SADDR ||
		      term->key == IR_JHASH_IP6_SADDR;
	if (term->key >= IR_KEY_COUNT || counts != (term->modulus > 0))
		fail(v, "impossible key", where);
	if (term->masked && !term->mask && !term->address_mask.family)
		fail(v, "empty mask", where);
}

static void check_terms(struct verifier *v, const struct ir_term *terms, uint32_t n,
			const char *where)
{
	if (n == 0 || n > IR_TERMS_MAX)
		fail(v, "impossible number of terms", where);
	for (uint32_t i = 0; i < n; i++)
		check_term(v, &terms[i], where);
}

static void check_set(struct verifier *v, const struct ir_set *set)
{
	check_terms(v, set->terms, set->terms_n, set->name);
	if (set->data_n > IR_DATA_MAX || (set->data_n > 0 && !set->is_map))
		fail(v, "set with impossible data", set->name);
	for (uint32_t i = 0; i < set->data_n; i++)
		if (!ir_key_rows[set->data[i]].type)
			fail(v, "data without a type", set->name);
	if (set->prefixes_n && (set->elements.n || set->is_map || set->terms_n != 1))
		fail(v, "networks where none can be", set->name);
	for (uint32_t i = 0; i < set->elements.n; i++) {
		const struct ir_element *element = &set->elements.at[i];
		check_values(v, element->parts, set->terms_n, set->name);
		check_values(v, element->data, set->data_n, set->name);
		if (set->is_map && set->data_n == 0)
			check_target(v, &element->target, set->name);
	}
	if (set->size && set->size < set->elements.n)
		fail(v, "set larger than its size", set->name);
	if (set->comment)
		check_string(v, set->comment, COMMENT_MAX);
}

/* A set or map, looked up by as many terms as it has. */
static void check_look_up(struct verifier *v, const struct ir_set *set, const struct ir_term *terms,
			  uint32_t n, const char *where)
{
	check_terms(v, terms, n, where);
	if (!has_set(v, set))
		fail(v, "no set", where);
	else if (set->terms_n != n)
		fail(v, "set of other terms", set->name);
}

static void check_map(struct verifier *v, const struct ir_set *map, const struct ir_term *terms,
		      uint32_t n, const char *where)
{
	check_look_up(v, map, terms, n, where);
	if (map && (!map->is_map || map->data_n == 0))
		fail(v, "no map of values", where);
}

static void check_match(struct verifier *v, const struct ir_match *match, const char *where)
{
	if (match->set) {
		check_look_up(v, match->set, match->terms, match->terms_n, where);
		if (match->set->is_map)
			fail(v, "match with a map", where);
		return;
	}
	check_terms(v, match->terms, match->terms_n, where);
	if (match->values.n == 0)
		fail(v, "match with nothing", where);
	for (uint32_t i = 0; i < match->values.n; i++)
		check_values(v, match->values.at[i].parts, match->terms_n, where);
}

static void check_update(struct verifier *v, const struct ir_update *update, const char *where)
{
	check_look_up(v, update->set, update->terms, update->terms_n, where);
	if (update->set && !update->set->is_dynamic)
		fail(v, "no dynamic set", where);
}

static void check_translate(struct verifier *v, const struct ir_translate *to, const char *where)
{
	bool takes_address = to->kind == IR_SNAT || to->kind == IR_DNAT;
	bool has_port = to->port_low || to->is_port_map;
	bool needs_address = takes_address && !(to->kind == IR_DNAT && has_port);
	bool maps_address = to->map && !to->is_port_map;
	if ((needs_address && !to->family) || (!takes_address && to->family) ||
	    (to->family && !maps_address && !to->low.family))
		fail(v, "translation and address do not fit", where);
	if (to->port_high < to->port_low || (to->is_port_map && !to->map) ||
	    (maps_address && to->low.family) || (to->map && to->port_low))
		fail(v, "impossible translation", where);
	if (to->is_prefix && !to->map)
		fail(v, "translation of networks without a map", where);
	if (to->map)
		check_map(v, to->map, to->terms, to->terms_n, where);
	if (to->low.family)
		check_addresses(v, &to->low, &to->high, where);
}

static void check_object_of(struct verifier *v, const struct ir_object *object,
			    enum ir_object_kind kind, const char *where)
{
	if (!object || index_find(&v->objects[kind], object->name) != object)
		fail(v, "no object", where);
}

static void check_statement(struct verifier *v, const struct ir_statement *s, const char *where)
{
	switch (s->kind) {
	case IR_MATCH:
		check_match(v, &s->match, where);
		return;
	case IR_VMAP:
		check_look_up(v, s->vmap.map, s->vmap.terms, s->vmap.terms_n, where);
		if (s->vmap.map && (!s->vmap.map->is_map || s->vmap.map->data_n))
			fail(v, "no map of verdicts", where);
		return;
	case IR_VERDICT:
		check_target(v, &s->target, where);
		return;
	case IR_COUNT:
		check_object_of(v, s->object, IR_COUNTER_OBJECT, where);
		return;
	case IR_LIMIT:
		if (s->limit.object)
			check_object_of(v, s->limit.object, IR_LIMIT_OBJECT, where);
		return;
	case IR_LOG:
		check_string(v, s->log.prefix, PREFIX_MAX);
		return;
	case IR_SET_TIMEOUT:
		check_object_of(v, s->object, IR_CT_TIMEOUT_OBJECT, where);
		return;
	case IR_SET_HELPER:
		check_object_of(v, s->object, IR_CT_HELPER_OBJECT, where);
		return;
	case IR_UPDATE:
		check_update(v, &s->update, where);
		return;
	case IR_MAP_MARK:
		check_map(v, s->map_mark.map, s->map_mark.terms, s->map_mark.terms_n, where);
		return;
	case IR_TRANSLATE:
		check_translate(v, &s->translate, where);
		return;
	case IR_OFFLOAD:
		if (!s->flowtable || index_find(&v->flowtables, s->flowtable->name) != s->flowtable)
			fail(v, "no flowtable", where);
		return;
	case IR_REJECT:
	case IR_NOTRACK:
	case IR_SET_MARK:
	case IR_SET_PACKET_MARK:
	case IR_COPY_MARK:
	case IR_SET_EVENT:
	case IR_SET_ZONE:
	case IR_SYNPROXY:
	case IR_SET_MSS:
		return;
	}
}

static void check_chain(struct verifier *v, const struct ir_chain *chain)
{
	if (chain->retired && (chain->rules.n > 0 || chain->hook == IR_HOOK_NONE))
		fail(v, "retired chain in use", chain->name);
	for (uint32_t i = 0; i < chain->rules.n; i++) {
		const struct ir_rule *rule = &chain->rules.at[i];
		if (rule->statements.n == 0)
			fail(v, "empty rule", chain->name);
		if (rule->comment)
			check_string(v, rule->comment, COMMENT_MAX);
		for (uint32_t k = 0; k < rule->statements.n; k++)
			check_statement(v, &rule->statements.at[k], chain->name);
	}
}

static void check_flowtable(struct verifier *v, const struct ir_flowtable *flowtable)
{
	if (flowtable->devices.n == 0)
		fail(v, "flowtable without devices", flowtable->name);
	for (uint32_t i = 0; i < flowtable->devices.n; i++)
		check_string(v, flowtable->devices.at[i], INTERFACE_MAX);
}

static void check_routes(struct verifier *v)
{
	const struct ruleset *r = v->ruleset;
	for (uint32_t i = 0; i < r->ip_rules.n; i++)
		if (r->ip_rules.at[i].mark & ~r->ip_rules.at[i].mask)
			fail(v, "mark outside its mask", "ip rule");
	for (uint32_t i = 0; i < r->ip_routes.n; i++) {
		const struct ir_ip_route *route = &r->ip_routes.at[i];
		if (route->to.family == 0 || (!route->copies_connected && !route->interface))
			fail(v, "route to nowhere", "ip route");
		if (route->interface)
			check_string(v, route->interface, INTERFACE_MAX);
	}
}

const char *ruleset_verify(const struct ruleset *ruleset)
{
	struct verifier v = { .ruleset = ruleset };
	collect_all(&v);
	for (uint32_t i = 0; i < ruleset->sets.n; i++)
		check_set(&v, ruleset->sets.at[i]);
	for (uint32_t i = 0; i < ruleset->flowtables.n; i++)
		check_flowtable(&v, ruleset->flowtables.at[i]);
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		check_chain(&v, ruleset->chains.at[i]);
	check_routes(&v);
	return v.mistake;
}
