#include "runtime/store/host.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include <jansson.h>

static const char sysctl_word[] = "sysctl", parameter_word[] = "module parameter";

void host_of(struct arena *arena, struct flywall *flywall, struct host *out)
{
	const struct flywall_setting *settings;
	const struct flywall_ip_rule *rules;
	const struct flywall_ip_route *routes;
	const char *const *modules;
	struct host host = { 0 };

	size_t n = flywall_settings(flywall, &settings);
	for (size_t i = 0; i < n; i++)
		*push(arena, &host.settings) = settings[i];
	n = flywall_ip_rules(flywall, &rules);
	for (size_t i = 0; i < n; i++)
		*push(arena, &host.rules) = rules[i];
	n = flywall_ip_routes(flywall, &routes);
	for (size_t i = 0; i < n; i++)
		*push(arena, &host.routes) = routes[i];
	n = flywall_modules(flywall, &modules);
	for (size_t i = 0; i < n; i++)
		*push(arena, &host.modules) = modules[i];
	*out = host;
}

/* Writing */

static struct text text_of_json(struct arena *arena, const json_t *json)
{
	autofree char *text = json_dumps(json, JSON_INDENT(2));
	return text_of(arena_printf(arena, "%s\n", text ? text : ""));
}

static json_t *setting_json(const struct flywall_setting *setting)
{
	bool is_sysctl = setting->kind == FLYWALL_SET_SYSCTL;
	return json_pack("{s:s, s:s, s:s, s:b, s:b, s:s}", "kind",
			 is_sysctl ? sysctl_word : parameter_word, "key", setting->key, "value",
			 setting->value, "init_only", setting->init_only, "global", setting->global,
			 "place", setting->place.place);
}

struct text host_settings(struct arena *arena, const struct host *host)
{
	json_t *settings = json_array(), *modules = json_array();
	json_auto_t *all = json_pack("{s:o, s:o}", "settings", settings, "modules", modules);
	for (uint32_t i = 0; i < host->settings.n; i++)
		json_array_append_new(settings, setting_json(&host->settings.at[i]));
	for (uint32_t i = 0; i < host->modules.n; i++)
		json_array_append_new(modules, json_string(host->modules.at[i]));
	return text_of_json(arena, all);
}

static int family_of(uint8_t version)
{
	return version == 4 ? AF_INET : AF_INET6;
}

static json_t *address_json(uint8_t version, const uint8_t address[16])
{
	char text[INET6_ADDRSTRLEN];
	return json_string(inet_ntop(family_of(version), address, text, sizeof text));
}

static json_t *rule_json(const struct flywall_ip_rule *rule)
{
	return json_pack("{s:i, s:I, s:I, s:I, s:I, s:s}", "family", rule->family, "priority",
			 (json_int_t)rule->priority, "mark", (json_int_t)rule->mark, "mask",
			 (json_int_t)rule->mask, "table", (json_int_t)rule->table, "place",
			 rule->place.place);
}

static json_t *route_json(const struct flywall_ip_route *route)
{
	json_t *json = json_pack("{s:i, s:I, s:b, s:s}", "family", route->family, "table",
				 (json_int_t)route->table, "copies_connected",
				 route->copies_connected, "place", route->place.place);
	if (route->copies_connected)
		return json;
	json_object_set_new(json, "to", address_json(route->family, route->to));
	json_object_set_new(json, "length", json_integer(route->to_length));
	json_object_set_new(json, "interface", json_string(route->interface));
	if (route->has_gateway)
		json_object_set_new(json, "gateway", address_json(route->family, route->gateway));
	return json;
}

struct text host_routing(struct arena *arena, const struct host *host)
{
	json_t *rules = json_array(), *routes = json_array();
	json_auto_t *all = json_pack("{s:o, s:o}", "rules", rules, "routes", routes);
	for (uint32_t i = 0; i < host->rules.n; i++)
		json_array_append_new(rules, rule_json(&host->rules.at[i]));
	for (uint32_t i = 0; i < host->routes.n; i++)
		json_array_append_new(routes, route_json(&host->routes.at[i]));
	return text_of_json(arena, all);
}

static json_t *strings_json(const char *const *strings, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(strings[i]));
	return list;
}

struct text host_management(struct arena *arena, struct flywall *flywall)
{
	const struct flywall_management *list;
	json_auto_t *all = json_array();
	size_t n = flywall_management(flywall, &list);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(
			all,
			json_pack("{s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:o}", "zone", list[i].zone,
				  "protocol", list[i].protocol, "port", list[i].port, "interfaces",
				  strings_json(list[i].interfaces, list[i].interfaces_n), "sources",
				  strings_json(list[i].sources, list[i].sources_n), "networks",
				  strings_json(list[i].networks, list[i].networks_n),
				  "destinations",
				  strings_json(list[i].destinations, list[i].destinations_n),
				  "macs", strings_json(list[i].macs, list[i].macs_n)));
	return text_of_json(arena, all);
}

