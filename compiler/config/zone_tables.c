#include "config/written.h"

#include "config/names.h"
#include "config/readers.h"
#include "schema/schema.h"

/* clang-format off */
static const struct word protocol_words[] = {
	{ "tcp",       NULL,        "TCP." },
	{ "udp",       NULL,        "UDP." },
	{ "icmp",      NULL,        "ICMP, of IPv4 and IPv6." },
	{ "sctp",      NULL,        "SCTP." },
	{ "dccp",      NULL,        "DCCP." },
	{ "gre",       NULL,        "GRE." },
	{ "esp",       NULL,        "IPsec payload." },
	{ "ah",        NULL,        "IPsec authentication." },
	{ "udplite",   NULL,        "UDP-Lite." },
	{ "icmpv6",    "ipv6-icmp", "ICMP of IPv6." },
	{ "ipv6-icmp", NULL,        "ICMP of IPv6." },
};

static const struct word action_words[] = {
	{ "accept", NULL,     "Let it through." },
	{ "drop",   NULL,     "Discard it and say nothing." },
	{ "reject", NULL,     "Discard it and tell the sender." },
	{ "allow",  "accept", "The same as accept." },
	{ "block",  "drop",   "The same as drop." },
	{ "deny",   "drop",   "The same as drop." },
};

static const struct word transport_words[] = {
	{ "tcp", NULL, "TCP." },
	{ "udp", NULL, "UDP." },
};
/* clang-format on */

#define OWNER struct limits
static const struct row limits_rows[] = {
	{ .name = "max_per_ip",
	  NUMBER_ROW(OWNER, max_per_ip),
	  .high = INT32_MAX,
	  .example = "1000",
	  .doc = "The most connections at once of one address of the zone; 0 for no limit." },
	{ .name = "max_concurrent",
	  NUMBER_ROW(OWNER, max_concurrent),
	  .high = INT32_MAX,
	  .example = "100000",
	  .doc = "The most connections at once of the whole zone; 0 for no limit." },
	{ .name = "new_per_second",
	  RATE_ROW(OWNER, new_per_second),
	  .high = 10000000,
	  .per = 1,
	  .value = "0",
	  .example = "1000",
	  .doc = "The most new connections of the whole zone in a second, or a rate; 0 for no "
		 "limit." },
	{ .name = "new_per_ip",
	  RATE_ROW(OWNER, new_per_ip),
	  .high = 10000000,
	  .per = 1,
	  .value = "0",
	  .example = "\"30/minute\"",
	  .doc = "The most new connections of one address of the zone in a second, or a rate; 0 "
		 "for "
		 "no limit." },
	{ .name = "burst",
	  NUMBER_ROW(OWNER, burst),
	  .low = 1,
	  .high = INT32_MAX,
	  .example = "200",
	  .doc = "How many may come at once above these rates; by default as many as the rate "
		 "counts." },
	{ .name = "ipv6_prefix",
	  NUMBER_ROW(OWNER, ipv6_prefix),
	  .low = 1,
	  .high = 128,
	  .value = "64",
	  .example = "56",
	  .doc = "The bits of an IPv6 address that make one address of the limits above." },
};
static const struct table limits_table = { .noun = "limits",
					   ROWS(limits_rows),
					   .size = sizeof(OWNER),
					   .at = OFFSET_OF(struct span, OWNER, at) };
#undef OWNER

#define OWNER struct written_zone_conntrack
static const struct row zone_conntrack_rows[] = {
	{ .name = "enabled",
	  BOOL_ROW(OWNER, enabled),
	  .value = "true",
	  .example = "false",
	  .doc = "Whether the zone's traffic is tracked, in both directions." },
	{ .name = "timeouts",
	  OBJECT_ROW(struct written_timeouts, OWNER, timeouts),
	  .table = &timeouts_table,
	  .example = "{ tcp = \"2h\" }",
	  .doc = "Timeouts for connections that come in by the zone; all but gre and generic." },
	{ .name = "helpers",
	  OBJECT_ROW(struct written_helpers, OWNER, helpers),
	  .table = &helpers_table,
	  .example = "{ ftp = false }",
	  .doc = "Helpers that the zone has besides, or has not." },
	{ .name = "track_protocols",
	  TEXTS_ROW(OWNER, tracks),
	  WORDS(protocol_words),
	  .limits = "to track nothing of the zone, set enabled = false",
	  .example = "[\"tcp\", \"udp\", \"icmp\"]",
	  .doc = "The only protocols of the zone that are tracked." },
	{ .name = "limits",
	  OBJECT_ROW(struct limits, OWNER, limits),
	  .table = &limits_table,
	  .example = "{ max_per_ip = 1000 }",
	  .doc = "How many connections may come in by the zone." },
	{ .name = "zone_id",
	  NUMBER_ROW(OWNER, zone_id),
	  .low = 1,
	  .high = 65535,
	  .example = "1",
	  .doc = "A connection table of its own, for networks that overlap; zones may share one." },
	{ .name = "events",
	  OBJECT_ROW(struct events, OWNER, events),
	  .table = &events_table,
	  .example = "{ update = false }",
	  .doc = "Which events of the zone's connections listeners are told of." },
};
const struct table zone_conntrack_table = { .noun = "a zone's conntrack",
					    ROWS(zone_conntrack_rows),
					    .size = sizeof(OWNER),
					    .at = OFFSET_OF(struct span, OWNER, at) };
