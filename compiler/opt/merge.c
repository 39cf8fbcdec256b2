#include "opt/merge.h"

#include <stdlib.h>
#include <string.h>

#include "ir/content.h"
#include "ir/index.h"
#include "ir/name.h"
#include "opt/normal.h"

/* The kernel takes the longer for a set the more sets there are. */
enum { NEW_SETS_MAX = 256 };

struct merger {
	struct ruleset *ruleset;
	struct index sets;
	uint32_t added;
};

/* A row of rules, as one. */
struct row {
	struct normal normal; /* of the first */
	int field;	      /* in which they differ; -1: none is known yet */
	uint32_t n;
	VEC(struct prefix) prefixes;
};

static bool same_values(const struct values *a, const struct values *b)
{
	return values_covered(a, b) && values_covered(b, a);
}

static bool is_address(int field)
{
	return field >= FIELD_SOURCE4 && field <= FIELD_DESTINATION6;
}

/* The field in which two rules differ: FIELD_COUNT where it is none, -1 where it is more than one
 * or no address. */
static int difference(const struct normal *a, const struct normal *b)
{
	int found = FIELD_COUNT;
	/* A chain that comes back would be gone through once instead of twice. */
	if (!a->is_pure || !b->is_pure || a->target.verdict == IR_JUMP || a->mask != b->mask ||
	    a->target.verdict != b->target.verdict || a->target.chain != b->target.chain)
		return -1;
	for (int field = 0; field < FIELD_COUNT; field++) {
		if (!(a->mask >> field & 1) || same_values(&a->fields[field], &b->fields[field]))
			continue;
		if (found != FIELD_COUNT || !is_address(field))
			return -1;
		found = field;
	}
	return found;
}

static enum ir_key key_of(int field)
{
	static const enum ir_key keys[FIELD_COUNT] = {
		[FIELD_SOURCE4] = IR_IP_SADDR,
		[FIELD_SOURCE6] = IR_IP6_SADDR,
		[FIELD_DESTINATION4] = IR_IP_DADDR,
		[FIELD_DESTINATION6] = IR_IP6_DADDR,
	};
	return keys[field];
}

static void take(struct merger *m, struct row *row, const struct normal *normal)
{
	const struct values *values = &normal->fields[row->field];
	for (uint32_t i = 0; i < values->n; i++)
		*push(m->ruleset->arena, &row->prefixes) = values->prefixes[i];
	row->n++;
}

/* Whether the rule may join the row. */
static bool joins(struct merger *m, struct row *row, const struct normal *normal)
{
	int field = difference(&row->normal, normal);
	if (field < 0 || field == FIELD_COUNT || (row->n > 1 && field != row->field))
		return false;
	if (row->n == 1) {
		row->field = field;
		row->n = 0;
		take(m, row, &row->normal);
	}
	take(m, row, normal);
	return true;
}

static const struct ir_set *make_set(struct merger *m, const struct row *row, struct span at)
{
	struct ir_set *set = arena_alloc(m->ruleset->arena, sizeof *set);
	set->terms[0] = (struct ir_term){ .key = key_of(row->field) };
	set->terms_n = 1;
	set->at = at;
	set->is_interval = true;
	set->prefixes = row->prefixes.at;
	set->prefixes_n = (uint32_t)prefixes_merge(row->prefixes.at, row->prefixes.n);
	set->name = name_hashed(m->ruleset->arena, "addresses", set_hash(set));
	const struct ir_set *known = index_find(&m->sets, set->name);
	if (known)
		return known;
	index_add(m->ruleset->arena, &m->sets, set->name, set);
	*push(m->ruleset->arena, &m->ruleset->sets) = set;
	m->added++;
	return set;
}

/* The first rule, looking at all that the others look at. */
static struct ir_rule merged(struct merger *m, const struct row *row, const struct ir_rule *first)
{
	struct ir_rule rule = *first;
	rule.statements.at = NULL;
	rule.statements.n = rule.statements.cap = 0;
	rule.comment = NULL;
	for (uint32_t i = 0; i < first->statements.n; i++) {
		struct ir_statement *copy = push(m->ruleset->arena, &rule.statements);
		*copy = first->statements.at[i];
		if (copy->kind != IR_MATCH || copy->match.terms[0].key != key_of(row->field))
			continue;
		copy->match.set = make_set(m, row, first->at);
		copy->match.values.n = 0;
	}
	return rule;
}

static void merge_chain(struct merger *m, struct ir_chain *chain)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < chain->rules.n;) {
		struct ir_rule first = chain->rules.at[i];
		struct row row = { .field = -1, .n = 1 };
		struct normal next;
		bool may = m->added < NEW_SETS_MAX &&
			   rule_normalise(m->ruleset->arena, &first, &row.normal);
		uint32_t end = i + 1;
		while (may && end < chain->rules.n &&
		       rule_normalise(m->ruleset->arena, &chain->rules.at[end], &next) &&
		       joins(m, &row, &next))
			end++;
		chain->rules.at[kept++] = row.n > 1 ? merged(m, &row, &first) : first;
		i = end;
	}
	chain->rules.n = kept;
}

void merge_rules(struct ruleset *ruleset)
{
	struct merger m = { .ruleset = ruleset };
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		if (ruleset->chains.at[i]->rules.n > 1)
			merge_chain(&m, ruleset->chains.at[i]);
}
