#include "config/resolve.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "schema/fault.h"
#include "schema/schema.h"
#include "value/value.h"

/* One interface that stands for a zone by itself. */
struct claim {
	const char *interface;
	const struct zone *zone;
	const struct zone_match *match;
	struct span at;
};

struct claims {
	VEC(struct claim) all;
};

/* One way to be in a zone, with sums of what it says. */
struct way {
	const struct zone *zone;
	const struct zone_match *match;
	uint32_t src, rest;
	uint32_t order; /* in the source */
};

struct ways {
	VEC(struct way) all;
	uint32_t networks; /* of all together */
};

static bool is_interface_alone(const struct zone_match *match)
{
	return field_is_set(match->interfaces) && !field_is_set(match->out_interfaces) &&
	       !field_is_set(match->src) && !field_is_set(match->dst) &&
	       !field_is_set(match->sets) && !field_is_set(match->protocols) &&
	       !field_is_set(match->macs) && !field_is_set(match->dscps) && match->mark.mask == 0;
}

static void add_claims(struct scope *scope, const struct zone *zone, const struct zone_match *match,
		       struct claims *out)
{
	for (uint32_t i = 0; i < match->interfaces.items.n; i++) {
		struct claim *claim = push(scope->arena, &out->all);
		claim->interface = match->interfaces.items.at[i].value;
		claim->zone = zone;
		claim->match = match;
		claim->at = match->interfaces.items.at[i].at;
	}
}

static void collect_claims(struct scope *scope, const struct config *config, struct claims *out)
{
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		for (uint32_t k = 0; k < zone->matches.n; k++)
			if (is_interface_alone(&zone->matches.at[k]))
				add_claims(scope, zone, &zone->matches.at[k], out);
	}
}

static size_t stem_length(const char *interface)
{
	return strcspn(interface, "*");
}

static bool is_wildcard(const char *interface)
{
	return interface[stem_length(interface)] == '*';
}

/* Exact names first; then by the name without its star, so that what lies in a wildcard follows it;
 * then in the order of the source. */
static int by_interface(const void *left, const void *right)
{
	const struct claim *a = left, *b = right;
	bool a_wild = is_wildcard(a->interface), b_wild = is_wildcard(b->interface);
	size_t a_n = stem_length(a->interface), b_n = stem_length(b->interface);
	if (a_wild != b_wild)
		return a_wild - b_wild;
	int order = memcmp(a->interface, b->interface, a_n < b_n ? a_n : b_n);
	if (order != 0)
		return order;
	if (a_n != b_n)
		return a_n < b_n ? -1 : 1;
	return a->at.start < b->at.start ? -1 : a->at.start > b->at.start;
}

/* Two zones of one name were told as such, and so is what both have. */
static bool are_doubles(const struct zone *one, const struct zone *other)
{
	return one != other && strcasecmp(one->name, other->name) == 0;
}

static void report_claim(struct scope *scope, const struct claim *first, const struct claim *second)
{
	if (are_doubles(first->zone, second->zone))
		return;
	struct diag *d = diag_error(scope->diags, D_INTERFACE_CLAIMED, second->at);
	if (first->zone == second->zone)
		diag_say(d, "%s is in zone \"%s\" already", second->interface, second->zone->name);
	else
		diag_say(d, "%s is in zone \"%s\" and in zone \"%s\"", second->interface,
			 first->zone->name, second->zone->name);
	diag_note(d, first->at, "the other place is here");
	if (first->zone != second->zone)
		diag_help(d, "tell the zones apart by networks, or by match blocks with src");
}

static void report_wildcards(struct scope *scope, const struct claim *outer,
			     const struct claim *inner)
{
	struct diag *d = diag_error(scope->diags, D_WILDCARDS_OVERLAP, inner->at);
	diag_say(d, "the wildcard %s lies in %s of zone \"%s\"", inner->interface, outer->interface,
		 outer->zone->name);
	diag_note(d, outer->at, "the other wildcard is here");
	diag_help(d, "write exact names: they win over wildcards");
}

