#include "runtime/routing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>

#include "runtime/store/host.h"

/* The metric that the kernel gives an IPv6 route without one (IP6_RT_PRIO_USER). */
enum { METRIC6 = 1024 };

struct entries {
	VEC(struct routing_entry) all;
};

static void close_socket(struct mnl_socket **socket)
{
	if (*socket)
		mnl_socket_close(*socket);
}

#define autosocket __attribute__((cleanup(close_socket)))

static struct mnl_socket *open_socket(void)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	int on = 1;
	if (socket && mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		mnl_socket_close(socket);
		return NULL;
	}
	/* With it the kernel filters dumps; an old one sends everything, which is looked through.
	 */
	if (socket)
		mnl_socket_setsockopt(socket, NETLINK_GET_STRICT_CHK, &on, sizeof on);
	return socket;
}

/* Sends a message and reads what comes back until it is acknowledged or at its end. */
static int exchange(struct mnl_socket *socket, struct nlmsghdr *message, mnl_cb_t reader,
		    void *context)
{
	char buffer[32768];
	unsigned port = mnl_socket_get_portid(socket);
	message->nlmsg_seq = 1;
	if (mnl_socket_sendto(socket, message, message->nlmsg_len) < 0)
		return -errno;
	for (;;) {
		ssize_t n = mnl_socket_recvfrom(socket, buffer, sizeof buffer);
		if (n < 0)
			return -errno;
		int next = mnl_cb_run(buffer, (size_t)n, 1, port, reader, context);
		if (next < 0)
			return -errno;
		if (next == MNL_CB_STOP)
			return 0;
	}
}

/* Reading */

static int keep_attribute(const struct nlattr *attribute, void *context)
{
	const struct nlattr **table = context;
	uint16_t type = mnl_attr_get_type(attribute);
	if (type <= RTA_MAX || type <= FRA_MAX)
		table[type] = attribute;
	return MNL_CB_OK;
}

enum { ATTRIBUTES = (RTA_MAX > FRA_MAX ? RTA_MAX : FRA_MAX) + 1 };

static uint32_t number_of(const struct nlattr *attribute, uint32_t otherwise)
{
	bool is_whole = attribute && mnl_attr_validate(attribute, MNL_TYPE_U32) == 0;
	return is_whole ? mnl_attr_get_u32(attribute) : otherwise;
}

static void address_of(const struct nlattr *attribute, uint8_t address[16])
{
	uint16_t length = attribute ? mnl_attr_get_payload_len(attribute) : 0;
	if (length == 4 || length == 16)
		memcpy(address, mnl_attr_get_payload(attribute), length);
}

struct reader {
	struct arena *arena;
	struct entries *out;
	bool wants_connected; /* those of the main table, else our own */
};

static int read_rule(const struct nlmsghdr *message, void *context)
{
	const struct reader *reader = context;
	const struct fib_rule_hdr *header = mnl_nlmsg_get_payload(message);
	const struct nlattr *attributes[ATTRIBUTES] = { NULL };
	mnl_attr_parse(message, sizeof *header, keep_attribute, attributes);
	if (!attributes[FRA_PROTOCOL] ||
	    mnl_attr_validate(attributes[FRA_PROTOCOL], MNL_TYPE_U8) < 0 ||
	    mnl_attr_get_u8(attributes[FRA_PROTOCOL]) != ROUTING_PROTOCOL)
		return MNL_CB_OK;
	struct routing_entry *entry = push(reader->arena, &reader->out->all);
	entry->is_rule = true;
	entry->family = header->family;
	entry->table = number_of(attributes[FRA_TABLE], header->table);
	entry->priority = number_of(attributes[FRA_PRIORITY], 0);
	entry->mark = number_of(attributes[FRA_FWMARK], 0);
	entry->mask = number_of(attributes[FRA_FWMASK], 0);
	return MNL_CB_OK;
}

