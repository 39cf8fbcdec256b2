#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "value/functions/library.h"
#include "value/functions/networks.h"

enum { NEW_BITS_MAX = 32 };

static struct value network_value(const struct call *call, const struct prefix *prefix)
{
	char text[PREFIX_TEXT_MAX];
	network_format(prefix, text);
	return call_string(call, text_of(text));
}

static struct value address_value(const struct call *call, const struct prefix *prefix)
{
	char text[PREFIX_TEXT_MAX];
	struct prefix host = *prefix;
	host.length = (uint8_t)family_bits(prefix->family);
	prefix_format(&host, text);
	return call_string(call, text_of(text));
}

static bool refuse_address(const struct call *call, uint32_t index, struct text text)
{
	argument_refuse(call, index, "\"%.*s\" is no network; one looks like \"10.0.0.0/8\"",
			(int)text.n, text.s);
	return false;
}

/* An address or a network. Bits behind the length are cleared. */
static bool read_any(const struct call *call, uint32_t index, struct prefix *out)
{
	struct text text = call->arguments[index].string;
	enum prefix_fault fault = prefix_parse(text, out);
	if (fault == PREFIX_OK || fault == PREFIX_HOST_BITS)
		return true;
	return refuse_address(call, index, text);
}

static bool read_network(const struct call *call, uint32_t index, struct prefix *out)
{
	struct text text = call->arguments[index].string;
	if (text.n > 0 && !memchr(text.s, '/', text.n)) {
		struct prefix host;
		if (prefix_parse(text, &host) != PREFIX_OK)
			return refuse_address(call, index, text);
		argument_refuse(call, index,
				"\"%.*s\" is an address; a network has a length, as in \"%.*s/%u\"",
				(int)text.n, text.s, (int)text.n, text.s, host.length);
		return false;
	}
	return read_any(call, index, out);
}

/* A whole number of up to 128 bits and a sign. */
static bool read_wide(const struct call *call, uint32_t index, bool *is_negative, wide *out)
{
	const struct number *number = call->arguments[index].number;
	if (!number_is_integer(number)) {
		argument_refuse(call, index, "a whole number is wanted, and this is %s",
				number_format(call->scope->arena, number));
		return false;
	}
	const char *digits = number_format(call->scope->arena, number);
	*is_negative = digits[0] == '-';
	wide value = 0;
	for (const char *c = digits + *is_negative; *c; c++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (wide)(*c - '0'), &value)) {
			argument_refuse(call, index, "%s has more than 128 bits", digits);
			return false;
		}
	*out = value;
	return true;
}

static struct value run_cidrhost(struct call *call)
{
	struct prefix network;
	wide number;
	bool is_negative;
	if (!read_network(call, 0, &network) || !read_wide(call, 1, &is_negative, &number))
		return call_poison(call);
	unsigned bits = family_bits(network.family) - network.length;
	wide most = bits_mask(bits);
	/* -1 is the last address. */
	if (is_negative ? number > most + 1 && most + 1 != 0 : number > most)
		return argument_refuse(call, 1, "a /%u network has no host with this number",
				       network.length);
	wide host = is_negative ? most - (number - 1) : number;
	struct prefix address = network_of(network.family, network_number(&network) | host,
					   family_bits(network.family));
	return address_value(call, &address);
}

static struct value run_cidrnetmask(struct call *call)
{
	struct prefix network;
	if (!read_network(call, 0, &network))
		return call_poison(call);
	if (network.family != FAMILY_IPV4)
		return argument_refuse(call, 0, "IPv6 has prefix lengths and no netmasks");
	struct prefix mask =
		network_of(FAMILY_IPV4, bits_mask(32) ^ bits_mask(32u - network.length), 32);
	return address_value(call, &mask);
}

static bool read_new_bits(const struct call *call, uint32_t index, const struct prefix *network,
			  unsigned least, unsigned *out)
{
	int64_t bits;
	unsigned room = family_bits(network->family) - network->length;
	number_to_int64(call->arguments[index].number, &bits);
	if (bits < least || bits > room) {
		argument_refuse(
			call, index,
			"a /%u network can be split by %u to %u bits, and here are %" PRId64,
			network->length, least, room, bits);
		return false;
	}
	*out = (unsigned)bits;
	return true;
}

static struct value run_cidrsubnet(struct call *call)
{
	struct prefix network;
	unsigned bits;
	wide number;
	bool is_negative;
	if (!read_network(call, 0, &network) || !read_new_bits(call, 1, &network, 0, &bits) ||
	    !read_wide(call, 2, &is_negative, &number))
		return call_poison(call);
	if (is_negative || number > bits_mask(bits))
		return argument_refuse(call, 2, "%u bits number the networks 0 to %s, and no other",
				       bits, wide_format(call->scope->arena, bits_mask(bits)));
	unsigned length = network.length + bits;
	wide start =
		network_number(&network) | wide_shift(number, family_bits(network.family) - length);
	struct prefix subnet = network_of(network.family, start, length);
	return network_value(call, &subnet);
}

