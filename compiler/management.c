#include "management.h"

#include <string.h>

#include "base/address.h"
#include "catalog/services.h"

static bool is_management(const struct zone_service *service)
{
	for (int i = 0; i < MANAGEMENT_COUNT; i++)
		if (strcmp(service->name, management_rows[i].name) == 0)
			return true;
	return false;
}

static const char **texts_of(struct arena *arena, const struct field_texts *texts)
{
	const char **list = arena_array(arena, texts->items.n + 1, sizeof *list);
	for (uint32_t i = 0; i < texts->items.n; i++)
		list[i] = texts->items.at[i].value;
	return list;
}

struct texts {
	VEC(const char *) all;
};

/* Merged: the kernel takes no overlaps. */
static struct texts prefixes_of(struct arena *arena, const struct field_prefixes *prefixes)
{
	static const uint8_t families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	struct prefix *list = arena_array(arena, prefixes->items.n + 1, sizeof *list);
	struct texts texts = { 0 };

	for (size_t k = 0; k < countof(families); k++) {
		uint32_t n = 0;
		for (uint32_t i = 0; i < prefixes->items.n; i++)
			if (prefixes->items.at[i].value.family == families[k])
				list[n++] = prefixes->items.at[i].value;
		n = (uint32_t)prefixes_merge(list, n);
		for (uint32_t i = 0; i < n; i++) {
			char text[PREFIX_TEXT_MAX];
			prefix_format(&list[i], text);
			*push(arena, &texts.all) = arena_printf(arena, "%s", text);
		}
	}
	return texts;
}

/* What leaves by another interface is not for this machine. */
static bool leads_here(const struct zone_match *match, const struct zone_service *service)
{
	const struct field_texts *protocols = &match->protocols;
	bool is_meant = protocols->items.n == 0;

	for (uint32_t i = 0; i < protocols->items.n; i++)
		is_meant |= strcmp(protocols->items.at[i].value, service->protocol) == 0;
	return is_meant && match->out_interfaces.items.n == 0;
}

static void collect(struct arena *arena, const struct zone *zone, const struct zone_match *match,
		    struct managements *out)
{
	for (uint32_t i = 0; i < zone->services.n; i++) {
		const struct zone_service *service = &zone->services.at[i];
		struct texts sources = prefixes_of(arena, &service->src);
		struct texts networks = prefixes_of(arena, &match->src);
		struct texts destinations = prefixes_of(arena, &match->dst);
		if (!is_management(service) || !leads_here(match, service))
			continue;
		*push(arena, &out->all) = (struct flywall_management){
			.zone = zone->name,
			.protocol = service->protocol,
			.port = service->port.low,
			.interfaces = texts_of(arena, &match->interfaces),
			.interfaces_n = match->interfaces.items.n,
			.sources = sources.all.at,
			.sources_n = sources.all.n,
			.networks = networks.all.at,
			.networks_n = networks.all.n,
			.destinations = destinations.all.at,
			.destinations_n = destinations.all.n,
			.macs = texts_of(arena, &match->macs),
			.macs_n = match->macs.items.n,
		};
	}
}

void managements_collect(struct arena *arena, const struct config *config, struct managements *out)
{
	for (uint32_t i = 0; i < config->zones.n; i++)
		for (uint32_t k = 0; k < config->zones.at[i].matches.n; k++)
			collect(arena, &config->zones.at[i], &config->zones.at[i].matches.at[k],
				out);
}