static int read_route(const struct nlmsghdr *message, void *context)
{
	const struct reader *reader = context;
	const struct rtmsg *header = mnl_nlmsg_get_payload(message);
	const struct nlattr *attributes[ATTRIBUTES] = { NULL };
	mnl_attr_parse(message, sizeof *header, keep_attribute, attributes);
	uint32_t table = number_of(attributes[RTA_TABLE], header->rtm_table);
	bool is_wanted = reader->wants_connected
				 ? table == RT_TABLE_MAIN && header->rtm_dst_len > 0 &&
					   !attributes[RTA_GATEWAY] && !attributes[RTA_VIA] &&
					   !attributes[RTA_MULTIPATH] &&
					   header->rtm_type == RTN_UNICAST && attributes[RTA_OIF] &&
					   !(header->rtm_flags & RTM_F_CLONED)
				 : header->rtm_protocol == ROUTING_PROTOCOL;
	if (!is_wanted)
		return MNL_CB_OK;
	struct routing_entry *entry = push(reader->arena, &reader->out->all);
	entry->family = header->rtm_family;
	entry->table = table;
	entry->priority = number_of(attributes[RTA_PRIORITY], 0);
	entry->index = number_of(attributes[RTA_OIF], 0);
	entry->to_length = header->rtm_dst_len;
	entry->has_gateway = attributes[RTA_GATEWAY] != NULL;
	entry->has_source = attributes[RTA_PREFSRC] != NULL;
	address_of(attributes[RTA_DST], entry->to);
	address_of(attributes[RTA_GATEWAY], entry->gateway);
	address_of(attributes[RTA_PREFSRC], entry->source);
	return MNL_CB_OK;
}

static int dump_rules(struct mnl_socket *socket, struct reader *reader, uint8_t family)
{
	char buffer[256];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	message->nlmsg_type = RTM_GETRULE;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	struct fib_rule_hdr *header = mnl_nlmsg_put_extra_header(message, sizeof *header);
	header->family = family;
	return exchange(socket, message, read_rule, reader);
}

static int dump_routes(struct mnl_socket *socket, struct reader *reader, uint8_t family)
{
	char buffer[256];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	message->nlmsg_type = RTM_GETROUTE;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	struct rtmsg *header = mnl_nlmsg_put_extra_header(message, sizeof *header);
	header->rtm_family = family;
	if (reader->wants_connected)
		mnl_attr_put_u32(message, RTA_TABLE, RT_TABLE_MAIN);
	else
		header->rtm_protocol = ROUTING_PROTOCOL;
	int error = exchange(socket, message, read_route, reader);
	/* The kernel's answer where it has no such table yet. */
	return error == -ENOENT ? 0 : error;
}

static const uint8_t families[] = { AF_INET, AF_INET6 };

static int read_own(struct mnl_socket *socket, struct arena *arena, struct entries *out)
{
	struct reader reader = { arena, out, false };
	for (size_t i = 0; i < countof(families); i++) {
		int error = dump_rules(socket, &reader, families[i]);
		/* A kernel without IPv6, or without routing rules, has none of ours. */
		if (error == -EAFNOSUPPORT)
			continue;
		if (!error)
			error = dump_routes(socket, &reader, families[i]);
		if (error)
			return error;
	}
	return 0;
}

/* Wanting */

static uint8_t kernel_family(uint8_t family)
{
	return family == 4 ? AF_INET : AF_INET6;
}

static void want_rules(struct arena *arena, const struct host *host, struct entries *out)
{
	const struct flywall_ip_rule *rules = host->rules.at;
	for (uint32_t i = 0; i < host->rules.n; i++) {
		struct routing_entry *entry = push(arena, &out->all);
		entry->is_rule = true;
		entry->family = kernel_family(rules[i].family);
		entry->table = rules[i].table;
		entry->priority = rules[i].priority;
		entry->mark = rules[i].mark;
		entry->mask = rules[i].mask;
		entry->place = &rules[i].place;
	}
}

static int want_connected(struct mnl_socket *socket, struct arena *arena,
			  const struct flywall_ip_route *route, struct entries *out)
{
	uint32_t first = out->all.n;
	struct reader reader = { arena, out, true };
	int error = dump_routes(socket, &reader, kernel_family(route->family));
	for (uint32_t i = first; !error && i < out->all.n; i++) {
		out->all.at[i].table = route->table;
		out->all.at[i].place = &route->place;
	}
	return error;
}

static void want_route(struct arena *arena, const struct report *report,
		       const struct flywall_ip_route *route, struct entries *out)
{
	uint32_t index = if_nametoindex(route->interface);
	if (index == 0) {
		report_message(report, REPORT_WARNING, &route->place,
			       "interface %s is not there, so its routes are left out",
			       route->interface);
		report_help(report, "apply the configuration again once it is there");
		return;
	}
	struct routing_entry *entry = push(arena, &out->all);
	entry->family = kernel_family(route->family);
	entry->table = route->table;
	entry->priority = route->family == 6 ? METRIC6 : 0;
	entry->index = index;
	entry->to_length = route->to_length;
	entry->has_gateway = route->has_gateway;
	memcpy(entry->to, route->to, sizeof entry->to);
	memcpy(entry->gateway, route->gateway, sizeof entry->gateway);
	entry->place = &route->place;
}

