#include "runtime/closed.h"

#include <string.h>

#include <jansson.h>

#include "runtime/change/kernel.h"

static const char head[] =
	"table inet flywall\n"
	"delete table inet flywall\n"
	"table inet flywall {\n"
	"\tchain closed_in {\n"
	"\t\ttype filter hook input priority filter; policy drop;\n"
	"\t\tct state established,related accept\n"
	"\t\tiif \"lo\" accept\n"
	"\t\ticmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, "
	"nd-neighbor-advert, nd-redirect, packet-too-big, destination-unreachable, time-exceeded, "
	"parameter-problem, mld-listener-query, echo-request } accept\n"
	"\t\ticmp type { destination-unreachable, time-exceeded, parameter-problem, echo-request } "
	"accept\n"
	"\t\tudp sport 67 udp dport 68 accept\n"
	"\t\tip6 saddr fe80::/10 udp sport 547 udp dport 546 accept\n";

static const char tail[] = "\t}\n"
			   "\tchain closed_through {\n"
			   "\t\ttype filter hook forward priority filter; policy drop;\n"
			   "\t\tct state established,related accept\n"
			   "\t}\n"
			   "}\n";

/* The file may be anything by now. */
static bool is_made_of(const char *text, const char *characters)
{
	return *text && strspn(text, characters) == strlen(text);
}

static bool is_interface(const char *text)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789._-@:*";
	return strlen(text) < 16 && is_made_of(text, characters);
}

static bool is_address(const char *text)
{
	return is_made_of(text, "0123456789abcdefABCDEF:./");
}

static bool is_mac(const char *text)
{
	return is_made_of(text, "0123456789abcdefABCDEF:");
}

/* Older versions have written fewer lists. */
static bool list_is(json_t *list, bool (*is_good)(const char *))
{
	json_t *item;
	size_t i;
	json_array_foreach(list, i, item)
	{
		if (!json_is_string(item) || !is_good(json_string_value(item)))
			return false;
	}
	return !list || json_is_array(list);
}

/* Those of one IP version, or all where `version` is 0. Returns how many there are. */
static size_t put_list(json_t *list, int version, FILE *out)
{
	json_t *item;
	size_t i, n = 0;
	json_array_foreach(list, i, item)
	{
		const char *text = json_string_value(item);
		if (version && version != (strchr(text, ':') ? 6 : 4))
			continue;
		n++;
		if (out)
			fprintf(out, "%s%s", n > 1 ? ", " : "", text);
	}
	return n;
}

/* What a way asks of addresses. */
enum { SOURCES, NETWORKS, DESTINATIONS, ADDRESSES };

static const char *const address_keys[ADDRESSES] = {
	[SOURCES] = "saddr",
	[NETWORKS] = "saddr",
	[DESTINATIONS] = "daddr",
};

struct way {
	const char *protocol;
	int port;
	json_t *interfaces, *addresses[ADDRESSES], *macs;
};

static void put_rule(const struct way *way, const char *interface, int version, FILE *out)
{
	fputs("\t\t", out);
	if (interface)
		fprintf(out, "iifname \"%s\" ", interface);
	if (json_array_size(way->macs) > 0) {
		fputs("ether saddr { ", out);
		put_list(way->macs, 0, out);
		fputs(" } ", out);
	}
	for (int i = 0; version && i < ADDRESSES; i++) {
		if (json_array_size(way->addresses[i]) == 0)
			continue;
		fprintf(out, "%s %s { ", version == 4 ? "ip" : "ip6", address_keys[i]);
		put_list(way->addresses[i], version, out);
		fputs(" } ", out);
	}
	fprintf(out, "%s dport %d accept\n", way->protocol, way->port);
}

static bool way_read(json_t *json, struct way *out)
{
	*out = (struct way){ 0 };
	if (json_unpack(json, "{s:s, s:i, s:o, s:o, s?o, s?o, s?o}", "protocol", &out->protocol,
			"port", &out->port, "interfaces", &out->interfaces, "sources",
			&out->addresses[SOURCES], "networks", &out->addresses[NETWORKS],
			"destinations", &out->addresses[DESTINATIONS], "macs", &out->macs) != 0)
		return false;
	for (int i = 0; i < ADDRESSES; i++)
		if (!list_is(out->addresses[i], is_address))
			return false;
	return (strcmp(out->protocol, "tcp") == 0 || strcmp(out->protocol, "udp") == 0) &&
	       out->port > 0 && out->port <= UINT16_MAX && list_is(out->interfaces, is_interface) &&
	       list_is(out->macs, is_mac);
}

/* Whether packets of that IP version can come this way; 0 is either. */
static bool way_has(const struct way *way, int version)
{
	size_t asked = 0, lists = 0;

	for (int i = 0; i < ADDRESSES; i++) {
		asked += json_array_size(way->addresses[i]) > 0;
		lists += version && put_list(way->addresses[i], version, NULL) > 0;
	}
	return version ? asked > 0 && lists == asked : asked == 0;
}

/* Whether it opens a TCP port. */
static bool put_way(const struct way *way, FILE *out)
{
	static const int versions[] = { 0, 4, 6 };
	bool is_open = false;
	json_t *interface;
	size_t k;

	for (size_t i = 0; i < countof(versions); i++) {
		if (!way_has(way, versions[i]))
			continue;
		is_open = true;
		if (json_array_size(way->interfaces) == 0)
			put_rule(way, NULL, versions[i], out);
		json_array_foreach(way->interfaces, k, interface)
		{
			put_rule(way, json_string_value(interface), versions[i], out);
		}
	}
	return is_open && strcmp(way->protocol, "tcp") == 0;
}

bool closed_write(struct text management, FILE *out)
{
	json_auto_t *list = json_loadb(management.s, management.n, 0, NULL);
	bool is_reachable = false;
	json_t *item;
	size_t i;

	fputs(head, out);
	json_array_foreach(list, i, item)
	{
		struct way way;
		if (way_read(item, &way))
			is_reachable |= put_way(&way, out);
	}
	if (!is_reachable)
		fputs("\t\ttcp dport 22 accept\n", out);
	fputs(tail, out);
	return is_reachable;
}

bool closed_is_loaded(void)
{
	autoarena struct arena *arena = arena_new();
	autokernel struct kernel kernel = { 0 };
	struct view view = { 0 };

	return kernel_open(&kernel) == 0 && kernel_things(&kernel, arena, "flywall", &view) == 0 &&
	       view_find(&view, model_key(arena, MODEL_CHAIN, 0, TEXT("closed_in"))) != NULL;
}
