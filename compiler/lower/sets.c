/* Sets of the configuration. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ir/name.h"
#include "lower/feature.h"

/* What a set of the configuration becomes, each made when first asked for: a set of the kernel for
 * each family. */
struct user_set {
	struct {
		const struct ir_set *set;
		bool is_made;
	} ipv4, ipv6;
};

static bool has_family(const struct ipset *set, uint8_t family)
{
	for (uint32_t i = 0; i < set->prefixes_n; i++)
		if (set->prefixes[i].family == family)
			return true;
	return false;
}

static bool has_networks(const struct prefix *prefixes, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (!prefix_is_host(&prefixes[i]))
			return true;
	return false;
}

static int compare_hosts(const void *left, const void *right)
{
	return prefix_compare(left, right);
}

/* Hosts alone stay hosts: the kernel finds them by a hash, and networks by a tree. */
static uint32_t hosts_merge(struct prefix *hosts, uint32_t n)
{
	uint32_t kept = 0;
	qsort(hosts, n, sizeof *hosts, compare_hosts);
	for (uint32_t i = 0; i < n; i++)
		if (kept == 0 || prefix_compare(&hosts[kept - 1], &hosts[i]) != 0)
			hosts[kept++] = hosts[i];
	return kept;
}

/* The addresses of a family, merged: the kernel takes no overlaps. */
static uint32_t collect(struct lowering *lowering, const struct ipset *from, uint8_t family,
			struct prefix **out)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < from->prefixes_n; i++)
		n += from->prefixes[i].family == family;
	struct prefix *prefixes = arena_array(lowering->arena, n, sizeof *prefixes);
	n = 0;
	for (uint32_t i = 0; i < from->prefixes_n; i++)
		if (from->prefixes[i].family == family)
			prefixes[n++] = from->prefixes[i];
	*out = prefixes;
	return has_networks(prefixes, n) ? (uint32_t)prefixes_merge(prefixes, n)
					 : hosts_merge(prefixes, n);
}

/* What it holds changes while it is in use, so its name must not depend on that. */
static const struct ir_set *finish_dynamic(struct lowering *lowering, struct ir_set *set,
					   const struct ipset *from, const char *base)
{
	uint32_t parameters[] = { (uint32_t)from->timeout.value, (uint32_t)from->size.value,
				  set->is_interval };
	set->is_dynamic = true;
	set->timeout = (uint32_t)from->timeout.value;
	set->size = (uint32_t)from->size.value;
	set->name = name_hashed(lowering->arena, base,
				hash_bytes(HASH_START, parameters, sizeof parameters));
	*push(lowering->out->arena, &lowering->out->sets) = set;
	return set;
}

static const struct ir_set *finish(struct lowering *lowering, struct ir_set *set,
				   const struct ipset *from, const char *what)
{
	const char *base = name_make(lowering->arena, what, from->name);
	if (from->is_dynamic)
		return finish_dynamic(lowering, set, from, base);
	if (!set->is_interval && set->prefixes_n > 0)
		set->size = set->prefixes_n;
	return set_done(lowering, set, base);
}

static const struct ir_set *make_addresses(struct lowering *lowering, const struct ipset *from,
					   uint8_t family)
{
	bool is_ipv4 = family == FAMILY_IPV4;
	if (!has_family(from, family) && !from->is_dynamic)
		return NULL;
	struct prefix *prefixes;
	uint32_t n = collect(lowering, from, family, &prefixes);
	struct ir_set *set =
		set_start(lowering, term_of(is_ipv4 ? IR_IP_SADDR : IR_IP6_SADDR), from->at);
	set->prefixes = prefixes;
	set->prefixes_n = n;
	set->is_interval = has_networks(prefixes, n);
	return finish(lowering, set, from, is_ipv4 ? "set4" : "set6");
}

static struct user_set *user_set(struct lowering *lowering, const struct ipset *set)
{
	const struct config *config = lowering->config;
	if (!lowering->user_sets)
		lowering->user_sets =
			arena_array(lowering->arena, config->sets.n, sizeof(struct user_set));
	return &lowering->user_sets[set - config->sets.at];
}

const struct ir_set *set_for(struct lowering *lowering, const struct ipset *set, uint8_t family)
{
	struct user_set *known = user_set(lowering, set);
	if (family == FAMILY_IPV4) {
		if (!known->ipv4.is_made)
			known->ipv4.set = make_addresses(lowering, set, family);
		known->ipv4.is_made = true;
		return known->ipv4.set;
	}
	if (!known->ipv6.is_made)
		known->ipv6.set = make_addresses(lowering, set, family);
	known->ipv6.is_made = true;
	return known->ipv6.set;
}
