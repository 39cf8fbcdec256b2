/* What an emitter may rely on. A mistake here is one of ours, never the user's. */
#include <string.h>

#include "ir/name.h"
#include "ir/ruleset.h"

/* NF_LOG_PREFIXLEN less its NUL, and NFTNL_UDATA_COMMENT_MAXLEN. */
enum { PREFIX_MAX = 127, COMMENT_MAX = 128 };

struct verifier {
	const struct ruleset *ruleset;
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

static bool has_chain(const struct ruleset *ruleset, const struct ir_chain *chain)
{
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		if (ruleset->chains.at[i] == chain)
			return true;
	return false;
}

static bool has_set(const struct ruleset *ruleset, const struct ir_set *set)
{
	for (uint32_t i = 0; i < ruleset->sets.n; i++)
		if (ruleset->sets.at[i] == set)
			return true;
	return false;
}

static bool has_object(const struct ruleset *ruleset, const struct ir_object *object)
{
	for (uint32_t i = 0; i < ruleset->objects.n; i++)
		if (ruleset->objects.at[i] == object)
			return true;
	return false;
}

static void check_target(struct verifier *v, const struct ir_target *target, const char *where)
{
	bool moves = target->verdict == IR_JUMP || target->verdict == IR_GOTO;
	if (moves != (target->chain != NULL))
		fail(v, "verdict and chain do not fit", where);
	if (target->chain && (!has_chain(v->ruleset, target->chain) ||
			      target->chain->hook != IR_HOOK_NONE || target->chain->retired))
		fail(v, "no chain to go to", where);
}

static void check_value(struct verifier *v, const struct ir_value *value)
{
	if (value->kind == IR_STRING || value->kind == IR_SYMBOL || value->kind == IR_MAC)
		check_string(v, value->text, PREFIX_MAX);
	if (value->kind == IR_RANGE && value->low >= value->high)
		fail(v, "empty range", "");
}

static void check_element(struct verifier *v, const struct ir_element *element, uint32_t parts)
{
	for (uint32_t i = 0; i < parts; i++)
		check_value(v, &element->parts[i]);
}

static void check_set(struct verifier *v, const struct ir_set *set)
{
	check_name(v, set->name);
	if (set->terms_n == 0 || set->terms_n > IR_TERMS_MAX)
		fail(v, "set without a type", set->name);
	for (uint32_t i = 0; i < set->elements.n; i++) {
		check_element(v, &set->elements.at[i], set->terms_n);
		if (set->is_map)
			check_target(v, &set->elements.at[i].target, set->name);
	}
	if (set->comment)
		check_string(v, set->comment, COMMENT_MAX);
}

static void check_match(struct verifier *v, const struct ir_match *match, const char *where)
{
	if (match->set ? !has_set(v->ruleset, match->set) || match->set->is_map
		       : match->values.n == 0)
		fail(v, "match with nothing", where);
	for (uint32_t i = 0; i < match->values.n; i++)
		check_element(v, &match->values.at[i], match->terms_n);
}

static void check_object_of(struct verifier *v, const struct ir_object *object,
			    enum ir_object_kind kind, const char *where)
{
	if (!has_object(v->ruleset, object) || object->kind != kind)
		fail(v, "no object", where);
}

static void check_statement(struct verifier *v, const struct ir_statement *s, const char *where)
{
	switch (s->kind) {
	case IR_MATCH:
		check_match(v, &s->match, where);
		return;
	case IR_VMAP:
		if (!has_set(v->ruleset, s->vmap.map) || !s->vmap.map->is_map)
			fail(v, "no map", where);
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
		if (!has_set(v->ruleset, s->update.set) || !s->update.set->is_dynamic)
			fail(v, "no dynamic set", where);
		return;
	case IR_REJECT:
	case IR_NOTRACK:
	case IR_SET_MARK:
	case IR_SET_EVENT:
	case IR_SET_ZONE:
		return;
	}
}

static void check_chain(struct verifier *v, const struct ir_chain *chain)
{
	check_name(v, chain->name);
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

/* Sets and maps share one space of names, chains and each kind of object have their own. */
static void check_unique(struct verifier *v)
{
	const struct ruleset *r = v->ruleset;
	for (uint32_t i = 0; i < r->chains.n; i++)
		for (uint32_t k = 0; k < i; k++)
			if (strcmp(r->chains.at[i]->name, r->chains.at[k]->name) == 0)
				fail(v, "two chains of one name", r->chains.at[i]->name);
	for (uint32_t i = 0; i < r->sets.n; i++)
		for (uint32_t k = 0; k < i; k++)
			if (strcmp(r->sets.at[i]->name, r->sets.at[k]->name) == 0)
				fail(v, "two sets of one name", r->sets.at[i]->name);
	for (uint32_t i = 0; i < r->objects.n; i++)
		for (uint32_t k = 0; k < i; k++)
			if (r->objects.at[i]->kind == r->objects.at[k]->kind &&
			    strcmp(r->objects.at[i]->name, r->objects.at[k]->name) == 0)
				fail(v, "two objects of one name", r->objects.at[i]->name);
}

const char *ruleset_verify(const struct ruleset *ruleset)
{
	struct verifier v = { .ruleset = ruleset };
	check_unique(&v);
	for (uint32_t i = 0; i < ruleset->objects.n; i++)
		check_name(&v, ruleset->objects.at[i]->name);
	for (uint32_t i = 0; i < ruleset->sets.n; i++)
		check_set(&v, ruleset->sets.at[i]);
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		check_chain(&v, ruleset->chains.at[i]);
	return v.mistake;
}