static bool lies_in(const struct claim *inner, const struct claim *outer)
{
	return is_wildcard(outer->interface) && is_wildcard(inner->interface) &&
	       strncmp(inner->interface, outer->interface, stem_length(outer->interface)) == 0;
}

/* In this order a name's equals follow it, and so does everything that lies in a wildcard. */
static void check_interfaces(struct scope *scope, const struct config *config)
{
	struct claims claims = { 0 };
	collect_claims(scope, config, &claims);
	if (claims.all.n == 0)
		return;
	qsort(claims.all.at, claims.all.n, sizeof *claims.all.at, by_interface);
	const struct claim *outer = &claims.all.at[0];
	for (uint32_t i = 1; i < claims.all.n && !fault_is_hopeless(scope); i++) {
		const struct claim *claim = &claims.all.at[i];
		if (claim->interface == outer->interface)
			report_claim(scope, outer, claim);
		else if (!lies_in(claim, outer))
			outer = claim;
		else if (claim->match != outer->match)
			report_wildcards(scope, outer, claim);
	}
}

static uint32_t hash_texts(const struct field_texts *texts)
{
	uint32_t sum = texts->items.n;
	for (uint32_t i = 0; i < texts->items.n; i++)
		sum += hash_string(HASH_START, texts->items.at[i].value);
	return sum;
}

static uint32_t hash_prefix(const struct prefix *prefix)
{
	return hash_bytes(HASH_START, prefix, sizeof *prefix);
}

static uint32_t hash_prefixes(const struct field_prefixes *prefixes)
{
	uint32_t sum = prefixes->items.n;
	for (uint32_t i = 0; i < prefixes->items.n; i++)
		sum += hash_prefix(&prefixes->items.at[i].value);
	return sum;
}

/* Sums of hashes, so that the order of a list does not matter. All that is not a source. */
static uint32_t hash_rest(const struct zone_match *match)
{
	uint32_t sums[] = {
		hash_texts(&match->interfaces),
		hash_texts(&match->out_interfaces),
		hash_prefixes(&match->dst),
		hash_texts(&match->sets),
		hash_texts(&match->protocols),
		hash_texts(&match->macs),
		hash_texts(&match->dscps),
		match->mark.value,
		match->mark.mask,
	};
	return hash_bytes(HASH_START, sums, sizeof sums);
}

static void collect_ways(struct scope *scope, const struct config *config, struct ways *out)
{
	for (uint32_t i = 0; i < config->zones.n; i++) {
		const struct zone *zone = &config->zones.at[i];
		for (uint32_t k = 0; k < zone->matches.n; k++) {
			const struct zone_match *match = &zone->matches.at[k];
			if (is_interface_alone(match))
				continue;
			struct way *way = push(scope->arena, &out->all);
			way->zone = zone;
			way->match = match;
			way->order = out->all.n;
			out->networks += match->src.items.n;
		}
	}
}

static bool has_text(const struct field_texts *texts, const char *text)
{
	for (uint32_t i = 0; i < texts->items.n; i++)
		if (texts->items.at[i].value == text)
			return true;
	return false;
}

/* Lists hold nothing twice, so as many as there are must all be in the other. */
static bool same_texts(const struct field_texts *a, const struct field_texts *b)
{
	if (a->items.n != b->items.n)
		return false;
	for (uint32_t i = 0; i < a->items.n; i++)
		if (!has_text(b, a->items.at[i].value))
			return false;
	return true;
}

static struct prefix *merged(struct scope *scope, const struct field_prefixes *from, size_t *count)
{
	struct prefix *prefixes = arena_array(scope->arena, from->items.n, sizeof *prefixes);
	for (uint32_t i = 0; i < from->items.n; i++)
		prefixes[i] = from->items.at[i].value;
	*count = prefixes_merge(prefixes, from->items.n);
	return prefixes;
}