/* Reading */

static const char *copy(struct arena *arena, const char *string)
{
	return arena_printf(arena, "%s", string);
}

static bool setting_read(struct arena *arena, json_t *json, struct host *out)
{
	const char *kind, *key, *value, *place;
	int init_only, global;
	if (json_unpack(json, "{s:s, s:s, s:s, s:b, s:b, s:s}", "kind", &kind, "key", &key, "value",
			&value, "init_only", &init_only, "global", &global, "place", &place) != 0)
		return false;
	*push(arena, &out->settings) = (struct flywall_setting){
		.kind = strcmp(kind, sysctl_word) == 0 ? FLYWALL_SET_SYSCTL
						       : FLYWALL_SET_MODULE_PARAMETER,
		.key = copy(arena, key),
		.value = copy(arena, value),
		.init_only = init_only,
		.global = global,
		.place.place = copy(arena, place),
	};
	return true;
}

static bool settings_read(struct arena *arena, struct text text, struct host *out)
{
	json_auto_t *all = json_loadb(text.s, text.n, 0, NULL);
	json_t *settings, *modules, *item;
	size_t i;

	if (!all || json_unpack(all, "{s:o, s:o}", "settings", &settings, "modules", &modules) != 0)
		return false;
	json_array_foreach(settings, i, item)
	{
		if (!setting_read(arena, item, out))
			return false;
	}
	json_array_foreach(modules, i, item)
	{
		if (!json_is_string(item))
			return false;
		*push(arena, &out->modules) = copy(arena, json_string_value(item));
	}
	return true;
}

static bool rule_read(struct arena *arena, json_t *json, struct host *out)
{
	json_int_t priority, mark, mask, table;
	const char *place;
	int family;
	if (json_unpack(json, "{s:i, s:I, s:I, s:I, s:I, s:s}", "family", &family, "priority",
			&priority, "mark", &mark, "mask", &mask, "table", &table, "place",
			&place) != 0)
		return false;
	*push(arena, &out->rules) = (struct flywall_ip_rule){
		.family = (uint8_t)family,
		.priority = (uint32_t)priority,
		.mark = (uint32_t)mark,
		.mask = (uint32_t)mask,
		.table = (uint32_t)table,
		.place.place = copy(arena, place),
	};
	return true;
}

static bool destination_read(struct arena *arena, json_t *json, struct flywall_ip_route *route)
{
	const char *to, *interface, *gateway = NULL;
	int length;
	if (json_unpack(json, "{s:s, s:i, s:s, s?s}", "to", &to, "length", &length, "interface",
			&interface, "gateway", &gateway) != 0)
		return false;
	route->to_length = (uint8_t)length;
	route->interface = copy(arena, interface);
	route->has_gateway = gateway != NULL;
	return inet_pton(family_of(route->family), to, route->to) == 1 &&
	       (!gateway || inet_pton(family_of(route->family), gateway, route->gateway) == 1);
}

static bool route_read(struct arena *arena, json_t *json, struct host *out)
{
	json_int_t table;
	const char *place;
	int family, copies;
	if (json_unpack(json, "{s:i, s:I, s:b, s:s}", "family", &family, "table", &table,
			"copies_connected", &copies, "place", &place) != 0)
		return false;
	struct flywall_ip_route *route = push(arena, &out->routes);
	route->family = (uint8_t)family;
	route->table = (uint32_t)table;
	route->copies_connected = copies;
	route->place.place = copy(arena, place);
	return copies || destination_read(arena, json, route);
}

static bool routing_read(struct arena *arena, struct text text, struct host *out)
{
	json_auto_t *all = json_loadb(text.s, text.n, 0, NULL);
	json_t *rules, *routes, *item;
	size_t i;

	if (!all || json_unpack(all, "{s:o, s:o}", "rules", &rules, "routes", &routes) != 0)
		return false;
	json_array_foreach(rules, i, item)
	{
		if (!rule_read(arena, item, out))
			return false;
	}
	json_array_foreach(routes, i, item)
	{
		if (!route_read(arena, item, out))
			return false;
	}
	return true;
}

bool host_read(struct arena *arena, struct text settings, struct text routing, struct host *out)
{
	struct host host = { 0 };
	if (settings.n > 0 && !settings_read(arena, settings, &host))
		return false;
	if (routing.n > 0 && !routing_read(arena, routing, &host))
		return false;
	*out = host;
	return true;
}