#undef OWNER

#define OWNER struct written_match
static const struct row match_rows[] = {
	{ .name = "interface",
	  .alias = "interfaces",
	  TEXTS_ROW(OWNER, interfaces),
	  .read = interface_read,
	  .example = "\"eth0\"",
	  .doc = "An interface, or several; a + or * at the end stands for any continuation." },
	{ .name = "out_interface",
	  .alias = "out_interfaces",
	  TEXTS_ROW(OWNER, out_interfaces),
	  .read = interface_read,
	  .example = "\"eth1\"",
	  .doc = "Where packets that come in by the zone leave, or several." },
	{ .name = "src",
	  PREFIXES_ROW(OWNER, src),
	  .example = "\"192.168.1.0/24\"",
	  .doc = "Where packets that come in by the zone come from." },
	{ .name = "dst",
	  PREFIXES_ROW(OWNER, dst),
	  .example = "\"192.0.2.53\"",
	  .doc = "Where packets that come in by the zone go to." },
	{ .name = "ipset",
	  .alias = "ipsets",
	  TEXTS_ROW(OWNER, sets),
	  .example = "\"scanners\"",
	  .doc = "A set that packets come from, or several: any of them." },
	{ .name = "vlan",
	  NUMBER_ROW(OWNER, vlan),
	  .low = 1,
	  .high = 4094,
	  .example = "30",
	  .doc = "A VLAN of the interface: the interface NAME.VLAN." },
	{ .name = "protocol",
	  .alias = "protocols proto",
	  TEXTS_ROW(OWNER, protocols),
	  WORDS(protocol_words),
	  .example = "\"gre\"",
	  .doc = "A protocol, or several." },
	{ .name = "mac",
	  .alias = "macs src_mac",
	  TEXTS_ROW(OWNER, macs),
	  .read = mac_read,
	  .example = "\"02:00:5e:10:00:01\"",
	  .doc = "A sender's MAC address, or several." },
	{ .name = "dscp",
	  .alias = "dscps",
	  TEXTS_ROW(OWNER, dscps),
	  .read = dscp_read,
	  .example = "\"ef\"",
	  .doc = "A code point of differentiated services by name or number, or several." },
	{ .name = "mark",
	  .alias = "fwmark",
	  TEXT_ROW(OWNER, mark),
	  .read = mark_read,
	  .example = "\"0x10/0xff\"",
	  .doc = "The mark that packets have, and the bits of it that count." },
};
const struct table match_table = { .noun = "match",
				   ROWS(match_rows),
				   .size = sizeof(OWNER),
				   .at = OFFSET_OF(struct span, OWNER, at) };
#undef OWNER

#define OWNER struct written_service
static const struct row service_switch_rows[] = {
	{ .name = "enabled",
	  BOOL_ROW(OWNER, enabled),
	  .value = "true",
	  .example = "true",
	  .doc = "Whether the zone may use it." },
	{ .name = "src",
	  .alias = "source sources src_ip",
	  PREFIXES_ROW(OWNER, src),
	  .example = "[\"192.168.1.10\"]",
	  .doc = "The only hosts and networks of the zone that may." },
};
static const struct table service_table = { .noun = "a service",
					    ROWS(service_switch_rows),
					    .size = sizeof(OWNER),
					    .at = OFFSET_OF(struct span, OWNER, at),
					    .label = OFFSET_OF(struct field_text, OWNER, name) };
#undef OWNER

#define OWNER struct written_port
static const struct row port_rows[] = {
	{ .name = "protocol",
	  .alias = "proto protocols",
	  TEXTS_ROW(OWNER, protocols),
	  WORDS(transport_words),
	  .example = "\"udp\"",
	  .doc = "The port's protocol, or several; tcp by default." },
	{ .name = "port",
	  NUMBER_ROW(OWNER, port),
	  .low = 1,
	  .high = 65535,
	  .example = "8443",
	  .doc = "The port, where the label is a name." },
	{ .name = "port_end",
	  NUMBER_ROW(OWNER, port_end),
	  .low = 1,
	  .high = 65535,
	  .example = "8450",
	  .doc = "The last port of a range." },
	{ .name = "src",
	  .alias = "source sources src_ip",
	  PREFIXES_ROW(OWNER, src),
	  .example = "[\"192.168.1.0/24\"]",
	  .doc = "The only hosts and networks of the zone that may." },
};
static const struct table port_table = { .noun = "port",
					 ROWS(port_rows),
					 .size = sizeof(OWNER),
					 .at = OFFSET_OF(struct span, OWNER, at),
					 .label = OFFSET_OF(struct field_text, OWNER, name) };
#undef OWNER

