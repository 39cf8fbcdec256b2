/* Rules that no packet reaches. */
#include <string.h>

#include "base/diag.h"
#include "ir/index.h"
#include "opt/normal.h"
#include "opt/opt.h"
#include "opt/same.h"

/* How many rules back a rule is compared. */
enum { LOOK_BACK = 512 };

static bool ends(const struct normal *normal)
{
	return normal->target.verdict == IR_ACCEPT || normal->target.verdict == IR_DROP ||
	       normal->target.verdict == IR_GOTO || normal->target.verdict == IR_RETURN;
}

/* A rule that does more on its way ends too, unless something in it may fail. */
static bool always_ends(const struct ir_rule *rule, const struct normal *normal)
{
	for (uint32_t i = 0; i < rule->statements.n; i++)
		switch (rule->statements.at[i].kind) {
		case IR_MATCH:
		case IR_VERDICT:
		case IR_COUNT:
		case IR_LOG:
		case IR_SET_MARK:
		case IR_SET_TIMEOUT:
		case IR_SET_HELPER:
			break;
		case IR_REJECT:
		case IR_TRANSLATE:
			return true;
		case IR_VMAP:
		case IR_NOTRACK:
		case IR_LIMIT:
		case IR_SET_EVENT:
		case IR_SET_ZONE:
		case IR_UPDATE:
		case IR_MAP_MARK:
		case IR_COPY_MARK:
		case IR_SET_PACKET_MARK:
		case IR_SYNPROXY:
		case IR_SET_MSS:
		case IR_OFFLOAD:
			return false;
		}
	return rule->statements.n > 0 &&
	       rule->statements.at[rule->statements.n - 1].kind == IR_VERDICT && ends(normal);
}

/* Whether any rule that leads to a chain can be reached. */
struct way {
	bool is_open;
	struct span at, cover; /* of one that is not, and of what takes all of its packets */
};

/* Conditions that are compared as they stand, beside those whose values are known. */
struct others {
	VEC(const struct ir_match *) all;
};

struct checker {
	struct arena *arena;
	struct index ways; /* struct way, by the chain's name */
	VEC(struct way *) all;
	struct diags *diags;
	const struct ir_chain *chain;
	struct normal *normals;
	struct others *others;
	bool *comparable, *ending;
};

/* Whether what the one asks for besides the other asks for too. */
static bool others_cover(const struct others *outer, const struct others *inner)
{
	for (uint32_t i = 0; i < outer->all.n; i++) {
		bool is_asked = false;
		for (uint32_t k = 0; k < inner->all.n; k++)
			is_asked |= match_equal(outer->all.at[i], inner->all.at[k]);
		if (!is_asked)
			return false;
	}
	return true;
}

/* The rule ahead of this one that takes all of its packets, or NULL. */
static const struct ir_rule *find_cover(const struct checker *c, uint32_t index)
{
	uint32_t first = index > LOOK_BACK ? index - LOOK_BACK : 0;
	for (uint32_t i = first; i < index; i++)
		if (c->ending[i] && normal_covers(&c->normals[i], &c->normals[index]) &&
		    others_cover(&c->others[i], &c->others[index]))
			return &c->chain->rules.at[i];
	return NULL;
}

static bool same_place(struct span a, struct span b)
{
	return a.start == b.start && a.end == b.end;
}

/* One rule of the user's may be several here: it is dead only where all of them are. */
static void check_written(struct checker *c, uint32_t first, uint32_t end)
{
	const struct ir_rule *cover = NULL;
	for (uint32_t i = first; i < end; i++) {
		cover = c->comparable[i] ? find_cover(c, i) : NULL;
		if (!cover || same_place(cover->at, c->chain->rules.at[i].at))
			return;
	}
	struct diag *d = diag_warning(c->diags, D_DEAD_RULE, c->chain->rules.at[first].at);
	diag_note(d, cover->at, "all of its packets are decided on here");
	diag_help(d, "move it ahead of that rule, or take it out");
}