static int want(struct mnl_socket *socket, struct arena *arena, const struct report *report,
		const struct host *host, struct entries *out)
{
	const struct flywall_ip_route *routes = host->routes.at;
	for (uint32_t i = 0; i < host->routes.n; i++) {
		int error = 0;
		if (routes[i].copies_connected)
			error = want_connected(socket, arena, &routes[i], out);
		else
			want_route(arena, report, &routes[i], out);
		if (error)
			return error;
	}
	want_rules(arena, host, out);
	return 0;
}

/* Changing */

static bool is_in(const struct entries *entries, const struct routing_entry *entry)
{
	for (uint32_t i = 0; i < entries->all.n; i++)
		if (memcmp(&entries->all.at[i], entry, offsetof(struct routing_entry, place)) == 0)
			return true;
	return false;
}

int routing_plan(struct arena *arena, const struct report *report, const struct host *host,
		 struct routing *out)
{
	struct entries own = { 0 }, wanted = { 0 };
	autosocket struct mnl_socket *socket = open_socket();
	if (!socket)
		return -errno;
	int error = read_own(socket, arena, &own);
	if (!error)
		error = want(socket, arena, report, host, &wanted);
	if (error)
		return error;
	for (uint32_t i = 0; i < wanted.all.n; i++)
		if (!is_in(&own, &wanted.all.at[i]))
			*push(arena, &out->added) = wanted.all.at[i];
	/* Rules go before the routes that they lead to. */
	for (uint32_t i = own.all.n; i-- > 0;)
		if (!is_in(&wanted, &own.all.at[i]))
			*push(arena, &out->removed) = own.all.at[i];
	return 0;
}

static void put_rule(struct nlmsghdr *message, const struct routing_entry *entry)
{
	struct fib_rule_hdr *header = mnl_nlmsg_put_extra_header(message, sizeof *header);
	header->family = (uint8_t)entry->family;
	header->action = FR_ACT_TO_TBL;
	mnl_attr_put_u32(message, FRA_TABLE, entry->table);
	mnl_attr_put_u32(message, FRA_PRIORITY, entry->priority);
	mnl_attr_put_u8(message, FRA_PROTOCOL, ROUTING_PROTOCOL);
	if (entry->mask == 0) {
		mnl_attr_put_strz(message, FRA_IIFNAME, "lo");
		return;
	}
	mnl_attr_put_u32(message, FRA_FWMARK, entry->mark);
	mnl_attr_put_u32(message, FRA_FWMASK, entry->mask);
}

static void put_route(struct nlmsghdr *message, const struct routing_entry *entry)
{
	size_t length = entry->family == AF_INET ? 4 : 16;
	struct rtmsg *header = mnl_nlmsg_put_extra_header(message, sizeof *header);
	bool is_link = entry->family == AF_INET && !entry->has_gateway;
	header->rtm_family = (uint8_t)entry->family;
	header->rtm_dst_len = (uint8_t)entry->to_length;
	header->rtm_protocol = ROUTING_PROTOCOL;
	header->rtm_scope = is_link ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
	header->rtm_type = RTN_UNICAST;
	mnl_attr_put_u32(message, RTA_TABLE, entry->table);
	mnl_attr_put_u32(message, RTA_OIF, entry->index);
	if (entry->to_length > 0)
		mnl_attr_put(message, RTA_DST, length, entry->to);
	if (entry->has_gateway)
		mnl_attr_put(message, RTA_GATEWAY, length, entry->gateway);
	if (entry->has_source)
		mnl_attr_put(message, RTA_PREFSRC, length, entry->source);
	if (entry->priority > 0)
		mnl_attr_put_u32(message, RTA_PRIORITY, entry->priority);
}

static int change(struct mnl_socket *socket, const struct routing_entry *entry, bool is_added)
{
	char buffer[512];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	if (entry->is_rule)
		message->nlmsg_type = is_added ? RTM_NEWRULE : RTM_DELRULE;
	else
		message->nlmsg_type = is_added ? RTM_NEWROUTE : RTM_DELROUTE;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	if (is_added)
		message->nlmsg_flags |= NLM_F_CREATE | (entry->is_rule ? NLM_F_EXCL : NLM_F_APPEND);
	if (entry->is_rule)
		put_rule(message, entry);
	else
		put_route(message, entry);
	return exchange(socket, message, NULL, NULL);
}

