/* What reports call things: taken from the configuration once all of it is lowered. */
#include "ir/names.h"

#include <inttypes.h>

#include "base/text.h"
#include "base/units.h"
#include "ir/name.h"
#include "lower/feature.h"
#include "lower/pairs.h"

static void name_zones(struct lowering *lowering, struct ruleset_names *names)
{
	*push(lowering->arena, &names->zones) = (struct named_zone){ .name = "self" };
	for (uint32_t i = 0; i < lowering->config->zones.n; i++) {
		const struct zone *zone = &lowering->config->zones.at[i];
		*push(lowering->arena, &names->zones) =
			(struct named_zone){ zone->id, zone->name,
					     (uint16_t)zone->conntrack.zone_id.value };
	}
}

static void name_pair(struct lowering *lowering, const struct pair *pair,
		      struct ruleset_names *names)
{
	struct named_pair *named = push(lowering->arena, &names->pairs);

	named->from = pair->from;
	named->to = pair->to;
	for (uint32_t i = 0; i < pair->policies.n; i++) {
		*push(lowering->arena, &named->policies) = pair->policies.at[i]->name;
		if (pair->policies.at[i] == pair_decider(pair))
			break;
	}
}

static void name_policies(struct lowering *lowering, struct ruleset_names *names)
{
	for (uint32_t i = 0; i < lowering->config->policies.n; i++) {
		const struct policy *policy = &lowering->config->policies.at[i];
		*push(lowering->arena, &names->policies) =
			(struct named_policy){ policy->name, policy->from.written,
					       policy->to.written };
	}
	const struct pairs *pairs = pairs_of(lowering);
	for (uint32_t i = 0; i < pairs->all.n; i++)
		if (pairs->all.at[i].policies.n > 0)
			name_pair(lowering, &pairs->all.at[i], names);
}

static void name_uplinks(struct lowering *lowering, struct ruleset_names *names)
{
	for (uint32_t i = 0; i < lowering->config->uplink_groups.n; i++) {
		const struct uplink_group *group = &lowering->config->uplink_groups.at[i];
		for (uint32_t j = 0; j < group->uplinks.n; j++) {
			const struct uplink *uplink = &group->uplinks.at[j];
			*push(lowering->arena, &names->uplinks) =
				(struct named_uplink){ uplink->id, uplink->name, group->name,
						       uplink->interface };
		}
	}
}

/* `value` NULL: there is no such limit. */
static void name_limit(struct lowering *lowering, struct ruleset_names *names,
		       const struct zone *zone, const char *attribute, const char *value)
{
	static const struct {
		const char *attribute, *counter;
	} rows[] = {
		{ "max_per_ip", "over_per_ip" },
		{ "max_concurrent", "over_concurrent" },
		{ "new_per_second", "over_rate" },
		{ "new_per_ip", "over_rate_per_ip" },
	};

	for (size_t i = 0; value && i < countof(rows); i++)
		if (text_is(text_of(rows[i].attribute), attribute))
			*push(lowering->arena, &names->limits) =
				(struct named_limit){ zone->name, attribute, value,
						      zone_name(lowering, rows[i].counter, zone) };
}

static const char *number_text(struct lowering *lowering, const struct field_number *number)
{
	return number->value ? arena_printf(lowering->arena, "%" PRIu64, (uint64_t)number->value)
			     : NULL;
}

static const char *rate_text(struct lowering *lowering, const struct rate *rate)
{
	return rate->count ? arena_printf(lowering->arena, "%" PRIu64 "/%s", rate->count,
					  rate_unit_name(rate))
			   : NULL;
}

static void name_limits(struct lowering *lowering, struct ruleset_names *names)
{
	for (uint32_t i = 0; i < lowering->config->zones.n; i++) {
		const struct zone *zone = &lowering->config->zones.at[i];
		const struct limits *limits = &zone->conntrack.limits;
		name_limit(lowering, names, zone, "max_per_ip",
			   number_text(lowering, &limits->max_per_ip));
		name_limit(lowering, names, zone, "max_concurrent",
			   number_text(lowering, &limits->max_concurrent));
		name_limit(lowering, names, zone, "new_per_second",
			   rate_text(lowering, &limits->new_per_second.value));
		name_limit(lowering, names, zone, "new_per_ip",
			   rate_text(lowering, &limits->new_per_ip.value));
	}
}

static void name_counter(struct lowering *lowering, struct ruleset_names *names,
			 const struct zone *zone, const char *counter, const char *meaning)
{
	if (object_find(lowering, counter))
		*push(lowering->arena, &names->counters) =
			(struct named_counter){ counter, zone ? zone->name : NULL, meaning };
}

static void name_counters(struct lowering *lowering, struct ruleset_names *names)
{
	static const char *const of_all[][2] = {
		{ "invalid_dropped", "invalid" },
		{ "related_dropped", "related to what is not allowed" },
		{ "media_dropped", "media outside of media_ports" },
		{ "refused_input", "refused by this machine" },
	};
	static const char *const of_zones[][2] = {
		{ "admitted", "admitted" },	{ "spoofed", "spoofed" },
		{ "bogon", "bogon" },		{ "private", "private source" },
		{ "bad_flags", "bad flags" },	{ "syn_flood", "SYN flood" },
		{ "icmp_flood", "ICMP flood" }, { "scanner", "port scan" },
	};

	for (size_t i = 0; i < countof(of_all); i++)
		name_counter(lowering, names, NULL, of_all[i][0], of_all[i][1]);
	for (uint32_t i = 0; i < lowering->config->zones.n; i++)
		for (size_t k = 0; k < countof(of_zones); k++) {
			const struct zone *zone = &lowering->config->zones.at[i];
			name_counter(lowering, names, zone,
				     zone_name(lowering, of_zones[k][0], zone), of_zones[k][1]);
		}
}

void lower_names(struct lowering *lowering)
{
	struct ruleset_names *names = arena_alloc(lowering->arena, sizeof *names);

	name_zones(lowering, names);
	name_policies(lowering, names);
	name_uplinks(lowering, names);
	name_limits(lowering, names);
	name_counters(lowering, names);
	if (lowering->refused_pairs)
		names->refused_pairs = lowering->refused_pairs->name;
	lowering->out->names = names;
}