static const struct keys management_keys = {
	.noun = "service",
	.names = { &management_rows[0].name, sizeof management_rows[0], MANAGEMENT_COUNT },
	.table = &service_table,
	.offset = OFFSET_OF(struct written_service, struct written_management, of[0]),
};
const struct table management_table = { .noun = "management",
					.size = sizeof(struct written_management),
					.at = OFFSET_OF(struct span, struct written_management, at),
					.keys = &management_keys };

static const struct row services_rows[] = {
	{ .name = "port",
	  BLOCKS_ROW(struct written_port, struct written_services, ports),
	  .table = &port_table,
	  .label = "a port, or a name",
	  .example = "port \"8443\"",
	  .doc = "A port of a service that has no name here." },
};
static const struct row named_services = {
	.name = "SERVICE",
	BLOCKS_ROW(struct written_service, struct written_services, named),
	.table = &service_table,
	.label = "a service",
	.example = "https = true",
	.doc = "A service of the catalogue, or of a service block.",
};
static const struct stranger services_strangers[] = {
	{ "captive_portal", true, "it redirects packets" },
};
const struct table services_table = { .noun = "services",
				      ROWS(services_rows),
				      .size = sizeof(struct written_services),
				      .at = OFFSET_OF(struct span, struct written_services, at),
				      .rest = &named_services,
				      .strangers = services_strangers,
				      .strangers_n = countof(services_strangers) };

#define OWNER struct written_zone
static const struct row zone_rows[] = {
	{ .name = "interface",
	  .alias = "interfaces",
	  TEXTS_ROW(OWNER, interfaces),
	  .read = interface_read,
	  .example = "\"eth0\"",
	  .doc = "The zone's interface, or several; a + or * at the end stands for any "
		 "continuation." },
	{ .name = "networks",
	  .alias = "network src",
	  PREFIXES_ROW(OWNER, networks),
	  .example = "[\"192.168.1.0/24\"]",
	  .doc = "The zone's networks; together with interface, both must hold." },
	{ .name = "ipsets",
	  .alias = "ipset",
	  TEXTS_ROW(OWNER, sets),
	  .example = "[\"office\"]",
	  .doc = "Sets that hold the zone's addresses; together with interface, both must hold." },
	{ .name = "dst",
	  PREFIXES_ROW(OWNER, dst),
	  .example = "\"192.0.2.53\"",
	  .doc = "Where packets that come in by the zone go to." },
	{ .name = "vlan",
	  NUMBER_ROW(OWNER, vlan),
	  .low = 1,
	  .high = 4094,
	  .example = "30",
	  .doc = "A VLAN of the interface: the interface NAME.VLAN." },
	{ .name = "match",
	  BLOCKS_ROW(struct written_match, OWNER, matches),
	  .table = &match_table,
	  .example = "match",
	  .doc = "Another way to be in the zone: all conditions in it hold." },
	{ .name = "description",
	  TEXT_ROW(OWNER, description),
	  .example = "\"the office floor\"",
	  .doc = "A remark." },
	{ .name = "action",
	  TEXT_ROW(OWNER, action),
	  WORDS(action_words),
	  .value = "\"accept\"",
	  .example = "\"drop\"",
	  .doc = "What becomes of traffic from the zone to itself. Where a policy from the zone "
		 "to itself has no action, this refuses what its rules leave, and never accepts "
		 "it." },
	{ .name = "management",
	  OBJECT_ROW(struct written_management, OWNER, management),
	  .table = &management_table,
	  .example = "{ ssh = true }",
	  .doc = "How this machine may be managed from the zone." },
	{ .name = "services",
	  OBJECT_ROW(struct written_services, OWNER, services),
	  .table = &services_table,
	  .example = "{ dns = true }",
	  .doc = "What this machine serves to the zone." },
	{ .name = "conntrack",
	  OBJECT_ROW(struct written_zone_conntrack, OWNER, conntrack),
	  .table = &zone_conntrack_table,
	  .example = "{ enabled = false }",
	  .doc = "How connections that come in by the zone are tracked." },
	{ .name = "protection",
	  OBJECT_ROW(struct written_protection, OWNER, protection),
	  .table = &zone_protection_table,
	  .example = "{ anti_spoofing = true }",
	  .doc = "What packets of the zone are held against before anything else." },
};
#undef OWNER

static const struct stranger zone_strangers[] = {
	{ .name = "color", .is_silent = true, .doc = "the dashboard" },
	{ .name = "dhcp", .is_silent = true, .doc = "network interfaces" },
	{ .name = "external", .is_silent = true, .doc = "the dashboard" },
	{ .name = "ipv4", .is_silent = true, .doc = "network interfaces" },
	{ .name = "ipv6", .is_silent = true, .doc = "network interfaces" },
};

const struct table zone_table = { .noun = "zone",
				  ROWS(zone_rows),
				  .size = sizeof(struct written_zone),
				  .at = OFFSET_OF(struct span, struct written_zone, at),
				  .label = OFFSET_OF(struct field_text, struct written_zone, name),
				  .strangers = zone_strangers,
				  .strangers_n = countof(zone_strangers) };