static const char *prefix_text(struct arena *arena, const struct routing_entry *entry)
{
	char text[INET6_ADDRSTRLEN];
	if (entry->to_length == 0)
		return "default";
	inet_ntop((int)entry->family, entry->to, text, sizeof text);
	return arena_printf(arena, "%s/%u", text, entry->to_length);
}

static const char *rule_text(struct arena *arena, const struct routing_entry *entry, int version)
{
	const char *whom = "iif lo";
	if (entry->mask)
		whom = arena_printf(arena, "fwmark 0x%x/0x%x", entry->mark, entry->mask);
	return arena_printf(arena, "-%d rule pref %u %s lookup %u", version, entry->priority, whom,
			    entry->table);
}

const char *routing_describe(struct arena *arena, const struct routing_entry *entry)
{
	char gateway[INET6_ADDRSTRLEN], interface[IF_NAMESIZE] = "?";
	int version = entry->family == AF_INET ? 4 : 6;
	if (entry->is_rule)
		return rule_text(arena, entry, version);
	inet_ntop((int)entry->family, entry->gateway, gateway, sizeof gateway);
	if_indextoname(entry->index, interface);
	return arena_printf(arena, "-%d route %s%s%s dev %s table %u", version,
			    prefix_text(arena, entry), entry->has_gateway ? " via " : "",
			    entry->has_gateway ? gateway : "", interface, entry->table);
}

/* An uplink that is not up yet. */
static bool is_early(const struct routing_entry *entry, int error)
{
	return !entry->is_rule &&
	       (error == -ENETDOWN || error == -ENETUNREACH || error == -EHOSTUNREACH);
}

/* Of IPv6, somebody else's route that is the same keeps ours out, and serves as well. */
static bool is_there(const struct routing_entry *entry, int error)
{
	return !entry->is_rule && error == -EEXIST;
}

static void warn_early(struct arena *arena, const struct report *report,
		       const struct routing_entry *entry, int error)
{
	report_message(report, REPORT_WARNING, entry->place, "ip %s is left out: %s",
		       routing_describe(arena, entry), strerror(-error));
	report_help(report, "apply the configuration again once the interface is up and has its "
			    "address");
}

int routing_add(struct arena *arena, const struct report *report, struct routing *routing,
		const struct routing_entry **failed)
{
	autosocket struct mnl_socket *socket = open_socket();
	*failed = NULL;
	if (!socket)
		return -errno;
	for (; routing->done < routing->added.n; routing->done++) {
		const struct routing_entry *entry = &routing->added.at[routing->done];
		int error = change(socket, entry, true);
		if (is_early(entry, error)) {
			warn_early(arena, report, entry, error);
		} else if (error && !is_there(entry, error)) {
			*failed = entry;
			return error;
		}
	}
	return 0;
}

/* The kernel takes routes away by itself when their interface goes. */
static bool is_gone(int error)
{
	return error == -ESRCH || error == -ENOENT || error == -ENODEV;
}

int routing_remove(struct arena *arena, struct routing *routing, const char **what)
{
	autosocket struct mnl_socket *socket = open_socket();
	*what = "netlink";
	if (!socket)
		return -errno;
	for (uint32_t i = 0; i < routing->removed.n; i++) {
		int error = change(socket, &routing->removed.at[i], false);
		if (error && !is_gone(error)) {
			*what = routing_describe(arena, &routing->removed.at[i]);
			return error;
		}
	}
	return 0;
}

int routing_take_back(struct routing *routing)
{
	int first = 0;
	autosocket struct mnl_socket *socket = open_socket();
	if (!socket)
		return -errno;
	while (routing->done > 0) {
		int error = change(socket, &routing->added.at[--routing->done], false);
		if (error && !is_gone(error) && !first)
			first = error;
	}
	return first;
}

void routing_preview(struct arena *arena, const struct routing *routing, FILE *out)
{
	for (uint32_t i = 0; i < routing->added.n; i++)
		fprintf(out, "add ip %s\n", routing_describe(arena, &routing->added.at[i]));
	for (uint32_t i = 0; i < routing->removed.n; i++)
		fprintf(out, "remove ip %s\n", routing_describe(arena, &routing->removed.at[i]));
}
