/* The blocks beside zones and policies as they are written: sets, translation, marks, uplinks,
 * protection, offload. */
#pragma once
#include "config/conditions.h"
#include "config/config.h"

struct table;

/* What may be said of packets: rows that fill a struct logging, and how often by default. */
#define LIMITED_LOGGING_ROWS(owner, member, most)                                                  \
	{ .name = "log",                                                                           \
	  BOOL_ROW(owner, member.enabled),                                                         \
	  .value = "false",                                                                        \
	  .example = "true",                                                                       \
	  .doc = "Whether packets are logged; that never changes what becomes of them." },         \
		{ .name = "log_prefix",                                                            \
		  TEXT_ROW(owner, member.prefix),                                                  \
		  .read = logging_prefix_read,                                                     \
		  .example = "\"dropped: \"",                                                      \
		  .doc = "How the message begins." },                                              \
	{                                                                                          \
		.name = "log_limit", RATE_ROW(owner, member.limit), .alias = "log_rate",           \
		.high = 10000000, .per = 60, .value = most, .example = "\"10/minute\"",            \
		.doc = "The most messages a minute, or a rate; 0 for no limit."                    \
	}
#define LOGGING_ROWS(owner, member) LIMITED_LOGGING_ROWS(owner, member, "0")

struct written_ipset {
	struct field_text name, description;
	struct field_text type;
	struct field_any entries;
	struct field_texts files, origins;
	struct field_text format, column, key;
	struct field_bool dynamic;
	struct field_number timeout, size;
	struct field_text action, apply_to, match_on;
	struct field_bool match_source, match_destination;
	struct logging log;
	struct span at;
};

struct written_uplink {
	struct field_text name, description;
	struct field_texts interfaces; /* one */
	struct field_prefixes gateways, networks;
	struct field_number weight, tier, table;
	struct field_text mark;
	struct field_bool enabled;
	struct span at;
};

/* An `uplink_group`, or `multi_wan`, which is one without a name. */
struct written_uplinks {
	struct field_text name, description;
	VEC(struct written_uplink) uplinks;
	struct field_bool enabled, sticky, local;
	struct field_text balance, mode;
	struct field_texts from;
	struct field_prefixes src, dest;
	struct span at;
};

/* A switch, and how much it lets through. */
struct written_flood {
	struct field_bool enabled;
	struct field_rate rate;
	struct field_number burst;
};

struct written_protection {
	struct field_text name;
	struct field_texts interfaces;
	struct field_bool enabled;
	struct field_bool anti_spoofing, bogons, private_sources, invalid, port_scan;
	struct field_number port_scan_threshold;
	struct written_flood syn_flood, icmp_flood, new_connections;
	struct logging log;
	struct span at;
};

struct written_flowtable {
	struct field_text name, description;
	struct field_bool enabled;
	struct field_texts devices;
	struct field_bool hardware, counter;
	struct field_number priority;
	struct field_text offload;
	struct span at;
};

struct written_mss {
	struct field_text size; /* a number, "pmtu" or "off" */
	struct field_bool enabled;
	struct field_texts interfaces;
	struct span at;
};

struct written_nat {
	struct field_text name, description;
	struct field_text type;
	struct written_conditions conditions;
	struct field_text from, to_zone;
	struct field_any to; /* an address, or a zone */
	struct field_any targets;
	struct field_ports to_ports;
	struct field_prefixes inside, outside;
	struct field_bool random, fully_random, persistent;
	struct field_bool hairpin, forward, disabled, enabled;
	struct logging log;
	struct field_text counter;
	struct span at;
};

struct written_mark_rule {
	struct field_text name, description;
	struct written_conditions conditions;
	struct field_text from, to;
	struct field_text set_mark, mask;
	struct field_bool save, restore, disabled, enabled;
	struct span at;
};

struct written_notrack {
	struct field_text name, description;
	struct written_conditions conditions;
	struct field_text from;
	struct field_bool disabled, enabled;
	struct span at;
};

struct written_synproxy {
	struct field_text name, description;
	struct written_conditions conditions;
	struct field_text from;
	struct field_number mss, wscale;
	struct field_bool timestamp, sack;
	struct field_bool disabled, enabled;
	struct span at;
};

extern const struct table nat_table;
extern const struct table mark_rule_table;
extern const struct table notrack_table;
extern const struct table synproxy_table;
extern const struct table ipset_table;
extern const struct table uplink_group_table;
extern const struct table multi_wan_table;
extern const struct table zone_protection_table;
extern const struct table protection_table;
extern const struct table flowtable_table;
extern const struct table flow_offload_table;
extern const struct table mss_table;
