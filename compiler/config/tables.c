#include "config/written.h"

#include "config/names.h"
#include "schema/schema.h"

#define OWNER struct events
static const struct row events_rows[] = {
	{ .name = "new",
	  BOOL_ROW(OWNER, new),
	  .value = "true",
	  .example = "true",
	  .doc = "Connections that begin." },
	{ .name = "update",
	  BOOL_ROW(OWNER, update),
	  .value = "true",
	  .example = "false",
	  .doc = "Changes of state, mark or helper." },
	{ .name = "destroy",
	  BOOL_ROW(OWNER, destroy),
	  .value = "true",
	  .example = "true",
	  .doc = "Connections that end." },
};
const struct table events_table = { .noun = "events",
				    ROWS(events_rows),
				    .size = sizeof(OWNER),
				    .at = OFFSET_OF(struct span, OWNER, at) };
#undef OWNER

static const struct row timeouts_rows[] = {
#define X(key_, name_, alias_, example_, doc_)                                                     \
	{ .name = name_,                                                                           \
	  .alias = alias_,                                                                         \
	  DURATION_ROW(struct written_timeouts, key[KEY_##key_]),                                  \
	  .low = 1,                                                                                \
	  .high = TIMEOUT_MAX,                                                                     \
	  .limits = "above, the kernel lets the entry expire at once; 0 ends it at once",          \
	  .example = example_,                                                                     \
	  .doc = doc_ },
	TIMEOUT_KEYS(X)
#undef X
};
const struct table timeouts_table = { .noun = "timeouts",
				      ROWS(timeouts_rows),
				      .size = sizeof(struct written_timeouts),
				      .at = OFFSET_OF(struct span, struct written_timeouts, at) };

#define OWNER struct helper_use
static const struct row helper_rows_of_one[] = {
	{ .name = "enabled",
	  BOOL_ROW(OWNER, enabled),
	  .value = "true",
	  .example = "true",
	  .doc = "Whether the helper watches its ports." },
	{ .name = "ports",
	  PORTS_ROW(OWNER, ports),
	  .example = "[21, 2121]",
	  .doc = "Where its servers listen, instead of the usual port; for h323 the port of "
		 "Q.931." },
	{ .name = "loose",
	  BOOL_ROW(OWNER, loose),
	  .value = "false",
	  .example = "false",
	  .doc = "Whether data may come from another address than the peer's; one value for the "
		 "whole machine." },
	{ .name = "media_ports",
	  PORTS_ROW(OWNER, media_ports),
	  .example = "[10000:20000]",
	  .doc = "The only ports to which the connections that it opens may go." },
};
static const struct table helper_table = { .noun = "a helper",
					   ROWS(helper_rows_of_one),
					   .size = sizeof(OWNER),
					   .at = OFFSET_OF(struct span, OWNER, at) };
#undef OWNER

static const struct keys helpers_keys = {
	.noun = "helper",
	.names = { &helper_rows[0].name, sizeof helper_rows[0], HELPER_COUNT },
	.table = &helper_table,
	.offset = OFFSET_OF(struct helper_use, struct written_helpers, of[0]),
};
const struct table helpers_table = { .noun = "helpers",
				     .size = sizeof(struct written_helpers),
				     .at = OFFSET_OF(struct span, struct written_helpers, at),
				     .keys = &helpers_keys };

#define OWNER struct written_conntrack
static const struct row conntrack_rows[] = {
	{ .name = "enabled",
	  BOOL_ROW(OWNER, enabled),
	  .value = "true",
	  .example = "true",
	  .doc = "Whether connections are tracked at all." },
	{ .name = "max_connections",
	  NUMBER_ROW(OWNER, max_connections),
	  .low = 1,
	  .high = INT32_MAX,
	  .example = "262144",
	  .doc = "The most connections that the kernel remembers." },
	{ .name = "hash_size",
	  NUMBER_ROW(OWNER, hash_size),
	  .low = 1,
	  .high = INT32_MAX / 8,
	  .example = "65536",
	  .doc = "The buckets of the connection table; about a quarter of max_connections." },
	{ .name = "buckets",
	  NUMBER_ROW(OWNER, buckets),
	  .low = 1,
	  .high = INT32_MAX / 8,
	  .example = "65536",
	  .doc = "Another word for hash_size, which counts where both are set." },
	{ .name = "timeouts",
	  OBJECT_ROW(struct written_timeouts, OWNER, timeouts),
	  .table = &timeouts_table,
	  .example = "{ tcp = \"24h\" }",
	  .doc = "How long a connection is remembered without traffic." },
	{ .name = "helpers",
	  OBJECT_ROW(struct written_helpers, OWNER, helpers),
	  .table = &helpers_table,
	  .example = "{ ftp = true }",
	  .doc = "Protocols whose further connections are recognised." },
	{ .name = "nat_helpers",
	  OBJECT_ROW(struct written_helpers, OWNER, nat_helpers),
	  .table = &helpers_table,
	  .example = "{ ftp = { ports = [21] } }",
	  .doc = "The same helpers, with their ports; what helpers and nat_helpers say is brought "
		 "together." },
	{ .name = "log_invalid",
	  BOOL_ROW(OWNER, log_invalid),
	  .value = "false",
	  .example = "true",
	  .doc = "Whether packets that belong to no connection are logged before they are "
		 "dropped." },
	{ .name = "log_max",
	  RATE_ROW(OWNER, log_max),
	  .high = 10000000,
	  .per = 60,
	  .value = "60",
	  .example = "100",
	  .doc = "The most messages a minute of log_invalid, or a rate; 0 for no limit." },
	{ .name = "events",
	  OBJECT_ROW(struct events, OWNER, events),
	  .table = &events_table,
	  .example = "{ update = false }",
	  .doc = "Which events listeners are told of." },
	{ .name = "accounting",
	  BOOL_ROW(OWNER, accounting),
	  .value = "false",
	  .example = "true",
	  .doc = "Whether bytes and packets are counted for each connection." },
	{ .name = "timestamps",
	  BOOL_ROW(OWNER, timestamps),
	  .value = "false",
	  .example = "true",
	  .doc = "Whether each connection's beginning is kept." },
	{ .name = "tcp_loose",
	  BOOL_ROW(OWNER, tcp_loose),
	  .value = "true",
	  .example = "false",
	  .doc = "Whether TCP connections are picked up in the middle." },
	{ .name = "tcp_liberal",
	  BOOL_ROW(OWNER, tcp_liberal),
	  .value = "false",
	  .example = "true",
	  .doc = "Whether TCP packets outside of the window are let through." },
};
const struct table conntrack_table = { .noun = "conntrack",
				       ROWS(conntrack_rows),
				       .size = sizeof(OWNER),
				       .at = OFFSET_OF(struct span, OWNER, at) };
#undef OWNER

#define OWNER struct written
static const struct row written_rows[] = {
	{ .name = "conntrack",
	  OBJECT_ROW(struct written_conntrack, OWNER, conntrack),
	  .table = &conntrack_table,
	  .example = "{ max_connections = 262144 }",
	  .doc = "How the kernel tracks connections." },
	{ .name = "zone",
	  BLOCKS_ROW(struct written_zone, OWNER, zones),
	  .table = &zone_table,
	  .high = 255,
	  .limits = "a zone's number has eight bits of a connection's mark, and 0 is no zone",
	  .label = "its name",
	  .example = "zone \"lan\"",
	  .doc = "A side from which connections come." },
};
#undef OWNER

/* What a configuration of the language may hold besides. What decides who may pass is refused, so
 * that nobody is let in whom the configuration keeps out; the rest is other programs' business. */
/* clang-format off */
static const struct stranger strangers[] = {
	{ "anomaly_detection",   false, "watching for unusual traffic" },
	{ "api",                 false, "the management interface" },
	{ "audit",               false, "a record of changes" },
	{ "cloud",               false, "remote management" },
	{ "ddns",                false, "dynamic name service" },
	{ "dhcp",                false, "the address server" },
	{ "dns",                 false, "the name server" },
	{ "dns_server",          false, "the name server" },
	{ "ebpf",                false, "packet programs" },
	{ "enable_flow_offload", true,  "it decides which packets the rules see" },
	{ "features",            false, "switches of other programs" },
	{ "flowtable",           true,  "it decides which packets the rules see" },
	{ "frr",                 false, "the routing daemon" },
	{ "geoip",               false, "a data base of countries" },
	{ "global_protection",   true,  "it decides which packets are dropped" },
	{ "interface",           false, "network interfaces" },
	{ "ip_forwarding",       false, "routing" },
	{ "ipset",               true,  "policies refer to it" },
	{ "locals",              true,  "variables are not evaluated yet: write the values out" },
	{ "log_dir",             false, "where other programs log" },
	{ "mark_rule",           true,  "it decides the way that packets take" },
	{ "mdns",                false, "name service without a server" },
	{ "mss_clamping",        true,  "it changes packets" },
	{ "multi_wan",           true,  "it decides the way that packets take" },
	{ "nat",                 true,  "it translates addresses" },
	{ "notifications",       false, "messages to the administrator" },
	{ "notrack",             true,  "it decides what is tracked" },
	{ "ntp",                 false, "time" },
	{ "policy",              true,  "it decides who may pass; without it nothing is dropped" },
	{ "policy_route",        true,  "it decides the way that packets take" },
	{ "protection",          true,  "it decides which packets are dropped" },
	{ "qos",                 false, "traffic shaping" },
	{ "qos_policy",          false, "traffic shaping" },
	{ "replication",         false, "standby machines" },
	{ "route",               false, "routing" },
	{ "routing_table",       false, "routing" },
	{ "rule_learning",       false, "proposals for rules" },
	{ "scanner",             false, "a look at the network" },
	{ "scheduled_rule",      true,  "it decides who may pass" },
	{ "scheduler",           false, "things to do at a time" },
	{ "schema_version",      false, "the language's version" },
	{ "ssh",                 false, "the login server" },
	{ "state_dir",           false, "where other programs keep their state" },
	{ "syslog",              false, "remote logging" },
	{ "system",              false, "the machine" },
	{ "threat_intel",        false, "lists of bad addresses" },
	{ "uid_routing",         true,  "it decides the way that packets take" },
	{ "uplink_group",        true,  "it decides the way that packets take" },
	{ "upnp",                false, "ports on request" },
	{ "variable",            true,  "variables are not evaluated yet: write the values out" },
	{ "vpn",                 false, "tunnels" },
	{ "vrf",                 false, "routing" },
	{ "web",                 false, "the dashboard" },
	{ "wireguard",           false, "tunnels" },
};
/* clang-format on */

const struct table written_table = { .noun = "the configuration",
				     ROWS(written_rows),
				     .size = sizeof(struct written),
				     .at = OFFSET_OF(struct span, struct written, at),
				     .strangers = strangers,
				     .strangers_n = countof(strangers) };