static struct way *way_to(struct checker *c, const struct ir_chain *chain)
{
	struct way *way = index_find(&c->ways, chain->name);
	if (way)
		return way;
	way = arena_alloc(c->arena, sizeof *way);
	index_add(c->arena, &c->ways, chain->name, way);
	*push(c->arena, &c->all) = way;
	return way;
}

/* The rules of a policy for several pairs of zones stand in a chain that each pair jumps to. */
static void check_way(struct checker *c, uint32_t index)
{
	const struct ir_rule *rule = &c->chain->rules.at[index];
	const struct normal *normal = &c->normals[index];
	if (!c->comparable[index] || !normal->is_pure || normal->target.verdict != IR_JUMP)
		return;
	struct way *way = way_to(c, normal->target.chain);
	const struct ir_rule *cover = find_cover(c, index);
	way->is_open |= cover == NULL;
	if (cover) {
		way->at = rule->at;
		way->cover = cover->at;
	}
}

static void check_ways(struct checker *c)
{
	for (uint32_t i = 0; i < c->all.n; i++) {
		const struct way *way = c->all.at[i];
		if (way->is_open || !span_is_set(way->at))
			continue;
		struct diag *d = diag_warning(c->diags, D_DEAD_POLICY, way->at);
		diag_note(d, way->cover, "all of its packets are decided on here");
	}
}

/* Takes the conditions apart into those with known values and the others. */
static bool compare_rule(struct checker *c, uint32_t index)
{
	const struct ir_rule *rule = &c->chain->rules.at[index];
	struct others *others = &c->others[index];
	others->all.n = 0;
	if (rule_normalise(c->arena, rule, &c->normals[index]))
		return true;
	struct ir_rule known = *rule;
	known.statements.at =
		arena_array(c->arena, rule->statements.n, sizeof *known.statements.at);
	known.statements.n = 0;
	for (uint32_t i = 0; i < rule->statements.n; i++) {
		struct ir_statement *statement = &rule->statements.at[i];
		struct ir_rule alone = { .statements = { .at = statement, .n = 1 } };
		if (rule_normalise(c->arena, &alone, &c->normals[index]))
			known.statements.at[known.statements.n++] = *statement;
		else
			*push(c->arena, &others->all) = &statement->match;
	}
	return rule_normalise(c->arena, &known, &c->normals[index]);
}

static void check_chain(struct checker *c)
{
	const struct ir_chain *chain = c->chain;
	uint32_t n = chain->rules.n;
	for (uint32_t i = 0; i < n; i++) {
		const struct ir_rule *rule = &chain->rules.at[i];
		c->comparable[i] = compare_rule(c, i);
		c->ending[i] = c->comparable[i] && always_ends(rule, &c->normals[i]);
	}
	for (uint32_t i = 0, end; i < n; i = end) {
		const struct ir_rule *rule = &chain->rules.at[i];
		for (end = i + 1; end < n && same_place(chain->rules.at[end].at, rule->at); end++)
			;
		if (rule->is_written)
			check_written(c, i, end);
		else
			check_way(c, i);
	}
}

void warn_dead(const struct ruleset *ruleset, struct diags *diags)
{
	struct checker c = { .arena = ruleset->arena, .diags = diags };
	uint32_t longest = 0;
	for (uint32_t i = 0; i < ruleset->chains.n; i++)
		if (ruleset->chains.at[i]->rules.n > longest)
			longest = ruleset->chains.at[i]->rules.n;
	c.normals = arena_array(c.arena, longest, sizeof *c.normals);
	c.others = arena_array(c.arena, longest, sizeof *c.others);
	c.comparable = arena_array(c.arena, longest, sizeof(bool));
	c.ending = arena_array(c.arena, longest, sizeof(bool));
	for (uint32_t i = 0; i < ruleset->chains.n; i++) {
		c.chain = ruleset->chains.at[i];
		check_chain(&c);
	}
	check_ways(&c);
}