/* The next block of its size that is free, behind those that were given out. */
static bool subnet_next(const struct prefix *network, wide *used, unsigned length,
			struct prefix *out)
{
	unsigned host_bits = family_bits(network->family) - length;
	unsigned room = family_bits(network->family) - network->length;
	wide size = wide_shift(1, host_bits), mask = bits_mask(host_bits);
	wide offset;
	if (__builtin_add_overflow(*used, mask, &offset))
		return false;
	offset &= ~mask;
	if (offset > bits_mask(room))
		return false;
	*out = network_of(network->family, network_number(network) + offset, length);
	*used = offset + size;
	/* Exactly all of the IPv6 addresses: nothing can follow. */
	if (*used == 0)
		*used = ~(wide)0;
	return true;
}

static struct value run_cidrsubnets(struct call *call)
{
	struct prefix network, subnet;
	wide used = 0;
	if (!read_network(call, 0, &network))
		return call_poison(call);
	struct value *items = arena_array(call->scope->arena, call->n, sizeof *items);
	for (uint32_t i = 1; i < call->n; i++) {
		unsigned bits;
		if (!read_new_bits(call, i, &network, 1, &bits))
			return call_poison(call);
		if (bits > NEW_BITS_MAX)
			return argument_refuse(call, i, "a network is split by %d bits at most",
					       NEW_BITS_MAX);
		if (!subnet_next(&network, &used, network.length + bits, &subnet))
			return argument_refuse(call, i, "no room is left for a /%u network",
					       network.length + bits);
		items[i - 1] = network_value(call, &subnet);
	}
	return call_list(call, items, call->n - 1);
}

static struct value run_cidrcontains(struct call *call)
{
	struct prefix outer, inner;
	if (!read_any(call, 0, &outer) || !read_any(call, 1, &inner))
		return call_poison(call);
	return call_bool(call, prefix_contains(&outer, &inner));
}

static struct value run_cidroverlaps(struct call *call)
{
	struct prefix a, b;
	if (!read_any(call, 0, &a) || !read_any(call, 1, &b))
		return call_poison(call);
	return call_bool(call, prefix_contains(&a, &b) || prefix_contains(&b, &a));
}

static struct value run_cidrfirst(struct call *call)
{
	struct prefix network;
	if (!read_any(call, 0, &network))
		return call_poison(call);
	return address_value(call, &network);
}

static struct value run_cidrlast(struct call *call)
{
	struct prefix network;
	if (!read_any(call, 0, &network))
		return call_poison(call);
	network = prefix_last(&network);
	return address_value(call, &network);
}

static struct value run_ipversion(struct call *call)
{
	struct prefix any;
	if (!read_any(call, 0, &any))
		return call_poison(call);
	return call_integer(call, any.family);
}

/* The networks of a list, merged: addresses, networks, and ranges with a hyphen. */
static bool read_networks(const struct call *call, uint32_t index, struct networks *out)
{
	const struct value *list = &call->arguments[index];
	for (uint32_t i = 0; i < list->count; i++) {
		if (list->items[i].kind == VALUE_NULL) {
			argument_refuse(call, index, "the element %" PRIu32 " is null", i);
			return false;
		}
		struct text text = list->items[i].string;
		if (!networks_add(call->scope->arena, out, text))
			return refuse_address(call, index, text);
	}
	out->n = (uint32_t)prefixes_merge(out->at, out->n);
	return true;
}

static struct value networks_value(const struct call *call, struct networks *networks)
{
	networks->n = (uint32_t)prefixes_merge(networks->at, networks->n);
	struct value *items = arena_array(call->scope->arena, networks->n, sizeof *items);
	if (!call_may_make(call, networks->n))
		return call_poison(call);
	for (uint32_t i = 0; i < networks->n; i++)
		items[i] = network_value(call, &networks->at[i]);
	return call_list(call, items, networks->n);
}

static struct value run_cidrmerge(struct call *call)
{
	struct networks all = { 0 };
	if (!read_networks(call, 0, &all))
		return call_poison(call);
	return networks_value(call, &all);
}

static struct value run_cidrsubtract(struct call *call)
{
	struct networks from = { 0 }, taken = { 0 }, left = { 0 };
	if (!read_networks(call, 0, &from) || !read_networks(call, 1, &taken))
		return call_poison(call);
	networks_subtract(call->scope->arena, &from, &taken, &left);
	return networks_value(call, &left);
}

static bool read_port(const struct call *call, uint32_t index, int64_t *out)
{
	number_to_int64(call->arguments[index].number, out);
	if (*out >= 1 && *out <= 65535)
		return true;
	argument_refuse(call, index, "ports are 1 to 65535, and this is %" PRId64, *out);
	return false;
}

static struct value run_portrange(struct call *call)
{
	int64_t low, high;
	char text[32];
	if (!read_port(call, 0, &low) || !read_port(call, 1, &high))
		return call_poison(call);
	if (low > high)
		return argument_refuse(call, 1, "the range goes down, from %" PRId64 " to %" PRId64,
				       low, high);
	snprintf(text, sizeof text, "%" PRId64 "-%" PRId64, low, high);
	return call_string(call, text_of(text));
}