static bool same_prefixes(struct scope *scope, const struct field_prefixes *a,
			  const struct field_prefixes *b)
{
	size_t a_n, b_n;
	const struct prefix *left = merged(scope, a, &a_n), *right = merged(scope, b, &b_n);
	for (size_t i = 0; a_n == b_n && i < a_n; i++)
		if (prefix_compare(&left[i], &right[i]) != 0)
			return false;
	return a_n == b_n;
}

static bool same_rest(struct scope *scope, const struct way *left, const struct way *right)
{
	const struct zone_match *a = left->match, *b = right->match;
	return left->rest == right->rest && same_texts(&a->interfaces, &b->interfaces) &&
	       same_texts(&a->out_interfaces, &b->out_interfaces) &&
	       same_texts(&a->sets, &b->sets) && same_texts(&a->protocols, &b->protocols) &&
	       same_texts(&a->macs, &b->macs) && same_texts(&a->dscps, &b->dscps) &&
	       a->mark.value == b->mark.value && a->mark.mask == b->mark.mask &&
	       same_prefixes(scope, &a->dst, &b->dst);
}

static bool same_way(struct scope *scope, const struct way *a, const struct way *b)
{
	return a->src == b->src && same_rest(scope, a, b) &&
	       same_prefixes(scope, &a->match->src, &b->match->src);
}

static int by_sums(const void *left, const void *right)
{
	const struct way *a = left, *b = right;
	if (a->rest != b->rest)
		return a->rest < b->rest ? -1 : 1;
	if (a->src != b->src)
		return a->src < b->src ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* Reports each way that is the same as the one before it, and takes it out. */
static void check_ways(struct scope *scope, struct ways *ways)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < ways->all.n; i++) {
		ways->all.at[i].src = hash_prefixes(&ways->all.at[i].match->src);
		ways->all.at[i].rest = hash_rest(ways->all.at[i].match);
	}
	qsort(ways->all.at, ways->all.n, sizeof *ways->all.at, by_sums);
	for (uint32_t i = 0; i < ways->all.n; i++) {
		const struct way way = ways->all.at[i];
		const struct way *last = kept > 0 ? &ways->all.at[kept - 1] : NULL;
		if (!last || !same_way(scope, last, &way)) {
			ways->all.at[kept++] = way;
			continue;
		}
		if (are_doubles(last->zone, way.zone))
			continue;
		struct diag *d = diag_error(scope->diags, D_SAME_CONDITIONS, way.match->at);
		if (last->zone == way.zone)
			diag_say(d, "zone \"%s\" has these conditions already", way.zone->name);
		else
			diag_say(d, "zones \"%s\" and \"%s\" have the same conditions",
				 last->zone->name, way.zone->name);
		diag_note(d, last->match->at, "the other place is here");
	}
	ways->all.n = kept;
}

