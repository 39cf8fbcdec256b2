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

static const char **prefixes_of(struct arena *arena, const struct field_prefixes *prefixes)
{
	const char **list = arena_array(arena, prefixes->items.n + 1, sizeof *list);
	for (uint32_t i = 0; i < prefixes->items.n; i++) {
		char text[PREFIX_TEXT_MAX];
		prefix_format(&prefixes->items.at[i].value, text);
		list[i] = arena_printf(arena, "%s", text);
	}
	return list;
}

static void collect(struct arena *arena, const struct zone *zone, const struct zone_match *match,
		    struct managements *out)
{
	for (uint32_t i = 0; i < zone->services.n; i++) {
		const struct zone_service *service = &zone->services.at[i];
		const struct field_prefixes *from =
			service->src.items.n ? &service->src : &match->src;
		if (!is_management(service))
			continue;
		*push(arena, &out->all) = (struct flywall_management){
			.zone = zone->name,
			.protocol = service->protocol,
			.port = service->port.low,
			.interfaces = texts_of(arena, &match->interfaces),
			.interfaces_n = match->interfaces.items.n,
			.sources = prefixes_of(arena, from),
			.sources_n = from->items.n,
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