static const struct function rows[] = {
	{ .name = "cidrcontains",
	  .run = run_cidrcontains,
	  .parameters = { { "outer", PARAMETER_STRING }, { "inner", PARAMETER_STRING } },
	  .doc = "Whether a network holds all of another network or address; never across "
		 "families.",
	  .example = "cidrcontains(\"10.0.0.0/8\", \"10.20.0.0/16\")",
	  .result = "true" },
	{ .name = "cidrfirst",
	  .run = run_cidrfirst,
	  .parameters = { { "network", PARAMETER_STRING } },
	  .doc = "The first address of a network, which is the network's own.",
	  .example = "cidrfirst(\"10.0.0.0/8\")",
	  .result = "\"10.0.0.0\"" },
	{ .name = "cidrhost",
	  .run = run_cidrhost,
	  .parameters = { { "prefix", PARAMETER_STRING }, { "hostnum", PARAMETER_NUMBER } },
	  .doc = "The address of a host by its number in a network; negative numbers count from "
		 "the end.",
	  .example = "cidrhost(\"10.12.112.0/20\", 16)",
	  .result = "\"10.12.112.16\"" },
	{ .name = "cidrlast",
	  .run = run_cidrlast,
	  .parameters = { { "network", PARAMETER_STRING } },
	  .doc = "The last address of a network, which in IPv4 is its broadcast address.",
	  .example = "cidrlast(\"10.0.0.0/8\")",
	  .result = "\"10.255.255.255\"" },
	{ .name = "cidrmerge",
	  .run = run_cidrmerge,
	  .parameters = { { "networks", PARAMETER_STRINGS } },
	  .doc = "The fewest networks that are the same addresses, sorted; ranges such as "
		 "\"10.0.0.1-10.0.0.9\" are taken too.",
	  .example = "cidrmerge([\"10.0.1.0/24\", \"10.0.0.0/24\", \"10.0.0.7\"])",
	  .result = "[\"10.0.0.0/23\"]" },
	{ .name = "cidrnetmask",
	  .run = run_cidrnetmask,
	  .parameters = { { "prefix", PARAMETER_STRING } },
	  .doc = "The netmask of an IPv4 network.",
	  .example = "cidrnetmask(\"172.16.0.0/12\")",
	  .result = "\"255.240.0.0\"" },
	{ .name = "cidroverlaps",
	  .run = run_cidroverlaps,
	  .parameters = { { "a", PARAMETER_STRING }, { "b", PARAMETER_STRING } },
	  .doc = "Whether two networks have an address in common.",
	  .example = "cidroverlaps(\"10.0.0.0/8\", \"10.20.0.0/16\")",
	  .result = "true" },
	{ .name = "cidrsubnet",
	  .run = run_cidrsubnet,
	  .parameters = { { "prefix", PARAMETER_STRING },
			  { "newbits", PARAMETER_INTEGER },
			  { "netnum", PARAMETER_NUMBER } },
	  .doc = "A part of a network: the prefix made longer by newbits, and the number of the "
		 "part.",
	  .example = "cidrsubnet(\"172.16.0.0/12\", 4, 2)",
	  .result = "\"172.18.0.0/16\"" },
	{ .name = "cidrsubnets",
	  .run = run_cidrsubnets,
	  .parameters = { { "prefix", PARAMETER_STRING }, { "newbits", PARAMETER_INTEGER } },
	  .optional = 1,
	  .repeats = true,
	  .doc = "Parts of a network one behind the other, each longer by its newbits (1 to 32).",
	  .example = "cidrsubnets(\"10.1.0.0/16\", 4, 4, 8, 4)",
	  .result = "[\"10.1.0.0/20\", \"10.1.16.0/20\", \"10.1.32.0/24\", \"10.1.48.0/20\"]" },
	{ .name = "cidrsubtract",
	  .run = run_cidrsubtract,
	  .parameters = { { "networks", PARAMETER_STRINGS }, { "without", PARAMETER_STRINGS } },
	  .doc = "The fewest networks that are the addresses of the first list without those of "
		 "the second.",
	  .example = "cidrsubtract([\"10.0.0.0/30\"], [\"10.0.0.1\"])",
	  .result = "[\"10.0.0.0/32\", \"10.0.0.2/31\"]" },
	{ .name = "ipversion",
	  .run = run_ipversion,
	  .parameters = { { "address", PARAMETER_STRING } },
	  .doc = "4 or 6: the family of an address or a network.",
	  .example = "ipversion(\"2001:db8::/32\")",
	  .result = "6" },
	{ .name = "portrange",
	  .run = run_portrange,
	  .parameters = { { "from", PARAMETER_INTEGER }, { "to", PARAMETER_INTEGER } },
	  .doc = "A range of ports, as lists of ports take it.",
	  .example = "portrange(10000, 20000)",
	  .result = "\"10000-20000\"" },
};

const struct function_family cidr_functions = { "Networks and ports", rows, countof(rows) };
