/* What packets must be like: conditions that rules of several kinds share. */
#pragma once
#include "config/config.h"
#include "config/readers.h"

struct scope;

/* The conditions as they are written. All that are set must hold. */
struct written_conditions {
	struct field_texts protocols;
	struct field_ports dest_ports, src_ports;
	struct field_texts services;
	struct field_prefixes src, dest;
	struct field_texts src_sets, dest_sets;
	struct field_bool invert_src, invert_dest;
	struct field_texts macs;
	struct field_texts in_interfaces, out_interfaces;
	struct field_texts states;
	struct field_texts icmp_types;
	struct field_texts tcp_flags;
	struct field_texts dscps;
	struct field_text mark;
	struct field_text time_start, time_end;
	struct field_texts days;
};

/* Why a list of alternatives has at least one. */
#define NOT_EMPTY "an empty list would match nothing: leave it out, or put something in"

/* Rows that fill a struct written_conditions; config/names.h and schema/schema.h are included. */
/* clang-format off */
#define CONDITION_ROWS(owner, member)                                                              \
	{ .name = "proto",                                                                         \
	  .alias = "protos protocol protocols",                                                    \
	  TEXTS_ROW(owner, member.protocols),                                                      \
	  .limits = NOT_EMPTY,                                                                     \
	  .read = protocol_read,                                                                   \
	  .example = "\"tcp\"",                                                                    \
	  .doc = "A protocol (see Protocols), or several; without one, any." },                    \
	{ .name = "dest_port",                                                                     \
	  .alias = "dest_ports dst_port dst_ports dport dports port ports",                        \
	  PORTS_ROW(owner, member.dest_ports),                                                     \
	  .limits = NOT_EMPTY,                                                                     \
	  .example = "443",                                                                        \
	  .doc = "A port to which packets go, a range, or a list of them." },                      \
	{ .name = "src_port",                                                                      \
	  .alias = "src_ports sport sports",                                                       \
	  PORTS_ROW(owner, member.src_ports),                                                      \
	  .limits = NOT_EMPTY,                                                                     \
	  .example = "[1024:65535]",                                                               \
	  .doc = "A port from which packets come, a range, or a list of them." },                  \
	{ .name = "service",                                                                       \
	  .alias = "services",                                                                     \
	  TEXTS_ROW(owner, member.services),                                                       \
	  .limits = NOT_EMPTY,                                                                     \
	  .example = "\"https\"",                                                                  \
	  .doc = "A service by its name (see Services), or several: any of them." },               \
	{ .name = "src_ip",                                                                        \
	  .alias = "src_ips src source source_ip",                                                 \
	  PREFIXES_ROW(owner, member.src),                                                         \
	  .limits = NOT_EMPTY,                                                                     \
	  .example = "\"192.0.2.0/24\"",                                                           \
	  .doc = "Where packets come from: addresses, networks and ranges of both "                \
		 "families." },                                                                    \
	{ .name = "dest_ip",                                                                       \
	  .alias = "dest_ips dest dst dst_ip dst_ips destination destination_ip",                  \
	  PREFIXES_ROW(owner, member.dest),                                                        \
	  .limits = NOT_EMPTY,                                                                     \
	  .example = "\"192.0.2.80\"",                                                             \
	  .doc = "Where packets go to: addresses, networks and ranges of both "                    \
		 "families." },                                                                    \
	{ .name = "src_ipset",                                                                     \
	  .alias = "src_ipsets src_set source_ipset",                                              \
	  TEXTS_ROW(owner, member.src_sets),                                                       \
	  .limits = NOT_EMPTY,                                                                     \
	  .example = "\"scanners\"",                                                               \
	  .doc = "A set that packets come from, or several; with src_ip beside it: any of them. A "       \
		 "set of ports, MAC addresses or interfaces joins src_port, src_mac or in_interface." }, \
	{ .name = "dest_ipset",                                                                    \
	  .alias = "dest_ipsets dest_set dst_ipset dst_ipsets destination_ipset",                  \
	  TEXTS_ROW(owner, member.dest_sets),                                                      \
	  .limits = NOT_EMPTY,                                                                     \
	  .example = "\"scanners\"",                                                               \
	  .doc = "A set that packets go to, or several; with dest_ip beside it: any of them. A set "      \
		 "of ports or interfaces joins dest_port or out_interface." },   \
	{ .name = "invert_src",                                                                    \
	  BOOL_ROW(owner, member.invert_src),                                                      \
	  .value = "false",                                                                        \
	  .example = "true",                                                                       \
	  .doc = "Whether src_ip and src_ipset stand for all sources but those." },                \
	{ .name = "invert_dest",                                                                   \
	  .alias = "invert_dst",                                                                   \
	  BOOL_ROW(owner, member.invert_dest),                                                     \
	  .value = "false",                                                                        \
	  .example = "true",                                                                       \
	  .doc = "Whether dest_ip and dest_ipset stand for all destinations but those." },         \
	{ .name = "src_mac",                                                                       \
	  .alias = "src_macs mac macs mac_address",                                                \
	  TEXTS_ROW(owner, member.macs),                                                           \
	  .limits = NOT_EMPTY,                                                                     \
	  .read = mac_read,                                                                        \
	  .example = "\"02:00:5e:10:00:01\"",                                                      \
	  .doc = "A sender's MAC address, or several." },                                          \
	{ .name = "in_interface",                                                                  \
	  .alias = "in_interfaces",                                                                \
	  TEXTS_ROW(owner, member.in_interfaces),                                                  \
	  .limits = NOT_EMPTY,                                                                     \
	  .read = interface_read,                                                                  \
	  .example = "\"eth0\"",                                                                   \
	  .doc = "The interface that packets come in by, or several." },                           \
	{ .name = "out_interface",                                                                 \
	  .alias = "out_interfaces",                                                               \
	  TEXTS_ROW(owner, member.out_interfaces),                                                 \
	  .limits = NOT_EMPTY,                                                                     \
	  .read = interface_read,                                                                  \
	  .example = "\"eth1\"",                                                                   \
	  .doc = "The interface that packets leave by, or several." },                             \
	{ .name = "conn_state",                                                                    \
	  .alias = "conn_states state states",                                                     \
	  TEXTS_ROW(owner, member.states),                                                         \
	  .limits = NOT_EMPTY,                                                                     \
	  .read = state_read,                                                                      \
	  .example = "\"new\"",                                                                    \
	  .doc = "How packets belong to connections: new, established, related, "                  \
		 "untracked, or several." },                                                       \
	{ .name = "icmp_type",                                                                     \
	  .alias = "icmp_types",                                                                   \
	  TEXTS_ROW(owner, member.icmp_types),                                                     \
	  .limits = NOT_EMPTY,                                                                     \
	  .read = icmp_type_read,                                                                  \
	  .example = "\"echo-request\"",                                                           \
	  .doc = "A type of ICMP message by name (see ICMP types) or number, or several; of "      \
		 "both versions "                                                                  \
		 "where "                                                                          \
		 "both have it." },                                                                \
	{ .name = "tcp_flags",                                                                     \
	  TEXTS_ROW(owner, member.tcp_flags),                                                      \
	  .limits = NOT_EMPTY,                                                                     \
	  .read = tcp_flags_read,                                                                  \
	  .example = "\"syn,!ack\"",                                                               \
	  .doc = "TCP flags (fin, syn, rst, psh, ack, urg, ecn, cwr) that are set, and with ! "    \
		 "those that are not; or SET/LOOKED-AT." },                                        \
	{ .name = "dscp",                                                                          \
	  .alias = "dscps",                                                                        \
	  TEXTS_ROW(owner, member.dscps),                                                          \
	  .limits = NOT_EMPTY,                                                                     \
	  .read = dscp_read,                                                                       \
	  .example = "\"ef\"",                                                                     \
	  .doc = "A code point of differentiated services by name (cs0 to cs7, af11 to af43, "     \
		 "ef, le, va) or number, or several." },                                                                     \
	{ .name = "mark",                                                                          \
	  .alias = "fwmark",                                                                       \
	  TEXT_ROW(owner, member.mark),                                                            \
	  .read = mark_read,                                                                       \
	  .example = "\"0x10/0xff\"",                                                              \
	  .doc = "The mark that packets have, and the bits of it that count." },                   \
	{ .name = "time_start",                                                                    \
	  TEXT_ROW(owner, member.time_start),                                                      \
	  .read = clock_read,                                                                      \
	  .example = "\"08:00\"",                                                                  \
	  .doc = "When the time begins, on this machine's clock." },                               \
	{ .name = "time_end",                                                                      \
	  TEXT_ROW(owner, member.time_end),                                                        \
	  .read = clock_read,                                                                      \
	  .example = "\"18:30\"",                                                                  \
	  .doc = "When the time ends; before time_start: on the next day." },                      \
	  {                                                                                        \
	  .name = "days", .alias = "day", TEXTS_ROW(owner, member.days), .read = day_read,         \
	  .example = "[\"monday\", \"tuesday\"]",                                                  \
	  .doc = "The days of the week on which the time begins; weekdays and weekend are "        \
		 "several."                                                                        \
	  }
/* clang-format on */

/* Checks the conditions and puts them into `out`, whose `at` is set already. The sets, services and
 * zones of the configuration are resolved. */
void conditions_resolve(struct scope *scope, const struct config *config,
			const struct written_conditions *written, struct rule *out);

/* Which zones a name means: one zone, this machine, or by "*", "?", "any" and "all" several. What
 * it is NULL for was not written: `out->written` then stays NULL. */
void zone_set_resolve(struct scope *scope, const struct config *config,
		      const struct field_text *written, struct zone_set *out);

/* The service of that name, or NULL. */
const struct service_def *config_service(const struct config *config, const char *name);
