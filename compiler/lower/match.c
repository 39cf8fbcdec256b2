#include "lower/match.h"

#include <stdlib.h>
#include <string.h>

bool interface_is_wildcard(const char *name)
{
	return strchr(name, '*') != NULL;
}

bool interface_means(const char *pattern, const char *name)
{
	size_t n = strcspn(pattern, "*");
	return pattern[n] == '*' && strncmp(pattern, name, n) == 0;
}

uint32_t prefixes_of(const struct field_prefixes *prefixes, uint8_t family)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < prefixes->items.n; i++)
		count += prefixes->items.at[i].value.family == family;
	return count;
}

/* The addresses of one family, merged, so that the kernel takes them as an interval set. */
static const struct prefix *collect(struct lowering *lowering, const struct field_prefixes *from,
				    uint8_t family, uint32_t *count)
{
	uint32_t n = 0;
	struct prefix *prefixes =
		arena_array(lowering->arena, prefixes_of(from, family), sizeof *prefixes);
	for (uint32_t i = 0; i < from->items.n; i++)
		if (from->items.at[i].value.family == family)
			prefixes[n++] = from->items.at[i].value;
	*count = (uint32_t)prefixes_merge(prefixes, n);
	return prefixes;
}

static void match_value(struct lowering *lowering, struct ir_rule *rule, enum ir_key key,
			enum ir_op op, struct ir_value value)
{
	rule_match(lowering, rule, term_of(key), value);
	rule->statements.at[rule->statements.n - 1].match.op = op;
}

void match_prefixes(struct lowering *lowering, struct ir_rule *rule, enum ir_key key, enum ir_op op,
		    const struct field_prefixes *prefixes, uint8_t family)
{
	uint32_t count;
	const struct prefix *merged = collect(lowering, prefixes, family, &count);
	if (count == 1) {
		match_value(lowering, rule, key, op,
			    (struct ir_value){ .kind = IR_PREFIX, .prefix = merged[0] });
		return;
	}
	struct ir_set *set = set_start(lowering, term_of(key), prefixes->at);
	set->is_interval = true;
	set->prefixes = merged;
	set->prefixes_n = count;
	const char *base = family == FAMILY_IPV4 ? "networks4" : "networks6";
	rule_match_set(lowering, rule, term_of(key), op, set_done(lowering, set, base));
}

bool interface_is_covered(const struct field_texts *names, uint32_t index)
{
	const char *name = names->items.at[index].value;
	for (uint32_t i = 0; i < names->items.n; i++) {
		const char *other = names->items.at[i].value;
		size_t length = strcspn(other, "*");
		bool is_same = strcmp(name, other) == 0;
		if (is_same && i < index)
			return true;
		if (!is_same && interface_is_wildcard(other) && strncmp(name, other, length) == 0)
			return true;
	}
	return false;
}

static void match_texts(struct lowering *lowering, struct ir_rule *rule, enum ir_key key,
			const struct field_texts *texts, enum ir_value_kind kind, const char *base)
{
	if (texts->items.n == 1) {
		rule_match(lowering, rule, term_of(key),
			   (struct ir_value){ .kind = kind, .text = texts->items.at[0].value });
		return;
	}
	struct ir_set *set = set_start(lowering, term_of(key), texts->at);
	for (uint32_t i = 0; i < texts->items.n; i++) {
		const struct field_text *text = &texts->items.at[i];
		if (interface_is_covered(texts, i))
			continue;
		set->is_interval |= interface_is_wildcard(text->value);
		set_add(lowering, set, (struct ir_value){ .kind = kind, .text = text->value },
			text->at);
	}
	set->is_typeof = key == IR_FIB_DADDR_OIFNAME;
	rule_match_set(lowering, rule, term_of(key), IR_EQ, set_done(lowering, set, base));
}

void match_interfaces(struct lowering *lowering, struct ir_rule *rule, enum ir_key key,
		      const struct field_texts *names)
{
	match_texts(lowering, rule, key, names, IR_STRING, "interfaces");
}

void match_protocols(struct lowering *lowering, struct ir_rule *rule,
		     const struct field_texts *names)
{
	match_texts(lowering, rule, IR_L4PROTO, names, IR_SYMBOL, "protocols");
}

void match_macs(struct lowering *lowering, struct ir_rule *rule, const struct field_texts *macs)
{
	match_texts(lowering, rule, IR_ETHER_SADDR, macs, IR_MAC, "macs");
}

static int compare_ports(const void *left, const void *right)
{
	const struct field_port *a = left, *b = right;
	return a->low != b->low ? (int)a->low - (int)b->low : (int)b->high - (int)a->high;
}

/* Sorted, and joined where they touch: the kernel refuses overlapping intervals. */
static uint32_t merge_ports(struct field_port *ports, uint32_t n)
{
	uint32_t kept = 0;
	qsort(ports, n, sizeof *ports, compare_ports);
	for (uint32_t i = 0; i < n; i++) {
		struct field_port *last = kept ? &ports[kept - 1] : NULL;
		if (!last || ports[i].low > last->high + 1u)
			ports[kept++] = ports[i];
		else if (ports[i].high > last->high)
			last->high = ports[i].high;
	}
	return kept;
}

void match_ports(struct lowering *lowering, struct ir_rule *rule, enum ir_key key,
		 const struct field_ports *ports, const char *base)
{
	uint32_t n = ports->items.n;
	struct field_port *sorted = arena_array(lowering->arena, n, sizeof *sorted);
	memcpy(sorted, ports->items.at, n * sizeof *sorted);
	n = merge_ports(sorted, n);
	if (n == 1) {
		rule_match(lowering, rule, term_of(key),
			   value_range(sorted[0].low, sorted[0].high));
		return;
	}
	struct ir_set *set = set_start(lowering, term_of(key), ports->at);
	for (uint32_t i = 0; i < n; i++) {
		set->is_interval |= sorted[i].low != sorted[i].high;
		set_add(lowering, set, value_range(sorted[i].low, sorted[i].high), sorted[i].at);
	}
	rule_match_set(lowering, rule, term_of(key), IR_EQ, set_done(lowering, set, base));
}

uint32_t dscp_rules(uint8_t family, const struct field_texts *dscps)
{
	return family == FAMILY_IPV6 && dscps->items.n > 1 ? dscps->items.n : 1;
}

void match_dscps(struct lowering *lowering, struct ir_rule *rule, uint8_t family,
		 const struct field_texts *dscps, uint32_t index)
{
	if (family == FAMILY_IPV4)
		match_texts(lowering, rule, IR_IP_DSCP, dscps, IR_SYMBOL, "dscps4");
	else
		rule_match(lowering, rule, term_of(IR_IP6_DSCP),
			   value_symbol(dscps->items.at[index].value));
}

void match_mark(struct lowering *lowering, struct ir_rule *rule, const struct mark_value *mark)
{
	struct ir_term term = term_of(IR_META_MARK);
	term.masked = mark->mask != UINT32_MAX;
	term.mask = mark->mask;
	rule_match(lowering, rule, term, value_mark(mark->value));
}

void match_family(struct lowering *lowering, struct ir_rule *rule, uint8_t family)
{
	if (family != ANY_FAMILY)
		rule_match(lowering, rule, term_of(IR_NFPROTO),
			   value_symbol(family == FAMILY_IPV4 ? "ipv4" : "ipv6"));
}
