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

static bool list_is(json_t *list, bool (*is_good)(const char *))
{
	json_t *item;
	size_t i;
	json_array_foreach(list, i, item)
	{
		if (!json_is_string(item) || !is_good(json_string_value(item)))
			return false;
	}
	return json_is_array(list);
}

/* Those of one IP version, or all where `version` is 0. Returns how many there are. */
static size_t put_list(json_t *list, int version, const char *quote, FILE *out)
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
			fprintf(out, "%s%s%s%s", n > 1 ? ", " : "", quote, text, quote);
	}
	return n;
}

struct way {
	const char *protocol;
	int port;
	json_t *interfaces, *sources;
};

static void put_rule(const struct way *way, int version, FILE *out)
{
	fputs("\t\t", out);
	if (json_array_size(way->interfaces) > 0) {
		fputs("iifname { ", out);
		put_list(way->interfaces, 0, "\"", out);
		fputs(" } ", out);
	}
	if (version) {
		fputs(version == 4 ? "ip saddr { " : "ip6 saddr { ", out);
		put_list(way->sources, version, "", out);
		fputs(" } ", out);
	}
	fprintf(out, "%s dport %d accept\n", way->protocol, way->port);
}

static bool way_read(json_t *json, struct way *out)
{
	if (json_unpack(json, "{s:s, s:i, s:o, s:o}", "protocol", &out->protocol, "port",
			&out->port, "interfaces", &out->interfaces, "sources", &out->sources) != 0)
		return false;
	return (strcmp(out->protocol, "tcp") == 0 || strcmp(out->protocol, "udp") == 0) &&
	       out->port > 0 && out->port <= UINT16_MAX && list_is(out->interfaces, is_interface) &&
	       list_is(out->sources, is_address);
}

/* Whether it opens a TCP port. */
static bool put_way(const struct way *way, FILE *out)
{
	if (json_array_size(way->sources) == 0)
		put_rule(way, 0, out);
	for (int version = 4; version <= 6; version += 2)
		if (put_list(way->sources, version, "", NULL) > 0)
			put_rule(way, version, out);
	return strcmp(way->protocol, "tcp") == 0;
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
