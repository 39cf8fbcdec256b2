#include "opt/same.h"

#include <string.h>

#include "base/text.h"
#include "ir/content.h"
#include "ir/ruleset.h"

static uint32_t hash_number(uint32_t hash, uint32_t number)
{
	return hash_bytes(hash, &number, sizeof number);
}

static uint32_t hash_name(uint32_t hash, const char *name)
{
	return hash_string(hash, name ? name : "");
}

static uint32_t hash_terms(uint32_t hash, const struct ir_term *terms, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		hash = hash_number(hash, terms[i].key);
		hash = hash_number(hash, terms[i].masked ? terms[i].mask : 0);
		hash = hash_number(hash, terms[i].modulus);
	}
	return hash;
}

/* A match as a set without a name: what makes two sets equal makes two matches equal. */
static struct ir_set set_of(const struct ir_match *match)
{
	struct ir_set set = { .terms_n = match->terms_n };
	memcpy(set.terms, match->terms, sizeof set.terms);
	set.elements.at = match->values.at;
	set.elements.n = match->values.n;
	return set;
}

static uint32_t hash_match(uint32_t hash, const struct ir_match *match)
{
	const struct ir_set values = set_of(match);
	hash = hash_terms(hash, match->terms, match->terms_n);
	hash = hash_number(hash, match->op << 1 | match->bits);
	hash = hash_name(hash, match->set ? match->set->name : NULL);
	return hash_number(hash, set_hash(&values));
}

bool rule_hash(const struct ir_rule *rule, uint32_t *hash)
{
	for (uint32_t i = 0; i < rule->statements.n; i++) {
		const struct ir_statement *statement = &rule->statements.at[i];
		*hash = hash_number(*hash, statement->kind);
		switch (statement->kind) {
		case IR_MATCH:
			*hash = hash_match(*hash, &statement->match);
			break;
		case IR_VMAP:
			*hash = hash_terms(*hash, statement->vmap.terms, statement->vmap.terms_n);
			*hash = hash_name(*hash, statement->vmap.map->name);
			break;
		case IR_VERDICT:
			*hash = hash_number(*hash, statement->target.verdict);
			*hash = hash_name(*hash, statement->target.chain
							 ? statement->target.chain->name
							 : NULL);
			break;
		case IR_COUNT:
			*hash = hash_name(*hash, statement->object->name);
			break;
		case IR_REJECT:
			*hash = hash_number(*hash, statement->reject);
			break;
		case IR_SET_MARK:
			*hash = hash_number(*hash, statement->mark.keep);
			*hash = hash_number(*hash, statement->mark.set);
			break;
		case IR_LIMIT:
			if (!statement->limit.object)
				return false;
			*hash = hash_name(*hash, statement->limit.object->name);
			break;
		case IR_LOG:
			*hash = hash_name(*hash, statement->log.prefix);
			*hash = hash_number(*hash, statement->log.group);
			break;
		case IR_NOTRACK:
		case IR_SET_TIMEOUT:
		case IR_SET_HELPER:
		case IR_SET_EVENT:
		case IR_SET_ZONE:
		case IR_UPDATE:
		case IR_MAP_MARK:
		case IR_COPY_MARK:
		case IR_SET_PACKET_MARK:
		case IR_TRANSLATE:
		case IR_SYNPROXY:
		case IR_SET_MSS:
		case IR_OFFLOAD:
			return false;
		}
	}
	return true;
}

static bool same_name(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool terms_equal(const struct ir_term *a, const struct ir_term *b, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (a[i].key != b[i].key || a[i].masked != b[i].masked || a[i].mask != b[i].mask ||
		    a[i].modulus != b[i].modulus ||
		    memcmp(&a[i].address_mask, &b[i].address_mask, sizeof a[i].address_mask) != 0)
			return false;
	return true;
}

bool match_equal(const struct ir_match *a, const struct ir_match *b)
{
	const struct ir_set values_a = set_of(a), values_b = set_of(b);
	return a->terms_n == b->terms_n && terms_equal(a->terms, b->terms, a->terms_n) &&
	       a->op == b->op && a->bits == b->bits && a->set == b->set &&
	       set_equal(&values_a, &values_b);
}

static bool statement_equal(const struct ir_statement *a, const struct ir_statement *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case IR_MATCH:
		return match_equal(&a->match, &b->match);
	case IR_VMAP:
		return a->vmap.map == b->vmap.map && a->vmap.terms_n == b->vmap.terms_n &&
		       terms_equal(a->vmap.terms, b->vmap.terms, a->vmap.terms_n);
	case IR_VERDICT:
		return a->target.verdict == b->target.verdict && a->target.chain == b->target.chain;
	case IR_COUNT:
		return a->object == b->object;
	case IR_REJECT:
		return a->reject == b->reject;
	case IR_SET_MARK:
		return a->mark.keep == b->mark.keep && a->mark.set == b->mark.set;
	case IR_LIMIT:
		return a->limit.object && a->limit.object == b->limit.object;
	case IR_LOG:
		return same_name(a->log.prefix, b->log.prefix) && a->log.group == b->log.group;
	case IR_NOTRACK:
	case IR_SET_TIMEOUT:
	case IR_SET_HELPER:
	case IR_SET_EVENT:
	case IR_SET_ZONE:
	case IR_UPDATE:
	case IR_MAP_MARK:
	case IR_COPY_MARK:
	case IR_SET_PACKET_MARK:
	case IR_TRANSLATE:
	case IR_SYNPROXY:
	case IR_SET_MSS:
	case IR_OFFLOAD:
		return false;
	}
	return false;
}

bool rule_equal(const struct ir_rule *a, const struct ir_rule *b)
{
	if (a->statements.n != b->statements.n)
		return false;
	for (uint32_t i = 0; i < a->statements.n; i++)
		if (!statement_equal(&a->statements.at[i], &b->statements.at[i]))
			return false;
	return true;
}