static int by_order(const void *left, const void *right)
{
	const struct way *a = left, *b = right;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* Which zone has a network: open addressing over indexes + 1. */
struct networks {
	struct {
		const struct field_prefix *network;
		const struct way *way;
	} * at;
	uint32_t n;
	uint32_t *slots, mask;
	bool has_length[129]; /* some network has so many bits */
};

static void report_network(struct scope *scope, const struct field_prefix *network,
			   const struct way *way, const struct field_prefix *first,
			   const struct way *owner)
{
	char text[PREFIX_TEXT_MAX];
	if (are_doubles(owner->zone, way->zone))
		return;
	prefix_format(&network->value, text);
	struct diag *d = diag_error(scope->diags, D_SAME_NETWORK, network->at);
	diag_say(d, "%s is in zone \"%s\" and in zone \"%s\"", text, owner->zone->name,
		 way->zone->name);
	diag_note(d, first->at, "the other place is here");
}

/* The network of `length` bits that holds this one. */
static struct prefix wider(const struct prefix *prefix, uint8_t length)
{
	struct prefix result = *prefix;
	result.length = length;
	for (unsigned bit = length; bit < sizeof result.bytes * 8; bit++)
		result.bytes[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
	return result;
}

/* A network of another zone, looked at earlier, that is `prefix`; NULL where there is none. */
static const struct field_prefix *find_earlier(struct scope *scope, const struct networks *networks,
					       const struct prefix *prefix, const struct way *way,
					       const struct way **owner)
{
	uint32_t slot = (hash_prefix(prefix) ^ way->rest) & networks->mask;
	for (; networks->slots[slot]; slot = (slot + 1) & networks->mask) {
		const struct field_prefix *other = networks->at[networks->slots[slot] - 1].network;
		*owner = networks->at[networks->slots[slot] - 1].way;
		if ((*owner)->zone != way->zone && prefix_compare(&other->value, prefix) == 0 &&
		    same_rest(scope, *owner, way))
			return other;
	}
	return NULL;
}

/* Zones with the same conditions are looked at as they are declared, so what lies in a network of
 * an earlier one is never found in a later one. */
static bool check_shadow(struct scope *scope, const struct networks *networks,
			 const struct field_prefix *network, const struct way *way)
{
	const struct way *owner;
	char inner[PREFIX_TEXT_MAX], outer[PREFIX_TEXT_MAX];
	for (uint8_t length = 0; length < network->value.length; length++) {
		struct prefix prefix = wider(&network->value, length);
		const struct field_prefix *other =
			networks->has_length[length]
				? find_earlier(scope, networks, &prefix, way, &owner)
				: NULL;
		if (!other)
			continue;
		prefix_format(&network->value, inner);
		prefix_format(&other->value, outer);
		struct diag *d = diag_error(scope->diags, D_SHADOWED_NETWORK, network->at);
		diag_say(d, "%s lies in %s, which zone \"%s\" takes first", inner, outer,
			 owner->zone->name);
		diag_note(d, other->at, "zones are looked at in this order");
		diag_help(d, "declare zone \"%s\" ahead of zone \"%s\"", way->zone->name,
			  owner->zone->name);
		return false;
	}
	return true;
}

/* False where another zone has it, which is then reported. */
static bool add_network(struct scope *scope, struct networks *networks,
			const struct field_prefix *network, const struct way *way)
{
	uint32_t slot = (hash_prefix(&network->value) ^ way->rest) & networks->mask;
	for (; networks->slots[slot]; slot = (slot + 1) & networks->mask) {
		const struct field_prefix *other = networks->at[networks->slots[slot] - 1].network;
		const struct way *owner = networks->at[networks->slots[slot] - 1].way;
		if (prefix_compare(&other->value, &network->value) != 0 ||
		    !same_rest(scope, owner, way))
			continue;
		if (owner->zone == way->zone)
			return true;
		report_network(scope, network, way, other, owner);
		return false;
	}
	if (!check_shadow(scope, networks, network, way))
		return false;
	networks->has_length[network->value.length] = true;
	networks->at[networks->n].network = network;
	networks->at[networks->n].way = way;
	networks->slots[slot] = ++networks->n;
	return true;
}

static void check_networks(struct scope *scope, struct ways *ways)
{
	struct networks networks = { .mask = 1 };
	qsort(ways->all.at, ways->all.n, sizeof *ways->all.at, by_order);
	while (networks.mask < ways->networks * 2)
		networks.mask = networks.mask * 2 + 1;
	networks.slots = arena_array(scope->arena, networks.mask + 1, sizeof *networks.slots);
	networks.at = arena_array(scope->arena, ways->networks, sizeof *networks.at);
	for (uint32_t i = 0; i < ways->all.n; i++) {
		const struct way *way = &ways->all.at[i];
		for (uint32_t k = 0; k < way->match->src.items.n; k++)
			if (!add_network(scope, &networks, &way->match->src.items.at[k], way))
				break;
	}
}

void zones_check_overlap(struct scope *scope, const struct config *config)
{
	struct ways ways = { 0 };
	check_interfaces(scope, config);
	collect_ways(scope, config, &ways);
	if (ways.all.n < 2)
		return;
	check_ways(scope, &ways);
	check_networks(scope, &ways);
}
